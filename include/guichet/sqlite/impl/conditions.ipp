#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/expr/impl/evaluation.ipp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/sqlite/impl/functions.ipp>
#include <guichet/sqlite/impl/rows.ipp>

#include <deque>

/// From a checked condition to SQL. The text is made of constants and of the condition's shape; every value is bound.
/// Negation is pushed down to the leaves, so that a leaf that SQL answers with NULL counts as false, as in memory.
namespace guichet::inline v0::sqlite {

/// SQL with the values for its parameters. Texts and ids that were made on the way are kept here.
struct sql_text {
    std::string text{};
    std::vector<binding> values{};

    sql_text& operator+=(std::string_view more) {
        text += more;
        return *this;
    }
    sql_text& operator+=(sql_text const& more) {
        text += more.text;
        values.insert(values.end(), more.values.begin(), more.values.end());
        return *this;
    }
};

/// What stands in a column, as far as comparing goes.
enum class storage_kind : std::uint8_t { text, name, number, id, word };
struct column {
    std::string_view name;
    storage_kind kind;
    bool nullable;
    std::optional<std::int64_t> (*code)(std::string_view word); ///< of an enumeration
};

template <class T>
column column_of(std::string_view name) {
    if constexpr (std::is_enum_v<T>)
        return {name, storage_kind::word, false, [](std::string_view word) {
                    auto const value = json::from_text<T>(word);
                    return value ? std::optional{static_cast<std::int64_t>(*value)} : std::nullopt;
                }};
    else if constexpr (std::is_same_v<T, std::string>)
        return {name, storage_kind::text, true, nullptr};
    else if constexpr (json::detail::is_id<T>)
        return {name, storage_kind::id, true, nullptr};
    else
        return {name, storage_kind::number, json::detail::is_optional<T>, nullptr};
}

inline column const& column_at(std::uint32_t field) {
    static auto const columns = [] {
        std::array<column, column_count> out;
        std::size_t i = 0;
        boost::mp11::mp_for_each<ticket_columns>([&](auto d) {
            using type = std::remove_cvref_t<decltype(std::declval<ticket_row>().*d.pointer)>;
            out[i] = column_of<type>(d.name);
            if (is_named(d))
                out[i].kind = storage_kind::name;
            ++i;
        });
        return out;
    }();
    return columns[field];
}

/// A record that shows nothing.
class nothing final : public expr::record {
public:
    expr::value get(std::uint32_t) const noexcept override { return {}; }
};

class translator {
public:
    /// `tenant`, `schema` and `calendars` must outlive what is made here; so must the conditions.
    translator(directory& names, std::string const& tenant, expr::schema const& schema, instant now,
               expr::calendars const* calendars = nullptr) noexcept
        : names_{names}, tenant_{tenant}, schema_{schema}, with_{ticket_context(now, calendars)} {}

    /// What went wrong when a name was looked up; then what was made must not be used.
    result<void> const& problem() const noexcept { return problem_; }

    /// True where the condition holds, false or NULL where not.
    sql_text condition(expr::node const& tree, bool negated = false) {
        if (tree.kind == expr::op::negate)
            return condition(tree.children[0], !negated);
        if (tree.kind != expr::op::all && tree.kind != expr::op::any)
            return leaf(tree, negated);
        std::vector<sql_text> parts;
        for (auto const& child : tree.children)
            parts.push_back(condition(child, negated));
        return join(parts, (tree.kind == expr::op::all) != negated);
    }

    /// The parts with AND or OR between them, as a tree of low depth: SQLite refuses chains of a thousand.
    static sql_text join(std::span<sql_text const> parts, bool conjunction) {
        if (parts.empty())
            return {conjunction ? "1" : "0"};
        if (parts.size() == 1)
            return parts[0];
        auto const half = parts.size() / 2;
        sql_text out{"("};
        out += join(parts.first(half), conjunction);
        out += conjunction ? " AND " : " OR ";
        out += join(parts.subspan(half), conjunction);
        return out += ")";
    }

