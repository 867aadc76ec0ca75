#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/model/working_time.hpp>
#include <guichet/testing/store_conformance.hpp>

#include <algorithm>
#include <random>
#include <source_location>

/// What the cases of the suite are written with.
namespace guichet::inline v0::testing::conformance {

/// Collects failures.
class report {
public:
    void check(bool holds, std::string_view what, std::source_location at = std::source_location::current()) {
        if (!holds)
            fail(what, at);
    }
    void fail(std::string_view what, std::source_location at = std::source_location::current()) {
        failures_.push_back(std::string{what} + " (line " + std::to_string(at.line()) + ")");
    }
    /// Whether a call was refused, for that reason if one is given.
    template <class T>
    void refused(result<T> const& r, std::optional<reason> why = {},
                 std::source_location at = std::source_location::current()) {
        if (r)
            fail("this should have been refused", at);
        else if (why && r.error().why() != *why)
            fail("refused for another reason: " + r.error().describe(), at);
    }
    bool clean() const noexcept { return failures_.empty(); }
    std::vector<std::string> failures() && { return std::move(failures_); }

private:
    std::vector<std::string> failures_;
};

/// Seeded chance.
class dice {
public:
    explicit dice(std::uint64_t seed) : engine_{seed} {}
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class Range>
    auto const& of(Range const& from) {
        return from[below(std::size(from))];
    }

private:
    std::mt19937_64 engine_;
};

inline constexpr instant monday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};

inline ticket_id numbered_id(std::uint64_t n) {
    ticket_id out;
    auto const mixed = n * 0x9e3779b97f4a7c15;
    for (std::size_t i = 0; i < 8; ++i) {
        out.bytes[i] = static_cast<std::byte>(n >> (56 - 8 * i));
        out.bytes[8 + i] = static_cast<std::byte>(mixed >> (56 - 8 * i));
    }
    return out;
}
inline command_id command_number(std::uint64_t n) { return {numbered_id(n + 1'000'000).bytes}; }

