#include "desk_record.hpp"

#include <guichet/base/limits.hpp>

#include <doctest/doctest.h>

#include <limits>

using namespace desk;
using namespace std::string_view_literals;
namespace limits = guichet::limits;
using guichet::errc;

namespace {

std::string repeated(std::string_view part, std::size_t times, std::string_view between) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out.append(i > 0 ? between : "").append(part);
    return out;
}

std::string leaf(std::string_view field, std::string_view op, std::string_view value) {
    return R"({"field":")" + std::string{field} + R"(","op":")" + std::string{op} + R"(","value":)" +
           std::string{value} + '}';
}

constexpr auto is_vip = R"({"field":"vip","op":"=","value":true})"sv;

} // namespace

TEST_CASE("given a condition that asks for nothing, when any ticket is looked at, then it holds") {
    ticket const any;
    CHECK(expr::condition{}.evaluate(any, {}));
    CHECK(holds("true", any));
    CHECK(holds("{}", any));
    CHECK(holds(R"({"all":[]})", any));
    CHECK_FALSE(holds("false", any));
    CHECK_FALSE(holds(R"({"any":[]})", any));
    CHECK(compile("{}").value() == expr::condition{});
    CHECK(compile("{}").value().always());
    CHECK_FALSE(compile("false").value().always());
    CHECK(expr::condition{}.to_json() == true);
}

TEST_CASE("given a priority, when it is compared, then its rank counts and not its spelling") {
    ticket t;
    t.with(priority, "high"sv);
    CHECK(holds(leaf("priority", "=", R"("high")"), t));
    CHECK(holds(leaf("priority", ">", R"("normal")"), t));
    CHECK(holds(leaf("priority", ">=", R"("high")"), t));
    CHECK(holds(leaf("priority", "<", R"("critical")"), t));
    CHECK(holds(leaf("priority", "<=", R"("high")"), t));
    CHECK_FALSE(holds(leaf("priority", ">", R"("high")"), t));
    CHECK_FALSE(holds(leaf("priority", "<", R"("high")"), t));
    CHECK_FALSE(holds(leaf("priority", "<", R"("low")"), t));
    CHECK(holds(leaf("priority", "in", R"(["low","high"])"), t));
    CHECK_FALSE(holds(leaf("priority", "in", "[]"), t));
}

TEST_CASE("given a priority that the administrator has removed since, when ranks are compared, then it has none") {
    ticket t;
    t.with(priority, "urgent"sv);
    for (auto const op : {"<", "<=", ">", ">="})
        CHECK_FALSE(holds(leaf("priority", op, R"("high")"), t));
    CHECK(holds(leaf("priority", "!=", R"("high")"), t));
}

TEST_CASE("given an effort, when it is compared, then whole numbers and decimals mix without rounding") {
    ticket t;
    t.with(effort, std::int64_t{3});
    CHECK(holds(leaf("effort", "=", "3"), t));
    CHECK(holds(leaf("effort", "=", "3.0"), t));
    CHECK(holds(leaf("effort", "<", "3.5"), t));
    CHECK(holds(leaf("effort", ">", "-1e300"), t));
    CHECK(holds(leaf("effort", "<", "1e300"), t));
    t.with(effort, 3.5);
    CHECK(holds(leaf("effort", ">", "3"), t));
    CHECK(holds(leaf("effort", "in", "[1, 3.5]"), t));
    t.with(effort, -3.5);
    CHECK(holds(leaf("effort", "<", "-3"), t));
    CHECK(holds(leaf("effort", ">", "-4"), t));
    t.with(effort, std::int64_t{9007199254740993});
    CHECK(holds(leaf("effort", ">", "9007199254740992.0"), t));
    t.with(effort, std::numeric_limits<std::int64_t>::max());
    CHECK(holds(leaf("effort", "<", "9223372036854775808"), t));
}

