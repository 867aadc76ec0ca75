#pragma once
#include <guichet/sqlite/impl/conditions.ipp>
#include <guichet/storage/query.hpp>

#include <algorithm>

/// How a page of tickets is found: what the conditions pin down, the index that fits it and the order, and where the
/// last page ended.
namespace guichet::inline v0::sqlite {

/// What must hold of every ticket that is looked for, as far as an index can use it.
struct pinned_values {
    std::vector<binding> queue{}, assignee{}; ///< one of these; empty: nothing is known
    std::vector<binding> persons{};           ///< takes part, being one of these
    std::optional<bool> open{};
    bool other = false; ///< an id, a number, or a choice between people and organisations: SQLite knows best
};

/// A state of a tenant, and what it meant for a ticket that was in it.
struct known_state {
    std::string state;
    bool open;
};

class analyst {
public:
    analyst(translator& translate, std::span<known_state const> states) noexcept
        : translate_{translate}, states_{states} {}

    void look_at(expr::node const& tree, bool negated = false) {
        if (tree.kind == expr::op::negate)
            return look_at(tree.children[0], !negated);
        if (tree.kind == (negated ? expr::op::any : expr::op::all)) {
            for (auto const& child : tree.children)
                look_at(child, negated);
        } else if (tree.kind == expr::op::any && !negated) {
            found_.other |=
                !tree.children.empty() && std::all_of(tree.children.begin(), tree.children.end(), &is_narrow);
        } else if (tree.kind != expr::op::all) {
            leaf(tree, negated);
        }
    }
    pinned_values const& found() const noexcept { return found_; }

private:
    static bool is_equality(expr::node const& leaf) noexcept {
        return leaf.kind == expr::op::equal || leaf.kind == expr::op::in;
    }
    /// Whether a leaf leaves few tickets and an index finds them.
    static bool is_narrow(expr::node const& leaf) {
        static std::array const narrow{ticket_field("id"), ticket_field("number"), ticket_field("assignee"),
                                       ticket_field("organisation")};
        return (leaf.kind == expr::op::contains && leaf.field == derived_ticket_fields().participants) ||
               (is_equality(leaf) && std::find(narrow.begin(), narrow.end(), leaf.field) != narrow.end());
    }

    void leaf(expr::node const& leaf, bool negated) {
        static auto const& derived = derived_ticket_fields();
        static std::uint32_t const status = ticket_field("status"), state = ticket_field("state"),
                                   queue = ticket_field("queue"), assignee = ticket_field("assignee"),
                                   requester = ticket_field("requester"), contact = ticket_field("contact");
        if (leaf.field == status || leaf.field == derived.open)
            return statuses(leaf, negated);
        if (leaf.field == state)
            return states(leaf, negated);
        if (negated)
            return;
        if (leaf.kind == expr::op::contains && (leaf.field == derived.participants || leaf.field == derived.watchers))
            return pin(found_.persons, leaf);
        if (!is_equality(leaf) ||
            std::find(leaf.operands.begin(), leaf.operands.end(), expr::literal{}) != leaf.operands.end())
            return;
        if (leaf.field == requester || leaf.field == contact)
            pin(found_.persons, leaf);
        else if (leaf.field == queue)
            pin(found_.queue, leaf);
        else if (leaf.field == assignee)
            pin(found_.assignee, leaf);
        else
            found_.other |= is_narrow(leaf);
    }

    /// Keeps the shortest list; an empty one finds nothing anyway.
    void pin(std::vector<binding>& values, expr::node const& leaf) {
        if (leaf.operands.empty() || (!values.empty() && values.size() <= leaf.operands.size()))
            return;
        values.clear();
        for (auto const& operand : leaf.operands)
            values.push_back(translate_.value(leaf.field, operand));
    }

    /// Whether a leaf on a text holds for it; ordinary ones only.
    static bool holds(expr::node const& leaf, std::string_view text) {
        auto const is = [&](expr::literal const& operand) {
            auto const* wanted = std::get_if<std::string>(&operand);
            return wanted ? *wanted == text : text.empty() && operand.index() == 0;
        };
        switch (leaf.kind) {
        case expr::op::equal:
        case expr::op::in: return std::any_of(leaf.operands.begin(), leaf.operands.end(), is);
        case expr::op::not_equal: return !is(leaf.operands[0]);
        case expr::op::empty: return text.empty() == (leaf.operands[0] == expr::literal{true});
        default: return std::find(leaf.satisfying.begin(), leaf.satisfying.end(), text) != leaf.satisfying.end();
        }
    }
    static bool is_plain(expr::node const& leaf) noexcept {
        return leaf.kind != expr::op::changed && leaf.kind != expr::op::changed_from &&
               leaf.kind != expr::op::changed_to;
    }

