#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/model/guide.hpp>

namespace guichet::inline v0 {
namespace detail {

/// The names of a variant's alternatives, which are the names of the structs.
template <class Variant>
struct alternatives;

inline constexpr std::string_view command_names[] = {"open_ticket",
                                                     "reply",
                                                     "add_note",
                                                     "assign_ticket",
                                                     "hand_over_ticket",
                                                     "set_priority",
                                                     "set_fields",
                                                     "tag_ticket",
                                                     "watch_ticket",
                                                     "set_state",
                                                     "hold_ticket",
                                                     "wait_until",
                                                     "resolve_ticket",
                                                     "reopen_ticket",
                                                     "close_ticket",
                                                     "link_ticket",
                                                     "unlink_ticket",
                                                     "merge_ticket",
                                                     "unmerge_ticket",
                                                     "split_message",
                                                     "log_time",
                                                     "attach_file",
                                                     "redact_ticket",
                                                     "fire_timer",
                                                     "follow_up_ticket",
                                                     "run_macro",
                                                     "route_ticket",
                                                     "escalate_ticket",
                                                     "acknowledge_escalation",
                                                     "write_article",
                                                     "revise_article",
                                                     "publish_article",
                                                     "archive_article",
                                                     "redact_article",
                                                     "link_article",
                                                     "unlink_article",
                                                     "answer_guide",
                                                     "submit_article",
                                                     "return_article",
                                                     "restore_article",
                                                     "rate_article",
                                                     "use_article",
                                                     "draft_article",
                                                     "resolve_family",
                                                     "undo_family",
                                                     "declare_major",
                                                     "post_update",
                                                     "end_major",
                                                     "ask_rating",
                                                     "rate_ticket",
                                                     "record_inquiry",
                                                     "follow_inquiry",
                                                     "tell_trend",
                                                     "gather_tickets"};
inline constexpr std::string_view event_names[] = {"ticket_opened",
                                                   "message_added",
                                                   "attachment_added",
                                                   "ticket_assigned",
                                                   "ticket_handed_over",
                                                   "priority_set",
                                                   "fields_set",
                                                   "tags_changed",
                                                   "watchers_changed",
                                                   "ticket_state_set",
                                                   "ticket_put_on_hold",
                                                   "ticket_pended",
                                                   "ticket_resolved",
                                                   "ticket_reopened",
                                                   "ticket_closed",
                                                   "ticket_linked",
                                                   "ticket_unlinked",
                                                   "ticket_merged",
                                                   "ticket_unmerged",
                                                   "merge_received",
                                                   "merge_undone",
                                                   "message_split",
                                                   "time_logged",
                                                   "text_redacted",
                                                   "clock_met",
                                                   "clock_breached",
                                                   "clock_restarted",
                                                   "clock_threshold_reached",
                                                   "requester_reminded",
                                                   "follow_up_set",
                                                   "follow_up_due",
                                                   "rules_cut",
                                                   "ticket_routed",
                                                   "ticket_escalated",
                                                   "supervisor_alerted",
                                                   "escalation_acknowledged",
                                                   "notice_queued",
                                                   "notice_withheld",
                                                   "article_written",
                                                   "article_revised",
                                                   "article_published",
                                                   "article_archived",
                                                   "article_linked",
                                                   "article_unlinked",
                                                   "ticket_article_linked",
                                                   "ticket_article_unlinked",
                                                   "article_redacted",
                                                   "guide_answered",
                                                   "article_submitted",
                                                   "article_returned",
                                                   "article_rated",
                                                   "article_used",
                                                   "family_resolved",
                                                   "family_reopened",
                                                   "major_declared",
                                                   "status_posted",
                                                   "major_ended",
                                                   "rating_asked",
                                                   "ticket_rated",
                                                   "trend_told"};
static_assert(std::size(command_names) == std::variant_size_v<command_body>);
static_assert(std::size(event_names) == std::variant_size_v<event_body>);

template <class Names>
std::string listed(Names const& names) {
    std::string out;
    for (auto const name : names)
        out.append(out.empty() ? "" : ", ").append(name);
    return out;
}

/// Makes the variant's alternative number `index`, default-constructed.
template <class Variant>
Variant alternative(std::size_t index) {
    Variant out;
    boost::mp11::mp_with_index<std::variant_size_v<Variant>>(index, [&](auto i) { out.template emplace<i>(); });
    return out;
}

/// The last one names what the command is about.
inline constexpr std::string_view ticket_keys[] = {"command",          "id",    "by", "role", "tenant",
                                                   "expected_version", "ticket"};
inline constexpr std::string_view article_keys[] = {"command",          "id",     "by", "role", "tenant",
                                                    "expected_version", "article"};
inline std::span<std::string_view const> envelope_keys(command_body const& body) noexcept {
    return is_about_article(body) ? std::span{article_keys} : std::span{ticket_keys};
}

inline result<void> read_about(boost::json::value const& from, std::string_view key, command& into) {
    if (!from.is_string())
        return json::wrong_type(json::path(json::path(), key), "its id or number", from);
    auto const given = parse_id<ticket_id>(from.get_string());
    if (!given)
        into.number = std::string_view{from.get_string()};
    else if (is_about_article(into.body))
        into.article.bytes = given->bytes;
    else
        into.ticket = *given;
    return {};
}

inline result<void> read_envelope(boost::json::object const& from, command& into) {
    json::path const root;
    auto const member = [&](std::string_view key) { return from.if_contains(key); };
    GUICHET_TRY(json::read_who(from, "by", into.by));
    if (auto const* command_id = member("id"))
        GUICHET_TRY(json::read(*command_id, into.id, json::path(root, "id")));
    if (auto const* version = member("expected_version"))
        GUICHET_TRY(json::read(*version, into.expected_version, json::path(root, "expected_version")));
    auto const key = envelope_keys(into.body).back();
    if (auto const* about = member(key))
        GUICHET_TRY(read_about(*about, key, into));
    return {};
}

template <class T>
result<T> decode_text(std::string_view text, std::string_view root) {
    GUICHET_LET(auto const value, json::parse(text));
    T out;
    GUICHET_TRY(json::read(value, out, json::path(root)));
    return out;
}
template <class T>
std::string encode_full(T const& value) {
    std::string out;
    json::writer w{out};
    json::write(w, value, json::fullness::full);
    return out;
}

} // namespace detail

GUICHET_DECL std::string_view name_of(command_body const& body) noexcept { return detail::command_names[body.index()]; }
GUICHET_DECL std::string_view name_of(event_body const& body) noexcept { return detail::event_names[body.index()]; }
GUICHET_DECL std::string_view type_name(std::size_t number) noexcept {
    return number < std::size(detail::event_names) ? detail::event_names[number] : std::string_view{};
}

GUICHET_DECL result<command> read_command(boost::json::value const& value) {
    auto const* object = value.if_object();
    if (!object)
        return json::wrong_type(json::path("command"), "an object", value);
    auto const* name = object->if_contains("command");
    if (!name)
        return error{reason::missing_field, {{"path", "command"}}};
    if (!name->is_string())
        return json::wrong_type(json::path("command"), "a text", *name);
    auto const found = std::find(std::begin(detail::command_names), std::end(detail::command_names),
                                 std::string_view{name->get_string()});
    if (found == std::end(detail::command_names))
        return error{reason::unknown_value,
                     {{"path", "command"},
                      {"value", std::string{name->get_string()}},
                      {"known", detail::listed(detail::command_names)}}};
    command out;
    out.body = detail::alternative<command_body>(static_cast<std::size_t>(found - std::begin(detail::command_names)));
    GUICHET_TRY(detail::read_envelope(*object, out));
    auto const outcome = std::visit(
        [&](auto& body) { return json::read_members(*object, body, json::path(), detail::envelope_keys(out.body)); },
        out.body);
    GUICHET_TRY(outcome);
    return out;
}

GUICHET_DECL result<command> decode_command(std::string_view text) {
    if (text.size() > limits::command_bytes_max)
        return error{reason::limit_passed,
                     {{"path", "command"},
                      {"found", std::to_string(text.size())},
                      {"limit", std::to_string(limits::command_bytes_max)}}};
    GUICHET_LET(auto const value, json::parse(text));
    return read_command(value);
}

GUICHET_DECL std::string encode(command const& c) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("command");
    w.text(name_of(c.body));
    if (c.id) {
        w.key("id");
        w.text(to_string(c.id));
    }
    w.key("by");
    json::write(w, c.by, json::fullness::sparse);
    auto const about = c.article ? to_string(c.article) : c.ticket ? to_string(c.ticket) : c.number;
    if (!about.empty()) {
        w.key(detail::envelope_keys(c.body).back());
        w.text(about);
    }
    if (c.expected_version) {
        w.key("expected_version");
        w.number(*c.expected_version);
    }
    std::visit([&](auto const& body) { json::write_members(w, body, json::fullness::sparse); }, c.body);
    w.end_object();
    return out;
}