TEST_CASE("given an empty field, when it is compared, then only the documented comparisons hold") {
    static std::vector<std::string> const no_tags;
    ticket bare, blank;
    blank.with(subject, ""sv).with(priority, ""sv).with(tags, std::span<std::string const>{no_tags});
    blank.with(effort, std::numeric_limits<double>::quiet_NaN()).with(assignee, true);
    for (auto const* t : {&bare, &blank}) {
        CHECK(holds(leaf("subject", "=", "null"), *t));
        CHECK(holds(leaf("subject", "=", R"("")"), *t));
        CHECK_FALSE(holds(leaf("subject", "!=", "null"), *t));
        CHECK_FALSE(holds(leaf("subject", "=", R"("a")"), *t));
        CHECK(holds(leaf("subject", "!=", R"("a")"), *t));
        CHECK(holds(leaf("subject", "in", R"(["a", null])"), *t));
        CHECK_FALSE(holds(leaf("subject", "in", R"(["a"])"), *t));
        CHECK_FALSE(holds(leaf("subject", "contains", R"("a")"), *t));
        for (auto const op : {"<", "<=", ">", ">="}) {
            CHECK_FALSE(holds(leaf("effort", op, "0"), *t));
            CHECK_FALSE(holds(leaf("priority", op, R"("low")"), *t));
        }
        CHECK(holds(R"({"not":{"field":"effort","op":"<","value":0}})", *t));
        CHECK_FALSE(holds(leaf("opened_at", "older_than", R"("0s")"), *t));
        CHECK_FALSE(holds(leaf("opened_at", "newer_than", R"("1w")"), *t));
        for (auto const& field : known().fields()) {
            CHECK(holds(R"({"field":")" + field.name + R"(","op":"empty"})", *t));
            CHECK_FALSE(holds(leaf(field.name, "empty", "false"), *t));
        }
    }
}

TEST_CASE("given a subject, when a word is looked for, then its case does not matter") {
    ticket t;
    t.with(subject, "VPN tombe en panne"sv);
    CHECK(holds(leaf("subject", "contains", R"("vpn")"), t));
    CHECK(holds(leaf("subject", "contains", R"("PANNE")"), t));
    CHECK_FALSE(holds(leaf("subject", "contains", R"("pannes")"), t));
    CHECK(holds(leaf("subject", "<", R"("VPO")"), t));
}

TEST_CASE("given a host with its own folding, when a word is looked for, then that folding is asked") {
    ticket t;
    t.with(subject, "anything"sv);
    expr::context with;
    with.contains = [](std::string_view, std::string_view needle) noexcept { return needle == "magic"; };
    CHECK(compile(leaf("subject", "contains", R"("magic")")).value().evaluate(t, with));
    CHECK_FALSE(compile(leaf("subject", "contains", R"("any")")).value().evaluate(t, with));
}

TEST_CASE("given tags, when one is looked for, then it must be a whole tag") {
    static std::vector<std::string> const two{"vip", "paris"};
    ticket t;
    t.with(tags, std::span<std::string const>{two});
    CHECK(holds(leaf("tags", "contains", R"("paris")"), t));
    CHECK_FALSE(holds(leaf("tags", "contains", R"("par")"), t));
    CHECK(holds(leaf("tags", "empty", "false"), t));
}

TEST_CASE("given a ticket opened four hours ago, when its age is asked, then four hours count as older") {
    ticket t;
    auto const now = at("2026-01-05T12:00:00Z");
    t.with(opened_at, now - std::chrono::hours{4});
    CHECK(holds(leaf("opened_at", "older_than", R"("4h")"), t, now));
    CHECK_FALSE(holds(leaf("opened_at", "newer_than", R"("PT4H")"), t, now));
    CHECK_FALSE(holds(leaf("opened_at", "older_than", R"("4h")"), t, now - guichet::duration{1}));
    CHECK(holds(leaf("opened_at", "newer_than", R"("240min")"), t, now - guichet::duration{1}));
    CHECK(holds(leaf("opened_at", "<", R"("2026-01-05T09:00:00+01:00")"), t, now) == false);
    CHECK(holds(leaf("opened_at", "=", R"("2026-01-05T09:00:00+01:00")"), t, now));
    CHECK(expr::cutoff(guichet::instant::min(), expr::duration_max) == guichet::instant::min());
}

TEST_CASE(
    "given a ticket that goes from low to high, when the change is asked about, then before and after are told apart") {
    ticket t;
    t.now[priority] = "high"sv;
    t.was[priority] = "low"sv;
    t.now[assignee] = "amina"sv;
    CHECK(holds(R"({"field":"priority","op":"changed"})", t));
    CHECK_FALSE(holds(leaf("priority", "changed", "false"), t));
    CHECK(holds(leaf("priority", "changed_from", R"("low")"), t));
    CHECK(holds(leaf("priority", "changed_to", R"("high")"), t));
    CHECK_FALSE(holds(leaf("priority", "changed_to", R"("low")"), t));
    CHECK(holds(leaf("assignee", "changed_from", "null"), t));
    CHECK_FALSE(holds(leaf("vip", "changed_to", "null"), t));
    CHECK(holds(leaf("vip", "changed", "false"), t));
    CHECK(compile(leaf("vip", "changed", "false")).value().asks_change());
}

