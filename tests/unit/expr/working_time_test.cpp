#include "desk_record.hpp"

#include <doctest/doctest.h>

#include <guichet/base/limits.hpp>

using namespace desk;
using namespace std::chrono_literals;
using guichet::language;
using guichet::reason;

namespace {

guichet::instant const noon = at("2026-01-05T12:00:00Z");

expr::schema const& aged() {
    static auto const made = [] {
        auto fields = known().fields();
        fields.push_back({.name = "idle", .type = field_type::age, .called = {"the idle time", "l'inactivit\u00E9"}});
        fields.push_back(
            {.name = "due_at", .type = field_type::instant, .called = {"the deadline", "l'\u00E9ch\u00E9ance"}});
        fields.push_back({.name = "calendar", .type = field_type::text});
        fields.push_back({.name = "contract", .type = field_type::text, .related = true});
        return expr::schema{std::move(fields)};
    }();
    return made;
}

/// Open in the first half of every minute, wherever it is but in "nowhere".
class half_minutes final : public expr::calendars {
public:
    std::optional<guichet::instant> cutoff(std::string_view calendar, guichet::instant now, guichet::duration worked,
                                           end) const noexcept override {
        return calendar == "nowhere" ? std::nullopt : std::optional{now - 2 * worked};
    }
    std::optional<guichet::instant> horizon(std::string_view calendar, guichet::instant now,
                                            guichet::duration worked) const noexcept override {
        return calendar == "nowhere" ? std::nullopt : std::optional{now + 2 * worked};
    }
    std::optional<guichet::duration> between(std::string_view, guichet::instant from,
                                             guichet::instant to) const noexcept override {
        return (to - from) / 2;
    }
    std::optional<bool> is_open(std::string_view calendar, guichet::instant at) const noexcept override {
        if (calendar == "nowhere")
            return {};
        return at - std::chrono::floor<std::chrono::minutes>(at) < 30s;
    }
};

expr::condition read(std::string_view text, expr::schema const& schema = aged()) {
    auto const got = expr::condition::parse(text, schema, "guard");
    REQUIRE_MESSAGE(got.has_value(), got.error().describe());
    CHECK(expr::condition::parse(got->to_text(), schema).value() == *got);
    CHECK(expr::condition::compile(got->to_json(), schema).value() == *got);
    return *got;
}

std::string normal(std::string_view text) { return read(text).to_text(); }
std::string json(std::string_view text) { return boost::json::serialize(read(text).to_json()); }

guichet::error refused(std::string_view text, expr::schema const& schema = aged()) {
    auto const got = expr::condition::parse(text, schema, "guard");
    REQUIRE_FALSE(got.has_value());
    return got.error();
}

struct idle_ticket final : expr::record {
    guichet::instant at = noon;
    expr::value get(std::uint32_t) const noexcept override { return at; }
};

bool holds_at(std::string_view text, guichet::instant value, guichet::instant now = noon) {
    half_minutes const calendars;
    idle_ticket t;
    t.at = value;
    auto const c = read(text);
    expr::context const with{.now = now, .calendars = &calendars};
    CHECK(c.explain(t, with).verdict == c.evaluate(t, with));
    return c.evaluate(t, with);
}

} // namespace

TEST_CASE("given an age in working time, when it is written, then text and JSON say the same") {
    CHECK(json("idle > 4h working") == R"({"field":"idle","op":">","value":"4h","calendar":"default"})");
    CHECK(json("idle >= 2d working in paris") == R"({"field":"idle","op":">=","value":"2d","calendar":"paris"})");
    CHECK(normal("idle > 4h WORKING IN default") == "idle > 4h working");
    CHECK(normal("due_at older than 4h working in \"New York\"") == "due_at older than 4h working in `New York`");
    CHECK(normal("due_at within the next 2h working and vip") == "due_at within 2h working and vip = true");
    CHECK(normal("due_at overdue by 2h working in is") == "due_at older than 2h working in `is`");
    CHECK(normal("due_at newer_than 90min working in `a``b`") == "due_at newer than 90min working in `a``b`");
    using expr::op;
    CHECK(expr::condition::compile(expr::working(expr::where("idle", op::greater, 4h)), aged()).value() ==
          read("idle > 4h working"));
    CHECK(expr::condition::compile(expr::working(expr::where("idle", op::greater, 4h), "paris"), aged()).value() ==
          read("idle > 4h working in paris"));
    CHECK_FALSE(read("idle > 4h working") == read("idle > 4h"));
    CHECK(read("idle > 4h working").root().calendar == "default");
}