GUICHET_DECL std::string encode(ticket const& t) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    json::write_members(w, static_cast<ticket_row const&>(t), json::fullness::full);
    json::write_members(w, static_cast<ticket_lists const&>(t), json::fullness::full);
    w.end_object();
    return out;
}

GUICHET_DECL result<ticket> decode_ticket(std::string_view text) {
    GUICHET_LET(auto const value, json::parse(text));
    auto const* object = value.if_object();
    if (!object)
        return json::wrong_type(json::path("ticket"), "an object", value);
    boost::json::object row, lists;
    for (auto const& [name, member] : *object) {
        bool in_row = false;
        boost::mp11::mp_for_each<json::detail::members<ticket_row>>(
            [&](auto d) { in_row = in_row || std::string_view{name} == json::detail::plain(d.name); });
        (in_row ? row : lists).emplace(name, member);
    }
    ticket out;
    GUICHET_TRY(json::read_members(row, static_cast<ticket_row&>(out), json::path()));
    GUICHET_TRY(json::read_members(lists, static_cast<ticket_lists&>(out), json::path()));
    return out;
}

GUICHET_DECL std::string encode(article const& a) { return detail::encode_full(a); }
GUICHET_DECL void encode_row(article const& a, std::string& out) {
    json::writer w{out};
    json::write(w, a, json::fullness::sparse);
}
GUICHET_DECL result<article> decode_article(std::string_view text) {
    return detail::decode_text<article>(text, "article");
}

