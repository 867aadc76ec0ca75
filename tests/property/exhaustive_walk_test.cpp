/// Every sequence of commands in a world of two people, one queue and two tickets.
#include "property/world.hpp"

#include <guichet/engine/impl/session.ipp>

#include <deque>
#include <unordered_set>

namespace {

using namespace play;

constexpr std::size_t longest = 5;

/// A unit of work over a value, so that a walk can go on from where it was: two tickets, and how long the log is.
class branch final : public storage::unit_of_work {
public:
    std::map<ticket_id, ticket> tickets;

    result<storage::ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        auto const found = tickets.find(id);
        if (found == tickets.end() || found->second.tenant != tenant)
            return nullptr;
        return std::make_shared<ticket>(found->second);
    }
    result<void> append(storage::ticket_change const& change) override {
        auto& t = *change.after;
        REQUIRE((change.before ? change.before->version : 0) == (tickets.contains(t.id) ? tickets[t.id].version : 0));
        for (auto const& e : change.events) {
            REQUIRE(e.seq == head_.seq + 1);
            head_ = {e.seq, e.hash};
        }
        t.ordinal = tickets.contains(t.id) ? tickets[t.id].ordinal : tickets.size() + 1;
        tickets[t.id] = t;
        return {};
    }
    result<void> append(storage::article_change const&) override { return {}; }
    result<storage::article_snapshot> load_article(std::string_view, article_id) override { return nullptr; }
    result<std::optional<article_id>> find_article(std::string_view, std::string_view) override { return std::nullopt; }
    result<std::vector<storage::article_snapshot>> translations(std::string_view, article_id) override {
        return none<storage::article_snapshot>();
    }
    storage::log_head head() override { return head_; }
    result<std::uint64_t> next_in_sequence(std::string_view, std::string_view) override { return ++numbers_; }

    result<std::optional<ticket_id>> find_number(std::string_view, std::string_view) override { return std::nullopt; }
    result<std::optional<storage::receipt>> find_receipt(std::string_view, command_id) override { return std::nullopt; }
    result<std::vector<storage::text_record>> load_texts(ticket_id) override { return none<storage::text_record>(); }
    result<std::vector<storage::stored_event>> read_log(std::uint64_t, std::size_t) override {
        return none<storage::stored_event>();
    }
    result<void> put_receipt(storage::receipt const&) override { return {}; }
    result<void> put_outbox(storage::outbox_entry const&) override { return {}; }
    result<void> drop_outbox(ticket_id) override { return {}; }
    result<std::uint32_t> put_document(document const&) override { return 1u; }
    result<digest> put_blob(std::span<std::byte const>) override { return digest{}; }
    result<std::optional<std::uint64_t>> find_blob(digest const&) override { return std::nullopt; }
    result<void> use_blob(digest const&) override { return {}; }
    result<void> drop_blob(digest const&) override { return {}; }
    result<void> ack_outbox(std::uint64_t) override { return {}; }
    result<void> retry_outbox(std::uint64_t, instant) override { return {}; }
    result<void> put_piece(std::string_view, std::span<std::uint8_t const>) override { return {}; }
    result<void> drop_piece(std::string_view) override { return {}; }
    result<std::optional<inquiry>> load_inquiry(std::string_view, inquiry_id) override { return std::nullopt; }
    result<void> put_inquiry(inquiry const&) override { return {}; }
    result<std::uint64_t> drop_inquiries(storage::inquiries_of const&) override { return std::uint64_t{0}; }
    result<void> commit() override { return {}; }

private:
    template <class T>
    static std::vector<T> none() {
        return {};
    }
    storage::log_head head_;
    std::uint64_t numbers_ = 0;
};

// --- the alphabet

ticket_id numbered(std::byte n) {
    ticket_id out;
    out.bytes.back() = n;
    return out;
}
ticket_id const first = numbered(std::byte{1}), second = numbered(std::byte{2});
actor const ana{.tenant = "north", .person = "ana"}, luc{.tenant = "north", .person = "luc", .role = "agent"};
instant const monday{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + std::chrono::hours{9}};

/// A command, or so much time that passes and the timers that fall due in it.
struct letter {
    char const* name;
    std::optional<command> wish;
    std::chrono::minutes passes{};
};

