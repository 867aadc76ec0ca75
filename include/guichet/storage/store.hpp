#pragma once
#include <guichet/model/article.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/inquiry.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/storage/query.hpp>
#include <guichet/storage/records.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The storage port: what a backend offers and what it promises. `testing/store_conformance.hpp` is the suite that
/// tells whether it does. No SQL, no templates: a host may implement it over what it has.
namespace guichet::inline v0::storage {

/// A ticket as it was at one version: shared, never changed. Null where there is none.
using ticket_snapshot = std::shared_ptr<ticket const>;

/// Everything that one command writes about one ticket. `before` is null for a new ticket. The store may take what it
/// keeps out of the events and texts instead of copying it.
struct ticket_change {
    ticket const* before = nullptr;
    std::shared_ptr<ticket> after{}; ///< the store sets its ordinal and may keep it: it is not changed any more
    std::span<stored_event> events{};
    std::span<text_record> texts{}; ///< of these events, in their order
    /// Numbers of the ticket's texts whose content must be destroyed. The prints of the ticket's receipts become zero
    /// with it, for they are made of the same words, and so all pieces are dropped.
    std::span<std::uint32_t const> erased_texts{};
    /// Disarmed first, by kind and name, whatever their `due`. Arming what is armed moves it.
    std::span<timer const> disarmed{}, armed{};
};

/// The same of an article.
using article_snapshot = std::shared_ptr<article const>;
struct article_change {
    article const* before = nullptr;
    article_snapshot after{};
    std::span<stored_event> events{}; ///< at least one
    std::span<text_record> texts{};
    std::span<std::uint32_t const> erased_texts{}; ///< as those of a ticket
};

/// Some inquiries: those for which all holds that is given.
struct inquiries_of {
    std::optional<std::string> tenant{};
    std::optional<std::string> person{};
    std::optional<instant> before{};
    bool holds(inquiry const& i) const {
        return (!tenant || i.tenant == *tenant) && (!person || i.person == *person) && (!before || i.at < *before);
    }
};
/// Where a page of inquiries begins: after one, by time, then by id.
struct inquiry_place {
    instant at = instant::min();
    inquiry_id id{};
    friend auto operator<=>(inquiry_place const&, inquiry_place const&) = default;
};

/// One transaction. It sees its own writes. Destroyed without `commit`, it leaves no trace; after an error of any of
/// its functions it refuses all others, the commit included. Belongs to one thread; a store has at most one at a time,
/// and `begin` waits for it within the store's busy time.
class unit_of_work {
public:
    virtual ~unit_of_work() = default;

    /// The ticket, or null when the tenant has none of that id: a tenant is a wall.
    virtual result<ticket_snapshot> load(std::string_view tenant, ticket_id id) = 0;
    virtual result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) = 0;
    virtual result<article_snapshot> load_article(std::string_view tenant, article_id id) = 0;
    virtual result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) = 0;
    /// The articles of a tenant that are translations of one, by number.
    virtual result<std::vector<article_snapshot>> translations(std::string_view tenant, article_id original) = 0;
    /// The next value of a named sequence of a tenant, from 1. A rollback gives it back.
    virtual result<std::uint64_t> next_in_sequence(std::string_view tenant, std::string_view name) = 0;
    virtual result<std::optional<receipt>> find_receipt(std::string_view tenant, command_id id) = 0;
    /// Of a ticket, or of an article (`in_log`).
    virtual result<std::vector<text_record>> load_texts(ticket_id id) = 0;
    virtual result<std::vector<stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) = 0;
    virtual log_head head() = 0;

    /// Writes a change: the row where its version is `before`'s (else `version_conflict`), or a new one where no tenant
    /// has that id (else `ticket_exists`), the events at the end of the log (their `seq` must go on from `head`), the
    /// texts, the timers. All or, after an error, nothing of the unit. Without events the version stays, and only the
    /// row and the timers are written: derived values were recomputed.
    virtual result<void> append(ticket_change const& change) = 0;
    /// The same of an article; where any tenant has that id, `article_exists`.
    virtual result<void> append(article_change const& change) = 0;
    /// Once for each command id of a tenant, else `command_id_reused`.
    virtual result<void> put_receipt(receipt const& r) = 0;
    virtual result<void> put_outbox(outbox_entry const& entry) = 0;
    /// Stores a document as its next version, whatever `d.version`, and returns that version. Earlier versions stay.
    virtual result<std::uint32_t> put_document(document const& d) = 0;
    /// Stores bytes under their digest, once, however often they are put.
    virtual result<digest> put_blob(std::span<std::byte const> bytes) = 0;
    /// How many bytes are stored under a digest, if any are.
    virtual result<std::optional<std::uint64_t>> find_blob(digest const& address) = 0;
    /// Counts one more use of stored bytes. `blob_not_found` when there are none.
    virtual result<void> use_blob(digest const& address) = 0;
    /// Takes one use away; the last one destroys the bytes. `blob_not_found` when there are none.
    virtual result<void> drop_blob(digest const& address) = 0;
    /// Takes an entry out; nothing happens when it is gone. `retry_outbox` counts an attempt instead.
    virtual result<void> ack_outbox(std::uint64_t id) = 0;
    virtual result<void> retry_outbox(std::uint64_t id, instant not_before) = 0;
    /// Takes out all entries about a ticket.
    virtual result<void> drop_outbox(ticket_id about) = 0;
    /// Keeps bytes under a name, in the place of those that it had: what somebody derived from the rest and would
    /// rather not derive again, such as an index. The log and its chain know nothing of it.
    virtual result<void> put_piece(std::string_view name, std::span<std::uint8_t const> bytes) = 0;
    /// Destroys a piece; nothing happens when it is gone.
    virtual result<void> drop_piece(std::string_view name) = 0;

    /// Inquiries stand beside the log, each under its tenant and id, until they are destroyed.
    virtual result<std::optional<inquiry>> load_inquiry(std::string_view tenant, inquiry_id id) = 0;
    /// A new one, or in the place of the one with that id.
    virtual result<void> put_inquiry(inquiry const& i) = 0;
    /// Destroys some; how many there were.
    virtual result<std::uint64_t> drop_inquiries(inquiries_of const& some) = 0;

    /// Durable when it returns success. `commit_in_doubt` when the outcome cannot be told.
    virtual result<void> commit() = 0;
};

