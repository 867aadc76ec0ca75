#pragma once
#include <guichet/access/roles.hpp>
#include <guichet/base/environment.hpp>
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/reports.hpp>
#include <guichet/engine/staffing.hpp>
#include <guichet/engine/trends.hpp>
#include <guichet/engine/trial.hpp>
#include <guichet/engine/view.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/event.hpp>
#include <guichet/sla/clock.hpp>
#include <guichet/sla/proof.hpp>
#include <guichet/storage/store.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace guichet::inline v0 {

namespace detail {
enum class trial_of : std::uint8_t;
}

/// What a command came to.
struct outcome {
    ticket_id ticket;
    std::string number; ///< of the ticket, or of the article
    std::uint64_t version = 0;
    std::vector<event> events; ///< in order, of every ticket and article touched
    bool repeated = false;     ///< the command id had been executed before: this is what it came to then
    article_id article{};      ///< of a command about an article, instead of a ticket
    inquiry_id inquiry{};      ///< of a command about an inquiry, which has neither number nor version nor events
};
/// `{"ticket": ..., "number": ..., "version": ..., "repeated": ..., "events": [...]}`, or with "article" or "inquiry"
GUICHET_DECL std::string encode(outcome const& o);
GUICHET_DECL std::string encode(message const& m);

/// What to do with the other commands of a batch when one is refused.
enum class batch_mode : std::uint8_t {
    each,       ///< the others are executed
    all_or_none ///< nothing is
};

/// How much work `pump` may do before it returns.
struct pump_budget {
    std::size_t timers_max = 1'000;
    std::size_t batch = 100;         ///< timers to a transaction
    std::size_t events_max = 20'000; ///< of the log, in which trends are looked for
};
struct pump_report {
    std::size_t timers_fired = 0;          ///< those that changed something
    std::size_t timers_fenced = 0;         ///< those that the ticket no longer wanted
    std::optional<instant> next;           ///< when to call again: now or earlier means there is more to do
    std::uint64_t inquiries_destroyed = 0; ///< their time was over (`desk::keep_inquiries`)
};

/// What `verify` found. `problems` is empty when all is well.
struct verify_report {
    std::uint64_t events = 0, tickets = 0, articles = 0;
    digest chain{};
    std::vector<error> problems;
};

/// Articles by number. `next` is what the page after it begins after, empty on the last one.
struct article_page {
    std::vector<article> articles;
    std::string next;
};

/// Which articles are listed: all; translations of what was reworded since; published ones to be looked at by now.
enum class article_list : std::uint8_t { all, outdated, review_due };

/// A deadline under a changed configuration.
struct moved_deadline {
    ticket_id ticket;
    std::string number, metric;
    std::optional<instant> from, to; ///< empty: it has none
};
/// What a change of the configuration would do to the open tickets, if it came now.
struct change_preview {
    std::uint64_t open_tickets = 0, affected = 0, deadlines_moved = 0;
    std::uint64_t become_late = 0, become_safe = 0; ///< clocks
    std::uint64_t would_fire = 0;                   ///< verdicts and thresholds, at once
    std::uint64_t priorities_differ = 0; ///< tickets that the matrix would now rank otherwise; they keep theirs
    std::vector<moved_deadline> moved;   ///< at most `limits::preview_rows_max`, the furthest moved first
};

/// A help desk in process: the one door. Every change is a command and goes through `execute`; every read takes a
/// viewer.
///
/// A desk may be shared by threads: commands queue for the store's one writer, reads go on beside them. It starts no
/// thread and reads no clock but its environment; the host calls `pump` when `next_wakeup` comes.
///
///     auto desk = guichet::desk::open(guichet::memory_store(), guichet::system_environment()).value();
///     auto opened = desk->execute({.by = {.person = "ana"}, .body = guichet::open_ticket{.subject = "No
///     network"}}).value();
class desk {
public:
    /// Opens a desk on a store, which it shares, in an environment, which must outlive it.
    GUICHET_DECL static result<std::unique_ptr<desk>> open(std::shared_ptr<storage::store> where, environment& env);
    GUICHET_DECL ~desk();

    // --- commands

    /// Executes one command, durably: when it returns, the events are on disk. A command with an id that was
    /// executed before returns what it came to then.
    GUICHET_DECL result<outcome> execute(command const& wish);
    /// Executes many in one transaction, each on what those before it left. The outer error means that nothing was
    /// written; an inner one that this command was refused. At most `limits::batch_commands_max`.
    GUICHET_DECL result<std::vector<result<outcome>>> execute(std::span<command const> wishes,
                                                              batch_mode mode = batch_mode::each);
    /// What a command would come to now, with all that rules would do about it; nothing is written. Holds the writer as
    /// long as the command would, and asks the hooks.
    GUICHET_DECL result<outcome> rehearse(command const& wish);
    /// Stores a file's bytes, to be named in a command's attachments. At most `limits::blob_bytes_max`.
    GUICHET_DECL result<new_attachment> put_file(std::span<std::byte const> bytes, std::string name, std::string type);
    /// Erases all that a person wrote, on every ticket that `by` may see, and destroys what he asked the knowledge
    /// base; the number of tickets touched.
    GUICHET_DECL result<std::size_t> redact_person(std::string const& person, actor const& by);