    /// The expression for a field as it is stored, NULL when empty; nothing for a list, which is no one value.
    std::optional<sql_text> value_of(std::uint32_t field) {
        auto const& derived = derived_ticket_fields();
        if (is_tenant(field))
            return text_of(field);
        if (field < column_count)
            return sql_text{std::string{column_at(field).name}};
        if (field == derived.open)
            return sql_text{"is_open"};
        if (field == derived.age)
            return sql_text{"created_at"};
        if (field == derived.idle)
            return sql_text{"updated_at"};
        if (field == derived.last_contact_by)
            return sql_text{"guichet_last_contact(lists, 0)"};
        if (field == derived.last_contact_at)
            return sql_text{"guichet_last_contact(lists, 1)"};
        if (field == derived.unanswered)
            return sql_text{"guichet_last_contact(lists, 2)"};
        if (field == derived.children)
            return sql_text{"guichet_links(lists, " + std::to_string(static_cast<int>(link_kind::parent_of)) + ")"};
        if (field == derived.duplicates)
            return sql_text{"guichet_links(lists, " + std::to_string(static_cast<int>(link_kind::duplicated_by)) + ")"};
        if (field == derived.satisfaction || field == derived.satisfaction_text)
            return sql_text{field == derived.satisfaction ? "guichet_rating(lists, 0)" : "guichet_rating(lists, 1)"};
        if (field == derived.major || field == derived.major_updated_at)
            return sql_text{field == derived.major ? "guichet_major(lists, 0)" : "guichet_major(lists, 1)"};
        if (field < derived.first_custom)
            return {};
        auto const name = std::string_view{schema_[field].name}.substr(std::string_view{"fields."}.size());
        return sql_text{"guichet_field(lists, ?, " + std::to_string(static_cast<int>(schema_[field].type)) + ")",
                        {name}};
    }

    /// The same as text, where names are stored by number.
    sql_text text_of(std::uint32_t field) {
        if (is_tenant(field)) // of every row that is looked at
            return {"?", {tenant_.empty() ? binding{} : binding{std::string_view{tenant_}}}};
        if (is_name(field))
            return {"(SELECT name FROM {names} WHERE {names}.number = {tickets}." + std::string{column_at(field).name} +
                    ")"};
        return *value_of(field);
    }
    static bool is_name(std::uint32_t field) {
        return field < column_count && column_at(field).kind == storage_kind::name;
    }

    /// A literal as the field's column holds it: a view of it, so that it must outlive the binding.
    binding value(std::uint32_t field, expr::literal const& literal) {
        if (auto const* text = std::get_if<std::string>(&literal))
            return text_value(field, *text);
        if (auto const* flag = std::get_if<bool>(&literal))
            return std::int64_t{*flag};
        if (auto const* number = std::get_if<std::int64_t>(&literal))
            return *number;
        if (auto const* number = std::get_if<double>(&literal))
            return *number;
        if (auto const* at = std::get_if<instant>(&literal))
            return std::int64_t{at->time_since_epoch().count()};
        return {};
    }

    binding value(std::uint32_t field, expr::literal&& gone_too_soon) = delete;
    binding text_value(std::uint32_t field, std::string const& text) {
        if (field >= column_count || column_at(field).kind == storage_kind::text || is_tenant(field))
            return std::string_view{text};
        if (is_name(field))
            return name_value(text);
        return column_at(field).kind == storage_kind::id ? id_value(text) : word_value(column_at(field), text);
    }

private:
    static bool flag(expr::node const& leaf) noexcept { return leaf.operands[0] == expr::literal{true}; }
    static sql_text constant(bool truth) { return {truth ? "1" : "0"}; }

    sql_text leaf(expr::node const& leaf, bool negated) {
        using enum expr::op;
        if (leaf.kind == open)
            return constant(expr::detail::is_open(leaf, with_) != negated);
        if (schema_[leaf.field].related)
            return constant(expr::detail::leaf_holds(leaf, nothing{}, with_) != negated);
        switch (leaf.kind) {
        case changed: return constant(flag(leaf) == negated); // a stored ticket is at rest
        case changed_from:
        case changed_to: return constant(negated);
        case empty: return is_empty(leaf.field, flag(leaf) != negated);
        default: break;
        }
        if (leaf.kind == any_of || leaf.kind == all_of || leaf.kind == none_of)
            return set(leaf, negated);
        if (schema_[leaf.field].type == expr::field_type::list)
            return with_negation(member(leaf), negated);
        if ((leaf.kind == equal || leaf.kind == not_equal) && leaf.operands[0].index() == 0)
            return is_empty(leaf.field, (leaf.kind == equal) != negated);
        if (leaf.kind == not_equal)
            return with_negation(comparison(leaf, " = "), !negated);
        if (leaf.kind == in)
            return with_negation(among(leaf), negated);
        return with_negation(positive(leaf), negated);
    }

