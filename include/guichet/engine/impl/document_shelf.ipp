#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/engine/document_source.hpp>

#include <algorithm>
#include <set>

namespace guichet::inline v0 {
namespace detail {

/// All of a document, so that two are the same where their digests are.
inline digest print_of(host_document const& d) {
    hasher out;
    for (auto const* text : {&d.tenant, &d.id, &d.title, &d.symptom, &d.body, &d.language})
        out.add_sized(*text);
    for (auto const* list : {&d.tags, &d.audience}) {
        out.add(std::uint64_t{list->size()});
        for (auto const& one : *list)
            out.add_sized(one);
    }
    out.add(std::uint64_t{d.attributes.size()});
    for (auto const& one : d.attributes)
        out.add_sized(one.name).add_sized(one.value);
    out.add(static_cast<std::uint64_t>(d.changed ? d.changed->time_since_epoch().count() : 0));
    return out.finish();
}

} // namespace detail

GUICHET_DECL document_shelf::document_shelf(std::vector<host_document> some) {
    for (auto& one : some)
        put(std::move(one));
    changed_.clear();
}

/// The lock is held.
GUICHET_DECL void document_shelf::replace(name const& of, std::unique_ptr<host_document> by) {
    auto before = mark();
    auto const count = [&](host_document const& one) {
        auto const print = detail::print_of(one);
        for (std::size_t i = 0; i < sum_.size(); ++i)
            sum_[i] ^= print[i];
    };
    if (auto const at = held_.find(of); at != held_.end()) {
        count(*at->second);
        held_.erase(at);
    }
    if (by) {
        count(*by);
        held_.emplace(of, std::move(by));
    }
    if (changed_.size() >= limits::shelf_changes_max)
        changed_.erase(changed_.begin(), changed_.begin() + limits::shelf_changes_max / 2);
    changed_.emplace_back(std::move(before), of);
}

GUICHET_DECL std::string document_shelf::mark() const { return to_hex(sum_); }

GUICHET_DECL void document_shelf::put(host_document one) {
    std::lock_guard const held{mutex_};
    name const of{one.tenant, one.id};
    replace(of, std::make_unique<host_document>(std::move(one)));
}

GUICHET_DECL bool document_shelf::remove(std::string_view tenant, std::string_view id) {
    std::lock_guard const held{mutex_};
    name const of{tenant, id};
    if (!held_.contains(of))
        return false;
    replace(of, nullptr);
    return true;
}

GUICHET_DECL std::size_t document_shelf::size() const {
    std::lock_guard const held{mutex_};
    return held_.size();
}

GUICHET_DECL result<document_changes> document_shelf::changes(std::string_view mark) {
    std::lock_guard const held{mutex_};
    document_changes out;
    out.mark = this->mark();
    if (mark == out.mark)
        return out;
    auto const since =
        std::find_if(changed_.begin(), changed_.end(), [&](auto const& one) { return one.first == mark; });
    if (since == changed_.end()) {
        out.all = true;
        for (auto const& [of, one] : held_)
            out.put.push_back(*one);
        return out;
    }
    std::set<name> touched;
    for (auto at = since; at != changed_.end(); ++at)
        touched.insert(at->second);
    for (auto const& of : touched)
        if (auto const at = held_.find(of); at != held_.end())
            out.put.push_back(*at->second);
        else
            out.removed.push_back(of);
    return out;
}

GUICHET_DECL result<std::optional<host_document>> document_shelf::find(std::string_view tenant, std::string_view id) {
    std::lock_guard const held{mutex_};
    auto const at = held_.find(name{tenant, id});
    return at == held_.end() ? std::optional<host_document>{} : std::optional{*at->second};
}

} // namespace guichet::inline v0
