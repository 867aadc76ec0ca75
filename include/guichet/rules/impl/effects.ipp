#pragma once
#include <guichet/model/ticket_fields.hpp>
#include <guichet/rules/impl/requirements.ipp>
#include <guichet/rules/rule_set.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the actions of a rule do to the fields of a ticket, as far as conditions can ask.
namespace guichet::inline v0::rules::detail {

/// One field that an action writes. Of a list: one member that it adds or takes away.
struct effect {
    std::uint32_t field = 0;
    std::optional<expr::literal> value; ///< none: not known before
    bool is_member = false, removes = false;
    bool repeats = false; ///< done again, it changes something again
    bool aside = false;   ///< what the action brings about beside what it says
    std::size_t action = 0;
};

class effect_reader {
public:
    explicit effect_reader(expr::schema const& schema) : schema_{schema} {}

    std::vector<effect> run(rule const& r) {
        out_.clear();
        for (at_ = 0; at_ < r.actions.size(); ++at_)
            if (r.actions[at_].notice || r.actions[at_].elsewhere())
                continue; // it leaves this ticket as it is
            else if (r.actions[at_].raise_priority)
                put("priority", std::nullopt, true);
            else
                std::visit([&](auto const& wish) { read(wish); }, r.actions[at_].wish);
        return std::move(out_);
    }

private:
    static expr::literal literal_of(std::string const& text) {
        return text.empty() ? expr::literal{} : expr::literal{text};
    }
    effect& put(std::string_view field, std::optional<expr::literal> value, bool repeats = false) {
        auto const number = schema_.find(field);
        out_.push_back({number.value_or(static_cast<std::uint32_t>(schema_.size())), std::move(value), false, false,
                        repeats, false, at_});
        return out_.back();
    }
    void aside(std::string_view field, std::optional<expr::literal> value, bool repeats = false) {
        put(field, std::move(value), repeats).aside = true;
    }
    void given(std::string_view field, std::optional<std::string> const& value) {
        if (value)
            put(field, literal_of(*value));
    }
    void named(std::string_view field, std::string const& value) {
        if (!value.empty())
            put(field, value);
    }
    void members(std::string_view field, std::vector<std::string> const& add, std::vector<std::string> const& remove) {
        for (auto const* list : {&add, &remove})
            for (auto const& one : *list) {
                auto& e = put(field, expr::literal{one});
                e.is_member = true;
                e.removes = list == &remove;
            }
    }
    void state(std::string const& name, std::optional<status> becomes) {
        put("state", name.empty() ? std::nullopt : std::optional<expr::literal>{name});
        aside("status", becomes ? std::optional<expr::literal>{std::string{to_string(*becomes)}} : std::nullopt);
        aside("open", becomes ? std::optional<expr::literal>{is_open(*becomes)} : std::nullopt);
    }

    void message() {
        for (auto const* field : {"messages", "texts"})
            aside(field, std::nullopt, true);
    }
    void read(reply const& wish) {
        message();
        for (auto const* field : {"replies", "last_contact_at", "first_response_at"})
            aside(field, std::nullopt, true);
        for (auto const* field : {"last_contact_by", "unanswered", "state", "status", "open"})
            aside(field, std::nullopt);
        named("state", wish.state);
    }
    void read(add_note const&) { message(); }
    void read(assign_ticket const& wish) { given("assignee", wish.assignee); }
    void read(hand_over_ticket const& wish) {
        given("queue", wish.queue);
        given("team", wish.team);
        given("tier", wish.tier);
        wish.assignee ? given("assignee", wish.assignee) : aside("assignee", expr::literal{});
    }
    void read(set_priority const& wish) {
        named("impact", wish.impact);
        named("urgency", wish.urgency);
        if (wish.priority.empty())
            aside("priority", std::nullopt);
        else
            put("priority", expr::literal{wish.priority});
    }
    void read(set_fields const& wish) {
        given("subject", wish.subject);
        given("kind", wish.kind);
        given("category", wish.category);
        given("requester", wish.requester);
        given("organisation", wish.organisation);
        given("contact", wish.contact);
        for (auto const& own : wish.fields) {
            std::optional<expr::literal> value = expr::literal{};
            if (auto const* text = std::get_if<std::string>(&own.value))
                value = literal_of(*text);
            else if (auto const* number = std::get_if<double>(&own.value))
                value = *number;
            else if (auto const* flag = std::get_if<bool>(&own.value))
                value = *flag;
            else if (auto const* object = std::get_if<object_reference>(&own.value))
                value = literal_of(object->id);
            put("fields." + own.name, std::move(value));
        }
    }
    void read(tag_ticket const& wish) { members("tags", wish.add, wish.remove); }
    void read(watch_ticket const& wish) {
        members("watchers", wish.add, wish.remove);
        aside("participants", std::nullopt);
    }
    void read(set_state const& wish) { state(wish.state, std::nullopt); }
    void read(hold_ticket const& wish) { state(wish.state, status::on_hold); }
    void read(wait_until const& wish) {
        state(wish.state, status::pending);
        aside("pending_until", std::nullopt);
    }
    void read(resolve_ticket const& wish) {
        state(wish.state, status::resolved);
        named("resolution_code", wish.code);
        aside("resolved_at", std::nullopt);
    }
    void read(reopen_ticket const& wish) { state(wish.state, status::open); }
    void read(close_ticket const& wish) {
        state(wish.state, status::closed);
        aside("closed_at", std::nullopt);
    }
    void read(declare_major const&) { put("major", expr::literal{true}); }
    void read(end_major const&) { put("major", expr::literal{false}); }
    template <class Other>
    void read(Other const&) {}

    expr::schema const& schema_;
    std::vector<effect> out_;
    std::size_t at_ = 0;
};

inline bool mentions(expr::node const& tree, std::uint32_t field) {
    if (is_leaf(tree))
        return tree.field == field;
    return std::any_of(tree.children.begin(), tree.children.end(),
                       [&](expr::node const& child) { return mentions(child, field); });
}

/// Whether a way for a condition to hold speaks of a field and may come about by what an action writes to it.
inline bool wakes(effect const& done, alternative const& way) {
    auto const* asked = way.find(done.field);
    if (!asked)
        return std::any_of(way.leaves().begin(), way.leaves().end(),
                           [&](signed_leaf const& leaf) { return mentions(*leaf.of, done.field); });
    if (!done.value)
        return true;
    if (!done.is_member) {
        bool const is_null = done.value->index() == 0;
        return is_null ? asked->may_be_empty : asked->now.has(*done.value);
    }
    auto const& one = std::get<std::string>(*done.value);
    if (done.removes)
        return !holds_one(asked->members, one) &&
               (holds_one(asked->no_members, one) || (asked->now.among && asked->now.among->empty()));
    bool const wanted =
        holds_one(asked->members, one) || std::any_of(asked->one_of_each.begin(), asked->one_of_each.end(),
                                                      [&](auto const& list) { return holds_one(list, one); });
    return !holds_one(asked->no_members, one) && (wanted || (!asked->may_be_empty && asked->members.empty()));
}

/// Whether two actions give a thing different values.
inline bool contradict(effect const& a, effect const& b) {
    if (a.field != b.field || !a.value || !b.value || a.is_member != b.is_member)
        return false;
    return a.is_member ? same(*a.value, *b.value) && a.removes != b.removes : !same(*a.value, *b.value);
}

} // namespace guichet::inline v0::rules::detail
