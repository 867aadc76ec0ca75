/// What the lint says for certain holds of any ticket: nothing satisfies what is never true, and what is implied holds
/// wherever that which implies it does.
#include "property/dice.hpp"

#include <guichet/rules/requirements.hpp>

#include <doctest/doctest.h>

#include <array>

namespace {

using namespace guichet;
using namespace play;
using expr::op;
using namespace std::chrono_literals;

instant const now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 9h};

expr::schema const& schema() {
    static expr::schema const out{{.name = "priority", .type = expr::field_type::choice, .choices = {"a", "b", "c"}},
                                  {.name = "text", .type = expr::field_type::text},
                                  {.name = "number", .type = expr::field_type::number},
                                  {.name = "flag", .type = expr::field_type::boolean},
                                  {.name = "at", .type = expr::field_type::instant},
                                  {.name = "tags", .type = expr::field_type::list},
                                  {.name = "idle", .type = expr::field_type::age}};
    return out;
}

/// A ticket of very few values, so that conditions often hold.
class small_ticket final : public expr::record {
public:
    explicit small_ticket(dice& chance) {
        for (std::uint32_t i = 0; i < schema().size(); ++i) {
            now_[i] = any(chance, i, 0);
            before_[i] = any(chance, i, 1);
            changed_[i] = chance.percent(50);
        }
    }
    expr::value get(std::uint32_t field) const noexcept override { return now_[field]; }
    expr::value before(std::uint32_t field) const noexcept override { return before_[field]; }
    bool changed(std::uint32_t field) const noexcept override { return changed_[field]; }

private:
    expr::value any(dice& chance, std::uint32_t field, std::size_t room) {
        static std::vector<std::string_view> const texts{"a", "b", "c", "d"};
        if (chance.percent(25))
            return {};
        switch (schema()[field].type) {
        case expr::field_type::number:
            return chance.percent(50) ? expr::value{std::int64_t{chance.between(0, 4)}}
                                      : expr::value{chance.between(0, 8) / 2.0};
        case expr::field_type::boolean: return chance.percent(50);
        case expr::field_type::instant:
        case expr::field_type::age: return now + std::chrono::hours{chance.between(-4, 4)};
        case expr::field_type::list:
            for (auto const* one : {"a", "b", "c"})
                if (chance.percent(40))
                    lists_[room].push_back(one);
            return std::span<std::string const>{lists_[room]};
        default: return chance.pick(texts);
        }
    }
    std::array<std::vector<std::string>, 2> lists_;
    std::array<expr::value, 7> now_, before_;
    std::array<bool, 7> changed_{};
};

expr::literal operand(dice& chance, expr::field const& field) {
    static std::vector<std::string> const texts{"a", "b", "c"};
    switch (field.type) {
    case expr::field_type::number:
        return chance.percent(50) ? expr::literal{std::int64_t{chance.between(0, 4)}}
                                  : expr::literal{chance.between(0, 8) / 2.0};
    case expr::field_type::boolean: return chance.percent(50);
    case expr::field_type::instant: return now + std::chrono::hours{chance.between(-4, 4)};
    default: return chance.pick(texts);
    }
}

expr::draft leaf(dice& chance) {
    for (;;) {
        auto const& field = schema()[static_cast<std::uint32_t>(chance.below(schema().size()))];
        auto const kind = static_cast<op>(chance.below(expr::op_count));
        if (!expr::offers(field, kind))
            continue;
        if (kind == op::empty || kind == op::changed)
            return expr::where(field.name, kind, chance.percent(50));
        if (kind == op::older_than || kind == op::newer_than || kind == op::within ||
            field.type == expr::field_type::age)
            return expr::where(field.name, kind, duration{std::chrono::hours{chance.between(0, 4)}});
        bool const takes_null = kind == op::equal || kind == op::not_equal || kind == op::in ||
                                kind == op::changed_from || kind == op::changed_to;
        auto const one = [&] { return takes_null && chance.percent(20) ? expr::literal{} : operand(chance, field); };
        if (kind != op::in && kind < op::any_of)
            return expr::where(field.name, kind, std::vector<expr::literal>{one()});
        std::vector<expr::literal> several(chance.below(4));
        for (auto& each : several)
            each = one();
        return expr::where(field.name, kind, std::move(several));
    }
}

expr::draft any_condition(dice& chance, int depth) {
    auto const kind = depth ? chance.below(6) : 5;
    if (kind >= 4)
        return leaf(chance);
    if (kind == 3)
        return expr::negate(any_condition(chance, depth - 1));
    std::vector<expr::draft> parts;
    for (auto left = chance.between(1, 3); left > 0; --left)
        parts.push_back(any_condition(chance, depth - 1));
    return kind == 2 ? expr::any_of(std::move(parts)) : expr::all_of(std::move(parts));
}

TEST_CASE("given any conditions, when what they require is compared, then no ticket speaks against what is certain") {
    dice chance{seed_of_run()};
    std::vector<small_ticket> tickets;
    tickets.reserve(2'000); // they hold views of their own lists
    for (int i = 0; i < 2'000; ++i)
        tickets.emplace_back(chance);
    std::size_t nevers = 0, implied = 0, apart = 0, always = 0;
    for (int i = 0; i < 4'000; ++i) {
        auto const one = expr::condition::compile(any_condition(chance, 3), schema());
        auto const other = expr::condition::compile(any_condition(chance, 2), schema());
        if (!one || !other)
            continue;
        rules::requirements const ours{*one}, theirs{*other};
        bool const implies = ours.implies(theirs), excludes = ours.excludes(theirs);
        CAPTURE(one->to_text());
        CAPTURE(other->to_text());
        nevers += ours.never(), implied += implies && !ours.never(), apart += excludes && !ours.never();
        always += ours.always();
        if (!ours.never() && !ours.always() && !implies && !excludes)
            continue;
        for (auto const& t : tickets) {
            bool const holds = one->evaluate(t, {.now = now}), holds_too = other->evaluate(t, {.now = now});
            bool const sound = !(holds && ours.never()) && (holds || !ours.always()) &&
                               !(implies && holds && !holds_too) && !(excludes && holds && holds_too);
            if (!sound)
                REQUIRE(sound);
        }
    }
    CHECK(nevers > 50);
    CHECK(implied > 20);
    CHECK(apart > 50);
    MESSAGE(nevers, " never true, ", implied, " implied, ", apart, " exclusive, ", always, " always");
}

} // namespace