TEST_CASE("given the hours of a calendar, when it is asked whether it is open, then text and JSON say the same") {
    CHECK(json("calendar paris is open") == R"({"op":"open","calendar":"paris"})");
    CHECK(normal("calendar paris open") == "calendar paris is open");
    CHECK(normal("not (calendar paris is open)") == "not (calendar paris is open)");
    CHECK(normal("calendar paris is closed or calendar paris is not open") ==
          "not (calendar paris is open) or not (calendar paris is open)");
    CHECK(normal("calendar \"New York\" is open and vip") == "calendar `New York` is open and vip = true");
    CHECK(normal("calendar open is open") == "calendar open is open");
    CHECK(expr::condition::compile(expr::is_open("paris"), aged()).value() == read("calendar paris is open"));
    CHECK(read("calendar paris is open").asks_time());
    CHECK(read("calendar paris is open").fields().empty());
    // A field of that name is still a field.
    CHECK(normal("calendar = paris") == "`calendar` = \"paris\"");
    CHECK(normal("calendar is empty") == "`calendar` empty");
    CHECK(normal("subject is open") == "subject = \"open\"");
}

TEST_CASE("given a ticket, when its age in working time is asked, then only open hours count") {
    CHECK_FALSE(holds_at("idle > 1h working", noon - 2h));
    CHECK(holds_at("idle > 1h working", noon - 2h - 1ms));
    CHECK(holds_at("idle >= 1h working", noon - 2h));
    CHECK(holds_at("idle <= 1h working", noon - 2h));
    CHECK_FALSE(holds_at("idle < 1h working", noon - 2h));
    CHECK(holds_at("due_at older than 1h working", noon - 2h));
    CHECK(holds_at("due_at newer than 1h working", noon - 2h + 1ms));
    CHECK(holds_at("due_at within 1h working", noon + 2h));
    CHECK_FALSE(holds_at("due_at within 1h working", noon + 2h + 1ms));
    CHECK_FALSE(holds_at("due_at within 1h working", noon));
    CHECK(holds_at("calendar paris is open", noon));
    CHECK_FALSE(holds_at("calendar paris is open", noon, noon + 30s));
    CHECK(holds_at("calendar paris is closed", noon, noon + 30s));
}

TEST_CASE("given a calendar that nobody knows, when it is asked, then the answer is no") {
    for (auto const* text : {"idle > 1h working in nowhere", "idle < 1h working in nowhere",
                             "due_at older than 1h working in nowhere", "due_at newer than 1h working in nowhere",
                             "due_at within 1h working in nowhere", "calendar nowhere is open"}) {
        CHECK_FALSE(holds_at(text, noon - 1h));
        CHECK_FALSE(holds_at(text, noon + 1h));
        CHECK_FALSE(read(text).evaluate(idle_ticket{}, {.now = noon}));
    }
    CHECK(holds_at("not (calendar nowhere is open)", noon));
}

TEST_CASE("given working time, when people are told of it, then it reads as they would say it") {
    auto const en = [](std::string_view text) { return read(text).describe(); };
    auto const fr = [](std::string_view text) { return read(text).describe(language::fr); };
    CHECK(en("idle > 4h working") == "the idle time is more than 4 hours of working time");
    CHECK(fr("idle > 4h working") == "l'inactivit\u00E9 est de plus de 4 heures de temps ouvr\u00E9");
    CHECK(en("idle >= 2d working in paris") == "the idle time is at least 2 days of working time (calendar paris)");
    CHECK(fr("idle >= 2d working in paris") ==
          "l'inactivit\u00E9 est d'au moins 2 jours de temps ouvr\u00E9 (calendrier paris)");
    CHECK(en("due_at older than 4h working") == "the deadline is at least 4 hours of working time ago");
    CHECK(fr("due_at within 2h working") == "l'\u00E9ch\u00E9ance tombe d'ici 2 heures de temps ouvr\u00E9");
    CHECK(en("calendar paris is open") == "the calendar paris is open");
    CHECK(fr("calendar paris is open") == "le calendrier paris est ouvert");
    CHECK(en("not (calendar paris is open or idle > 4h working)") ==
          "the calendar paris is closed and the idle time is not more than 4 hours of working time");
    CHECK(fr("calendar paris is closed") == "le calendrier paris est ferm\u00E9");

    half_minutes const calendars;
    idle_ticket t;
    t.at = noon - 2h;
    auto const why = read("idle > 2h working and calendar paris is open and opened_at older than 1h working")
                         .explain(t, {.now = noon, .calendars = &calendars});
    CHECK(describe(why) == "- all of:\n"
                           "  - the idle time is more than 2 hours of working time  (seen: 1 hour of working time)\n"
                           "  + the calendar paris is open\n"
                           "  + opened_at older than 1h of working time  (seen: 2026-01-05T10:00:00Z)\n");
    CHECK(describe(why, language::fr).find("+ le calendrier paris est ouvert\n") != std::string::npos);
    CHECK(boost::json::serialize(to_json(why)).find(R"({"verdict":true,"op":"open","calendar":"paris"})") !=
          std::string::npos);
}