    // --- queries

    GUICHET_DECL result<page> query(view const& wanted, viewer const& who) const;
    /// One counter for each view, in one call.
    GUICHET_DECL result<std::vector<storage::counter>> count(std::span<view const> views, viewer const& who) const;
    GUICHET_DECL result<ticket> find(ticket_id id, viewer const& who) const;
    GUICHET_DECL result<ticket> find(std::string_view number_or_id, viewer const& who) const;
    /// The messages, oldest first, those of merged tickets included; internal ones for those who may read them.
    GUICHET_DECL result<std::vector<message>> conversation(ticket_id id, viewer const& who) const;
    /// The events of a ticket, oldest first, without what the viewer may not read.
    GUICHET_DECL result<std::vector<event>> history(ticket_id id, viewer const& who) const;
    /// The ticket as it was at an instant: the fold of its events until then.
    GUICHET_DECL result<ticket> as_of(ticket_id id, instant at, viewer const& who) const;
    /// The service level clocks of a ticket, now. They point into the configuration in force: hold `config()` where it
    /// may change meanwhile.
    GUICHET_DECL result<std::vector<sla::clock>> clocks(ticket const& t) const;
    /// Why each clock of a ticket stands where it stands, with the events that made it pause.
    GUICHET_DECL result<std::vector<sla::proof>> explain(ticket_id id, viewer const& who) const;
    /// The bytes of an attachment of a ticket that the viewer may see, or that was merged into one.
    GUICHET_DECL result<std::vector<std::byte>> read_file(ticket_id id, std::uint32_t attachment,
                                                          viewer const& who) const;
    /// How the promises were kept: every cycle that was judged in a period, by the members of `attainment_key` that are
    /// named; needs the right `audit`. Costs a read of the whole log, and some 150 bytes a verdict.
    GUICHET_DECL result<std::vector<attainment_row>> attainment(
        report_period const& period, viewer const& who,
        std::vector<std::string> const& by = {"month", "policy", "metric", "priority", "team"}) const;
    /// How long the tickets that the viewer sees were in each state, team and tier, by the wall clock and in working
    /// time of a calendar. Costs a read of these tickets.
    GUICHET_DECL result<std::vector<time_row>> time_spent(report_period const& period, viewer const& who,
                                                          std::string_view calendar = "default") const;
    /// The running clocks whose deadline has passed or comes within so long, if nothing happens: what will be late. The
    /// least remaining working time first.
    GUICHET_DECL result<std::vector<risk>> at_risk(duration within, viewer const& who) const;

    /// What comes faster than usual, and what was told of it in a period; for who sees every ticket of his tenant with
    /// its internal notes. Costs a read of the whole log.
    GUICHET_DECL result<trends_report> trends(report_period const& period, viewer const& who) const;

    // --- articles

    /// An article that the viewer may read: a published one that is for him (`article::audience`) and valid now, one
    /// that he is to review, or any of his tenant with the right `write_article`.
    GUICHET_DECL result<article> find_article(article_id id, viewer const& who) const;
    GUICHET_DECL result<article> find_article(std::string_view number_or_id, viewer const& who) const;
    /// Those that he may read whose numbers come after one; at most `limits::page_rows_max`.
    GUICHET_DECL result<article_page> articles(viewer const& who, std::string_view after = {}, std::size_t limit = 100,
                                               article_list wanted = article_list::all) const;
    /// The events of an article, oldest first, with all that it ever said; needs the right `write_article`.
    GUICHET_DECL result<std::vector<event>> article_history(article_id id, viewer const& who) const;
    /// An article as it was when an edition of it was written (from 1); needs the right `write_article`. What was
    /// erased since is empty.
    GUICHET_DECL result<article> article_edition(article_id id, std::uint32_t edition, viewer const& who) const;
    /// What a canned reply or a question says on a ticket, both by number or id: its title, text and HTML. In that
    /// language (default: the requester's) where a translation speaks it, else as the article stands. `reply` with
    /// `canned` sends the same.
    GUICHET_DECL result<guichet::rules::wording> render(std::string_view article, std::string_view ticket,
                                                        viewer const& who, std::string_view language = {}) const;

    // --- inquiries