GUICHET_DECL std::string encode(inquiry const& i) { return detail::encode_full(i); }
GUICHET_DECL void encode_row(inquiry const& i, std::string& out) {
    json::writer w{out};
    json::write(w, i, json::fullness::sparse);
}
GUICHET_DECL result<inquiry> decode_inquiry(std::string_view text) {
    return detail::decode_text<inquiry>(text, "inquiry");
}

GUICHET_DECL void encode_lists(ticket_lists const& lists, std::string& out) {
    json::writer w{out};
    json::write(w, lists, json::fullness::sparse);
}

GUICHET_DECL result<void> decode_lists(std::string_view text, ticket_lists& out) {
    unsigned char room[4096];
    boost::json::monotonic_resource memory{room, sizeof room};
    boost::json::error_code failed;
    auto const value = boost::json::parse(boost::json::string_view{text.data(), text.size()}, failed, &memory);
    if (failed)
        return error{reason::store_corrupt, {{"problem", failed.message()}}};
    return json::read(value, out, json::path("lists"));
}

GUICHET_DECL std::string encode(event const& e) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("seq");
    w.number(e.seq);
    w.key("event");
    w.text(name_of(e.body));
    w.key("at");
    json::write(w, e.at, json::fullness::full);
    w.key("tenant");
    w.text(e.tenant);
    w.key(e.article ? "article" : "ticket");
    w.text(e.article ? to_string(e.article) : to_string(e.ticket));
    w.key("version");
    w.number(e.version);
    w.key("actor");
    w.text(e.actor);
    if (!e.cause.what.empty()) {
        w.key("cause");
        json::write(w, e.cause, json::fullness::full);
    }
    std::visit(
        [&](auto const& body) {
            json::write_members(w, body, json::fullness::full);
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(body)>, message_added>)
                if (!body.html.empty()) {
                    w.key("html");
                    w.text(body.html);
                }
        },
        e.body);
    w.end_object();
    return out;
}

GUICHET_DECL void encode_body(event_body const& body, std::string& out) {
    json::writer w{out};
    std::visit([&](auto const& b) { json::write(w, b, json::fullness::sparse); }, body);
}