std::vector<letter> const& alphabet() {
    static auto const on = [](ticket_id id, actor const& by, command_body body) {
        return command{.by = by, .body = std::move(body), .ticket = id};
    };
    static std::vector<letter> const all{
        {"ana replies", on(first, ana, reply{.text = "still broken"})},
        {"luc replies", on(first, luc, reply{.text = "look at the cable"})},
        {"luc takes it", on(first, luc, assign_ticket{"luc"})},
        {"it is urgent", on(first, luc, set_priority{.priority = "critical"})},
        {"wait", on(first, luc, wait_until{.until = monday + std::chrono::hours{30}})},
        {"hold", on(first, luc, hold_ticket{})},
        {"resolve", on(first, luc, resolve_ticket{.code = "solved"})},
        {"close", on(first, luc, close_ticket{})},
        {"ana reopens", on(first, ana, reopen_ticket{})},
        {"merge", on(first, luc, merge_ticket{second})},
        {"unmerge", on(first, luc, unmerge_ticket{})},
        {"second is a child", on(first, luc, link_ticket{link_kind::parent_of, second})},
        {"resolve the second", on(second, luc, resolve_ticket{})},
        {"ana replies on the second", on(second, ana, reply{.text = "me too"})},
        {"merge the second", on(second, luc, merge_ticket{first})},
        {"an hour passes", {}, std::chrono::minutes{60}},
        {"five days pass", {}, std::chrono::minutes{5 * 24 * 60}},
    };
    return all;
}

command opening(ticket_id id) {
    return {
        .by = luc, .body = open_ticket{.subject = "No network", .requester = "ana", .queue = "network"}, .ticket = id};
}

/// A place in the walk.
struct place {
    branch at;
    instant now = monday;
    std::vector<std::uint8_t> path;
};

class walk {
public:
    walk() : store_{memory_store()}, config_{configuration::compile({}).value()}, env_{monday} {
        place start;
        for (auto const id : {first, second}) {
            detail::session session{*store_, start.at, *config_, env_, kept_};
            session.run(opening(id), {}).value();
        }
        arrive(std::move(start));
    }

    void run() {
        while (!frontier_.empty()) {
            auto const from = std::move(frontier_.front());
            frontier_.pop_front();
            for (std::size_t i = 0; i < alphabet().size(); ++i) {
                auto to = from;
                to.path.push_back(static_cast<std::uint8_t>(i));
                step(to, alphabet()[i]);
                ++steps;
                arrive(std::move(to));
            }
        }
    }

    std::size_t states = 0, steps = 0, refused = 0, events = 0;
    std::vector<place> sample;

private:
    void step(place& p, letter const& l) {
        INFO("after ", told(p.path));
        env_.set(p.now);
        if (l.wish) {
            execute(p, *l.wish, {});
            return;
        }
        p.now += l.passes;
        env_.set(p.now);
        for (int rounds = 0; fire_one(p); ++rounds)
            REQUIRE_MESSAGE(rounds < 20, "timers fire for ever");
    }

    void execute(place& p, command const& wish, event_cause const& cause) {
        auto const before = p.at.tickets;
        auto const head = p.at.head();
        detail::session session{*store_, p.at, *config_, env_, kept_};
        auto const came_to = session.run(wish, {}, cause);
        if (!came_to) {
            ++refused;
            REQUIRE((p.at.head() == head));
            for (auto const& [id, t] : before)
                REQUIRE(same_history(t, p.at.tickets[id]));
            return;
        }
        events += came_to->events.size();
        REQUIRE(p.at.head().seq == head.seq + came_to->events.size());
        check_events(before, *came_to, p.at.tickets);
        for (auto const& [id, t] : p.at.tickets)
            check(t, p);
    }

    /// What the pump does, on a branch.
    bool fire_one(place& p) {
        std::optional<storage::due_timer> due;
        for (auto const& [id, t] : p.at.tickets)
            for (auto const& armed : t.timers)
                if (armed.due <= p.now && (!due || armed.due < due->timer.due))
                    due = storage::due_timer{t.tenant, id, armed};
        if (!due)
            return false;
        auto const head = p.at.head();
        execute(p, {.by = detail::system_actor(due->tenant), .body = fire_timer{due->timer}, .ticket = due->ticket},
                {"timer:" + std::string{to_string(due->timer.kind)}, due->timer.due});
        if (p.at.head() == head) {
            detail::session session{*store_, p.at, *config_, env_, kept_};
            session.disarm(*due).value();
        }
        return true;
    }

