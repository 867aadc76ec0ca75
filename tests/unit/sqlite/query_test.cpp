#include "desk_file.hpp"

#include <guichet/sqlite/impl/reading.ipp>
#include <guichet/sqlite/impl/schema.ipp>
#include <guichet/storage/memory_store.hpp>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <set>

using namespace desk_file;

namespace {

expr::schema const& schema() {
    static auto const made = [] {
        auto lifecycle = itil_lifecycle();
        lifecycle.fields.resize(3);
        lifecycle.fields[0].name = "site";
        lifecycle.fields[0].type = "text";
        lifecycle.fields[1].name = "floor";
        lifecycle.fields[1].type = "number";
        lifecycle.fields[2].name = "asset";
        lifecycle.fields[2].type = "reference";
        return ticket_schema(lifecycle);
    }();
    return made;
}

storage::ticket_query ask(std::string_view where, std::vector<storage::order_by> order = {}) {
    storage::ticket_query out{.tenant = "acme", .order = std::move(order)};
    out.now = instant{std::chrono::hours{100}};
    if (!where.empty())
        out.wanted =
            expr::condition::compile(boost::json::parse(boost::json::string_view{where.data(), where.size()}), schema())
                .value();
    return out;
}

storage::order_by by(std::string_view column, bool descending = false) { return {ticket_field(column), descending}; }

std::string const hostile = "x' OR 1=1; DROP TABLE tickets; --";

/// Tickets with values that SQL and C++ might read differently.
std::vector<ticket> tricky() {
    std::vector<ticket> out;
    for (std::uint8_t i = 1; i <= 12; ++i)
        out.push_back(plain(i));
    out[0].subject = "100% sure_";
    out[1].subject = "L'\xC3\x89"
                     "CRAN est noir";
    out[2].subject = hostile;
    out[2].queue = hostile;
    out[3].queue = "network";
    out[3].priority = "high";
    out[3].priority_rank = 3;
    out[4].tags = {"paris", "say \"hi\"", "\xC3\xA9t\xC3\xA9"};
    out[5].watchers = {"luc", hostile};
    out[6].fields = {{"site", std::string{"Paris"}}, {"floor", 2.5}};
    out[7].fields = {{"site", std::string{}}, {"floor", std::string{"2.5"}}, {"asset", object_reference{"pc", "4711"}}};
    out[8].state = "closed";
    out[8].status = status::closed;
    out[9].due_at = instant{std::chrono::hours{99}};
    out[9].contact = "luc";
    out[10].merged_into = id_of(0xAB);
    out[10].due_at = out[10].pending_until = instant{std::chrono::hours{102}};
    out[4].contacts = {{instant{std::chrono::hours{90}}, side::desk},
                       {instant{std::chrono::hours{96}}, side::requester}};
    out[5].contacts = {{instant{std::chrono::hours{99}}, side::desk}};
    out[6].rating = rating{2,
                           "L'\xC3\x89"
                           "CRAN",
                           3, instant{std::chrono::hours{95}}};
    out[7].rating = rating{5, "", 0, instant{std::chrono::hours{95}}};
    out[8].major = major_incident{instant{std::chrono::hours{90}}, instant{std::chrono::hours{97}}, {}, 1};
    out[9].major = major_incident{instant{std::chrono::hours{90}}, instant{std::chrono::hours{99}},
                                  instant{std::chrono::hours{99}}, 2};
    out[11].assignee = "zoe";
    out[11].breached = true;
    return out;
}

constexpr char const* conditions[] = {
    R"({"field":"subject","op":"contains","value":"%"})",
    R"({"field":"subject","op":"contains","value":"_"})",
    R"({"field":"subject","op":"contains","value":"ecran"})",
    R"({"field":"subject","op":"empty"})",
    R"({"field":"subject","op":"=","value":"x' OR 1=1; DROP TABLE tickets; --"})",
    R"({"field":"subject","op":">","value":"L"})",
    R"({"field":"queue","op":"=","value":"x' OR 1=1; DROP TABLE tickets; --"})",
    R"({"field":"queue","op":"=","value":null})",
    R"({"field":"queue","op":"!=","value":"network"})",
    R"({"field":"queue","op":"!=","value":null})",
    R"({"field":"queue","op":"=","value":"nobody has this queue"})",
    R"({"field":"queue","op":"!=","value":"nobody has this queue"})",
    R"({"field":"queue","op":"<","value":"o"})",
    R"({"field":"queue","op":"contains","value":"NET"})",
    R"({"field":"queue","op":"in","value":["network",null]})",
    R"({"not":{"field":"queue","op":"in","value":["network",null]}})",
    R"({"not":{"field":"queue","op":"in","value":["network"]}})",
    R"({"field":"queue","op":"in","value":[]})",
    R"({"not":{"field":"queue","op":"in","value":[]}})",
    R"({"not":{"field":"queue","op":"<","value":"o"}})",
    R"({"field":"priority","op":">=","value":"normal"})",
    R"({"field":"priority","op":"<","value":"low"})",
    R"({"not":{"field":"priority","op":">=","value":"normal"}})",
    R"({"field":"priority","op":"=","value":null})",
    R"({"field":"priority_rank","op":">","value":2.5})",
    R"({"field":"priority_rank","op":"<","value":1e300})",
    R"({"field":"status","op":"in","value":["new","closed"]})",
    R"({"field":"status","op":">","value":"open"})",
    R"({"not":{"field":"status","op":"=","value":"new"}})",
    R"({"field":"open","op":"=","value":false})",
    R"({"field":"state","op":"=","value":"closed"})",
    R"({"not":{"field":"state","op":"in","value":["closed"]}})",
    R"({"field":"tags","op":"contains","value":"say \"hi\""})",
    R"({"field":"tags","op":"contains","value":"Paris"})",
    R"({"field":"tags","op":"empty"})",
    R"({"field":"tags","op":"empty","value":false})",
    R"({"not":{"field":"tags","op":"contains","value":"été"}})",
    R"({"field":"watchers","op":"contains","value":"luc"})",
    R"({"not":{"field":"watchers","op":"contains","value":"luc"}})",
    R"({"field":"watchers","op":"empty"})",
    R"({"field":"participants","op":"contains","value":"luc"})",
    R"({"not":{"field":"participants","op":"contains","value":"luc"}})",
    R"({"field":"participants","op":"empty"})",
    R"({"field":"fields.site","op":"=","value":"Paris"})",
    R"({"field":"fields.site","op":"empty"})",
    R"({"field":"fields.floor","op":">=","value":2.5})",
    R"({"field":"fields.floor","op":"empty","value":false})",
    R"({"field":"fields.asset","op":"=","value":"4711"})",
    R"({"field":"due_at","op":"older_than","value":"1h"})",
    R"({"field":"due_at","op":"newer_than","value":"1h"})",
    R"({"not":{"field":"due_at","op":"newer_than","value":"2h"}})",
    R"({"field":"merged_into","op":"=","value":"00000000-0000-0000-0000-0000000000ab"})",
    R"({"field":"merged_into","op":"=","value":"00000000-0000-0000-0000-0000000000AB"})",
    R"({"field":"merged_into","op":"!=","value":"no id at all"})",
    R"({"field":"merged_into","op":"empty"})",
    R"({"field":"tenant","op":"=","value":"acme"})",
    R"({"field":"tenant","op":"!=","value":"acme"})",
    R"({"field":"tenant","op":"contains","value":"CM"})",
    R"({"field":"state","op":"changed"})",
    R"({"field":"state","op":"changed","value":false})",
    R"({"field":"breached","op":"!=","value":false})",
    R"({"any":[{"field":"assignee","op":"=","value":"zoe"},{"field":"organisation","op":"=","value":"x"}]})",
    R"({"any":[]})",
    R"({"all":[]})",
};

