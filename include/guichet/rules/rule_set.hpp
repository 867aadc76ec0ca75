#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/model/working_time.hpp>
#include <guichet/rules/rule_index.hpp>
#include <guichet/time/calendar.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// Rules: what a desk does by itself when something happened to a ticket.
namespace guichet::inline v0::rules {

enum class rule_kind : std::uint8_t {
    trigger,  ///< when something happened
    guard,    ///< refuses the command that made it happen
    macro,    ///< when somebody runs it
    schedule, ///< when its time has come
};
BOOST_DESCRIBE_ENUM(rule_kind, trigger, guard, macro, schedule)

/// What became of a rule when something happened.
enum class rule_verdict : std::uint8_t {
    fired,           ///< and changed something
    unchanged,       ///< its actions changed nothing, or were refused
    condition_false, ///< see the explanation
    no_event,        ///< it answers other events
    out_of_hours,    ///< its calendar is closed
    other_tenant,    ///< its set is for others
    stopped,         ///< a rule before it ended its set
    single_pass,     ///< it would hold by what others did, but its set goes through once
    depth            ///< cut: its set allows no more passes
};
BOOST_DESCRIBE_ENUM(rule_verdict, fired, unchanged, condition_false, no_event, out_of_hours, other_tenant, stopped,
                    single_pass, depth)

/// On which tickets a rule does something.
enum class action_target : std::uint8_t { itself, parent, children, duplicates, linked };
BOOST_DESCRIBE_ENUM(action_target, itself, parent, children, duplicates, linked)

/// What a rule sends, or which function of the host it calls.
struct notice_action {
    notice_channel channel = notice_channel::mail;
    std::vector<std::string> to; ///< requester, contact, assignee, watchers, or an address; of a call, the function
    std::string wording;         ///< the template; empty only where the channel carries data
    raw_json arguments;          ///< of a call
};

/// Whether a command touches another ticket than the one it is given to.
constexpr bool reaches_out(command_body const& wish) noexcept {
    return is_any<open_ticket, link_ticket, unlink_ticket, merge_ticket, gather_tickets>(wish);
}

/// One thing that a rule does: a command, unless one of the others is set.
struct action {
    command_body wish{};
    action_target on = action_target::itself;
    std::string wording{};  ///< the template that says what a reply, a note or a new ticket says
    int raise_priority = 0; ///< so many steps
    std::optional<notice_action> notice{};

    bool is_command() const noexcept { return raise_priority == 0 && !notice; }
    bool opens() const noexcept { return is_command() && std::holds_alternative<open_ticket>(wish); }
    /// Whether it has to do with other tickets than the rule's own.
    bool elsewhere() const noexcept { return on != action_target::itself || (is_command() && reaches_out(wish)); }
};

/// A set of rules document with the version under which it is stored.
struct versioned_rules {
    rules_document document;
    std::uint32_t version = 1;
};

/// A rule, checked and compiled.
struct rule {
    std::string name; ///< "set/rule"
    std::uint32_t version = 1;
    std::uint32_t order = 0; ///< its place among all
    std::uint32_t set = 0;   ///< its set's place
    rule_kind kind = rule_kind::trigger;
    std::uint64_t on = 0; ///< a bit for each type of event; 0: any
    expr::condition condition;
    std::vector<action> actions;
    bool stop = false;
    time::calendar const* hours = nullptr;
    std::string message_en, message_fr;
    std::uint32_t since = 0; ///< of a schedule: the field
    duration delay{};
    time::calendar const* calendar = nullptr; ///< of a schedule: null for the wall clock
};

/// What the rules of a set share.
struct set_options {
    std::string name;
    bool chaining = true;
    std::uint32_t depth = 10;
    std::vector<std::string> tenants;
};

/// What happened, as rules are asked about it: a ticket before and after, by these events.
struct change {
    ticket const* before = nullptr; ///< null: it was opened
    ticket const* after = nullptr;
    std::uint64_t events = 0; ///< a bit for each type
    instant now;
    bool automatic = false; ///< written by a machine: no mail is sent in answer to it
    relations const* related = nullptr;
};
GUICHET_DECL std::uint64_t event_bit(event_body const& body) noexcept;

/// A ticket as it stands while rules work on it, beside the change that they answer. Views: keep all three alive.
class changed_record final : public expr::record {
public:
    GUICHET_DECL changed_record(ticket const& current, change const& of, expr::schema const& schema) noexcept;
    expr::value get(std::uint32_t field) const noexcept override { return current_.get(field); }
    expr::value before(std::uint32_t field) const noexcept override { return original_.before(field); }
    bool changed(std::uint32_t field) const noexcept override { return original_.changed(field); }

private:
    ticket_record current_, original_;
};

using calendar_finder = std::function<time::calendar const*(std::string_view)>;
/// Whether there is a template of that name.
using wording_finder = std::function<bool(std::string_view)>;

/// All rules of a desk, in order. Immutable; share it between threads. The calendars must outlive it.
class rule_set {
public:
    GUICHET_DECL static result<std::shared_ptr<rule_set const>> compile(std::vector<versioned_rules> sets,
                                                                        expr::schema const& schema,
                                                                        calendar_finder const& find_calendar,
                                                                        wording_finder const& find_wording = {});

    std::span<rule const> rules() const noexcept { return rules_; }
    std::span<set_options const> sets() const noexcept { return sets_; }
    expr::schema const& schema() const noexcept { return schema_; }
    /// What their conditions are asked in.
    expr::context context(instant now) const noexcept { return ticket_context(now, calendars_.get()); }
    bool empty() const noexcept { return rules_.empty(); }
    GUICHET_DECL rule const* find(std::string_view name) const noexcept;
    /// Whether there is a rule of a kind.
    bool has(rule_kind kind) const noexcept { return counts_[static_cast<std::size_t>(kind)] != 0; }

    /// The rules of a kind (trigger or guard) that may answer, by their order, from `from` on: an index over what their
    /// conditions require, not a loop. What it leaves out cannot hold.
    GUICHET_DECL void candidates(rule_kind kind, change const& of, ticket const& current, std::uint32_t from,
                                 std::vector<std::uint32_t>& out) const;

    /// Why a rule does not even look at a change; none when it does.
    GUICHET_DECL std::optional<rule_verdict> idle(rule const& r, change const& of,
                                                  std::string_view tenant) const noexcept;

    /// The timers that rules of time want for a ticket, unless it is closed: those to come after `now`, and those that
    /// `armed` has already.
    GUICHET_DECL void wanted_timers(ticket const& t, instant now, std::vector<timer> const& armed,
                                    std::vector<timer>& out) const;

private:
    std::vector<rule> rules_;
    std::vector<set_options> sets_;
    std::unordered_map<std::string, std::uint32_t> by_name_;
    std::array<std::uint32_t, 4> counts_{};
    rule_index triggers_, guards_;
    std::vector<std::uint32_t> schedules_;
    expr::schema schema_;
    std::shared_ptr<expr::calendars const> calendars_;
};

} // namespace guichet::inline v0::rules

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/rules/impl/rule_set.ipp>
#endif
