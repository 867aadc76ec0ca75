#include "desk_record.hpp"

#include <doctest/doctest.h>

/// Random conditions over random tickets. GUICHET_SEED repeats a run.
namespace {

using namespace desk;
using namespace std::string_view_literals;
using expr::op;

class chance {
public:
    explicit chance(std::uint64_t seed) : engine_{seed} {}
    std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>{0, end - 1}(engine_); }
    template <std::size_t N, class T>
    T const& of(std::array<T, N> const& from) {
        return from[below(N)];
    }

private:
    std::mt19937_64 engine_;
};

constexpr std::array texts{"vpn"sv, "VPN panne"sv, "imprimante"sv, "a"sv};
constexpr std::array patterns{"^VPN"sv, "(?i)vpn"sv, "[^ ]+$"sv, "\\d"sv};
constexpr std::array people{"amina"sv, "bruno"sv};
constexpr std::array numbers{0.0, 1.0, 2.5, -3.0};
constexpr std::array hours{0, 1, 4, 48};
std::array<std::vector<std::string>, 3> const tag_sets{{{}, {"vpn"}, {"a", "vpn"}}};

guichet::instant const noon = at("2026-01-05T12:00:00Z");

expr::value any_value(chance& dice, std::uint32_t which) {
    if (dice.below(4) == 0)
        return {};
    switch (which) {
    case effort: return dice.below(2) ? expr::value{dice.of(numbers)} : expr::value{std::int64_t(dice.below(4))};
    case vip: return dice.below(2) == 0;
    case opened_at: return noon - std::chrono::hours{dice.of(hours)};
    case priority: return std::string_view{known()[priority].choices[dice.below(4)]};
    case assignee: return dice.of(people);
    case tags: return std::span<std::string const>{dice.of(tag_sets)};
    default: return dice.of(texts);
    }
}

ticket any_ticket(chance& dice) {
    ticket out;
    for (std::uint32_t i = 0; i < field_count; ++i) {
        out.now[i] = any_value(dice, i);
        out.was[i] = dice.below(2) ? any_value(dice, i) : out.now[i];
    }
    return out;
}

expr::literal any_operand(chance& dice, std::uint32_t which, op kind) {
    if (kind == op::empty || kind == op::changed)
        return dice.below(2) == 0;
    if (kind == op::older_than || kind == op::newer_than || kind == op::within)
        return std::chrono::hours{dice.of(hours)};
    if (kind == op::matches)
        return std::string{dice.of(patterns)};
    if (which == tags)
        return std::string{dice.of(texts)};
    auto operand = expr::to_literal(any_value(dice, which));
    bool const may_be_null = kind == op::equal || kind == op::not_equal || kind == op::in || kind == op::changed_from ||
                             kind == op::changed_to;
    while (operand.index() == 0 && !may_be_null)
        operand = expr::to_literal(any_value(dice, which));
    return operand;
}

constexpr std::array calendars{"default"sv, "paris"sv, "New York"sv, "is"sv, "open"sv, "`\u00E9"sv};

expr::draft any_leaf(chance& dice) {
    if (dice.below(20) == 0)
        return expr::is_open(std::string{dice.of(calendars)});
    auto const which = static_cast<std::uint32_t>(dice.below(field_count));
    auto kind = static_cast<op>(dice.below(expr::op_count));
    while (!expr::offers(known()[which], kind))
        kind = static_cast<op>(dice.below(expr::op_count));
    std::vector<expr::literal> operands;
    bool const many = kind == op::in || kind == op::any_of || kind == op::all_of || kind == op::none_of;
    for (std::size_t i = many ? dice.below(4) : 1; i > 0; --i)
        operands.push_back(any_operand(dice, which, kind));
    auto leaf = expr::where(known()[which].name, kind, std::move(operands));
    bool const has_length = kind == op::older_than || kind == op::newer_than || kind == op::within;
    return has_length && dice.below(2) ? expr::working(std::move(leaf), std::string{dice.of(calendars)}) : leaf;
}