/// In the text form.
constexpr char const* texts[] = {
    R"~(subject has word noir)~",
    R"~(subject has word ecran)~",
    R"~(subject has word oir or subject has word 100)~",
    R"~(not subject has word noir)~",
    R"~(subject starts with "l'ecran")~",
    R"~(subject starts with cran)~",
    R"~(not subject starts with "100%")~",
    R"~(subject matches "(?i)écran")~",
    R"~(subject matches "^[0-9]+%" or queue matches "DROP.*--$")~",
    R"~(not queue matches net and not tenant starts with ACM)~",
    R"~(tenant has word acme)~",
    R"~(queue starts with NET)~",
    R"~(fields.site matches aris and fields.site has word PARIS and fields.site starts with p)~",
    R"~(tags has any of (paris, vip))~",
    R"~(tags has all of (paris, "été", "say \"hi\""))~",
    R"~(tags has all of (paris, vip))~",
    R"~(tags has none of (paris, vip))~",
    R"~(not tags has none of (paris))~",
    R"~(tags has all of () and tags has none of () and not tags has any of ())~",
    R"~(watchers has any of (luc, zoe))~",
    R"~(watchers has all of (luc, "x' OR 1=1; DROP TABLE tickets; --"))~",
    R"~(watchers has none of (luc))~",
    R"~(participants has any of (luc, zoe))~",
    R"~(participants has all of (luc, ana))~",
    R"~(not participants has all of (luc, ana))~",
    R"~(participants has none of (luc))~",
    R"~(due_at within 2h)~",
    R"~(due_at within 10h)~",
    R"~(not due_at within 10h)~",
    R"~(pending_until within 36525d)~",
    R"~(age > 100h or age >= 100h)~",
    R"~(age < 100h)~",
    R"~(not age <= 99h)~",
    R"~(idle >= 0s and idle empty)~",
    R"~(idle not empty)~",
    R"~(last_contact_by = requester)~",
    R"~(last_contact_by in (desk, null))~",
    R"~(last_contact_by > requester)~",
    R"~(last_contact_by empty)~",
    R"~(last_contact_at older than 2h)~",
    R"~(last_contact_at = 1970-01-05T00:00:00Z)~",
    R"~(not last_contact_at newer than 10h)~",
    R"~(unanswered)~",
    R"~(unanswered = false)~",
    R"~(unanswered empty or unanswered in (true))~",
    R"~(satisfaction <= 2)~",
    R"~(not satisfaction > 2)~",
    R"~(satisfaction in (5, null))~",
    R"~(satisfaction_text contains ecran)~",
    R"~(satisfaction_text empty)~",
    R"~(major)~",
    R"~(not major)~",
    R"~(major empty or major in (true))~",
    R"~(major_updated_at older than 2h)~",
    R"~(major_updated_at empty)~",
};