    /// What was asked of the knowledge base of the tenant, oldest first, after a place; at most
    /// `limits::page_rows_max`. Needs the right `audit`.
    GUICHET_DECL result<std::vector<inquiry>> inquiries(viewer const& who, storage::inquiry_place const& after = {},
                                                        std::size_t limit = 1'000) const;
    /// How long inquiries are kept; `pump` destroys older ones, once an hour at most. Any thread.
    GUICHET_DECL void keep_inquiries(duration how_long);

    // --- guides

    /// The diagnostic guides in force that the viewer may walk, by name; and one of them.
    GUICHET_DECL result<std::vector<kb::guide>> guides(viewer const& who) const;
    GUICHET_DECL result<kb::guide> find_guide(std::string_view name, viewer const& who) const;
    /// How often each branch was taken on tickets of the tenant, and what came of these walks; of answers in a period,
    /// without those that were taken back. Needs the right `audit`; costs a read of the whole log, and the memory of
    /// the walks.
    GUICHET_DECL result<std::vector<guide_row>> guide_report(report_period const& period, viewer const& who,
                                                             std::string_view guide = {}) const;

    // --- problems

    /// Whether a problem's tickets became fewer since a preventive action was done, else since the problem was
    /// resolved, else since `since`: counted over so many days before and after. Of the tickets that the viewer sees.
    GUICHET_DECL result<problem_effect> effect_of(ticket_id problem, viewer const& who, ticket_id action = {},
                                                  std::optional<instant> since = {},
                                                  std::chrono::days over = std::chrono::days{90}) const;

    // --- rules

    /// Who or what gave a field its values, oldest first, of what the viewer may see.
    GUICHET_DECL result<std::vector<field_origin>> why(ticket_id id, std::string_view field, viewer const& who) const;
    /// What became of a trigger in force ("set/name") at the change that led to a version of the ticket (0: the last
    /// one), and why: found by letting the rules answer that change again. Nothing of it was stored.
    GUICHET_DECL result<rule_decision> why_not(ticket_id id, std::string_view rule, viewer const& who,
                                               std::uint64_t version = 0) const;
    /// What rules under these documents would do about the last change of a ticket; nothing is written.
    GUICHET_DECL result<dry_run_report> dry_run(std::span<document const> candidates, ticket_id id,
                                                viewer const& who) const;
    /// The same for each ticket on a page of a view.
    GUICHET_DECL result<std::vector<dry_run_of_ticket>> dry_run(std::span<document const> candidates, view const& on,
                                                                viewer const& who) const;
    /// Lets rules under these documents (none: those in force) answer every change that the log has, each as it was:
    /// what they would have done then is not carried on into what came later, except to count the clocks that would
    /// have run out. Needs the right `audit`; costs a read of the log, and the memory of one ticket for each that is in
    /// it, of two where the answers differ.
    GUICHET_DECL result<back_test_report> back_test(std::span<document const> candidates, report_period const& period,
                                                    viewer const& who) const;

    /// Which decisions of rules to keep from now on. From any thread.
    GUICHET_DECL void keep_decisions(decision_policy const& policy);
    /// Those that are kept of a ticket, oldest first; for who may see its internal notes.
    GUICHET_DECL result<std::vector<kept_decision>> decisions(ticket_id id, viewer const& who) const;

    // --- routing and escalation

    /// Whom the routing would choose for a ticket now, and why; nothing is written. Costs a read of the open tickets.
    GUICHET_DECL result<routing::decision> route(ticket_id id, viewer const& who, route_ticket const& wish = {}) const;
    /// Who would get the open tickets of somebody who leaves; nothing is written.
    GUICHET_DECL result<std::vector<routing::transfer>> redistribute(std::string const& person,
                                                                     viewer const& who) const;
    /// Routes them, one command each; how many moved.
    GUICHET_DECL result<std::size_t> reroute(std::string const& person, actor const& by);
    /// Where a ticket has been: who held it, how long, why it moved.
    GUICHET_DECL result<ticket_journey> journey(ticket_id id, viewer const& who) const;

    // --- what leaves

    /// Sends what waits in the outbox and is due, on the calling thread, without any lock: at least once each, in order
    /// of time. What fails is tried again after half a minute, then twice as long each time, up to an hour.
    GUICHET_DECL result<delivery_report> deliver(sender const& send, std::size_t limit = 100);

    /// All events from after `seq`, for followers; needs the right `audit`.
    GUICHET_DECL result<std::vector<event>> read_log(std::uint64_t after_seq, std::size_t limit,
                                                     viewer const& who) const;

    // --- time

    /// Fires what is due, as commands, tells what grows, and says when to call again.
    GUICHET_DECL result<pump_report> pump(pump_budget const& budget = {});
    GUICHET_DECL result<std::optional<instant>> next_wakeup() const;

    // --- configuration

    /// Checks a document together with all others, stores it as the next version and puts it in force. Needs the right
    /// `configure`.
    GUICHET_DECL result<std::uint32_t> configure(document const& d, actor const& by);
    /// Several documents that only make sense together (a lifecycle and the policies that name its states).
    GUICHET_DECL result<void> configure(std::span<document const> documents, actor const& by);
    /// What the documents would do to the open tickets; nothing is written. Costs a read of all open tickets.
    GUICHET_DECL result<change_preview> preview(std::span<document const> documents, actor const& by) const;
    /// Like `configure`, but returns as soon as the documents are in force: deadlines and timers of open tickets follow
    /// in `pump`, in batches, while the desk serves. Verdicts that were given keep the version that gave them.
    GUICHET_DECL result<void> apply(std::span<document const> documents, actor const& by);
    /// Puts an earlier version of a document in force again, as its next version.
    GUICHET_DECL result<void> roll_back(std::string const& kind, std::string const& id, std::uint32_t version,
                                        actor const& by);
    /// Whether open tickets are still to be counted again after `apply`; also after a crash in between.
    GUICHET_DECL bool behind() const;
    /// What is in force.
    GUICHET_DECL std::shared_ptr<configuration const> config() const;

    // --- proof and care

    /// Replays the whole log: checks the chain, and that every row is the fold of its events. What it cannot see is a
    /// log cut off at its end together with the rows: keep `chain` elsewhere and compare. Memory: some 50 bytes a
    /// ticket.
    GUICHET_DECL result<verify_report> verify() const;
    GUICHET_DECL result<storage::store_stats> stats() const;
    GUICHET_DECL result<void> backup(std::string const& path) const;

    // --- hooks

    /// Called before a command is decided; an error refuses it. `on` is null when a ticket is opened, and of a command
    /// about an article or an inquiry.
    using before_hook = std::function<result<void>(command const&, ticket const* on)>;
    /// Called around the decision, inside the transaction: calls `next` once and passes on what it returns, or an error
    /// of its own, which refuses the command. The writing follows.
    using around_hook = std::function<result<void>(command const&, std::function<result<void>()> const& next)>;
    /// Called after the commit, on the executing thread, without a lock: it may call the desk. What it throws is lost.
    using after_hook = std::function<void(outcome const&)>;
    /// Hooks are added before the desk is shared. `before` and `around` run while the store is held: they must not
    /// execute commands themselves.
    GUICHET_DECL void before(before_hook hook);
    GUICHET_DECL void around(around_hook hook);
    GUICHET_DECL void after(after_hook hook);
    /// Answers for the field `related.<name>` of conditions of rules, which the lifecycle's `related` declares: what
    /// the host knows of the ticket's organisation, asset or order. Asked while the store is held; what it throws is no
    /// answer. Added, as hooks are, before the desk is shared.
    using related_answer = std::function<expr::literal(ticket const&)>;
    GUICHET_DECL void relate(std::string name, related_answer answer);
    /// Lets the host choose who gets a ticket, wherever the routing is asked; back-tests and dry runs do without it.
    /// Asked while the store is held; an error refuses the routing. Added, as hooks are, before the desk is shared.
    GUICHET_DECL void route_by(routing::router chooses);

    environment& env() const noexcept { return env_; }
    storage::store& store() const noexcept { return *store_; }

private:
    friend class joint_work;
    struct implementation;
    desk(std::shared_ptr<storage::store> where, environment& env);
    result<void> seen_through_merge(ticket const& source, viewer const& who) const;
    GUICHET_DECL result<dry_run_report> dry_run(configuration const& next, detail::trial_of what,
                                                std::span<event const> past, viewer const& who) const;
    GUICHET_DECL std::vector<std::string> open_children_then(ticket const& t, viewer const& who) const;
    GUICHET_DECL result<std::vector<ticket>> open_tickets_of(std::string const& person, viewer const& who) const;
    GUICHET_DECL result<void> recount(std::size_t tickets);
    GUICHET_DECL result<void> tell_trends(std::size_t events_max);

    std::shared_ptr<storage::store> store_;
    environment& env_;
    std::unique_ptr<implementation> impl_;
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/articles.ipp>
#include <guichet/engine/impl/back_test.ipp>
#include <guichet/engine/impl/change.ipp>
#include <guichet/engine/impl/deliver.ipp>
#include <guichet/engine/impl/desk.ipp>
#include <guichet/engine/impl/growth.ipp>
#include <guichet/engine/impl/people.ipp>
#include <guichet/engine/impl/problems.ipp>
#include <guichet/engine/impl/queries.ipp>
#include <guichet/engine/impl/report.ipp>
#include <guichet/engine/impl/trying.ipp>
#include <guichet/engine/impl/verify.ipp>
#endif
