#pragma once
#include <guichet/engine/answers.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>

#include <utility>

namespace guichet::inline v0 {
namespace detail {

/// JSON of a value: by the `encode` of its type where there is one, else by its description.
template <class T>
void write_answer(json::writer& out, T const& value) {
    if constexpr (requires { encode(value); })
        out.raw(encode(value));
    else if constexpr (json::detail::is_vector<T>) {
        out.begin_array();
        for (auto const& one : value)
            write_answer(out, one);
        out.end_array();
    } else if constexpr (json::detail::is_optional<T>)
        value ? write_answer(out, *value) : out.null();
    else if constexpr (std::same_as<T, duration>)
        out.number(std::int64_t{std::chrono::floor<std::chrono::seconds>(value).count()});
    else
        json::write(out, value, json::fullness::full);
}

template <class T>
std::string answer(T const& value) {
    std::string out;
    json::writer w{out};
    write_answer(w, value);
    return out;
}

/// Writes an object member by member.
class answer_object {
public:
    answer_object() { writer_.begin_object(); }
    answer_object(answer_object const&) = delete;
    answer_object& operator=(answer_object const&) = delete;

    template <class T>
    answer_object& add(std::string_view name, T const& value) {
        writer_.key(name);
        write_answer(writer_, value);
        return *this;
    }
    /// What is JSON already; nothing is null.
    answer_object& raw(std::string_view name, std::string_view json) {
        writer_.key(name);
        writer_.raw(json.empty() ? "null" : json);
        return *this;
    }
    std::string done() {
        writer_.end_object();
        return std::move(text_);
    }

private:
    std::string text_;
    json::writer writer_{text_};
};

} // namespace detail

GUICHET_DECL std::string encode(error const& e) {
    detail::answer_object context;
    for (auto const& [key, value] : e.context())
        context.add(key, value);
    return detail::answer_object{}
        .add("code", info(e.code()).name)
        .add("reason", info(e.why()).name)
        .add("detail", e.describe())
        .add("detail_fr", e.describe(language::fr))
        .raw("context", context.done())
        .done();
}

GUICHET_DECL std::string encode(page const& p) {
    return detail::answer_object{}.add("tickets", p.tickets).add("next", p.next).done();
}

GUICHET_DECL std::string encode(article_page const& p) {
    return detail::answer_object{}.add("articles", p.articles).add("next", p.next).done();
}

GUICHET_DECL std::string encode(sla::clock const& c) {
    return detail::answer_object{}
        .add("metric", c.metric)
        .add("policy", c.policy ? c.policy->name : std::string{})
        .add("cycle", c.cycle)
        .add("target_seconds", c.target)
        .add("consumed_seconds", c.consumed)
        .add("started", c.started)
        .add("stopped", c.stopped)
        .add("due", c.due)
        .add("paused", c.paused_since.has_value())
        .add("cancelled", c.cancelled)
        .done();
}

GUICHET_DECL std::string encode(pump_report const& r) {
    return detail::answer_object{}
        .add("timers_fired", r.timers_fired)
        .add("timers_fenced", r.timers_fenced)
        .add("next", r.next)
        .done();
}

GUICHET_DECL std::string encode(verify_report const& r) {
    return detail::answer_object{}
        .add("events", r.events)
        .add("tickets", r.tickets)
        .add("articles", r.articles)
        .add("chain", r.chain)
        .add("problems", r.problems)
        .done();
}

GUICHET_DECL std::string encode(change_preview const& p) {
    return detail::answer_object{}
        .add("open_tickets", p.open_tickets)
        .add("affected", p.affected)
        .add("deadlines_moved", p.deadlines_moved)
        .add("become_late", p.become_late)
        .add("become_safe", p.become_safe)
        .add("would_fire", p.would_fire)
        .add("priorities_differ", p.priorities_differ)
        .add("moved", p.moved)
        .done();
}

GUICHET_DECL std::string encode(moved_deadline const& m) {
    return detail::answer_object{}
        .add("ticket", m.ticket)
        .add("number", m.number)
        .add("metric", m.metric)
        .add("from", m.from)
        .add("to", m.to)
        .done();
}

GUICHET_DECL std::string encode(kept_decision const& d) {
    return detail::answer_object{}
        .add("ticket", d.ticket)
        .add("version", d.ticket_version)
        .add("at", d.at)
        .add("decision", d.what)
        .done();
}

GUICHET_DECL std::string encode(std::vector<routing::transfer> const& plan) {
    std::string out;
    json::writer w{out};
    w.begin_array();
    for (auto const& one : plan)
        w.raw(detail::answer_object{}.add("ticket", one.ticket).add("number", one.number).add("to", one.to).done());
    w.end_array();
    return out;
}

GUICHET_DECL std::string encode(kb::guide const& g) {
    return detail::answer_object{}.add("version", g.version).add("guide", g.written).done();
}

GUICHET_DECL std::string encode(rules::wording const& w) {
    return detail::answer_object{}
        .add("language", w.language)
        .add("subject", w.subject)
        .add("text", w.text)
        .add("html", w.html)
        .done();
}

GUICHET_DECL std::string encode(document const& d) {
    return detail::answer_object{}
        .add("kind", d.kind)
        .add("id", d.id)
        .add("version", d.version)
        .raw("body", d.body)
        .add("author", d.author)
        .add("at", d.at)
        .done();
}

GUICHET_DECL std::string encode(storage::counter const& c) {
    return detail::answer_object{}.add("count", c.count).add("exact", c.exact).done();
}

GUICHET_DECL std::string encode(storage::store_stats const& s) {
    return detail::answer_object{}
        .add("tickets", s.tickets)
        .add("articles", s.articles)
        .add("events", s.events)
        .add("texts", s.texts)
        .add("timers", s.timers)
        .add("receipts", s.receipts)
        .add("blobs", s.blobs)
        .add("documents", s.documents)
        .add("bytes", s.bytes)
        .add("schema_version", s.schema_version)
        .done();
}

GUICHET_DECL std::string encode(storage::outbox_entry const& e) {
    return detail::answer_object{}
        .add("id", e.id)
        .add("kind", e.kind)
        .add("tenant", e.tenant)
        .add("ticket", e.ticket)
        .add("attempts", e.attempts)
        .raw("body", e.body)
        .done();
}

GUICHET_DECL std::string encode(delivery_report const& r) {
    return detail::answer_object{}.add("sent", r.sent).add("failed", r.failed).add("parked", r.parked).done();
}

} // namespace guichet::inline v0