TEST_CASE("given a mistake in a condition, when it is read, then the message names the place and the way out") {
    CHECK(
        refusal(R"({"all":[{}, {"field":"prioritee","op":"=","value":"high"}]})") ==
        "guard.all[1].field: unknown field \"prioritee\"; did you mean \"priority\"? known here: subject, effort, vip, "
        "opened_at, priority, assignee, tags, fields.cost_centre");
    CHECK(refusal(leaf("weather", "=", "1")).find("unknown field \"weather\"; known here: subject") !=
          std::string::npos);
    CHECK(refusal(R"({"not":{"field":"vip","op":"<","value":true}})") ==
          "guard.not.op: \"<\" cannot be asked of vip, which is of type boolean; possible: =, !=, in, empty, changed, "
          "changed_from, changed_to");
    CHECK(refusal(leaf("tags", "like", "1")).find("possible: contains, empty, changed") != std::string::npos);
    CHECK(refusal(leaf("priority", "=", R"("hihg")")) ==
          "guard.value: unknown value \"hihg\"; known: low, normal, high, critical");
    CHECK(refusal(leaf("priority", "in", R"(["high", 3])")) == "guard.value[1]: expected text, found a number");
    CHECK(refusal(leaf("effort", "=", R"("3")")) == "guard.value: expected a number, found text");
    CHECK(refusal(leaf("effort", "<", "null")) == "guard.value: expected a number, found null");
    CHECK(refusal(leaf("subject", "contains", R"("")")) == "guard.value: must not be empty");
    CHECK(refusal(leaf("opened_at", ">", R"("yesterday")")).find("is not valid; an instant is written") !=
          std::string::npos);
    CHECK(refusal(leaf("opened_at", "older_than", R"("1month")")).find("write 90s, 30min") != std::string::npos);
    CHECK(refusal(leaf("opened_at", "older_than", "3")) ==
          "guard.value: expected a duration such as \"4h\", found a number");
    CHECK(refusal(leaf("subject", "in", R"("a")")) == "guard.value: expected an array, found text");
    CHECK(refusal(leaf("subject", "=", "[1]")) == "guard.value: expected a single value, found an array");
    CHECK(refusal(R"({"field":"subject","op":"="})") == "guard.value: this field is required");
    CHECK(refusal(R"({"field":"subject","op":"in"})") == "guard.value: this field is required");
    CHECK(refusal(R"({"field":"subject","value":"a"})") == "guard.op: this field is required");
    CHECK(refusal(R"({"all":[],"any":[]})") == "guard.any: unknown field; known here: all");
    CHECK(refusal(R"({"or":[]})") == "guard.or: unknown field; known here: all, any, not, field, op, value, calendar");
    CHECK(refusal(R"({"all":{}})") == "guard.all: expected an array of conditions, found an object");
    CHECK(refusal("[]") == "guard: expected a condition, found an array");
    CHECK(refusal(leaf("vip", "empty", "1")) == "guard.value: expected a boolean, found a number");
    CHECK(refusal(R"({"field":"subjekt","op":"empty"})", guichet::language::fr).find("vouliez-vous dire « subject »") !=
          std::string::npos);
}

TEST_CASE("given conditions at a limit, when they are read, then the limit is accepted and one more is refused") {
    auto const nodes = [](std::size_t count) { return R"({"all":[)" + repeated(is_vip, count - 1, ",") + "]}"; };
    CHECK(refusal(nodes(limits::condition_nodes_max)) == "accepted");
    CHECK(compile(nodes(limits::condition_nodes_max + 1)).error().code() == errc::resource_exhausted);

    auto const depth = [](std::size_t levels) {
        return repeated(R"({"not":)", levels - 1, "") + std::string{is_vip} + repeated("}", levels - 1, "");
    };
    CHECK(refusal(depth(limits::condition_depth_max)) == "accepted");
    CHECK(compile(depth(limits::condition_depth_max + 1)).error().code() == errc::resource_exhausted);

    auto const choices = [](std::size_t count) { return leaf("effort", "in", "[" + repeated("1", count, ",") + "]"); };
    CHECK(refusal(choices(limits::condition_nodes_max - 1)) == "accepted");
    CHECK(compile(choices(limits::condition_nodes_max)).error().code() == errc::resource_exhausted);

    auto const text = [](std::size_t bytes) { return leaf("subject", "=", '"' + std::string(bytes, 'a') + '"'); };
    CHECK(refusal(text(limits::text_field_bytes_max)) == "accepted");
    CHECK(compile(text(limits::text_field_bytes_max + 1)).error().code() == errc::resource_exhausted);
}

