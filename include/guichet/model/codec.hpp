#pragma once
#include <guichet/base/error.hpp>
#include <guichet/model/article.hpp>
#include <guichet/model/command.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/event.hpp>
#include <guichet/model/inquiry.hpp>
#include <guichet/model/ticket.hpp>

#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>

/// JSON of the model, both ways, made from the descriptions. All functions are pure and thread-safe.
namespace guichet::inline v0 {

/// Reads a command: `{"command":"reply","by":"luc","ticket":"...","text":"..."}`. `by` is a person's name or an actor
/// object; `ticket` an id or a number. Errors name the field by its path.
GUICHET_DECL result<command> decode_command(std::string_view json);
GUICHET_DECL result<command> read_command(boost::json::value const& json);
/// Writes what `decode_command` reads.
GUICHET_DECL std::string encode(command const& c);

/// A ticket with every field, for people and programs.
GUICHET_DECL std::string encode(ticket const& t);
GUICHET_DECL result<ticket> decode_ticket(std::string_view json);
/// The lists of a ticket without what is empty: what a row keeps beside its columns.
GUICHET_DECL void encode_lists(ticket_lists const& lists, std::string& out);
GUICHET_DECL result<void> decode_lists(std::string_view json, ticket_lists& out);

/// An article with every field, for people and programs; `encode_row` without what is empty, for a store. Both are
/// read.
GUICHET_DECL std::string encode(article const& a);
GUICHET_DECL void encode_row(article const& a, std::string& out);
GUICHET_DECL result<article> decode_article(std::string_view json);

/// The same of an inquiry.
GUICHET_DECL std::string encode(inquiry const& i);
GUICHET_DECL void encode_row(inquiry const& i, std::string& out);
GUICHET_DECL result<inquiry> decode_inquiry(std::string_view json);

/// An event with its envelope, texts included where they are present.
GUICHET_DECL std::string encode(event const& e);
/// The body alone, without texts: what the log stores and the hash chain covers.
GUICHET_DECL void encode_body(event_body const& body, std::string& out);
/// The inverse; `type` is the event's name. The texts are numbers until they are looked up.
GUICHET_DECL result<event_body> decode_body(std::string_view type, std::string_view json);
/// The place of a body in `event_body`, which is its number in stored files, and back.
inline std::size_t type_number(event_body const& body) noexcept { return body.index(); }
GUICHET_DECL std::string_view type_name(std::size_t number) noexcept;
/// Whether events of this number happen to articles.
inline bool is_article_type(std::size_t number) noexcept { return type_name(number).starts_with("article_"); }

/// Calls `visit(role, text, html)` for every free text of an event: `role` is subject, message, resolution,
/// attachment, field (also of an answer in a guide) or word (of a trend); of an article, title, symptom, body, cause,
/// workaround, attached or remark.
template <class Body, class Visitor>
void each_text(Body& body, Visitor&& visit);

GUICHET_DECL result<lifecycle_document> decode_lifecycle(std::string_view json, std::string_view path = "lifecycle");
GUICHET_DECL result<rules_document> decode_rules(std::string_view json, std::string_view path = "rules");
GUICHET_DECL std::string encode(rules_document const& d);
GUICHET_DECL result<policy_document> decode_policy(std::string_view json, std::string_view path = "policy");
GUICHET_DECL result<role_document> decode_role(std::string_view json, std::string_view path = "role");
GUICHET_DECL result<audience_document> decode_audience(std::string_view json, std::string_view path = "audience");
GUICHET_DECL result<person_document> decode_person(std::string_view json, std::string_view path = "person");
GUICHET_DECL result<team_document> decode_team(std::string_view json, std::string_view path = "team");
GUICHET_DECL result<routing_document> decode_routing(std::string_view json, std::string_view path = "routing");
GUICHET_DECL result<tier_document> decode_tier(std::string_view json, std::string_view path = "tier");
GUICHET_DECL result<escalation_document> decode_escalation(std::string_view json, std::string_view path = "escalation");
GUICHET_DECL result<template_document> decode_template(std::string_view json, std::string_view path = "template");
GUICHET_DECL result<trend_document> decode_trend(std::string_view json, std::string_view path = "trend");
GUICHET_DECL std::string encode(trend_document const& d);
GUICHET_DECL std::string encode(lifecycle_document const& d);
GUICHET_DECL std::string encode(policy_document const& d);
GUICHET_DECL std::string encode(role_document const& d);
GUICHET_DECL std::string encode(audience_document const& d);
GUICHET_DECL std::string encode(person_document const& d);
GUICHET_DECL std::string encode(team_document const& d);
GUICHET_DECL std::string encode(routing_document const& d);
GUICHET_DECL std::string encode(tier_document const& d);
GUICHET_DECL std::string encode(escalation_document const& d);
GUICHET_DECL std::string encode(template_document const& d);

GUICHET_DECL std::string_view to_string(status s) noexcept;
GUICHET_DECL std::string_view to_string(channel c) noexcept;
GUICHET_DECL std::string_view to_string(audience a) noexcept;
GUICHET_DECL std::string_view to_string(side s) noexcept;
GUICHET_DECL std::string_view to_string(link_kind k) noexcept;
GUICHET_DECL std::string_view to_string(timer_kind k) noexcept;
GUICHET_DECL std::string_view to_string(clock_outcome o) noexcept;
GUICHET_DECL result<status> parse_status(std::string_view text, std::string_view path);

template <class Body, class Visitor>
void each_text(Body& body, Visitor&& visit) {
    static std::string no_html;
    std::visit(
        [&](auto& b) {
            using type = std::remove_cvref_t<decltype(b)>;
            if constexpr (std::is_same_v<type, ticket_opened>)
                visit("subject", b.subject, no_html);
            else if constexpr (std::is_same_v<type, message_added>)
                visit("message", b.text, b.html);
            else if constexpr (std::is_same_v<type, attachment_added>)
                visit("attachment", b.name, no_html);
            else if constexpr (std::is_same_v<type, ticket_resolved>)
                visit("resolution", b.text, no_html);
            else if constexpr (std::is_same_v<type, fields_set>) {
                if (b.subject)
                    visit("subject", *b.subject, no_html);
                for (auto& change : b.fields)
                    visit("field", change.text, no_html);
            } else if constexpr (std::is_same_v<type, guide_answered> || std::is_same_v<type, ticket_rated>) {
                visit("field", b.text, no_html);
            } else if constexpr (std::is_same_v<type, trend_told>) {
                visit("word", b.word, no_html);
            } else if constexpr (std::is_same_v<type, article_written>) {
                visit("title", b.title, no_html);
                visit("symptom", b.symptom, no_html);
                visit("body", b.body, no_html);
                visit("cause", b.cause, no_html);
                visit("workaround", b.workaround, no_html);
                visit("attached", b.attached, no_html);
            } else if constexpr (std::is_same_v<type, article_revised>) {
                if (b.title)
                    visit("title", *b.title, no_html);
                if (b.symptom)
                    visit("symptom", *b.symptom, no_html);
                if (b.body)
                    visit("body", *b.body, no_html);
                if (b.cause)
                    visit("cause", *b.cause, no_html);
                if (b.workaround)
                    visit("workaround", *b.workaround, no_html);
                if (b.attached)
                    visit("attached", *b.attached, no_html);
            } else if constexpr (std::is_same_v<type, article_returned>)
                visit("remark", b.reason, no_html);
            else if constexpr (std::is_same_v<type, article_rated>)
                visit("remark", b.why, no_html);
        },
        body);
}

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/model/impl/codec.ipp>
#endif