    static sql_text with_negation(sql_text leaf, bool negated) {
        if (negated) {
            leaf.text.insert(0, "(");
            leaf += ") IS NOT TRUE";
        }
        return leaf;
    }

    sql_text positive(expr::node const& leaf) {
        using enum expr::op;
        switch (leaf.kind) {
        case equal: return comparison(leaf, " = ");
        case contains: return call("guichet_contains", leaf);
        case has_word: return call("guichet_has_word", leaf);
        case starts_with: return call("guichet_starts_with", leaf);
        case matches: return call("guichet_matches", leaf);
        case within: return ahead(leaf);
        case older_than: return age(leaf, " <= ");
        case newer_than: return age(leaf, " > ");
        default: break;
        }
        if (leaf.type == expr::field_type::age) // an older instant is a greater age
            return age(leaf, leaf.kind == less         ? " > "
                             : leaf.kind == less_equal ? " >= "
                             : leaf.kind == greater    ? " < "
                                                       : " <= ");
        if (leaf.type == expr::field_type::choice) {
            std::vector<binding> allowed;
            for (auto const& choice : leaf.satisfying)
                allowed.push_back(text_value(leaf.field, choice));
            return one_of(leaf.field, allowed);
        }
        return comparison(leaf, leaf.kind == less         ? " < "
                                : leaf.kind == less_equal ? " <= "
                                : leaf.kind == greater    ? " > "
                                                          : " >= ");
    }

    sql_text comparison(expr::node const& leaf, std::string_view sign) {
        bool const by_text = is_name(leaf.field) && sign != " = ";
        auto out = by_text ? text_of(leaf.field) : *value_of(leaf.field);
        out += sign;
        out += "?";
        if (by_text)
            out.values.emplace_back(std::string_view{*std::get_if<std::string>(&leaf.operands[0])});
        else
            out.values.push_back(value(leaf.field, leaf.operands[0]));
        return out;
    }

    sql_text call(std::string_view function, expr::node const& leaf) {
        sql_text out{std::string{function} + "("};
        out += text_of(leaf.field);
        out += ", ?)";
        out.values.emplace_back(std::string_view{*std::get_if<std::string>(&leaf.operands[0])});
        return out;
    }

    /// Still to come, and not too far.
    sql_text ahead(expr::node const& leaf) {
        auto const horizon = expr::boundary_of(leaf, with_);
        if (!horizon)
            return constant(false);
        sql_text out{"("};
        out += *value_of(leaf.field);
        out += " > ? AND ";
        out.values.emplace_back(std::int64_t{with_.now.time_since_epoch().count()});
        out += *value_of(leaf.field);
        out += " <= ?)";
        out.values.emplace_back(std::int64_t{horizon->time_since_epoch().count()});
        return out;
    }

    sql_text age(expr::node const& leaf, std::string_view sign) {
        auto const cutoff = expr::boundary_of(leaf, with_);
        if (!cutoff)
            return constant(false);
        auto out = *value_of(leaf.field);
        out += sign;
        out += "?";
        out.values.emplace_back(std::int64_t{cutoff->time_since_epoch().count()});
        return out;
    }

    sql_text among(expr::node const& leaf) {
        std::vector<binding> allowed;
        bool or_empty = false;
        for (auto const& operand : leaf.operands)
            operand.index() == 0 ? void(or_empty = true) : allowed.push_back(value(leaf.field, operand));
        std::vector<sql_text> ways;
        if (!allowed.empty())
            ways.push_back(one_of(leaf.field, allowed));
        if (or_empty)
            ways.push_back(is_empty(leaf.field, true));
        return join(ways, false);
    }