TEST_CASE("given a condition written in C++, when it is checked, then it equals the one written in JSON") {
    using expr::op;
    auto const written = expr::all_of({
        expr::where("priority", op::greater_equal, "high"),
        expr::negate(expr::where("tags", op::contains, "vip"sv)),
        expr::any_of({expr::where("assignee", op::equal, nullptr),
                      expr::where("opened_at", op::older_than, std::chrono::hours{4})}),
        expr::where("opened_at", op::less, at("2026-01-05T08:00:00Z")),
        expr::where("subject", op::in, {"a", "b"}),
        expr::where("effort", op::less, 3),
        expr::where("vip", op::empty),
        expr::where("vip", op::changed, false),
    });
    auto const built = expr::condition::compile(written, known()).value();
    auto const read = compile(R"({"all":[
        {"field":"priority","op":">=","value":"high"},
        {"not":{"field":"tags","op":"contains","value":"vip"}},
        {"any":[{"field":"assignee","op":"=","value":null},{"field":"opened_at","op":"older_than","value":"PT4H"}]},
        {"field":"opened_at","op":"<","value":"2026-01-05T08:00Z"},
        {"field":"subject","op":"in","value":["a","b"]},
        {"field":"effort","op":"<","value":3.0},
        {"field":"vip","op":"empty","value":true},
        {"field":"vip","op":"changed","value":false}]})")
                          .value();
    CHECK(built == read);
    CHECK(built.to_json() == read.to_json());
    CHECK(built.fields() == std::vector<std::uint32_t>{subject, effort, vip, opened_at, priority, assignee, tags});
    CHECK(built.asks_time());
    CHECK(built.root().children[0].satisfying == std::vector<std::string>{"high", "critical"});
    CHECK(expr::condition::compile(expr::where("subjec", op::empty), known(), "view")
              .error()
              .describe()
              .starts_with("view.field: unknown field \"subjec\"; did you mean \"subject\"?"));
    CHECK(expr::condition::compile(expr::draft{op::negate, {}, {}, {}}, known()).error().describe() ==
          "condition.not: expected one condition, found 0");
    CHECK(expr::condition::compile(expr::where("effort", op::equal, std::numeric_limits<double>::infinity()), known())
              .error()
              .code() == errc::invalid_argument);
}

TEST_CASE("given a refused guard, when it is explained, then each leaf shows what was seen") {
    ticket t;
    t.with(priority, "low"sv);
    t.now[effort] = std::int64_t{2};
    auto const guard = compile(R"({"all":[{"field":"priority","op":">=","value":"high"},
                                          {"not":{"field":"effort","op":"changed"}},
                                          {"any":[{"field":"vip","op":"empty"},
                                                  {"field":"subject","op":"in","value":["a",null]}]}]})")
                           .value();
    CHECK(guard.describe() ==
          "priority is high or more and effort has not changed and (vip is empty or subject is \"a\" or empty)");
    CHECK(guard.describe(guichet::language::fr) ==
          "priority est high ou plus et effort n'a pas changé et (vip est vide ou subject est « a » ou vide)");
    CHECK(guard.to_text() == "priority >= high and not (effort changed) and (vip empty or subject in (\"a\", null))");
    auto const why = guard.explain(t, {});
    CHECK_FALSE(why.verdict);
    CHECK(expr::describe(why) == "- all of:\n"
                                 "  - priority >= \"high\"  (seen: \"low\")\n"
                                 "  - not\n"
                                 "    + effort changed  (seen: 2, before: null)\n"
                                 "  + any of:\n"
                                 "    + vip is empty  (seen: null)\n"
                                 "    + subject in [\"a\", null]  (seen: null)\n");
    CHECK(boost::json::serialize(expr::to_json(why.children[0])) ==
          R"({"verdict":false,"op":">=","field":"priority","value":"high","seen":"low"})");
    CHECK(expr::condition{}.describe() == "always");
}
