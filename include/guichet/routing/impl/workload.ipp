#pragma once
#include <guichet/routing/workload.hpp>

#include <algorithm>

namespace guichet::inline v0::routing {

GUICHET_DECL workload::workload(std::shared_ptr<roster const> of) : of_{std::move(of)} {
    shares_.resize(of_->persons().size());
}

GUICHET_DECL bool workload::add(std::string_view name, std::uint32_t weight) noexcept {
    auto const at = of_->find_person(name);
    if (at == none)
        return false;
    auto& load = shares_[at].load;
    load += std::min(weight, std::numeric_limits<std::uint32_t>::max() - load);
    return true;
}

GUICHET_DECL bool workload::remove(std::string_view name, std::uint32_t weight) noexcept {
    auto const at = of_->find_person(name);
    if (at == none)
        return false;
    auto& load = shares_[at].load;
    load -= std::min(weight, load);
    return true;
}

GUICHET_DECL bool workload::gave(std::string_view name, instant at) noexcept {
    auto const person = of_->find_person(name);
    if (person == none)
        return false;
    shares_[person].last = std::max(shares_[person].last, at);
    return true;
}

GUICHET_DECL workload::share workload::of(std::string_view name) const noexcept {
    auto const at = of_->find_person(name);
    return at == none ? share{} : shares_[at];
}

GUICHET_DECL workload workload::under(std::shared_ptr<roster const> other) const {
    workload out{std::move(other)};
    auto const people = of_->persons();
    for (std::size_t i = 0; i < people.size(); ++i)
        if (auto const at = out.of_->find_person(people[i].name); at != none)
            out.shares_[at] = shares_[i];
    return out;
}

} // namespace guichet::inline v0::routing
