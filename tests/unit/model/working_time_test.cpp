#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/model/working_time.hpp>
#include <guichet/time/iso8601.hpp>

#include <doctest/doctest.h>

#include <random>

using namespace guichet;
using namespace std::chrono_literals;

namespace {

instant at(std::string_view text) { return time::parse_instant(text).value(); }

/// Monday to Friday, 9 to 12 and 14 to 18.
time::calendar const& office() {
    static auto const made = [] {
        time::calendar_definition d;
        d.tz = "Europe/Paris";
        for (std::size_t day = 0; day < 5; ++day)
            d.weekly[day] = {{9h, 12h}, {14h, 18h}};
        return time::calendar::compile(std::move(d)).value();
    }();
    return made;
}

calendar_answers const& calendars() {
    static calendar_answers const made{[](std::string_view name) { return name == "paris" ? &office() : nullptr; }};
    return made;
}

expr::schema const& fields() {
    static auto const made = ticket_schema(itil_lifecycle(), {{.name = "contract_level",
                                                               .type = expr::field_type::choice,
                                                               .choices = {"silver", "gold"},
                                                               .called = {"the contract", "le contrat"}}});
    return made;
}

bool holds(std::string_view text, ticket const& t, instant now, relations const* related = nullptr) {
    auto const c = expr::condition::parse(text, fields());
    REQUIRE_MESSAGE(c.has_value(), c.error().describe());
    return c->evaluate(ticket_record{t, fields(), nullptr, related}, ticket_context(now, &calendars()));
}

/// A host that knows who belongs to whom.
class neighbours final : public relations {
public:
    expr::value get(ticket const& of, std::uint32_t field) const noexcept override {
        auto const& derived = derived_ticket_fields();
        if (field == derived.open_children)
            return std::int64_t{1};
        if (field == derived.parent_open)
            return true;
        return fields()[field].name == "related.contract_level" && of.organisation == "acme"
                   ? expr::value{std::string_view{"gold"}}
                   : expr::value{};
    }
};

} // namespace

TEST_CASE("given office hours, when ages are asked in working time, then each is what the calendar measures") {
    std::mt19937_64 chance{20260105};
    auto const below = [&](std::int64_t end) {
        return std::uniform_int_distribution<std::int64_t>{0, end - 1}(chance);
    };
    auto const begin = at("2026-01-05T00:00:00Z");
    for (int round = 0; round < 3'000; ++round) {
        auto const any = [&] { return begin + std::chrono::minutes{below(10 * 24 * 4)} * 15; };
        auto const now = any(), seen = any();
        auto const length = std::chrono::minutes{below(60) * 15};
        auto const worked = office().between(seen, now);
        ticket t;
        t.created_at = seen;
        t.due_at = seen;
        auto const text = [&](std::string_view what) {
            return std::string{what} + " " + expr::to_text(duration{length}) + " working in paris";
        };
        CAPTURE(time::to_text(now));
        CAPTURE(time::to_text(seen));
        CAPTURE(length.count());
        if (seen <= now) { // an age is of the past
            REQUIRE(holds(text("age <"), t, now) == (worked < length));
            REQUIRE(holds(text("age <="), t, now) == (worked <= length));
            REQUIRE(holds(text("age >"), t, now) == (worked > length));
            REQUIRE(holds(text("age >="), t, now) == (worked >= length));
            REQUIRE(holds(text("due_at older than"), t, now) == (worked >= length));
        }
        REQUIRE(holds(text("due_at newer than"), t, now) != holds(text("due_at older than"), t, now));
        REQUIRE(holds(text("due_at within"), t, now) == (seen > now && -worked <= length));
        REQUIRE(holds("calendar paris is open", t, now) == office().is_open(now));
        REQUIRE_FALSE(holds("calendar oslo is open", t, now));
    }
}

TEST_CASE("given the ends of time, when ages are asked in working time, then nothing overflows") {
    ticket t;
    t.created_at = at("2026-01-05T10:00:00Z");
    for (auto const now : {instant::min(), at("1900-01-01T00:00:00Z"), instant{}, instant::max()}) {
        CHECK_FALSE(holds("age > 36525d working in paris", t, now));
        CHECK(holds("age <= 36525d working in paris", t, now));
        CHECK_FALSE(holds("due_at within 36525d working in paris", t, now));
    }
}

TEST_CASE("given links, when they are asked for, then the ticket knows its own and its neighbours the rest") {
    ticket t;
    t.organisation = "acme";
    t.links = {{link_kind::parent_of, {}}, {link_kind::parent_of, {}}, {link_kind::duplicated_by, {}}};
    CHECK(holds("links.children = 2 and links.duplicates = 1", t, {}));
    CHECK(holds("links.children = 0", ticket{}, {}));
    CHECK(holds("links.open_children empty and links.parent_open empty and related.contract_level empty", t, {}));
    neighbours const known;
    CHECK(holds("links.open_children = 1 and links.parent_open and related.contract_level >= gold", t, {}, &known));
    CHECK(holds("related.contract_level empty", ticket{}, {}, &known));
    CHECK(holds("not related.contract_level changed", t, {}, &known));
    auto const told = [](std::string_view text, language lang) {
        return expr::condition::parse(text, fields()).value().describe(lang);
    };
    CHECK(told("links.open_children > 0 and not links.parent_open", language::en) ==
          "the number of open child tickets is more than 0 and the parent ticket is resolved or closed");
    CHECK(told("related.contract_level = gold", language::fr) == "le contrat est gold");
    CHECK_FALSE(expr::condition::parse("related.contract_level = gold", fields().stored()).has_value());
    CHECK(expr::condition::parse("links.children = 2", fields().stored()).has_value());
}
