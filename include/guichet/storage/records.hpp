#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/base/ids.hpp>
#include <guichet/model/event.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// What a store keeps, as it keeps it.
namespace guichet::inline v0::storage {

/// In the log, with the texts and in receipts, an article stands where a ticket does: no ticket has its id. Of an
/// event, the type tells which it is (`is_article_type`).
inline ticket_id in_log(article_id id) noexcept { return {id.bytes}; }
inline article_id article_in_log(ticket_id id) noexcept { return {id.bytes}; }

/// An event as stored: the body is JSON without texts. `hash` is the link of the chain: the digest of the previous
/// event's hash, of every member here, and of the digests of the texts that came with the event.
struct stored_event {
    std::uint64_t seq = 0;
    std::string tenant{};
    ticket_id ticket{}; ///< or the article, `in_log`
    std::uint64_t version = 0;
    instant at{};
    std::uint32_t type = 0; ///< `type_number`
    std::string actor{};
    event_cause cause{};
    std::string body{};
    digest hash{};
    friend bool operator==(stored_event const&, stored_event const&) = default;
};

/// What a text is to its ticket, or, from `title` on, to its article. Numbers in stored files: append only.
enum class text_role : std::uint8_t {
    subject,
    message,
    resolution,
    attachment,
    field,
    title,
    symptom,
    body,
    cause,
    workaround,
    remark,  ///< why an article was given back, or helped or not
    word,    ///< of a ticket: what a trend that was told on it is about, a word of its subject
    attached ///< words of an article's attachments
};

/// A free text of a ticket or an article. Erased, it keeps `print` and loses `body`, `html` and `salt`; before that
/// `print` is not stored, for it follows from them. The salt makes an erased text impossible to guess from its print.
struct text_record {
    ticket_id ticket{};
    std::uint32_t no = 0;
    std::uint64_t seq = 0; ///< of the event it came with
    text_role role = text_role::message;
    guichet::audience audience = audience::public_;
    guichet::side side = side::requester;
    guichet::channel channel = channel::portal;
    instant at{};
    std::string author{};
    std::string body{}, html{};
    std::array<std::byte, 16> salt{};
    digest print{};
    bool erased = false;
    friend bool operator==(text_record const&, text_record const&) = default;
};

/// The print of a text that is not erased: what a store computes when it erases one, and what the chain is made of.
inline digest text_print(text_record const& text) noexcept {
    return hasher{}.add(text.salt).add_sized(text.body).add_sized(text.html).finish();
}

/// What a command id stands for: the print of the command's content, and the events it came to. The print is zero once
/// a text of the ticket was erased.
struct receipt {
    command_id id{};
    std::string tenant{};
    digest print{};
    ticket_id ticket{};
    std::uint64_t first_seq = 0, last_seq = 0;
    friend bool operator==(receipt const&, receipt const&) = default;
};

/// A timer that is due, with its ticket.
struct due_timer {
    std::string tenant{};
    ticket_id ticket{};
    guichet::timer timer{};
    friend bool operator==(due_timer const&, due_timer const&) = default;
};

/// The end of the log.
struct log_head {
    std::uint64_t seq = 0;
    digest hash{};
    friend bool operator==(log_head const&, log_head const&) = default;
};

/// Something that must leave (a mail, a webhook), as data, written with the events that caused it.
struct outbox_entry {
    std::uint64_t id = 0; ///< given by the store
    std::string tenant{};
    ticket_id ticket{}; ///< that it is about
    std::string kind{}, body{};
    instant not_before{};
    std::uint32_t attempts = 0;
    friend bool operator==(outbox_entry const&, outbox_entry const&) = default;
};

/// Sizes, for people and monitoring.
struct store_stats {
    std::uint64_t tickets = 0, articles = 0, events = 0, texts = 0, timers = 0, receipts = 0, blobs = 0, documents = 0;
    std::uint64_t bytes = 0; ///< of the file, or of memory where known
    std::uint32_t schema_version = 0;
};

} // namespace guichet::inline v0::storage