TEST_CASE("given known calendars, when a condition names another one, then the error says where and which there are") {
    auto const schema = aged().with_calendars({"default", "paris"});
    CHECK(read("idle > 4h working in paris and calendar default is open", schema).asks_time());
    CHECK(refused("vip and idle > 4h working in pariss", schema).describe() ==
          "guard, column 30: unknown value \"pariss\"; known: default, paris");
    CHECK(refused("calendar oslo is open", schema).describe(language::fr) ==
          "guard, colonne 10 : valeur inconnue « oslo » ; connues : default, paris");
    auto const from_json = [&](std::string_view text) {
        auto const got = expr::condition::compile(
            boost::json::parse(boost::json::string_view{text.data(), text.size()}), schema, "guard");
        REQUIRE_FALSE(got.has_value());
        return got.error();
    };
    CHECK(from_json(R"({"all":[{"op":"open","calendar":"oslo"}]})")["path"] == "guard.all[0].calendar");
    CHECK(from_json(R"({"field":"idle","op":">","value":"4h","calendar":"oslo"})")["path"] == "guard.calendar");
    CHECK(from_json(R"({"field":"idle","op":">","value":"4h","calendar":""})").why() == reason::empty_text);
    CHECK(from_json(R"({"field":"idle","op":">","value":"4h","calendar":4})").why() == reason::wrong_type);
    CHECK(from_json(R"({"op":"open"})")["path"] == "guard.calendar");
    CHECK(from_json(R"({"op":"open","calendar":"paris","value":true})").why() == reason::unknown_field);
    CHECK(from_json(R"({"field":"vip","op":"open","calendar":"paris"})").why() == reason::condition_op_not_offered);
    CHECK(from_json(R"({"field":"vip","op":"=","value":true,"calendar":"paris"})").describe() ==
          "guard.calendar: working time cannot be asked with \"=\"; it goes with a duration: older_than, newer_than, "
          "within, and the order of an age");
    CHECK(refused("idle > 4h working in").why() == reason::condition_syntax);
    CHECK(refused("calendar paris is shut").why() == reason::condition_syntax);
    CHECK(refused("calendar `` is open").why() == reason::empty_text);
    CHECK(refused("idle > 4h working in \"\"")["path"] == "guard, column 22");
    CHECK(refused("vip = true working").why() == reason::condition_syntax);
    CHECK(refused("idle > 4h working", aged().with_calendars({})).why() == reason::condition_no_calendar);
    std::string const longest(guichet::limits::name_bytes_max, 'p');
    CHECK(read("calendar " + longest + " is open").root().calendar == longest);
    CHECK(refused("calendar " + longest + "p is open").why() == reason::limit_passed);
}

TEST_CASE("given a field that is not the ticket's own, when a view asks for it, then it is refused with its place") {
    CHECK(normal("contract = gold") == "contract = \"gold\"");
    auto const view = aged().stored();
    CHECK(refused("vip and contract = gold", view).describe() ==
          "guard, column 9: \"contract\" is not stored with the ticket and cannot be asked here; ask for it in a rule");
    auto const got = expr::condition::compile(expr::all_of({expr::where("contract", expr::op::empty)}), view, "where");
    REQUIRE_FALSE(got.has_value());
    CHECK(got.error()["path"] == "where.all[0].field");
    CHECK(read("vip", view) == read("vip"));
}
