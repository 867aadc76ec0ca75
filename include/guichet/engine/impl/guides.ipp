#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/desk.ipp>
#include <guichet/engine/impl/readers.ipp>
#include <guichet/model/codec.hpp>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

/// The diagnostic guides of a desk, as a viewer sees them, and what became of their walks.
namespace guichet::inline v0 {
namespace detail {

/// The walks of guides as the log tells them: the answers that count, and how each ended.
class walk_book {
public:
    void hear(ticket_id on, instant at, guide_answered const& said) {
        auto& walk = walks_[{on, said.guide}];
        walk.outcome = said.outcome;
        walk.taken.resize(std::min<std::size_t>(walk.taken.size(), said.after));
        walk.taken.push_back({said.step, said.next, at});
    }

    std::vector<guide_row> rows(instant from) const {
        std::map<std::tuple<std::string, std::string, std::string>, guide_row> rows;
        for (auto const& [of, walk] : walks_)
            for (auto const& branch : walk.taken) {
                if (branch.at < from)
                    continue;
                auto const& guide = of.second;
                auto& row =
                    rows.try_emplace({guide, branch.step, branch.next}, guide_row{guide, branch.step, branch.next})
                        .first->second;
                ++row.taken;
                row.cured += walk.outcome == guide_outcome::cured;
                row.handed_over += walk.outcome == guide_outcome::handed_over;
            }
        std::vector<guide_row> out;
        for (auto& [key, row] : rows)
            out.push_back(std::move(row));
        return out;
    }

private:
    struct branch {
        std::string step, next;
        instant at;
    };
    struct walk {
        guide_outcome outcome = guide_outcome::walking;
        std::vector<branch> taken;
    };
    std::map<std::pair<ticket_id, std::string>, walk> walks_;
};

} // namespace detail

GUICHET_DECL result<std::vector<kb::guide>> desk::guides(viewer const& who) const {
    auto const in_force = config();
    GUICHET_LET(auto const reader, detail::reader_of(*in_force, who));
    std::vector<kb::guide> out;
    for (auto const& one : in_force->guides->guides())
        if (access::is_for(reader, access::audiences_of(one.written.audience)))
            out.push_back(one);
    return out;
}

GUICHET_DECL result<kb::guide> desk::find_guide(std::string_view name, viewer const& who) const {
    auto const in_force = config();
    GUICHET_LET(auto const reader, detail::reader_of(*in_force, who));
    GUICHET_LET(kb::guide const* const found, detail::find_guide(*in_force->guides, name, reader));
    return *found;
}

GUICHET_DECL result<std::vector<guide_row>> desk::guide_report(report_period const& period, viewer const& who,
                                                               std::string_view guide) const {
    GUICHET_TRY(config()->roles->require(who, access::audit));
    static constexpr std::size_t chunk = 2'000;
    static auto const wanted = type_number(guide_answered{});
    detail::walk_book book;
    for (std::uint64_t seq = 0;;) {
        GUICHET_LET(auto const stored, store_->read_log(seq, chunk));
        if (stored.empty())
            return book.rows(period.from);
        seq = stored.back().seq;
        for (auto const& e : stored) {
            if (e.tenant != who.tenant || e.at >= period.to || e.type != wanted)
                continue;
            GUICHET_LET(auto const body, decode_body(type_name(e.type), e.body));
            auto const& said = std::get<guide_answered>(body);
            if (guide.empty() || said.guide == guide)
                book.hear(e.ticket, e.at, said);
        }
    }
}

} // namespace guichet::inline v0
