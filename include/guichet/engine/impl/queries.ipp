#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/desk.ipp>
#include <guichet/engine/impl/internal.ipp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/engine/impl/where.ipp>

#include <sodium.h>

namespace guichet::inline v0 {
namespace detail {

/// A view compiled for one viewer.
struct compiled_view {
    storage::ticket_query query;
    std::string print; ///< of what the view asks, so that a cursor of another view is recognised
};

inline result<std::vector<storage::order_by>> compile_order(std::vector<std::string> const& written,
                                                            expr::schema const& schema) {
    std::vector<storage::order_by> out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        bool const descending = written[i].starts_with('-');
        auto const name = std::string_view{written[i]}.substr(descending ? 1 : 0);
        auto const field = schema.find(name);
        if (!field || !schema[*field].sortable) {
            std::string known;
            for (auto const& f : schema.fields())
                if (f.sortable)
                    known.append(known.empty() ? "" : ", ").append(f.name);
            return error{
                reason::not_sortable,
                {{"path", "order[" + std::to_string(i) + "]"}, {"value", std::string{name}}, {"known", known}}};
        }
        out.push_back({name == "priority" ? ticket_field("priority_rank") : *field, descending});
    }
    if (out.empty())
        out.push_back({ticket_field("created_at"), true});
    return out;
}

inline std::string base64(std::string_view bytes) {
    std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(out.data(), out.size(), reinterpret_cast<unsigned char const*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.pop_back();
    return out;
}

inline std::optional<std::string> unbase64(std::string_view text) {
    std::string out(text.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr,
                          &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        return {};
    out.resize(size);
    return out;
}

/// A cursor: the print of the view, the ordinal and the sort values of the last row.
inline std::string write_cursor(compiled_view const& v, ticket const& last, expr::schema const& schema) {
    boost::json::array out{v.print, last.ordinal};
    ticket_record const record{last, schema};
    for (auto const& by : v.query.order) {
        auto const value = expr::to_literal(record.get(by.field));
        if (auto const* text = std::get_if<std::string>(&value))
            out.emplace_back(*text);
        else if (auto const* number = std::get_if<std::int64_t>(&value))
            out.emplace_back(*number);
        else if (auto const* at = std::get_if<instant>(&value))
            out.emplace_back(at->time_since_epoch().count());
        else
            out.emplace_back(nullptr);
    }
    return base64(boost::json::serialize(out));
}

inline result<storage::position> read_cursor(std::string_view cursor, compiled_view const& v,
                                             expr::schema const& schema) {
    auto const refuse = error{reason::bad_cursor};
    auto const text = unbase64(cursor);
    auto const parsed = text ? json::parse(*text) : result<boost::json::value>{refuse};
    auto const* list = parsed ? parsed->if_array() : nullptr;
    if (!list || list->size() != 2 + v.query.order.size() || (*list)[0] != boost::json::value(v.print))
        return refuse;
    boost::json::error_code failed;
    storage::position out{{}, (*list)[1].to_number<std::uint64_t>(failed)};
    if (failed)
        return refuse;
    for (std::size_t i = 2; i < list->size(); ++i) {
        auto const& value = (*list)[i];
        auto const type = schema[v.query.order[i - 2].field].type;
        if (value.is_null())
            out.values.emplace_back();
        else if (value.is_string())
            out.values.emplace_back(std::string{std::string_view{value.get_string()}});
        else if (value.is_int64() && type == expr::field_type::instant)
            out.values.emplace_back(instant{duration{value.get_int64()}});
        else if (value.is_int64())
            out.values.emplace_back(value.get_int64());
        else
            return refuse;
    }
    return out;
}

inline result<compiled_view> compile_view(view const& wanted, viewer const& who, configuration const& config,
                                          instant now) {
    auto const& schema = config.viewed;
    GUICHET_LET(access::role const* const as, config.roles->find(who));
    compiled_view out;
    auto& q = out.query;
    q.tenant = who.tenant;
    q.now = now;
    q.calendars = config.calendars.get();
    GUICHET_LET(q.wanted, compile_where(wanted, schema));
    GUICHET_LET(q.visible, access::visibility(who, *as, schema));
    GUICHET_LET(q.order, compile_order(wanted.order, schema));
    if (wanted.limit == 0 || wanted.limit > limits::page_rows_max)
        return error{reason::bad_value,
                     {{"path", "limit"},
                      {"value", std::to_string(wanted.limit)},
                      {"hint", "take 1 to " + std::to_string(limits::page_rows_max)}}};
    q.limit = wanted.limit + 1;
    hasher h;
    h.add_sized(boost::json::serialize(q.wanted.to_json()));
    for (auto const& by : q.order)
        h.add(std::uint64_t{by.field} * 2 + by.descending);
    auto const print = h.finish();
    out.print = to_hex(std::span{print}.first(8));
    if (!wanted.cursor.empty()) {
        GUICHET_LET(q.after, read_cursor(wanted.cursor, out, schema));
    }
    return out;
}

} // namespace detail

GUICHET_DECL result<page> desk::query(view const& wanted, viewer const& who) const {
    auto const in_force = config();
    GUICHET_LET(auto const compiled, detail::compile_view(wanted, who, *in_force, env_.now()));
    GUICHET_LET(access::role const* const as, in_force->roles->find(who));
    GUICHET_LET(auto found, store_->find(compiled.query, in_force->rules->schema()));
    page out;
    if (found.size() > wanted.limit) {
        found.pop_back();
        out.next = detail::write_cursor(compiled, *found.back(), in_force->rules->schema());
    }
    out.tickets.reserve(found.size());
    for (auto const& t : found)
        detail::hide_internal(out.tickets.emplace_back(*t), *as);
    return out;
}

GUICHET_DECL result<std::vector<storage::counter>> desk::count(std::span<view const> views, viewer const& who) const {
    if (views.size() > limits::counters_max)
        return error{reason::limit_passed,
                     {{"path", "views"},
                      {"found", std::to_string(views.size())},
                      {"limit", std::to_string(limits::counters_max)}}};
    auto const in_force = config();
    std::vector<storage::ticket_query> queries;
    for (auto const& v : views) {
        GUICHET_LET(auto compiled, detail::compile_view(v, who, *in_force, env_.now()));
        queries.push_back(std::move(compiled.query));
    }
    return store_->count(queries, in_force->rules->schema());
}

GUICHET_DECL result<ticket> desk::find(ticket_id id, viewer const& who) const {
    auto const in_force = config();
    GUICHET_LET(access::role const* const as, in_force->roles->find(who));
    GUICHET_LET(auto const found, store_->load(who.tenant, id));
    if (!found || !access::sees(who, *as, *found))
        return error{reason::ticket_not_found, {{"ticket", to_string(id)}}};
    auto out = *found;
    detail::hide_internal(out, *as);
    return out;
}

GUICHET_DECL result<ticket> desk::find(std::string_view number_or_id, viewer const& who) const {
    if (auto const id = parse_id<ticket_id>(number_or_id); id)
        return find(*id, who);
    GUICHET_LET(auto const id, store_->find_number(who.tenant, number_or_id));
    auto found = id ? find(*id, who) : result<ticket>{error{reason::ticket_not_found}};
    if (!found)
        return error{reason::ticket_not_found, {{"ticket", std::string{number_or_id}}}};
    return found;
}

GUICHET_DECL result<std::vector<message>> desk::conversation(ticket_id id, viewer const& who) const {
    GUICHET_LET(auto const root, find(id, who));
    auto const in_force = config();
    GUICHET_LET(access::role const* const as, in_force->roles->find(who));
    std::vector<message> out;
    std::vector<ticket> sources{root};
    for (std::size_t at = 0; at < sources.size(); ++at) {
        auto const t = sources[at];
        for (auto const& merged : t.merged) {
            GUICHET_LET(auto const source, store_->load(who.tenant, merged));
            if (source)
                sources.push_back(*source);
        }
        GUICHET_LET(auto texts, store_->read_texts(t.id));
        for (auto& r : texts) {
            bool const hidden = r.audience == audience::internal && !as->has(access::see_internal);
            if (r.role != storage::text_role::message || hidden)
                continue;
            auto& m = out.emplace_back(message{r.no,
                                               t.id,
                                               r.at,
                                               std::move(r.author),
                                               r.side,
                                               r.audience,
                                               r.channel,
                                               std::move(r.body),
                                               std::move(r.html),
                                               r.erased,
                                               {}});
            for (auto const& a : t.attachments)
                if (a.message == r.no)
                    m.attachments.push_back(a);
        }
    }
    std::stable_sort(out.begin(), out.end(), [](message const& a, message const& b) { return a.at < b.at; });
    return out;
}

GUICHET_DECL result<std::vector<event>> desk::history(ticket_id id, viewer const& who) const {
    GUICHET_TRY(find(id, who));
    auto const in_force = config();
    GUICHET_LET(access::role const* const as, in_force->roles->find(who));
    GUICHET_LET(auto const stored, store_->read_history(id));
    GUICHET_LET(auto const texts, store_->read_texts(id));
    GUICHET_LET(auto events, detail::from_stored(stored, texts));
    if (!as->has(access::see_internal))
        std::erase_if(events, detail::is_internal);
    return events;
}

GUICHET_DECL result<ticket> desk::as_of(ticket_id id, instant at, viewer const& who) const {
    GUICHET_LET(auto const now, find(id, who));
    auto const in_force = config();
    GUICHET_LET(access::role const* const as, in_force->roles->find(who));
    GUICHET_LET(auto const stored, store_->read_history(id));
    GUICHET_LET(auto const texts, store_->read_texts(id));
    GUICHET_LET(auto const events, detail::from_stored(stored, texts));
    auto const until =
        std::find_if(events.begin(), events.end(), [&](event const& e) { return e.at > at; }) - events.begin();
    auto const then = std::span{events}.first(static_cast<std::size_t>(until));
    ticket out;
    for (auto const& e : then)
        lifecycle::apply(out, e);
    if (out.version == 0)
        return error{reason::ticket_not_found, {{"ticket", now.number}}};
    detail::derive(out, detail::heard_in(then, *in_force->policies), *in_force, at);
    out.ordinal = now.ordinal;
    detail::hide_internal(out, *as);
    return out;
}

namespace detail {
inline bool enters_state(event_body const& body) noexcept {
    return std::visit(
        [](auto const& b) {
            return std::is_base_of_v<transition, std::remove_cvref_t<decltype(b)>> ||
                   std::is_same_v<ticket_opened, std::remove_cvref_t<decltype(b)>>;
        },
        body);
}
} // namespace detail

GUICHET_DECL result<std::vector<sla::clock>> desk::clocks(ticket const& t) const {
    auto const in_force = config();
    GUICHET_LET(auto const heard, detail::heard_of(*store_, t.id, *in_force->policies));
    return sla::clocks({t, heard}, *in_force->policies, std::max(env_.now(), t.updated_at));
}

GUICHET_DECL result<std::vector<sla::proof>> desk::explain(ticket_id id, viewer const& who) const {
    GUICHET_LET(auto const t, find(id, who));
    GUICHET_LET(auto past, detail::past_of(*store_, id));
    std::erase_if(past, [&](event const& e) { return e.version > t.version; });
    auto const in_force = config();
    auto const now = std::max(env_.now(), t.updated_at);
    auto const heard = detail::heard_in(past, *in_force->policies);
    std::vector<event const*> moves;
    for (auto const& e : past)
        if (detail::enters_state(e.body))
            moves.push_back(&e);
    std::vector<sla::proof> out;
    for (auto const& c : sla::clocks({t, heard}, *in_force->policies, now)) {
        auto& p = out.emplace_back(sla::explain({t, heard}, c, now));
        auto move = moves.begin();
        for (auto& i : p.intervals) {
            for (; move + 1 < moves.end() && (*(move + 1))->at <= i.when.from; ++move)
                ;
            if (i.kind == sla::proof_kind::paused && !i.event)
                i.event = (*move)->version;
        }
    }
    return out;
}

/// A merged ticket's conversation is read with that of the ticket it went into, so its files are too.
inline result<void> desk::seen_through_merge(ticket const& source, viewer const& who) const {
    auto into = source.merged_into;
    for (std::size_t hops = 0; into && hops < limits::links_max; ++hops) {
        if (find(into, who))
            return {};
        GUICHET_LET(auto const next, store_->load(who.tenant, into));
        into = next ? next->merged_into : ticket_id{};
    }
    return error{reason::ticket_not_found, {{"ticket", to_string(source.id)}}};
}

GUICHET_DECL result<std::vector<std::byte>> desk::read_file(ticket_id id, std::uint32_t attachment,
                                                            viewer const& who) const {
    auto t = find(id, who);
    if (!t) { // of a ticket merged into one that the viewer may see?
        GUICHET_LET(auto const source, store_->load(who.tenant, id));
        if (!source || !source->merged_into)
            return t.error();
        GUICHET_TRY(seen_through_merge(*source, who));
        auto const in_force = config();
        GUICHET_LET(access::role const* const as, in_force->roles->find(who));
        t = *source;
        detail::hide_internal(*t, *as);
    }
    for (auto const& a : t->attachments)
        if (a.no == attachment && !a.redacted)
            return store_->read_blob(a.digest);
    return error{reason::message_not_found, {{"message", std::to_string(attachment)}}};
}

GUICHET_DECL result<std::vector<event>> desk::read_log(std::uint64_t after_seq, std::size_t limit,
                                                       viewer const& who) const {
    GUICHET_TRY(config()->roles->require(who, access::audit));
    std::vector<event> out;
    while (out.size() < limit) { // events of other tenants stand between, so one read may give fewer than wanted
        GUICHET_LET(auto stored, store_->read_log(after_seq, limit));
        if (stored.empty())
            break;
        GUICHET_LET(auto const texts, store_->read_texts_between(stored.front().seq, stored.back().seq));
        after_seq = stored.back().seq;
        std::erase_if(stored, [&](storage::stored_event const& e) { return e.tenant != who.tenant; });
        stored.resize(std::min(stored.size(), limit - out.size()));
        GUICHET_LET(auto events, detail::from_stored(stored, texts));
        std::move(events.begin(), events.end(), std::back_inserter(out));
    }
    return out;
}

GUICHET_DECL std::string encode(outcome const& o) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key(o.article ? "article" : o.inquiry ? "inquiry" : "ticket");
    w.text(o.article ? to_string(o.article) : o.inquiry ? to_string(o.inquiry) : to_string(o.ticket));
    w.key("number");
    w.text(o.number);
    w.key("version");
    w.number(o.version);
    w.key("repeated");
    w.boolean(o.repeated);
    w.key("events");
    w.begin_array();
    for (auto const& e : o.events)
        w.raw(encode(e));
    w.end_array();
    w.end_object();
    return out;
}

GUICHET_DECL std::string encode(message const& m) {
    std::string out;
    json::writer w{out};
    json::write(w, m, json::fullness::full);
    return out;
}

} // namespace guichet::inline v0