    sql_text one_of(std::uint32_t field, std::span<binding const> allowed) {
        if (allowed.empty())
            return constant(false);
        auto out = *value_of(field);
        out += " IN (";
        for (std::size_t i = 0; i < allowed.size(); ++i)
            out += i == 0 ? "?" : ", ?";
        out.values.insert(out.values.end(), allowed.begin(), allowed.end());
        return out += ")";
    }

    sql_text is_empty(std::uint32_t field, bool truth) {
        auto const& derived = derived_ticket_fields();
        if (field == derived.participants)
            return constant(!truth); // the requester is always among them
        if (field == derived.tags || field == derived.watchers)
            return {std::string{truth ? "NOT " : ""} +
                    (field == derived.tags ? "guichet_tagged(lists, NULL)" : "guichet_watched(lists, NULL)")};
        auto out = *value_of(field);
        return out += truth ? " IS NULL" : " IS NOT NULL";
    }

    /// Whether a list has a member.
    sql_text member(expr::node const& leaf) {
        auto const& derived = derived_ticket_fields();
        binding const wanted = std::string_view{*std::get_if<std::string>(&leaf.operands[0])};
        std::string const participates = "ordinal IN (SELECT ticket FROM {participants} WHERE person = ?)";
        if (leaf.field == derived.participants)
            return {participates, {wanted}};
        if (leaf.field == derived.watchers)
            return {"(" + participates + " AND guichet_watched(lists, ?))", {wanted, wanted}};
        return {"guichet_tagged(lists, ?)", {wanted}};
    }

    /// Whether a list has any, all or none of several members.
    sql_text set(expr::node const& leaf, bool negated) {
        bool const all = leaf.kind == expr::op::all_of;
        negated ^= leaf.kind == expr::op::none_of;
        if (leaf.operands.empty())
            return constant(all != negated);
        auto const& derived = derived_ticket_fields();
        std::vector<sql_text> parts;
        if (leaf.field != derived.tags)
            parts = participating(leaf.operands, all);
        if (leaf.field != derived.participants) {
            packed_.push_back(packed_members(leaf.operands));
            sql_text own{leaf.field == derived.tags ? "guichet_tagged_with(lists, ?, "
                                                    : "guichet_watched_by(lists, ?, "};
            own += all ? "1)" : "0)";
            own.values.emplace_back(std::as_bytes(std::span{packed_.back().data(), packed_.back().size()}));
            parts.push_back(std::move(own));
        }
        return with_negation(join(parts, true), negated);
    }

    /// Those who take part, found by their index.
    static std::vector<sql_text> participating(std::vector<expr::literal> const& people, bool all) {
        std::vector<sql_text> out;
        for (auto const& person : people) {
            if (all || out.empty())
                out.push_back({"ordinal IN (SELECT ticket FROM {participants} WHERE person IN (?", {}});
            else
                out.back() += ", ?";
            out.back().values.emplace_back(std::string_view{*std::get_if<std::string>(&person)});
        }
        for (auto& part : out)
            part += "))";
        return out;
    }

    /// An id compares as a whole, by its text in lower case. Any other text is no id, and equals none.
    binding id_value(std::string const& text) {
        auto const parsed = parse_id<ticket_id>(text);
        if (!parsed || to_string(*parsed) != text)
            return std::string_view{text};
        ids_.push_back(*parsed);
        return std::span<std::byte const>{ids_.back().bytes};
    }
    /// A name that no row has, has no number.
    binding name_value(std::string const& text) {
        auto const number = names_.number(text);
        if (!number)
            problem_ = number.error();
        return number && *number ? **number : std::int64_t{-1};
    }
    static bool is_tenant(std::uint32_t field) { return field < column_count && column_at(field).name == "tenant"; }
    static binding word_value(column const& which, std::string const& word) {
        return which.code ? which.code(word).value_or(-1) : std::int64_t{-1};
    }

    directory& names_;
    std::string const& tenant_;
    expr::schema const& schema_;
    expr::context with_;
    result<void> problem_;
    std::deque<ticket_id> ids_; ///< bound where they lie
    std::deque<std::string> packed_;
};

} // namespace guichet::inline v0::sqlite
