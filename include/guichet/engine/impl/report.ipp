#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <map>
#include <tuple>

/// Reports that a desk makes of its log.
namespace guichet::inline v0 {
namespace detail {

/// Collects the last verdict on each cycle of each ticket.
class verdict_book {
public:
    struct verdict {
        std::string policy;
        instant at;
        duration late{};
        bool met = false;
    };
    using key = std::tuple<ticket_id, std::string, std::uint32_t>;

    void hear(ticket_id ticket, instant at, event_body const& body) {
        if (auto const* met = std::get_if<clock_met>(&body))
            last_[{ticket, met->metric, met->cycle}] = {met->policy, at, {}, true};
        else if (auto const* late = std::get_if<clock_breached>(&body))
            last_[{ticket, late->metric, late->cycle}] = {late->policy, at, late->due ? at - *late->due : duration{},
                                                          false};
        else if (auto const* again = std::get_if<clock_restarted>(&body))
            last_.erase({ticket, again->metric, again->cycle}); // it is judged again when it stops again
    }
    std::map<key, verdict> const& all() const noexcept { return last_; }

private:
    std::map<key, verdict> last_;
};

} // namespace detail

GUICHET_DECL result<std::vector<attainment_row>> desk::attainment(attainment_period const& period,
                                                                  viewer const& who) const {
    GUICHET_TRY(config()->roles->require(who, access::audit));
    static constexpr std::size_t chunk = 2'000;
    detail::verdict_book book;
    for (std::uint64_t seq = 0;;) {
        GUICHET_LET(auto const stored, store_->read_log(seq, chunk));
        if (stored.empty())
            break;
        seq = stored.back().seq;
        for (auto const& e : stored) {
            if (e.tenant != who.tenant || e.at >= period.to || !type_name(e.type).starts_with("clock_"))
                continue;
            GUICHET_LET(auto const body, decode_body(type_name(e.type), e.body));
            book.hear(e.ticket, e.at, body);
        }
    }
    std::map<std::tuple<std::string, std::string, std::string, std::string, std::string>, attainment_row> rows;
    storage::ticket_snapshot about;
    for (auto const& [of, verdict] : book.all()) {
        if (verdict.at < period.from)
            continue;
        auto const& [id, metric, cycle] = of;
        if (!about || about->id != id) {
            GUICHET_LET(about, store_->load(who.tenant, id));
            if (!about)
                continue;
        }
        auto const month = time::to_text(verdict.at).substr(0, 7);
        auto& row = rows[{verdict.policy, metric, about->priority, about->team, month}];
        if (row.met + row.breached == 0)
            row = {verdict.policy, metric, about->priority, about->team, month};
        ++(verdict.met ? row.met : row.breached);
        row.latest = std::max(row.latest, verdict.late);
    }
    std::vector<attainment_row> out;
    for (auto& [key, row] : rows)
        out.push_back(std::move(row));
    return out;
}

} // namespace guichet::inline v0