std::vector<std::string> numbers(storage::store& s, storage::ticket_query const& q) {
    std::vector<std::string> out;
    for (auto const& t : s.find(q, schema()).value())
        out.push_back(t->number);
    return out;
}

/// The plan of the first page of a query, a step a line.
std::string plan(std::string const& path, storage::ticket_query const& q) {
    sqlite::name_table names;
    auto const db = sqlite::open_reader(path, {}, 1'000'000).value();
    sqlite::reading r{names, *db, true};
    sqlite::translator translate{r.names(), q.tenant, schema(), q.now};
    auto const pages = r.pages(q, schema(), translate).value();
    auto rows = db->use("EXPLAIN QUERY PLAN " + pages.front().text).value();
    std::string out;
    while (rows.step().value())
        out.append(rows.text_at(3)).append("\n");
    return out;
}

bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("given tricky values, when conditions are asked of SQLite and of memory, then the answers are the same") {
    folder const here;
    auto const memory = memory_store(), file = make(here / "desk.db");
    for (auto const& t : tricky()) {
        add(*memory, t);
        add(*file, t);
    }
    std::vector<storage::ticket_query> asked;
    for (auto const* where : conditions)
        asked.push_back(ask(where));
    for (auto const* where : texts) {
        asked.push_back(ask(""));
        asked.back().wanted = expr::condition::parse(where, schema()).value();
    }
    for (auto const& q : asked) {
        INFO(q.wanted.to_text());
        CHECK(numbers(*file, q) == numbers(*memory, q));
        std::vector const one{q};
        CHECK(file->count(one, schema()).value() == memory->count(one, schema()).value());
    }
    CHECK(numbers(*file, ask(R"({"field":"subject","op":"contains","value":"ecran"})")) ==
          std::vector<std::string>{"INC-2"});
    CHECK(file->check().has_value());
}

TEST_CASE("given a thousand leaves, when they are translated, then SQLite takes them") {
    folder const here;
    auto const file = make(here / "desk.db");
    add(*file, plain(1));
    std::vector<expr::draft> leaves;
    for (std::size_t i = 0; i + 1 < limits::condition_nodes_max; ++i)
        leaves.push_back(expr::where("requester", expr::op::not_equal, "user-" + std::to_string(i)));
    auto q = ask("");
    q.wanted = expr::condition::compile(expr::all_of(leaves), schema()).value();
    CHECK(numbers(*file, q).size() == 1);
    q.wanted = expr::condition::compile(expr::any_of(std::move(leaves)), schema()).value();
    q.visible = q.wanted;
    CHECK(numbers(*file, q).size() == 1);
}

