#pragma once
#include <guichet/engine/impl/piece_keeper.ipp>
#include <guichet/engine/impl/where.ipp>
#include <guichet/engine/statistics.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket_fields.hpp>

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

namespace guichet::inline v0 {

struct statistics::implementation {
    /// Of the pieces; to be raised whenever the same log would give other columns.
    static constexpr std::uint64_t version = 1;

    implementation(desk const& of, statistics_options with)
        : on{of}, store{of.store()}, options{with}, kept{store, "statistics/", version} {}

    desk const& on;
    storage::store& store;
    statistics_options options;
    std::mutex keeping; ///< taken before `reading`
    mutable std::mutex reading;
    detail::piece_keeper kept; ///< guarded by `keeping`, and by `reading` before `opened`
    // Guarded by `reading`:
    bool opened = false;
    reporting::ledger tickets;
    std::uint64_t seq = 0;  ///< what the columns know of the log
    std::size_t unkept = 0; ///< tickets changed since the columns were kept

    void open() {
        kept.open([this](detail::piece_list&& found) {
            std::vector<reporting::ledger_piece> pieces;
            for (auto const& one : found.parts)
                pieces.push_back({one.name, *one.bytes});
            auto made = reporting::ledger::open(pieces);
            if (!made)
                return false;
            tickets = std::move(*made);
            seq = found.seq;
            return true;
        });
    }

    /// What the log tells from after `seq` on.
    struct news {
        std::uint64_t seq = 0;
        std::set<std::pair<std::string, ticket_id>> tickets{};
        std::vector<storage::stored_event> verdicts{};
    };
    /// Enough at once that few tickets of a long log are read twice; what it takes in memory is bounded.
    static constexpr std::size_t news_max = 100'000;

    result<news> hear() const {
        news out{.seq = seq};
        while (out.tickets.size() + out.verdicts.size() < news_max) {
            GUICHET_LET(auto events, store.read_log(out.seq, limits::page_rows_max));
            if (events.empty())
                break;
            out.seq = events.back().seq;
            for (auto& e : events) {
                if (!is_article_type(e.type))
                    out.tickets.emplace(e.tenant, e.ticket);
                if (type_name(e.type).starts_with("clock_"))
                    out.verdicts.push_back(std::move(e));
            }
        }
        return out;
    }

    result<std::size_t> read_on() {
        if (!std::exchange(opened, true))
            open();
        for (std::size_t changed = 0;;) {
            GUICHET_LET(auto const told, hear());
            if (told.seq == seq)
                return changed;
            for (auto const& [tenant, id] : told.tickets) {
                GUICHET_LET(auto const t, store.load(tenant, id));
                if (t)
                    tickets.put(*t, t->rating ? t->rating->score : 0);
            }
            for (auto const& e : told.verdicts) {
                GUICHET_LET(auto const body, decode_body(type_name(e.type), e.body));
                tickets.hear(e.ticket, e.at, body);
            }
            seq = told.seq;
            changed += told.tickets.size();
            unkept += told.tickets.size();
        }
    }

    result<void> keep() {
        std::vector<search::piece> pieces;
        std::uint64_t until = 0;
        {
            std::lock_guard const lock{reading};
            if (unkept < std::max<std::size_t>(options.keep_tickets, tickets.rows() / 8))
                return {};
            GUICHET_LET(auto const sound, kept.sound());
            for (auto& one : tickets.pieces([&](std::uint64_t name) { return sound.contains(name); })) {
                auto& piece = pieces.emplace_back();
                piece.name = one.name;
                if (!one.bytes.empty())
                    piece.bytes = std::make_shared<std::vector<std::uint8_t>>(std::move(one.bytes));
            }
            until = seq;
            unkept = 0;
        }
        auto const done = kept.keep(pieces, until, {});
        if (done)
            return {};
        std::lock_guard const lock{reading};
        unkept += std::max<std::size_t>(options.keep_tickets, tickets.rows());
        return done.error().why() == reason::store_read_only ? result<void>{} : done;
    }

    result<reporting::table> report(report_request const& asked, viewer const& who) {
        auto const in_force = on.config();
        GUICHET_TRY(in_force->roles->require(who, access::audit));
        if (asked.all_tenants)
            GUICHET_TRY(in_force->roles->require(who, access::audit_tenants));
        reporting::request of{.what = asked.what,
                              .by = asked.by,
                              .from = asked.period.from,
                              .to = asked.period.to,
                              .now = on.env().now(),
                              .hourly_rate = asked.hourly_rate,
                              .top = asked.top};
        of.with = ticket_context(of.now, in_force->calendars.get());
        if (!asked.where.empty()) {
            GUICHET_LET(of.where, detail::compile_where(asked.where, in_force->viewed));
        }
        if (!asked.all_tenants)
            of.tenant = who.tenant;
        if (!asked.calendar.empty() && !(of.hours = in_force->policies->find_calendar(asked.calendar)))
            return error{reason::unknown_value,
                         {{"path", "calendar"}, {"value", asked.calendar}, {"known", "the calendars that are stored"}}};
        std::lock_guard const lock{reading};
        GUICHET_TRY(read_on());
        return reporting::report(tickets, of);
    }
};

GUICHET_DECL statistics::statistics(desk const& of, statistics_options options)
    : impl_{std::make_unique<implementation>(of, options)} {}
GUICHET_DECL statistics::~statistics() = default;
GUICHET_DECL statistics::statistics(statistics&&) noexcept = default;
GUICHET_DECL statistics& statistics::operator=(statistics&&) noexcept = default;

GUICHET_DECL result<std::size_t> statistics::catch_up() {
    std::lock_guard const one_at_a_time{impl_->keeping};
    std::size_t changed = 0;
    {
        std::lock_guard const lock{impl_->reading};
        GUICHET_LET(changed, impl_->read_on());
    }
    GUICHET_TRY(impl_->keep());
    return changed;
}

GUICHET_DECL result<reporting::table> statistics::report(report_request const& asked, viewer const& who) {
    return impl_->report(asked, who);
}

GUICHET_DECL std::size_t statistics::memory_bytes() const {
    std::lock_guard const lock{impl_->reading};
    return impl_->tickets.memory_bytes();
}

} // namespace guichet::inline v0
