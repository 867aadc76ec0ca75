#pragma once
#include <guichet/engine/host_people.hpp>

#include <chrono>
#include <list>
#include <map>
#include <mutex>
#include <tuple>

namespace guichet::inline v0 {
namespace detail {

/// Keeps so many values, those asked for last, each for so long.
template <class Key, class Value>
class bounded_cache {
public:
    bounded_cache(std::size_t most, std::chrono::nanoseconds age_max) : most_{most}, age_max_{age_max} {}

    std::optional<Value> find(Key const& key, std::chrono::nanoseconds now) {
        auto const found = places_.find(key);
        if (found == places_.end())
            return {};
        if (now - found->second->since > age_max_) {
            drop(found);
            return {};
        }
        kept_.splice(kept_.begin(), kept_, found->second);
        return found->second->value;
    }
    void put(Key const& key, Value value, std::chrono::nanoseconds now) {
        if (auto const found = places_.find(key); found != places_.end())
            drop(found);
        kept_.push_front({key, std::move(value), now});
        places_.emplace(key, kept_.begin());
        if (kept_.size() > most_)
            drop(places_.find(kept_.back().key));
    }
    void forget(Key const& key) {
        if (auto const found = places_.find(key); found != places_.end())
            drop(found);
    }
    void forget() {
        places_.clear();
        kept_.clear();
    }

private:
    struct one {
        Key key;
        Value value;
        std::chrono::nanoseconds since;
    };
    using places = std::map<Key, typename std::list<one>::iterator>;
    void drop(typename places::iterator which) {
        kept_.erase(which->second);
        places_.erase(which);
    }

    std::size_t most_;
    std::chrono::nanoseconds age_max_;
    std::list<one> kept_; ///< asked for last: first
    places places_;
};

/// What a host answers; what it throws is its failure.
template <class Ask>
auto ask_directory(Ask const& ask) -> decltype(ask()) {
    auto const failed = [](char const* problem) { return error{reason::directory_failed, {{"problem", problem}}}; };
    try {
        return ask();
    } catch (std::exception const& thrown) {
        return failed(thrown.what());
    } catch (...) {
        return failed("something that is no std::exception was thrown");
    }
}

} // namespace detail

struct host_people::implementation {
    implementation(desk const& of, host_directory& of_host, host_people_options const& options)
        : on{of},
          directory{of_host},
          persons{options.persons_max, options.age_max},
          labels{options.labels_max, options.age_max} {}

    using person_key = std::pair<std::string, std::string>;                           ///< tenant, id
    using label_key = std::tuple<std::string, std::string, std::string, std::string>; ///< tenant, language, type, id

    /// Somebody, and as whom he acts under a configuration.
    struct known_person {
        std::string label;
        guichet::actor actor;
        std::shared_ptr<configuration const> under;
    };

    desk const& on;
    host_directory& directory;
    std::mutex mutex;
    detail::bounded_cache<person_key, known_person> persons;
    detail::bounded_cache<label_key, std::string> labels;
    std::uint64_t forgotten = 0; ///< how often; what was asked before is not kept after

    result<known_person> find(std::string_view tenant, std::string_view id) {
        person_key const key{tenant, id};
        auto const in_force = on.config();
        auto const now = on.env().monotonic();
        std::uint64_t before = 0;
        {
            std::lock_guard const lock{mutex};
            before = forgotten;
            if (auto known = persons.find(key, now); known && known->under == in_force)
                return *std::move(known);
        }
        GUICHET_LET(auto const told, detail::ask_directory([&] { return directory.person(tenant, id); }));
        if (!told)
            return error{reason::person_unknown, {{"person", std::string{id}}}};
        known_person out{told->label, {}, in_force};
        GUICHET_LET(out.actor, actor_of(key, *told, *in_force));
        std::lock_guard const lock{mutex};
        if (before == forgotten)
            persons.put(key, out, now);
        return out;
    }