expr::draft any_draft(chance& dice, std::size_t depth) {
    auto const roll = depth == 0 ? 9 : dice.below(10);
    if (roll > 4)
        return any_leaf(dice);
    if (roll == 4)
        return expr::negate(any_draft(dice, depth - 1));
    std::vector<expr::draft> parts(dice.below(4));
    for (auto& part : parts)
        part = any_draft(dice, depth - 1);
    return roll < 2 ? expr::all_of(std::move(parts)) : expr::any_of(std::move(parts));
}

expr::condition checked(expr::draft const& written) { return expr::condition::compile(written, known()).value(); }

} // namespace

TEST_CASE("given random conditions and tickets, when they are read, asked and explained, then the laws hold") {
    auto const first = seed();
    CAPTURE(first);
    chance dice{first};
    expr::context const with{.now = noon};
    for (int round = 0; round < 3'000; ++round) {
        auto const left = any_draft(dice, 4), right = any_draft(dice, 4);
        auto const a = checked(left), b = checked(right);
        CAPTURE(boost::json::serialize(a.to_json()));

        auto const text = boost::json::serialize(a.to_json());
        boost::json::parse_options deep;
        deep.max_depth = 100;
        auto const again = expr::condition::compile(boost::json::parse(text, {}, deep), known());
        REQUIRE(again.has_value());
        REQUIRE(*again == a);

        auto const written = a.to_text();
        CAPTURE(written);
        auto const parsed = expr::condition::parse(written, known());
        REQUIRE_MESSAGE(parsed.has_value(), parsed.error().describe());
        REQUIRE(*parsed == a);
        REQUIRE(parsed->to_text() == written);
        REQUIRE(expr::condition::compile(boost::json::value(written), known()).value() == a);
        REQUIRE_FALSE(a.describe().empty());
        REQUIRE_FALSE(a.describe(guichet::language::fr).empty());

        auto const neither = checked(expr::negate(expr::any_of({left, right})));
        auto const both_not = checked(expr::all_of({expr::negate(left), expr::negate(right)}));
        auto const not_both = checked(expr::negate(expr::all_of({left, right})));
        auto const one_not = checked(expr::any_of({expr::negate(left), expr::negate(right)}));
        for (int look = 0; look < 5; ++look) {
            auto const t = any_ticket(dice);
            bool const left_holds = a.evaluate(t, with), right_holds = b.evaluate(t, with);
            REQUIRE(a.explain(t, with).verdict == left_holds);
            REQUIRE(neither.evaluate(t, with) == !(left_holds || right_holds));
            REQUIRE(both_not.evaluate(t, with) == neither.evaluate(t, with));
            REQUIRE(not_both.evaluate(t, with) == one_not.evaluate(t, with));
        }
    }
}

TEST_CASE("given random leaves, when an operator has an opposite, then exactly one of the two holds") {
    auto const first = seed();
    CAPTURE(first);
    chance dice{first};
    expr::context const with{.now = noon};
    for (int round = 0; round < 5'000; ++round) {
        auto const leaf = any_leaf(dice);
        auto const t = any_ticket(dice);
        if (leaf.kind == op::open || !leaf.calendar.empty())
            continue; // without calendars, both are false
        auto const number = known().find(leaf.field).value();
        bool const is_empty = checked(expr::where(leaf.field, op::empty)).evaluate(t, with);
        auto const opposite = [&](op kind) {
            auto other = leaf;
            other.kind = kind;
            return checked(other).evaluate(t, with);
        };
        bool const holds = checked(leaf).evaluate(t, with);
        CAPTURE(checked(leaf).describe());
        CAPTURE(number);
        if (leaf.kind == op::equal)
            REQUIRE(holds != opposite(op::not_equal));
        else if (leaf.kind == op::less)
            REQUIRE((is_empty ? !holds && !opposite(op::greater_equal) : holds != opposite(op::greater_equal)));
        else if (leaf.kind == op::greater)
            REQUIRE((is_empty ? !holds && !opposite(op::less_equal) : holds != opposite(op::less_equal)));
        else if (leaf.kind == op::older_than)
            REQUIRE((is_empty ? !holds && !opposite(op::newer_than) : holds != opposite(op::newer_than)));
    }
}
