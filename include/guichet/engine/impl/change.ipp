#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/desk.ipp>
#include <guichet/model/ticket_fields.hpp>

#include <algorithm>
#include <cstdlib>

/// A change of the configuration: tried, put in force, and followed by the open tickets.
namespace guichet::inline v0 {
namespace detail {

inline bool same_document(document const& a, document const& b) { return a.kind == b.kind && a.id == b.id; }

/// All documents as they will be, each new one with its next version.
inline std::vector<document> with_changes(std::vector<document> all, std::span<document const> changes) {
    for (auto const& d : changes) {
        auto const known = std::find_if(all.begin(), all.end(), [&](document const& o) { return same_document(o, d); });
        auto const next = known == all.end() ? 1 : known->version + 1;
        std::erase_if(all, [&](document const& o) { return same_document(o, d); });
        all.push_back(d);
        all.back().version = next;
    }
    return all;
}

/// The open tickets of a tenant, in the order of their ordinals: cheap to go on with.
inline result<storage::ticket_query> open_tickets(std::string const& tenant, configuration const& config, instant now) {
    storage::ticket_query out;
    out.tenant = tenant;
    out.limit = limits::page_rows_max;
    out.now = now;
    GUICHET_LET(out.wanted,
                expr::condition::compile(expr::where("status", expr::op::not_equal, "closed"), config.rules->schema()));
    return out;
}

/// Adds what a change does to one ticket.
class impact {
public:
    impact(storage::store& store, configuration const& before, configuration const& after, instant now,
           change_preview& out)
        : store_{store}, before_{before}, after_{after}, now_{now}, out_{out} {}

    result<void> add(ticket const& t) {
        ++out_.open_tickets;
        auto const now = std::max(now_, t.updated_at);
        GUICHET_LET(auto const heard_before, heard_of(store_, t.id, *before_.policies));
        GUICHET_LET(auto const heard_after, heard_of(store_, t.id, *after_.policies));
        auto const then = sla::clocks({t, heard_before}, *before_.policies, now);
        auto const next = sla::clocks({t, heard_after}, *after_.policies, now);
        bool affected = false;
        auto const compare = [&](sla::clock const* a, sla::clock const* b) {
            auto const* any = a ? a : b;
            if (any->stopped)
                return;
            auto const from = a ? a->due : std::nullopt, to = b ? b->due : std::nullopt;
            if (from != to) {
                affected = true;
                ++out_.deadlines_moved;
                note({t.id, t.number, std::string{any->metric}, from, to});
            }
            bool const was = a && a->late(now), is = b && b->late(now);
            out_.become_late += is && !was;
            out_.become_safe += was && !is;
        };
        for (auto const& a : then)
            compare(&a, find(next, a));
        for (auto const& b : next)
            if (!find(then, b))
                compare(nullptr, &b);
        out_.would_fire += sla::react({t, heard_after}, next, now).size();
        out_.affected += affected;
        auto const was = before_.rules->priority_of(t.impact, t.urgency);
        out_.priorities_differ += was == t.priority && after_.rules->priority_of(t.impact, t.urgency) != was;
        return {};
    }

private:
    static sla::clock const* find(std::vector<sla::clock> const& in, sla::clock const& like) {
        auto const at = std::find_if(in.begin(), in.end(), [&](sla::clock const& c) {
            return c.metric == like.metric && c.cycle == like.cycle;
        });
        return at == in.end() ? nullptr : &*at;
    }
    /// Keeps the largest moves; a deadline that comes or goes is the largest of all.
    static duration distance(moved_deadline const& m) {
        return m.from && m.to ? std::chrono::abs(*m.to - *m.from) : duration::max();
    }
    void note(moved_deadline m) {
        auto const further = [](moved_deadline const& a, moved_deadline const& b) { return distance(a) > distance(b); };
        if (out_.moved.size() == limits::preview_rows_max && !further(m, out_.moved.back()))
            return;
        out_.moved.insert(std::upper_bound(out_.moved.begin(), out_.moved.end(), m, further), std::move(m));
        if (out_.moved.size() > limits::preview_rows_max)
            out_.moved.pop_back();
    }