    void statuses(expr::node const& leaf, bool negated) {
        if (!is_plain(leaf))
            return;
        if (leaf.type == expr::field_type::boolean) {
            if (auto const* wanted = leaf.operands.size() == 1 ? std::get_if<bool>(&leaf.operands[0]) : nullptr;
                wanted && (is_equality(leaf) || leaf.kind == expr::op::not_equal))
                found_.open = *wanted != (negated != (leaf.kind == expr::op::not_equal));
            return;
        }
        bool can_be_open = false, can_be_over = false;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<status>>([&](auto d) {
            if (holds(leaf, json::to_text(d.value)) != negated)
                (is_open(d.value) ? can_be_open : can_be_over) = true;
        });
        conclude(can_be_open, can_be_over);
    }

    void states(expr::node const& leaf, bool negated) {
        if (!is_plain(leaf))
            return;
        bool can_be_open = false, can_be_over = false;
        for (auto const& known : states_)
            if (holds(leaf, known.state) != negated)
                (known.open ? can_be_open : can_be_over) = true;
        conclude(can_be_open, can_be_over);
    }

    void conclude(bool can_be_open, bool can_be_over) {
        if (can_be_open != can_be_over)
            found_.open = can_be_open;
    }

    translator& translate_;
    std::span<known_state const> states_;
    pinned_values found_;
};

// --- the order

/// One criterion: what to sort by, and what it was in the last row of the page before.
struct criterion {
    sql_text key;
    bool descending = false;
    bool nullable = true;
    binding last{};
};

/// By the rank of a choice, from 1; what the schema does not know sorts as empty.
inline void by_rank(criterion& c, std::uint32_t field, std::vector<std::string> const& choices,
                    expr::literal const* last, translator& translate) {
    sql_text rank_of{"CASE "};
    rank_of += c.key;
    for (std::size_t rank = 0; rank < choices.size(); ++rank) {
        rank_of += " WHEN ? THEN " + std::to_string(rank + 1);
        rank_of.values.push_back(translate.text_value(field, choices[rank]));
    }
    c.key = std::move(rank_of += " END");
    auto const* text = last ? std::get_if<std::string>(last) : nullptr;
    if (auto const at = text ? std::find(choices.begin(), choices.end(), *text) : choices.end(); at != choices.end())
        c.last = std::int64_t{at - choices.begin() + 1};
}

inline std::vector<criterion> criteria_of(storage::ticket_query const& asked, expr::schema const& schema,
                                          translator& translate) {
    std::vector<criterion> out;
    for (std::size_t i = 0; i < asked.order.size(); ++i) {
        auto const [field, descending] = asked.order[i];
        auto key = translate.value_of(field);
        if (!key)
            continue; // a list has no order
        auto const* last = asked.after ? &asked.after->values[i] : nullptr;
        auto const* text = last ? std::get_if<std::string>(last) : nullptr;
        bool const is_word = field < column_count && column_at(field).code; // whose number is its rank
        auto& c = out.emplace_back(criterion{std::move(*key), descending});
        c.nullable = field >= column_count || column_at(field).nullable;
        if (!schema[field].choices.empty() && !is_word) {
            by_rank(c, field, schema[field].choices, last, translate);
        } else if (translator::is_name(field)) {
            c.key = translate.text_of(field);
            c.last = text ? binding{std::string_view{*text}} : binding{};
        } else if (last) {
            c.last = translate.value(field, *last);
        }
    }
    bool const descending = !asked.order.empty() && asked.order.front().descending;
    out.push_back({{"ordinal"}, descending, false});
    if (asked.after)
        out.back().last = static_cast<std::int64_t>(asked.after->ordinal);
    return out;
}

inline sql_text is_equal(sql_text const& key, binding const& value) {
    auto out = key;
    if (value.index() == 0)
        return out += " IS NULL";
    out += " = ?";
    out.values.push_back(value);
    return out;
}

/// What comes after the last row, cut into ranges that follow one another: first those that share all criteria but the
/// last with it, then all but two, and so on. Each is one stretch of an index, where an OR of them would be none.
inline std::vector<sql_text> ranges_after(std::span<criterion const> criteria) {
    std::vector<sql_text> out;
    for (auto free = criteria.size(); free-- > 0;) {
        auto const& c = criteria[free];
        std::vector<sql_text> same;
        for (auto const& before : criteria.first(free))
            same.push_back(is_equal(before.key, before.last));
        auto const add = [&](std::string_view sign, bool bound) {
            auto range = c.key;
            range += sign;
            if (bound)
                range.values.push_back(c.last);
            auto parts = same;
            parts.push_back(std::move(range));
            out.push_back(translator::join(parts, true));
        };
        bool const was_empty = c.last.index() == 0;
        if (!c.descending)
            was_empty ? add(" IS NOT NULL", false) : add(" > ?", true);
        else if (!was_empty) {
            add(" < ?", true);
            if (c.nullable)
                add(" IS NULL", false);
        }
    }
    return out;
}

// --- the way in

/// An index that holds tickets in an order that people ask for.
struct ordered_index {
    std::string_view name;
    bool by_queue, by_assignee;
    enum { no, column, only } open; ///< whether it tells open tickets, or has no others
    std::string_view first;
    bool first_descending;
    std::string_view second; ///< ascending
};
inline constexpr std::array ordered_indexes{
    ordered_index{"tickets_assignee", false, true, ordered_index::column, "updated_at", false, ""},
    ordered_index{"tickets_queue_priority", true, false, ordered_index::only, "priority_rank", true, "created_at"},
    ordered_index{"tickets_queue_due", true, false, ordered_index::only, "due_at", false, ""},
    ordered_index{"tickets_queue_created", true, false, ordered_index::column, "created_at", false, ""},
    ordered_index{"tickets_queue_updated", true, false, ordered_index::column, "updated_at", false, ""},
    ordered_index{"tickets_priority", false, false, ordered_index::only, "priority_rank", true, "created_at"},
    ordered_index{"tickets_created", false, false, ordered_index::no, "created_at", false, ""},
    ordered_index{"tickets_number", false, false, ordered_index::no, "number", false, ""},
};

/// Whether walking the index, forwards or backwards, gives the order; the ordinal aside.
inline bool gives(ordered_index const& index, std::span<criterion const> criteria) noexcept {
    auto const named = criteria.first(criteria.size() - 1);
    if (named.size() != (index.second.empty() ? 1U : 2U) || named[0].key.text != index.first)
        return false;
    bool const backwards = named[0].descending != index.first_descending;
    return named.size() == 1 || (named[1].key.text == index.second && named[1].descending == backwards);
}

/// FROM with its hint, and the ways through it, whose results are merged. When `complete`, the conditions are only
/// looked at in the rows found, so that no statistics and no chance decide on the plan.
struct way_in {
    std::string from = " FROM {tickets}";
    std::vector<sql_text> arms{};
    bool complete = false;
};
inline constexpr std::size_t arms_max = 8;

inline sql_text one_among(std::string_view column, std::span<binding const> values) {
    sql_text out{std::string{column} + " IN (", {values.begin(), values.end()}};
    for (std::size_t i = 0; i < values.size(); ++i)
        out += i == 0 ? "?" : ", ?";
    return out += ")";
}

/// Multiplies the arms by the values that a column may have.
inline void split(std::vector<sql_text>& arms, std::string_view column, std::span<binding const> values) {
    std::vector<sql_text> out;
    for (auto const& arm : arms)
        for (auto const& value : values) {
            auto& made = out.emplace_back(arm);
            made += " AND ";
            made += is_equal({std::string{column}}, value);
        }
    arms = std::move(out);
}

inline way_in of_tenant(std::int64_t tenant) { return {.arms = {{"tenant = ?", {tenant}}}}; }

inline std::optional<way_in> through(ordered_index const& index, std::int64_t tenant, pinned_values const& pinned) {
    auto const open_values = pinned.open ? 1U : 2U;
    if (index.by_queue && (pinned.queue.empty() || pinned.queue.size() * open_values > arms_max))
        return {};
    if (index.by_assignee && (pinned.assignee.empty() || pinned.assignee.size() * open_values > arms_max))
        return {};
    if (index.open == ordered_index::only && pinned.open != true)
        return {};
    auto out = of_tenant(tenant);
    out.from.append(" INDEXED BY {").append(index.name).append("}");
    if (index.by_queue)
        split(out.arms, "queue", pinned.queue);
    if (index.by_assignee)
        split(out.arms, "assignee", pinned.assignee);
    if (index.open == ordered_index::no)
        return out;
    std::vector<sql_text> arms;
    for (auto const& arm : out.arms)
        for (bool const open : {true, false})
            if (!pinned.open || *pinned.open == open)
                (arms.emplace_back(arm)) += open ? " AND is_open = 1" : " AND is_open = 0";
    out.arms = std::move(arms);
    return out;
}

inline way_in choose(std::int64_t tenant, pinned_values const& pinned, std::span<criterion const> criteria) {
    auto out = of_tenant(tenant);
    if (!pinned.persons.empty()) {
        out.from += " NOT INDEXED";
        out.arms[0] += " AND ordinal IN (SELECT ticket FROM {participants} WHERE ";
        out.arms[0] += one_among("person", pinned.persons);
        out.arms[0] += ")";
        out.complete = true;
        return out;
    }
    if (pinned.other)
        return out;
    for (auto const& index : ordered_indexes)
        if (gives(index, criteria) && (index.by_assignee || pinned.assignee.empty()))
            if (auto found = through(index, tenant, pinned)) {
                found->complete = true;
                return *found;
            }
    if (criteria.size() == 1 && pinned.queue.empty() && pinned.assignee.empty()) { // by ordinal, as they lie
        out.from += " NOT INDEXED";
        out.complete = true;
        return out;
    }
    if (!pinned.assignee.empty()) {
        out.from += " INDEXED BY {tickets_assignee}";
        out.arms[0] += " AND ";
        out.arms[0] += one_among("assignee", pinned.assignee);
        if (pinned.open)
            out.arms[0] += *pinned.open ? " AND is_open = 1" : " AND is_open = 0";
        out.complete = true;
    }
    return out;
}

} // namespace guichet::inline v0::sqlite
