#pragma once
#include <guichet/engine/impl/at_hand.ipp>
#include <guichet/model/ticket_fields.hpp>

#include <functional>
#include <map>
#include <string>
#include <tuple>

namespace guichet::inline v0::detail {

/// What a host answers about the things that a ticket is related to, by the name after `related.`.
using related_answer = std::function<expr::literal(ticket const&)>;
using related_answers = std::map<std::string, related_answer, std::less<>>;

/// Looks at linked tickets and asks the host. What it cannot tell is empty.
class live_relations final : public relations {
public:
    live_relations(at_hand& hands, configuration const& config, related_answers const& host)
        : hands_{hands}, config_{config}, host_{host} {}

    expr::value get(ticket const& of, std::uint32_t field) const noexcept override {
        try {
            auto const& numbers = derived_ticket_fields();
            if (field == numbers.open_children)
                return open_children(of);
            if (field == numbers.parent_open)
                return parent_open(of);
            return by_host(of, config_.automation->schema()[field].name);
        } catch (...) { // whatever the host throws, it gave no answer
            return {};
        }
    }

    void forget() { kept_.clear(); }

private:
    expr::value open_children(ticket const& of) const {
        std::int64_t count = 0;
        for (auto const& link : of.links)
            if (link.kind == link_kind::parent_of)
                if (auto const child = hands_.load(of.tenant, link.ticket); child && *child)
                    count += (*child)->open();
        return count;
    }
    expr::value parent_open(ticket const& of) const {
        expr::value out;
        for (auto const& link : of.links)
            if (link.kind == link_kind::child_of)
                if (auto const parent = hands_.load(of.tenant, link.ticket); parent && *parent)
                    out = (*parent)->open() || (std::holds_alternative<bool>(out) && std::get<bool>(out));
        return out;
    }
    expr::value by_host(ticket const& of, std::string_view name) const {
        name.remove_prefix(std::min(name.size(), std::string_view{"related."}.size()));
        auto const known = host_.find(name);
        if (known == host_.end())
            return {};
        auto const [place, fresh] = kept_.try_emplace(std::tuple{of.id, of.version, std::string{name}});
        if (fresh)
            place->second = ask(known->second, of);
        auto const& kept = place->second;
        if (auto const* text = std::get_if<std::string>(&kept))
            return std::string_view{*text};
        if (auto const* flag = std::get_if<bool>(&kept))
            return *flag;
        if (auto const* whole = std::get_if<std::int64_t>(&kept))
            return *whole;
        if (auto const* number = std::get_if<double>(&kept))
            return *number;
        if (auto const* at = std::get_if<instant>(&kept))
            return *at;
        return {};
    }

    /// A function that throws does not know.
    static expr::literal ask(related_answer const& host, ticket const& of) {
        try {
            return host(of);
        } catch (...) {
            return {};
        }
    }

    at_hand& hands_;
    configuration const& config_;
    related_answers const& host_;
    /// The host is asked once for each version of a ticket: one answer to one command. Views point into it.
    mutable std::map<std::tuple<ticket_id, std::uint64_t, std::string>, expr::literal> kept_;
};

} // namespace guichet::inline v0::detail