    storage::store& store_;
    configuration const& before_;
    configuration const& after_;
    instant now_;
    change_preview& out_;
};

} // namespace detail

GUICHET_DECL result<change_preview> desk::preview(std::span<document const> documents, actor const& by) const {
    auto const in_force = config();
    GUICHET_TRY(in_force->roles->require(by, access::configure));
    GUICHET_LET(auto all, detail::documents_of(*store_));
    GUICHET_LET(auto const next, configuration::compile(detail::with_changes(std::move(all), documents)));
    change_preview out;
    detail::impact impact{*store_, *in_force, *next, env_.now(), out};
    GUICHET_LET(auto const tenants, store_->tenants());
    for (auto const& tenant : tenants) {
        GUICHET_LET(auto query, detail::open_tickets(tenant, *in_force, env_.now()));
        for (bool more = true; more;) {
            GUICHET_LET(auto const found, store_->find(query, in_force->rules->schema()));
            for (auto const& t : found)
                GUICHET_TRY(impact.add(*t));
            more = found.size() == query.limit;
            if (more)
                query.after = storage::position{{}, found.back()->ordinal};
        }
    }
    return out;
}

GUICHET_DECL result<void> desk::apply(std::span<document const> documents, actor const& by) {
    GUICHET_TRY(impl_->current()->roles->require(by, access::configure));
    GUICHET_LET(auto const work,
                store_->begin()); // first, so that of two changes at once the second builds on the first
    GUICHET_LET(auto all, detail::documents_of(*store_));
    GUICHET_LET(auto compiled, configuration::compile(detail::with_changes(std::move(all), documents)));
    auto const put = [&](document d) {
        d.author = by.person;
        d.at = env_.now();
        return work->put_document(d);
    };
    for (auto const& d : documents)
        GUICHET_TRY(put(d));
    GUICHET_LET(auto const tenants, store_->tenants());
    if (!tenants.empty())
        GUICHET_TRY(put({std::string{detail::recount_kind}, std::string{detail::recount_id}, 0, "{}", {}, {}}));
    // Nobody begins under the old configuration once the new one is stored.
    std::scoped_lock const lock{impl_->config_mutex, impl_->recount_mutex};
    GUICHET_TRY(work->commit());
    impl_->config = std::move(compiled);
    ++impl_->generation;
    if (!tenants.empty())
        impl_->behind = implementation::recount{{}, {}, impl_->generation};
    return {};
}

GUICHET_DECL result<std::uint32_t> desk::configure(document const& d, actor const& by) {
    GUICHET_TRY(configure(std::span{&d, 1}, by));
    GUICHET_LET(auto const versions, store_->document_versions(d.kind, d.id));
    return versions.empty() ? 0 : versions.back().version;
}

GUICHET_DECL result<void> desk::configure(std::span<document const> documents, actor const& by) {
    GUICHET_TRY(apply(documents, by));
    while (behind())
        if (!recount(limits::page_rows_max))
            break; // what was put in force stays in force; `pump` tries again
    return {};
}

GUICHET_DECL result<void> desk::roll_back(std::string const& kind, std::string const& id, std::uint32_t version,
                                          actor const& by) {
    GUICHET_LET(auto const versions, store_->document_versions(kind, id));
    auto const wanted =
        std::find_if(versions.begin(), versions.end(), [&](document const& d) { return d.version == version; });
    if (wanted == versions.end())
        return error{reason::unknown_value,
                     {{"path", kind + "." + id + ".version"},
                      {"value", std::to_string(version)},
                      {"known", "1 to " + std::to_string(versions.empty() ? 0 : versions.back().version)}}};
    return configure(std::span{&*wanted, 1}, by);
}

GUICHET_DECL bool desk::behind() const {
    std::lock_guard const lock{impl_->recount_mutex};
    return impl_->behind.has_value();
}

/// Counts the next open tickets again, a few a transaction, so that others wait for no more than that.
GUICHET_DECL result<void> desk::recount(std::size_t tickets) {
    for (std::size_t done = 0; done < tickets; done += limits::recount_rows) {
        auto const place = impl_->recount_place();
        if (!place)
            return {};
        GUICHET_LET(auto const next, impl_->recount_from(*place));
        impl_->recounted(place->generation, next);
    }
    return {};
}

inline std::optional<desk::implementation::recount> desk::implementation::recount_place() {
    std::lock_guard const lock{recount_mutex};
    return behind;
}

inline void desk::implementation::recounted(std::uint64_t of_generation, std::optional<recount> next) {
    std::lock_guard const lock{recount_mutex};
    if (behind && behind->generation == of_generation) // else a later configuration has begun from the start
        behind = std::move(next);
}

/// One transaction: counts some tickets of a tenant again, and says where to go on. After the last tenant the store
/// forgets that there was something to do.
inline result<std::optional<desk::implementation::recount>> desk::implementation::recount_from(recount place) {
    GUICHET_LET(auto const work, store.begin());
    auto const in_force = current();
    GUICHET_LET(auto tenants, store.tenants());
    std::sort(tenants.begin(), tenants.end());
    auto const tenant = std::lower_bound(tenants.begin(), tenants.end(), place.tenant);
    if (tenant == tenants.end()) {
        GUICHET_TRY(work->put_document(
            {std::string{detail::recount_kind}, std::string{detail::recount_id}, 0, "", "", env.now()}));
        GUICHET_TRY(work->commit());
        return std::optional<recount>{};
    }
    GUICHET_LET(auto query, detail::open_tickets(*tenant, *in_force, env.now()));
    query.limit = limits::recount_rows;
    if (*tenant == place.tenant)
        query.after = place.after;
    GUICHET_LET(auto const found, store.find(query, in_force->rules->schema()));
    detail::session session{store, *work, *in_force, env, kept};
    bool changed = false;
    for (auto const& t : found) {
        GUICHET_LET(bool const moved, session.rederive(t));
        changed = changed || moved;
    }
    if (changed)
        GUICHET_TRY(work->commit());
    if (found.size() < query.limit)
        return std::optional{recount{*tenant + '\0', {}, place.generation}};
    return std::optional{recount{*tenant, storage::position{{}, found.back()->ordinal}, place.generation}};
}

} // namespace guichet::inline v0