GUICHET_DECL result<event_body> decode_body(std::string_view type, std::string_view text) {
    auto const found = std::find(std::begin(detail::event_names), std::end(detail::event_names), type);
    if (found == std::end(detail::event_names))
        return error{reason::store_corrupt, {{"problem", "unknown event type " + std::string{type}}}};
    unsigned char room[4096];
    boost::json::monotonic_resource memory{room, sizeof room};
    boost::json::error_code failed;
    auto const value = boost::json::parse(boost::json::string_view{text.data(), text.size()}, failed, &memory);
    if (failed)
        return error{reason::store_corrupt, {{"problem", failed.message()}}};
    auto out = detail::alternative<event_body>(static_cast<std::size_t>(found - std::begin(detail::event_names)));
    auto const outcome = std::visit([&](auto& body) { return json::read(value, body, json::path(type)); }, out);
    GUICHET_TRY(outcome);
    return out;
}

GUICHET_DECL result<lifecycle_document> decode_lifecycle(std::string_view text, std::string_view path) {
    return detail::decode_text<lifecycle_document>(text, path);
}
GUICHET_DECL result<policy_document> decode_policy(std::string_view text, std::string_view path) {
    return detail::decode_text<policy_document>(text, path);
}
GUICHET_DECL result<rules_document> decode_rules(std::string_view text, std::string_view path) {
    return detail::decode_text<rules_document>(text, path);
}
GUICHET_DECL std::string encode(rules_document const& d) { return detail::encode_full(d); }
GUICHET_DECL result<role_document> decode_role(std::string_view text, std::string_view path) {
    return detail::decode_text<role_document>(text, path);
}
GUICHET_DECL result<audience_document> decode_audience(std::string_view text, std::string_view path) {
    return detail::decode_text<audience_document>(text, path);
}
GUICHET_DECL result<person_document> decode_person(std::string_view text, std::string_view path) {
    return detail::decode_text<person_document>(text, path);
}
GUICHET_DECL result<team_document> decode_team(std::string_view text, std::string_view path) {
    return detail::decode_text<team_document>(text, path);
}
GUICHET_DECL result<routing_document> decode_routing(std::string_view text, std::string_view path) {
    return detail::decode_text<routing_document>(text, path);
}
GUICHET_DECL result<tier_document> decode_tier(std::string_view text, std::string_view path) {
    return detail::decode_text<tier_document>(text, path);
}
GUICHET_DECL result<escalation_document> decode_escalation(std::string_view text, std::string_view path) {
    return detail::decode_text<escalation_document>(text, path);
}
GUICHET_DECL result<template_document> decode_template(std::string_view text, std::string_view path) {
    return detail::decode_text<template_document>(text, path);
}
GUICHET_DECL result<trend_document> decode_trend(std::string_view text, std::string_view path) {
    return detail::decode_text<trend_document>(text, path);
}
GUICHET_DECL std::string encode(trend_document const& d) { return detail::encode_full(d); }
GUICHET_DECL result<guide_document> decode_guide(std::string_view text, std::string_view path) {
    return detail::decode_text<guide_document>(text, path);
}
GUICHET_DECL std::string encode(guide_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(lifecycle_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(policy_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(role_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(audience_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(person_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(team_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(routing_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(tier_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(escalation_document const& d) { return detail::encode_full(d); }
GUICHET_DECL std::string encode(template_document const& d) { return detail::encode_full(d); }

GUICHET_DECL std::string_view to_string(status s) noexcept { return json::to_text(s); }
GUICHET_DECL std::string_view to_string(channel c) noexcept { return json::to_text(c); }
GUICHET_DECL std::string_view to_string(audience a) noexcept { return json::to_text(a); }
GUICHET_DECL std::string_view to_string(side s) noexcept { return json::to_text(s); }
GUICHET_DECL std::string_view to_string(link_kind k) noexcept { return json::to_text(k); }
GUICHET_DECL std::string_view to_string(timer_kind k) noexcept { return json::to_text(k); }
GUICHET_DECL std::string_view to_string(clock_outcome o) noexcept { return json::to_text(o); }
GUICHET_DECL result<status> parse_status(std::string_view text, std::string_view path) {
    if (auto const value = json::from_text<status>(text))
        return *value;
    return error{reason::unknown_value,
                 {{"path", std::string{path}}, {"value", std::string{text}}, {"known", json::words_of<status>()}}};
}

} // namespace guichet::inline v0