    /// With a role of his own only where it differs from the one that the desk has.
    static result<actor> actor_of(person_key const& key, host_person const& told, configuration const& config) {
        actor out{.tenant = key.first, .person = key.second, .role = told.role, .organisation = told.organisation};
        out.queues = told.queues;
        GUICHET_LET(access::role const* const as, config.roles->find(out));
        if (told.also.empty() && told.except.empty() && !told.sees_only)
            return out;
        if (!told.except.empty() && as->rights.contains(access::everything))
            return error{reason::bad_value,
                         {{"path", "except"},
                          {"value", told.except.front()},
                          {"hint", "the role \"" + as->name + "\" has \"*\"; name one that lists its rights"}}};
        auto own = std::make_shared<access::role>(*as);
        own->rights.insert(told.also.begin(), told.also.end());
        for (auto const& right : told.except)
            own->rights.erase(right);
        if (told.sees_only) {
            GUICHET_LET(own->only, expr::condition::compile(*told.sees_only, config.viewed, "sees_only"));
            if (own->only.asks_time() || own->only.asks_change())
                return error{reason::bad_value,
                             {{"path", "sees_only"},
                              {"value", own->only.to_text()},
                              {"hint", "ask for what a ticket is, not for time or change"}}};
        }
        out.own = std::move(own);
        return out;
    }
};

GUICHET_DECL host_people::host_people(desk const& of, host_directory& directory, host_people_options const& options)
    : impl_{std::make_unique<implementation>(of, directory, options)} {}
GUICHET_DECL host_people::~host_people() = default;

GUICHET_DECL result<actor> host_people::actor_of(std::string_view tenant, std::string_view id) {
    GUICHET_LET(auto known, impl_->find(tenant, id));
    return std::move(known.actor);
}

GUICHET_DECL result<std::string> host_people::label_of(std::string_view tenant, std::string_view id) {
    GUICHET_LET(auto known, impl_->find(tenant, id));
    return known.label.empty() ? std::string{id} : std::move(known.label);
}

GUICHET_DECL result<std::vector<std::string>> host_people::labels(std::string_view tenant,
                                                                  std::span<object_reference const> of,
                                                                  std::string_view language) {
    auto const key_of = [&](object_reference const& one) {
        return implementation::label_key{tenant, language, one.type, one.id};
    };
    std::vector<std::string> out(of.size());
    std::vector<object_reference> missing;
    std::vector<std::size_t> places;
    auto const now = impl_->on.env().monotonic();
    std::uint64_t before = 0;
    {
        std::lock_guard const lock{impl_->mutex};
        before = impl_->forgotten;
        for (std::size_t i = 0; i < of.size(); ++i)
            if (auto known = impl_->labels.find(key_of(of[i]), now)) {
                out[i] = *std::move(known);
            } else {
                missing.push_back(of[i]);
                places.push_back(i);
            }
    }
    if (missing.empty())
        return out;
    GUICHET_LET(auto told, detail::ask_directory([&] { return impl_->directory.labels(tenant, missing, language); }));
    if (told.size() != missing.size())
        return error{reason::directory_failed,
                     {{"problem", std::to_string(told.size()) + " labels for " + std::to_string(missing.size())}}};
    std::lock_guard const lock{impl_->mutex};
    for (std::size_t i = 0; i < missing.size(); ++i) {
        auto& label = out[places[i]] = std::move(told[i]);
        if (label.empty())
            label = missing[i].type + ':' + missing[i].id;
        if (before == impl_->forgotten)
            impl_->labels.put(key_of(missing[i]), label, now);
    }
    return out;
}

GUICHET_DECL void host_people::forget(std::string_view tenant, std::string_view id) {
    std::lock_guard const lock{impl_->mutex};
    ++impl_->forgotten;
    impl_->persons.forget({std::string{tenant}, std::string{id}});
}

GUICHET_DECL void host_people::forget() {
    std::lock_guard const lock{impl_->mutex};
    ++impl_->forgotten;
    impl_->persons.forget();
    impl_->labels.forget();
}

} // namespace guichet::inline v0