/// A place where a desk lives. Reads see what was committed when they began. All functions may be called from any
/// thread.
class store {
public:
    virtual ~store() = default;

    virtual result<std::unique_ptr<unit_of_work>> begin() = 0;

    virtual result<ticket_snapshot> load(std::string_view tenant, ticket_id id) = 0;
    virtual result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) = 0;
    virtual result<article_snapshot> load_article(std::string_view tenant, article_id id) = 0;
    virtual result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) = 0;
    /// The articles of a tenant whose numbers come after one, by number.
    virtual result<std::vector<article_snapshot>> articles(std::string_view tenant, std::string_view after,
                                                           std::size_t limit) = 0;
    /// Those of a tenant that are translations of one, by number.
    virtual result<std::vector<article_snapshot>> translations(std::string_view tenant, article_id original) = 0;
    virtual result<std::vector<ticket_snapshot>> find(ticket_query const& query, expr::schema const& schema) = 0;
    /// One counter for each query; `order`, `after` and `limit` do not count.
    virtual result<std::vector<counter>> count(std::span<ticket_query const> queries, expr::schema const& schema) = 0;
    /// The log of all tickets and articles from after `seq`, oldest first.
    virtual result<std::vector<stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) = 0;
    /// What happened to a ticket, or to an article (`in_log`), and its texts.
    virtual result<std::vector<stored_event>> read_history(ticket_id id) = 0;
    virtual result<std::vector<text_record>> read_texts(ticket_id id) = 0;
    /// The texts of the events from `first_seq` to `last_seq`, in the order in which they were written.
    virtual result<std::vector<text_record>> read_texts_between(std::uint64_t first_seq, std::uint64_t last_seq) = 0;
    virtual result<log_head> head() = 0;
    /// The tenants that have a ticket, in any order.
    virtual result<std::vector<std::string>> tenants() = 0;

    /// The timers due at or before `now`, earliest first, ties by ordinal of the ticket, then by kind and name.
    virtual result<std::vector<due_timer>> due_timers(instant now, std::size_t limit) = 0;
    virtual result<std::optional<instant>> next_timer() = 0;
    /// The entries whose time has come, earliest first, ties by id.
    virtual result<std::vector<outbox_entry>> due_outbox(instant now, std::size_t limit) = 0;

    /// The latest version of each document of a kind (empty: of every kind), by kind and id; withdrawn ones too.
    virtual result<std::vector<document>> documents(std::string_view kind) = 0;
    virtual result<std::vector<document>> document_versions(std::string_view kind, std::string_view id) = 0;
    /// `blob_not_found` when nothing is stored under that digest.
    virtual result<std::vector<std::byte>> read_blob(digest const& address) = 0;
    /// The names of all pieces, in order; and the bytes of one, if there is one.
    virtual result<std::vector<std::string>> piece_names() = 0;
    virtual result<std::optional<std::vector<std::uint8_t>>> read_piece(std::string_view name) = 0;
    /// The inquiries of a tenant after a place, oldest first, ties by id.
    virtual result<std::vector<inquiry>> inquiries(std::string_view tenant, inquiry_place const& after,
                                                   std::size_t limit) = 0;

    virtual result<store_stats> stats() = 0;
    /// Whether the backend finds its own data sound (for SQLite: integrity and foreign keys).
    virtual result<void> check() = 0;
    /// A consistent copy at `path` while the desk goes on; `not_offered` by a backend that has none.
    virtual result<void> backup(std::string const& path) = 0;
};

} // namespace guichet::inline v0::storage
