#pragma once
#include "asked.hpp"

#include <guichet/engine/document_source.hpp>
#include <guichet/storage/described.hpp>

/// Descriptions of what stores keep, and the shapes that Python gets in the place of views.
namespace guichet::inline v0 {

namespace storage {
BOOST_DESCRIBE_STRUCT(stored_event, (), (seq, tenant, ticket, version, at, type, actor, cause, body, hash))
BOOST_DESCRIBE_STRUCT(text_record, (),
                      (ticket, no, seq, role, audience, side, channel, at, author, body, html, salt, print, erased))
BOOST_DESCRIBE_STRUCT(receipt, (), (id, tenant, print, ticket, first_seq, last_seq))
BOOST_DESCRIBE_STRUCT(due_timer, (), (tenant, ticket, timer))
BOOST_DESCRIBE_STRUCT(log_head, (), (seq, hash))
BOOST_DESCRIBE_STRUCT(outbox_entry, (), (id, tenant, ticket, kind, body, not_before, attempts))
BOOST_DESCRIBE_STRUCT(inquiries_of, (), (tenant, person, before))
} // namespace storage

namespace search {
BOOST_DESCRIBE_STRUCT(attribute, (), (name, value))
} // namespace search

BOOST_DESCRIBE_STRUCT(host_document, (),
                      (tenant, id, title, symptom, body, tags, language, attributes, audience, changed))
BOOST_DESCRIBE_STRUCT(document_changes, (), (put, removed, mark, all, more, destroys))

} // namespace guichet::inline v0

namespace guichet::python {

/// `storage::ticket_change`, whose members point.
struct ticket_change {
    storage::ticket_snapshot before{}, after{};
    std::vector<storage::stored_event> events{};
    std::vector<storage::text_record> texts{};
    std::vector<std::uint32_t> erased_texts{};
    std::vector<timer> disarmed{}, armed{};
};
BOOST_DESCRIBE_STRUCT(ticket_change, (), (before, after, events, texts, erased_texts, disarmed, armed))

struct article_change {
    storage::article_snapshot before{}, after{};
    std::vector<storage::stored_event> events{};
    std::vector<storage::text_record> texts{};
    std::vector<std::uint32_t> erased_texts{};
};
BOOST_DESCRIBE_STRUCT(article_change, (), (before, after, events, texts, erased_texts))

/// `storage::inquiry_place`, whose first is before every datetime.
struct inquiry_place {
    std::optional<instant> at{};
    inquiry_id id{};
};
BOOST_DESCRIBE_STRUCT(inquiry_place, (), (at, id))

/// All that the ports bring along.
using ported = boost::mp11::mp_list<storage::stored_event, storage::text_record, storage::receipt, storage::due_timer,
                                    storage::log_head, storage::outbox_entry, storage::inquiries_of, inquiry_place,
                                    inquiry, ticket_change, article_change, host_document, document_changes, timer>;

} // namespace guichet::python