TEST_CASE("given the views of a desk, when they are planned, then an index gives the order and nothing is sorted") {
    folder const here;
    auto const path = here / "desk.db";
    auto const s = make(path);
    auto resolved = plain(1), open = plain(2);
    resolved.state = "resolved";
    resolved.status = status::resolved;
    open.queue = "network";
    open.assignee = "zoe";
    add(*s, resolved);
    add(*s, open);

    struct expected {
        char const* where;
        std::vector<storage::order_by> order;
        char const* index;
    };
    std::string const open_queue =
        R"({"all":[{"field":"queue","op":"=","value":"network"},{"field":"status","op":"in","value":["new","open"]}]})";
    expected const views[] = {
        {open_queue.c_str(),
         {by("priority_rank", true), by("created_at")},
         "tickets_queue_priority (tenant=? AND queue=?"},
        {open_queue.c_str(), {by("updated_at", true)}, "tickets_queue_updated (tenant=? AND queue=? AND is_open=?"},
        {open_queue.c_str(), {by("due_at")}, "tickets_queue_due (tenant=? AND queue=?"},
        {open_queue.c_str(), {by("created_at", true)}, "tickets_queue_created (tenant=? AND queue=? AND is_open=?"},
        {R"({"all":[{"field":"queue","op":"in","value":["network","hardware"]},
                    {"field":"state","op":"=","value":"new"}]})",
         {by("priority_rank", true), by("created_at")},
         "tickets_queue_priority (tenant=? AND queue=?"},
        {R"({"field":"queue","op":"=","value":"network"})",
         {by("created_at", true)},
         "tickets_queue_created (tenant=? AND queue=? AND is_open=?"},
        {R"({"all":[{"field":"assignee","op":"=","value":"zoe"},{"field":"open","op":"=","value":true}]})",
         {by("updated_at", true)},
         "tickets_assignee (tenant=? AND assignee=? AND is_open=?"},
        {R"({"field":"open","op":"=","value":true})",
         {by("priority_rank", true), by("created_at")},
         "tickets_priority (tenant=?"},
        {"", {by("created_at", true)}, "tickets_created (tenant=?"},
        {"", {by("number")}, "tickets_number (tenant=?"},
    };
    for (auto const& [where, order, index] : views) {
        auto const steps = plan(path, ask(where, order));
        INFO(where, "\n", steps);
        CHECK(has(steps, index));
        CHECK_FALSE(has(steps, "SCAN tickets"));
        CHECK_FALSE(has(steps, "USE TEMP B-TREE FOR ORDER BY"));
    }

    auto walk = ask(R"({"field":"status","op":"!=","value":"closed"})");
    walk.after.emplace().ordinal = 1; // by ordinal, as they lie
    CHECK(has(plan(path, walk), "SEARCH tickets USING INTEGER PRIMARY KEY (rowid>?)"));
    CHECK_FALSE(has(plan(path, walk), "TEMP B-TREE"));

    auto const own =
        plan(path, ask(R"({"field":"participants","op":"contains","value":"ana"})", {by("created_at", true)}));
    INFO(own);
    CHECK(has(own, "tickets USING INTEGER PRIMARY KEY (rowid=?)"));
    CHECK(has(own, "participants USING PRIMARY KEY (person=?)"));
}

TEST_CASE("given a page that ends among equals, when the next one is asked, then every range is found by the index") {
    folder const here;
    auto const s = make(here / "desk.db");
    std::set<std::string> seen;
    for (std::uint8_t i = 1; i <= 60; ++i) {
        auto t = plain(i);
        t.queue = "network";
        t.priority_rank = i % 3;
        t.created_at = instant{std::chrono::hours{i % 5}};
        if (i % 4)
            t.due_at = instant{std::chrono::hours{i % 2}};
        add(*s, t);
    }
    for (auto const& order : std::vector<std::vector<storage::order_by>>{{by("priority_rank", true), by("created_at")},
                                                                         {by("due_at")},
                                                                         {by("due_at", true), by("created_at", true)},
                                                                         {by("created_at")}}) {
        auto q = ask(R"({"all":[{"field":"queue","op":"=","value":"network"},{"field":"open","op":"=","value":true}]})",
                     order);
        auto whole = q;
        whole.limit = 100;
        std::vector<std::string> paged;
        for (q.limit = 7;;) {
            auto const page = s->find(q, schema()).value();
            for (auto const& t : page)
                paged.push_back(t->number);
            if (page.size() < q.limit)
                break;
            q.after.emplace();
            q.after->ordinal = page.back()->ordinal;
            ticket_record const last{*page.back(), schema()};
            for (auto const& one : order)
                q.after->values.push_back(expr::to_literal(last.get(one.field)));
        }
        CHECK(paged == numbers(*s, whole));
        CHECK(paged.size() == 60);
    }
}