    /// The events lead from the tickets before to those after, one version each, by moves that the lifecycle has.
    void check_events(std::map<ticket_id, ticket> folded, outcome const& came_to,
                      std::map<ticket_id, ticket> const& after) {
        for (auto const& e : came_to.events) {
            auto& t = folded[e.ticket];
            REQUIRE(e.version == t.version + 1);
            std::visit(
                [&](auto const& body) {
                    if constexpr (std::is_base_of_v<transition, std::remove_cvref_t<decltype(body)>>) {
                        REQUIRE(body.from == t.state);
                        REQUIRE((config_->rules->find_state(body.to)->status == body.status));
                        auto const next = config_->rules->successors(body.from);
                        bool const merges = std::holds_alternative<ticket_merged>(e.body) ||
                                            std::holds_alternative<ticket_unmerged>(e.body);
                        REQUIRE((merges || body.from == body.to ||
                                 std::find(next.begin(), next.end(), body.to) != next.end()));
                    }
                },
                e.body);
            lifecycle::apply(t, e);
        }
        for (auto& [id, t] : folded) {
            t.timers = after.at(id).timers;
            t.later = after.at(id).later;
            t.due_at = after.at(id).due_at;
            REQUIRE(same_history(t, after.at(id)));
        }
    }

    void check(ticket const& t, place const& p) {
        auto const wrong = contradiction(t);
        REQUIRE_MESSAGE(wrong.empty(), wrong);
        auto wanted = t;
        detail::derive(wanted, {}, *config_, std::max(p.now, t.updated_at));
        REQUIRE((wanted.due_at == t.due_at));
        auto const all = detail::timers_of(wanted), present = detail::timers_of(t);
        REQUIRE(std::includes(all.begin(), all.end(), present.begin(), present.end(), &detail::earlier));
        if (t.status == status::pending && t.pending_until)
            REQUIRE(!t.timers.empty());
        auto const& other = p.at.tickets.at(t.id == first ? second : first);
        REQUIRE((t.merged_into == other.id) == (std::count(other.merged.begin(), other.merged.end(), t.id) == 1));
        for (auto const& link : t.links)
            REQUIRE(std::count(other.links.begin(), other.links.end(), ticket_link{inverse(link.kind), t.id}) == 1);
        std::set<std::string> metrics;
        for (auto const& verdict : t.clocks)
            REQUIRE_MESSAGE(metrics.insert(verdict.metric).second, "two verdicts of one clock");
    }

    /// Goes on from a place unless the walk was at one like it: what the past left that the future depends on.
    void arrive(place p) {
        std::string like = std::to_string(p.now.time_since_epoch().count());
        for (auto const& [id, t] : p.at.tickets) {
            auto bare = t;
            bare.version = 0;
            bare.texts = bare.messages = bare.replies = bare.resolution_text = 0;
            bare.reopenings = bare.reassignments = 0;
            bare.updated_at = {};
            bare.spans.clear();
            for (auto const& c : sla::clocks(t, *config_->policies, std::max(p.now, t.updated_at)))
                like += " " + std::to_string(c.consumed.count());
            like += encode(bare);
        }
        if (!seen_.insert(std::move(like)).second)
            return;
        ++states;
        if (states % 150 == 0)
            sample.push_back(p);
        if (p.path.size() < longest)
            frontier_.push_back(std::move(p));
    }

    static std::string told(std::vector<std::uint8_t> const& path) {
        std::string out;
        for (auto const i : path)
            out.append(out.empty() ? "" : ", ").append(alphabet()[i].name);
        return out;
    }

    std::shared_ptr<storage::store> store_;
    std::shared_ptr<configuration const> config_;
    testing::simulated_environment env_;
    detail::standing kept_;
    std::deque<place> frontier_;
    std::unordered_set<std::string> seen_;
};

/// The same path on a whole desk.
void replay(place const& p) {
    world w{memory_store()};
    w.env.set(monday);
    for (auto const id : {first, second})
        w.desk->execute(opening(id)).value();
    for (auto const i : p.path) {
        auto const& l = alphabet()[i];
        w.env.advance(l.passes);
        if (l.wish)
            (void)w.desk->execute(*l.wish);
        else
            w.desk->pump().value();
    }
    auto const found = troubles(*w.desk);
    REQUIRE_MESSAGE(found.empty(), joined(found));
    for (auto const& [id, t] : p.at.tickets)
        REQUIRE(encode(*w.store->load("north", id).value()) == encode(t));
}

TEST_CASE("given two tickets, when anything at all is done with them in five steps, then they stay sound") {
    walk everywhere;
    everywhere.run();
    for (auto const& p : everywhere.sample)
        replay(p);
    MESSAGE(everywhere.states, " states, ", everywhere.steps, " steps, ", everywhere.refused, " refused, ",
            everywhere.events, " events, ", everywhere.sample.size(), " replayed on a desk");
    CHECK(everywhere.states > 1'000);
}

} // namespace