inline std::span<std::byte const> bytes_of(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

/// What a change brings beside its events.
struct luggage {
    std::vector<storage::text_role> texts{};
    std::vector<std::uint32_t> erased{};
    std::vector<timer> disarmed{}, armed{};
    std::size_t events = 1;
};

/// A desk's clerk, who works on a store as the engine does.
class clerk {
public:
    explicit clerk(std::shared_ptr<storage::store> where) : store{std::move(where)} {}

    /// A ticket that is not stored yet.
    ticket blank(std::string tenant = "main") {
        ticket t;
        auto const n = ++made_;
        t.id = numbered_id(n);
        t.tenant = std::move(tenant);
        t.number = "INC-2026-" + std::to_string(100'000 + n);
        t.kind = "incident";
        t.state = "new";
        t.subject = "The printer of floor " + std::to_string(n) + " is out of order";
        t.requester = "amina";
        t.queue = "desk";
        t.priority = "normal";
        t.priority_rank = 2;
        t.created_at = t.updated_at = monday + std::chrono::minutes{n};
        t.spans = {{"new", status::new_, t.created_at}};
        return t;
    }

    std::unique_ptr<storage::unit_of_work> begin() { return store->begin().value(); }

    /// Writes a change with as many events as asked for; the ticket's version goes up by them.
    result<void> write(storage::unit_of_work& work, ticket const* before, ticket& after, luggage const& with = {}) {
        std::vector<storage::stored_event> events;
        auto head = work.head();
        for (std::size_t i = 0; i < with.events; ++i) {
            auto& e = events.emplace_back();
            e.seq = ++head.seq;
            e.tenant = after.tenant;
            e.ticket = after.id;
            e.version = ++after.version;
            e.at = after.updated_at;
            e.type = static_cast<std::uint32_t>(i % 3);
            e.actor = i % 2 ? "" : "bruno";
            if (i % 2)
                e.cause = {"timer:pending_return", after.updated_at};
            e.body = R"({"from":"caf\u00e9","n":)" + std::to_string(head.seq) + "}";
            head.hash = e.hash = hasher{}.add(head.hash).add(e.seq).add_sized(e.body).finish();
        }
        std::vector<storage::text_record> texts;
        for (auto const role : with.texts)
            texts.push_back(text(after, role, head.seq));
        for (auto const& t : with.disarmed)
            std::erase_if(after.timers, [&](timer const& old) { return old.kind == t.kind && old.name == t.name; });
        after.timers.insert(after.timers.end(), with.armed.begin(), with.armed.end());
        auto const snapshot = std::make_shared<ticket>(after);
        auto out = work.append({before, snapshot, events, texts, with.erased, with.disarmed, with.armed});
        after.ordinal = snapshot->ordinal;
        return out;
    }

    ticket open(ticket t, luggage const& with = {}) {
        auto const work = begin();
        write(*work, nullptr, t, with).value();
        work->commit().value();
        return t;
    }
    ticket open(luggage const& with = {}) { return open(blank(), with); }

    template <class Change>
    ticket change(ticket const& before, Change const& edit, luggage const& with = {}) {
        auto const work = begin();
        auto after = before;
        edit(after);
        write(*work, &before, after, with).value();
        work->commit().value();
        return after;
    }

    storage::ticket_snapshot load(ticket const& t) { return store->load(t.tenant, t.id).value(); }

    std::shared_ptr<storage::store> store;

private:
    static storage::text_record text(ticket& of, storage::text_role role, std::uint64_t seq) {
        storage::text_record r;
        r.ticket = of.id;
        r.no = ++of.texts;
        r.seq = seq;
        r.role = role;
        r.audience = r.no % 2 ? audience::public_ : audience::internal;
        r.side = r.no % 2 ? side::requester : side::desk;
        r.channel = channel::mail;
        r.at = of.updated_at;
        r.author = "amina";
        r.body =
            "Bonjour, l'imprimante num\u00e9ro " + std::to_string(r.no) + " de " + of.number + " ne r\u00e9pond pas.";
        r.html = role == storage::text_role::message ? "<p>" + r.body + "</p>" : "";
        for (std::size_t i = 0; i < r.salt.size(); ++i)
            r.salt[i] = static_cast<std::byte>(seq * 31 + r.no * 7 + i);
        return r;
    }

    std::uint64_t made_ = 0;
};

inline bool same(ticket const* a, ticket const* b) {
    return a && b ? same_history(*a, *b) && a->ordinal == b->ordinal : a == b;
}
inline bool same(storage::ticket_snapshot const& a, storage::ticket_snapshot const& b) {
    return same(a.get(), b.get());
}
inline bool same(storage::ticket_snapshot const& a, ticket const& b) { return same(a.get(), &b); }

/// Everything that can be read of a store, to see whether two states are the same.
struct picture {
    std::vector<storage::stored_event> log;
    std::vector<storage::ticket_snapshot> tickets;
    std::vector<article> articles;
    std::vector<storage::text_record> texts;
    std::vector<storage::due_timer> timers;
    std::vector<storage::outbox_entry> outbox;
    std::vector<document> documents;
    std::vector<std::vector<std::uint8_t>> pieces;
    std::vector<inquiry> inquiries;
    storage::log_head head;
    std::array<std::uint64_t, 8> sizes{};

    static picture of(storage::store& s) {
        picture out;
        out.log = s.read_log(0, 1'000'000).value();
        std::vector<ticket_id> seen;
        for (auto const& e : out.log) {
            if (std::find(seen.begin(), seen.end(), e.ticket) != seen.end())
                continue;
            seen.push_back(e.ticket);
            if (auto const a = s.load_article(e.tenant, storage::article_in_log(e.ticket)).value())
                out.articles.push_back(*a);
            out.tickets.push_back(s.load(e.tenant, e.ticket).value());
            auto const texts = s.read_texts(e.ticket).value();
            out.texts.insert(out.texts.end(), texts.begin(), texts.end());
        }
        out.timers = s.due_timers(monday + std::chrono::years{50}, 1'000'000).value();
        out.outbox = s.due_outbox(monday + std::chrono::years{50}, 1'000'000).value();
        for (auto const& d : s.documents("").value())
            for (auto& version : s.document_versions(d.kind, d.id).value())
                out.documents.push_back(std::move(version));
        for (auto const& name : s.piece_names().value())
            out.pieces.push_back(s.read_piece(name).value().value());
        for (auto const* tenant : {"main", "other"}) {
            auto const theirs = s.inquiries(tenant, {}, 1'000'000).value();
            out.inquiries.insert(out.inquiries.end(), theirs.begin(), theirs.end());
        }
        out.head = s.head().value();
        auto const stats = s.stats().value();
        out.sizes = {stats.tickets,  stats.events, stats.texts,     stats.timers,
                     stats.receipts, stats.blobs,  stats.documents, stats.articles};
        return out;
    }

    /// What differs; empty when nothing does.
    std::string difference(picture const& other) const {
        std::string out;
        auto const compare = [&](bool equal, char const* what) { out += equal ? "" : std::string{" "} + what; };
        compare(log == other.log, "log");
        compare(std::equal(tickets.begin(), tickets.end(), other.tickets.begin(), other.tickets.end(),
                           [](auto const& a, auto const& b) { return same(a, b); }),
                "tickets");
        compare(articles == other.articles, "articles");
        compare(texts == other.texts, "texts");
        compare(timers == other.timers, "timers");
        compare(outbox == other.outbox, "outbox");
        compare(documents == other.documents, "documents");
        compare(pieces == other.pieces, "pieces");
        compare(inquiries == other.inquiries, "inquiries");
        compare(head == other.head, "head");
        compare(sizes == other.sizes, "sizes");
        return out;
    }
};

// --- random data

inline lifecycle_document const& lifecycle() {
    static lifecycle_document const out = [] {
        auto d = itil_lifecycle();
        d.fields = {{{"site"}, "text", {}, {}},       {{"seats"}, "number", {}, {}},
                    {{"on_site"}, "boolean", {}, {}}, {{"model"}, "choice", {"a", "b", "c"}, {}},
                    {{"bought"}, "date", {}, {}},     {{"asset"}, "reference", {}, {}}};
        return d;
    }();
    return out;
}
inline expr::schema const& schema() {
    static auto const out = ticket_schema(lifecycle());
    return out;
}

inline constexpr std::array<std::string_view, 12> words{
    "", "vpn", "VPN en panne", "caf\u00e9 \u00c9T\u00c9", "100%", "a_b", "a'b", "a\"b;", "Stra\u00dfe", "zz", "A", "1"};
inline constexpr std::array<std::string_view, 5> people{"", "amina", "bruno", "chlo\u00e9", "d'arc"};
inline constexpr std::array<std::string_view, 4> queues{"desk", "network", "", "h\u00f4tel"};
inline constexpr std::array<double, 7> numbers{0, 1, -1, 2.5, 1e300, -0.25, 9007199254740993.0};

inline instant any_instant(dice& d) {
    return monday + std::chrono::hours{d.below(200)} - std::chrono::hours{100} +
           std::chrono::milliseconds{d.one_in(3) ? d.below(1000) : 0};
}
inline std::optional<instant> maybe_instant(dice& d) {
    return d.one_in(3) ? std::nullopt : std::optional{any_instant(d)};
}
inline std::vector<std::string> any_names(dice& d) {
    std::vector<std::string> out;
    for (auto i = d.below(4); i > 0; --i)
        if (auto const word = d.of(words); !word.empty())
            out.emplace_back(word);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

inline void give_fields(dice& d, ticket& t) {
    t.fields.clear();
    auto const add = [&](char const* name, field_value value) {
        if (!d.one_in(3))
            t.fields.push_back({name, std::move(value), 0});
    };
    add("asset", object_reference{"printer", std::string{d.of(words)}});
    add("bought", std::string{d.one_in(2) ? "2026-01-05" : ""});
    add("model", std::string(1, "abcx"[d.below(4)]));
    add("on_site", d.one_in(2));
    add("seats", d.of(numbers));
    add("site", std::string{d.of(words)});
}

/// Gives a ticket other values everywhere; a state or a priority may be one that the lifecycle no longer knows.
inline void shuffle(dice& d, ticket& t) {
    auto const& rules = lifecycle();
    auto const& state = d.of(rules.states);
    t.state = d.one_in(12) ? "abolished" : state.name;
    t.status = state.status;
    t.kind = d.of(rules.kinds).name;
    t.subject = std::string{d.of(words)} + (d.one_in(2) ? " " + std::string{d.of(words)} : "");
    t.requester = d.of(people);
    t.contact = d.of(people);
    t.organisation = d.of(words);
    t.channel = static_cast<channel>(d.below(6));
    t.priority = d.one_in(8) ? "" : d.one_in(12) ? "abolished" : d.of(rules.priorities).name;
    t.priority_rank = static_cast<std::uint32_t>(d.below(5));
    t.impact = d.one_in(4) ? "" : d.of(rules.impacts).name;
    t.urgency = d.one_in(4) ? "" : d.of(rules.urgencies).name;
    t.category = d.of(words);
    t.queue = d.of(queues);
    t.team = d.of(queues);
    t.tier = d.one_in(2) ? "first" : "second";
    t.assignee = d.of(people);
    t.created_at = any_instant(d);
    t.updated_at = any_instant(d);
    for (auto* at : {&t.due_at, &t.pending_until, &t.first_response_at, &t.resolved_at, &t.closed_at})
        *at = maybe_instant(d);
    t.breached = d.one_in(3);
    t.resolution_code = d.of(words);
    t.resolution = d.of(words);
    t.merged_into = d.one_in(6) ? numbered_id(d.below(40)) : ticket_id{};
    t.reopenings = static_cast<std::uint32_t>(d.below(3));
    t.replies = static_cast<std::uint32_t>(d.below(3));
    t.tags = any_names(d);
    t.watchers = any_names(d);
    give_fields(d, t);
}

/// The same story on any store: tickets of two tenants are opened, changed, some units of work are given up.
inline std::vector<ticket> populate(clerk& c, std::uint64_t seed, std::size_t count) {
    dice d{seed};
    std::vector<ticket> out;
    for (std::size_t i = 0; i < count; ++i) {
        auto t = c.blank(d.one_in(5) ? "other" : "main");
        shuffle(d, t);
        out.push_back(c.open(std::move(t), {.texts = {storage::text_role::subject}}));
    }
    for (std::size_t i = 0; i < count; ++i) {
        auto& t = out[d.below(count)];
        auto after = t;
        shuffle(d, after);
        auto const work = c.begin();
        c.write(*work, &t, after, {.events = 1 + d.below(2)}).value();
        if (d.one_in(5))
            continue;
        work->commit().value();
        t = std::move(after);
    }
    return out;
}

// --- random queries

inline expr::literal any_operand(dice& d, expr::field const& field) {
    using enum expr::field_type;
    switch (field.type) {
    case boolean: return d.one_in(2);
    case number:
        return d.one_in(2) ? expr::literal{d.of(numbers)} : expr::literal{static_cast<std::int64_t>(d.below(4))};
    case instant: return any_instant(d);
    case choice: return field.choices.empty() ? std::string{d.of(words)} : d.of(field.choices);
    case id: return d.one_in(3) ? std::string{d.of(words)} : to_string(numbered_id(d.below(40)));
    case list: return std::string{d.one_in(2) ? d.of(words) : d.of(people)};
    case age: return duration{std::chrono::hours{d.below(150)}};
    case text: break;
    }
    auto const of = d.below(3);
    return std::string{of == 0 ? d.of(people) : of == 1 ? d.of(queues) : d.of(words)};
}

/// Monday to Friday, 8 to 12 and 13 to 17, as "default"; no other is known.
inline expr::calendars const& office_calendars() {
    static auto const office = [] {
        time::calendar_definition out;
        using std::chrono::hours;
        for (std::size_t day = 0; day < 5; ++day)
            out.weekly[day] = {{hours{8}, hours{12}}, {hours{13}, hours{17}}};
        return time::calendar::compile(std::move(out)).value();
    }();
    static calendar_answers const answers{
        [](std::string_view name) { return name == expr::default_calendar ? &office : nullptr; }};
    return answers;
}

inline expr::draft any_leaf(dice& d) {
    if (d.one_in(20))
        return expr::is_open(d.one_in(4) ? "unknown" : "default");
    for (;;) {
        auto const& field = d.of(schema().fields());
        auto const kind = static_cast<expr::op>(d.below(expr::op_count));
        if (!expr::offers(field, kind))
            continue;
        std::vector<expr::literal> operands;
        if (kind == expr::op::empty || kind == expr::op::changed)
            operands.emplace_back(d.one_in(2));
        else if (kind == expr::op::older_than || kind == expr::op::newer_than || kind == expr::op::within)
            operands.emplace_back(duration{std::chrono::hours{d.below(150)}});
        else
            for (auto i = kind == expr::op::in || kind >= expr::op::any_of ? d.below(4) : 1; i > 0; --i)
                operands.push_back(d.one_in(8) ? expr::literal{} : any_operand(d, field));
        auto leaf = expr::where(field.name, kind, std::move(operands));
        if (auto in_working_time = expr::working(leaf, d.one_in(8) ? "unknown" : "default");
            d.one_in(2) && expr::condition::compile(in_working_time, schema()))
            return in_working_time;
        if (expr::condition::compile(leaf, schema()))
            return leaf;
    }
}

inline expr::draft any_draft(dice& d, std::size_t depth) {
    auto const roll = depth == 0 ? 9 : d.below(10);
    if (roll > 4)
        return any_leaf(d);
    if (roll == 4)
        return expr::negate(any_draft(d, depth - 1));
    std::vector<expr::draft> parts(d.below(4));
    for (auto& part : parts)
        part = any_draft(d, depth - 1);
    return roll < 2 ? expr::all_of(std::move(parts)) : expr::any_of(std::move(parts));
}

inline expr::condition checked(expr::draft const& written) {
    return expr::condition::compile(written, schema()).value();
}

inline storage::ticket_query any_query(dice& d) {
    storage::ticket_query q;
    q.tenant = d.one_in(5) ? "other" : "main";
    q.calendars = &office_calendars();
    q.wanted = checked(any_draft(d, d.below(4)));
    if (d.one_in(3))
        q.visible = checked(any_draft(d, 1));
    for (auto i = d.below(4); i > 0; --i) {
        auto const field = static_cast<std::uint32_t>(d.below(schema().size()));
        if (schema()[field].sortable)
            q.order.push_back({field, d.one_in(2)});
    }
    q.limit = 1 + d.below(20);
    q.now = any_instant(d);
    return q;
}

/// The position after a row.
inline storage::position position_of(storage::ticket_query const& q, ticket const& last) {
    ticket_record const row{last, schema()};
    storage::position out;
    for (auto const& by : q.order)
        out.values.push_back(expr::to_literal(row.get(by.field)));
    out.ordinal = last.ordinal;
    return out;
}

inline std::vector<ticket> find_all(storage::store& s, storage::ticket_query const& q) {
    std::vector<ticket> out;
    for (auto const& t : s.find(q, schema()).value())
        out.push_back(*t);
    return out;
}

/// All pages of a query, one after the other.
inline std::vector<ticket> all_pages(storage::store& s, storage::ticket_query q, std::size_t pages_max = 1'000) {
    std::vector<ticket> out;
    for (std::size_t page = 0; page < pages_max; ++page) {
        auto rows = find_all(s, q);
        if (rows.empty())
            break;
        q.after = position_of(q, rows.back());
        std::move(rows.begin(), rows.end(), std::back_inserter(out));
    }
    return out;
}

inline std::string numbers_of(std::vector<ticket> const& tickets) {
    std::string out;
    for (auto const& t : tickets)
        out += t.number.substr(t.number.size() - 3) + " ";
    return out;
}

} // namespace guichet::inline v0::testing::conformance
