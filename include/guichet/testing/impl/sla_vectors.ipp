#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/lifecycle/machine.hpp>
#include <guichet/sla/clock.hpp>
#include <guichet/testing/impl/vectors.ipp>

#include <cmath>

/// `ticket_sla` lines: a ticket's facts, a contract, and what its clocks say after each event. The line becomes a
/// ticket, a lifecycle and a policy document, and is judged by what judges every ticket.
namespace guichet::inline v0::testing {
namespace detail {

/// The contract of a line as a policy document.
class sla_contract {
public:
    sla_contract(object const& sla, object const& profile) : sla_{sla}, profile_{profile} {}

    result<policy_document> document() {
        out_.name = "contract";
        out_.calendar = "default";
        if (auto const* boundary = profile_.if_contains("boundary"))
            out_.boundary = std::string_view{boundary->as_string()};
        out_.pause = states("pause_states");
        GUICHET_TRY(target("first_response", "first_response_minutes"));
        GUICHET_TRY(target("next_response", "update_minutes"));
        GUICHET_TRY(target("resolution", "resolution_minutes"));
        auto const mode = word("update_mode", "next_response");
        bool const in_loop = mode == "response_and_keep_in_loop";
        if (mode == "agent_interval" && !out_.targets.empty())
            for (auto& t : out_.targets)
                if (t.metric == "next_response")
                    t.metric = "periodic_update";
        GUICHET_TRY(target("periodic_update", "keep_in_loop_minutes"));
        rule("first_response", "pause_first_response", {}, {});
        rule("resolution", "pause_resolution", {}, {});
        rule("next_response", "pause_update", mode == "last_contact" ? mode : "first_unanswered",
             "update_ignore_states");
        rule("periodic_update", "pause_update", in_loop ? "unless_waiting" : "always", "keep_in_loop_ignore_states");
        GUICHET_TRY(warnings());
        return std::move(out_);
    }

private:
    std::string word(std::string_view name, std::string_view otherwise) const {
        auto const* found = profile_.if_contains(name);
        return std::string{found ? std::string_view{found->as_string()} : otherwise};
    }
    std::vector<std::string> states(std::string_view name) const {
        std::vector<std::string> out;
        if (auto const* list = sla_.if_contains(name); list && list->is_array())
            for (auto const& state : list->get_array())
                out.emplace_back(std::string_view{state.as_string()});
        return out;
    }
    bool has(std::string_view metric) const {
        return std::any_of(out_.targets.begin(), out_.targets.end(),
                           [&](target_definition const& t) { return t.metric == metric; });
    }

    result<void> target(std::string_view metric, std::string_view key) {
        auto const* length = sla_.if_contains(key);
        if (!length || length->is_null())
            return {};
        auto& t = out_.targets.emplace_back();
        t.metric = metric;
        if (length->is_object()) {
            auto const& days = length->get_object();
            t.within = std::to_string(days.at("working_days").as_int64()) + "wd";
            t.end_of_day = days.contains("end_of_day") && days.at("end_of_day").as_bool();
        } else if (length->is_int64())
            t.within = std::to_string(length->get_int64()) + "min";
        else
            return json::wrong_type(json::path{key}, "minutes", *length);
        return {};
    }

    void rule(std::string_view metric, std::string_view pauses, std::string mode, std::string_view ignore) {
        if (!has(metric))
            return;
        metric_definition m{std::string{metric}, {}, true, std::move(mode)};
        if (auto const* on = profile_.if_contains(pauses); on && !on->as_bool())
            m.pause.emplace();
        if (!ignore.empty() && sla_.contains(ignore)) {
            m.pause = states(ignore);
            m.pause_excludes_time = sla_.contains("exclude_ignored_time") && sla_.at("exclude_ignored_time").as_bool();
        }
        out_.metrics.push_back(std::move(m));
    }

    result<void> warnings() {
        auto const* list = sla_.if_contains("warnings");
        if (!list)
            return {};
        for (auto const& one : list->as_array()) {
            auto const& w = one.as_object();
            std::string metric{std::string_view{w.at("metric").as_string()}};
            if (metric == "update")
                metric = "next_response";
            auto const& offset = w.at("offset");
            auto const seconds = offset.is_int64() ? offset.get_int64() : std::int64_t{0};
            std::string const at = offset.is_string()
                                       ? std::string{std::string_view{offset.get_string()}}
                                       : (seconds < 0 ? "-" : "+") + std::to_string(std::abs(seconds)) + "s";
            out_.thresholds.push_back({metric, std::string{std::string_view{w.at("id").as_string()}}, at});
        }
        return {};
    }

    object const& sla_;
    object const& profile_;
    policy_document out_;
};

/// A line, replayed: facts go into a ticket, and questions to its clocks.
class sla_line {
public:
    explicit sla_line(object const& line) : line_{line} {}

    outcome run() {
        GUICHET_TRY(read());
        auto const& events = line_.at("events").as_array();
        std::size_t done = 0;
        for (auto const& wanted : line_.at("expected").as_array()) {
            auto const& w = wanted.as_object();
            auto const last = static_cast<std::size_t>(w.at("after_event").as_int64());
            if (last >= events.size())
                return error{reason::bad_value, {{"path", "after_event"}, {"value", std::to_string(last)}}};
            for (; done <= last; ++done)
                GUICHET_TRY(happen(events[done].as_object()));
            GUICHET_LET(auto const at, instant_field(w.contains("now") ? w : events[last].as_object(),
                                                     w.contains("now") ? "now" : "t"));
            now_ = std::max(now_, at);
            GUICHET_LET(auto const actual, answer(w));
            object expected;
            for (auto const& [key, v] : w)
                if (key != "after_event" && key != "now")
                    expected[key] = v;
            if (expected != actual)
                return std::optional{
                    vector_mismatch{"after " + std::to_string(last) + ": " + boost::json::serialize(expected),
                                    boost::json::serialize(actual)}};
        }
        return std::optional<vector_mismatch>{};
    }

private:
    result<void> read() {
        if (auto const* profile = line_.if_contains("profile"))
            profile_ = profile->as_object();
        GUICHET_LET(auto const* events, field(line_, "events"));
        std::set<std::string> names{"new"};
        if (auto const* closed = profile_.if_contains("closed_states"))
            for (auto const& s : closed->as_array())
                closed_.emplace(std::string_view{s.as_string()});
        for (auto const* key : {"sla", "slas"})
            if (auto const* found = line_.if_contains(key); found && !found->is_null())
                for (auto const& one : found->is_array() ? found->get_array() : boost::json::array({*found})) {
                    auto const& sla = one.as_object();
                    auto const* id = sla.if_contains("id");
                    auto const name = id ? std::string{std::string_view{id->as_string()}} : std::string{};
                    slas_[name] = sla;
                    for (auto const* list : {"pause_states", "keep_in_loop_ignore_states", "update_ignore_states"})
                        if (auto const* states = sla.if_contains(list))
                            for (auto const& s : states->as_array())
                                names.emplace(std::string_view{s.as_string()});
                }
        for (auto const& e : events->as_array())
            for (auto const* key : {"state", "to"})
                if (auto const* s = e.as_object().if_contains(key); s && s->is_string())
                    names.emplace(std::string_view{s->get_string()});
        names.insert(closed_.begin(), closed_.end());
        for (auto const& name : names)
            lifecycle_.states.push_back({{name, "", ""}, closed_.contains(name) ? status::closed : status::open});
        if (line_.contains("calendar")) {
            calendar_ = line_.at("calendar");
        }
        return {};
    }

    static std::string text_of(object const& e, std::string_view name) {
        auto const* found = e.if_contains(name);
        return found && found->is_string() ? std::string{std::string_view{found->get_string()}} : std::string{};
    }

    void enter(std::string const& state, instant at) {
        auto const now = closed_.contains(state) ? status::closed : status::open;
        bool const ended = !t_.spans.empty() && !is_open(t_.spans.back().status);
        t_.spans.push_back({state, now, at});
        if (!is_open(now))
            t_.resolved_at = ended && t_.resolved_at ? t_.resolved_at : at;
        else
            t_.resolved_at.reset();
    }
    void speak(side by, instant at) {
        auto const place = std::upper_bound(t_.contacts.begin(), t_.contacts.end(), at,
                                            [](instant a, contact const& c) { return a < c.at; });
        t_.contacts.insert(place, {at, by});
    }
    void respond(instant at) {
        if (!t_.first_response_at)
            t_.first_response_at = at;
    }

    result<void> happen(object const& e) {
        GUICHET_LET(auto const type, text_field(e, "type"));
        GUICHET_LET(auto const at, instant_field(e, "t"));
        now_ = std::max(now_, at);
        if (type == "create") {
            t_.created_at = at;
            auto const state = text_of(e, "state");
            enter(state.empty() ? "new" : state, at);
            if (e.contains("sla"))
                chosen_ = e.at("sla").is_null() ? std::nullopt : std::optional{text_of(e, "sla")};
            else if (slas_.contains(""))
                chosen_ = "";
            auto const with = text_of(e, "contact");
            if (with == "customer")
                speak(side::requester, at);
            if (with == "agent") {
                speak(side::desk, at);
                respond(at);
            }
        } else if (type == "customer_reply" || type == "phone_in" || type == "mark_customer_contact") {
            speak(side::requester, at);
        } else if (type == "agent_reply" || type == "phone_out") {
            speak(side::desk, at);
            respond(at);
        } else if (type == "mark_agent_contact") {
            speak(side::desk, at);
        } else if (type == "mark_first_response") {
            t_.first_response_at = at;
        } else if (type == "mark_close") {
            t_.resolved_at = at;
        } else if (type == "state") {
            enter(text_of(e, "to"), at);
            if (e.contains("first_response") && e.at("first_response").as_bool())
                respond(at);
        } else if (type == "sla_change") {
            chosen_ = e.at("to").is_null() ? std::nullopt : std::optional{text_of(e, "to")};
        } else if (type == "calendar_change") {
            calendar_ = e.at("calendar");
        } else if (type != "note_internal" && type != "note_public" && type != "priority")
            return error{reason::unknown_value,
                         {{"path", "events.type"}, {"value", std::string{type}}, {"known", "those of the README"}}};
        return {};
    }

    result<std::shared_ptr<sla::policy_set const>> policies() const {
        std::map<std::string, time::calendar> calendars;
        std::vector<sla::versioned_policy> list;
        if (chosen_) {
            auto const& sla = slas_.at(*chosen_);
            auto const* own = sla.if_contains("calendar");
            auto const& written = own ? line_.at("calendars").as_object().at(own->as_string()) : calendar_;
            GUICHET_LET(auto definition, decode_calendar(written, "calendar"));
            GUICHET_LET(auto compiled, time::calendar::compile(std::move(definition), "calendar"));
            calendars.emplace("default", std::move(compiled));
            GUICHET_LET(auto document, sla_contract(sla, profile_).document());
            list.push_back({std::move(document), 1});
        }
        return sla::policy_set::compile(std::move(calendars), std::move(list), lifecycle_, expr::schema{});
    }

    // --- answers

    static std::string_view metric_of(std::string_view prefix) { return prefix == "update" ? "next_response" : prefix; }

    result<object> answer(object const& wanted) {
        GUICHET_LET(auto const set, policies());
        clocks_ = sla::clocks(t_, *set, now_);
        object out;
        for (auto const& [key, expected] : wanted) {
            std::string_view const name = key;
            if (name == "after_event" || name == "now")
                continue;
            GUICHET_LET(out[name], one_answer(name, *set));
        }
        return out;
    }

    result<value> one_answer(std::string_view name, sla::policy_set const& set) {
        if (name == "first_response_at")
            return to_json(t_.first_response_at);
        if (name == "next_due")
            return to_json(next_due());
        if (name == "paused")
            return value(stands());
        if (name == "hold_sec")
            return to_json(held(set));
        if (name.starts_with("warn:"))
            return to_json(warned(name.substr(5)));
        for (std::string_view const metric : {"first_response", "update", "resolution"}) {
            if (!name.starts_with(metric))
                continue;
            auto const asked = name.substr(metric.size() + 1);
            if (metric == "update" && (asked == "in_min" || asked == "diff_min"))
                return worst_exchange(set, asked == "diff_min");
            return of_clock(find(metric_of(metric)), asked);
        }
        return error{reason::unknown_value, {{"path", std::string{name}}, {"value", std::string{name}}, {"known", ""}}};
    }

    sla::clock const* find(std::string_view metric) const {
        sla::clock const* out = nullptr;
        for (auto const& c : clocks_)
            if (c.metric == metric ||
                (metric == "next_response" && c.metric == "periodic_update" && !c.cancelled && (!out || out->stopped)))
                out = &c;
        return out;
    }

    /// What is shown as the deadline under the line's profile.
    std::optional<instant> due_of(sla::clock const* c) const {
        if (!c)
            return {};
        auto const* kept = profile_.if_contains("met_due");
        auto const* computed = profile_.if_contains("paused_due");
        if (c->stopped)
            return kept && *kept == "kept" ? projected(*c) : std::nullopt;
        if (c->paused_since)
            return computed && *computed == "computed" ? projected(*c) : std::nullopt;
        return c->due;
    }
    /// Goes on counting where the clock stands.
    std::optional<instant> projected(sla::clock const& c) const {
        return c.due ? c.due : c.goal->calendar->add(t_.spans.back().since, c.target - c.consumed, c.policy->boundary);
    }
    /// The tables take a pause out of what was used up only once it is over: an answer given during a pause counts it
    /// until then.
    duration used_up(sla::clock const& c) const {
        auto const& last = t_.spans.back();
        bool const within = c.stopped && c.rule->pauses(last) && is_open(last.status) && *c.stopped > last.since;
        return within && c.rule->pause_excludes_time
                   ? c.consumed + c.goal->calendar->between(std::max(last.since, c.started), *c.stopped)
                   : c.consumed;
    }
    std::optional<instant> next_due() const {
        std::optional<instant> out;
        for (auto const& c : clocks_)
            if (auto const due = c.stopped ? std::nullopt : due_of(&c); due && (!out || *due < *out))
                out = due;
        return out;
    }
    bool stands() const {
        if (!chosen_)
            return false;
        auto const* list = slas_.at(*chosen_).if_contains("pause_states");
        auto const& state = t_.spans.back().state;
        return list && std::any_of(list->as_array().begin(), list->as_array().end(),
                                   [&](value const& s) { return s == value(std::string_view{state}); });
    }
    duration held(sla::policy_set const& set) const {
        duration out{};
        if (!chosen_)
            return out;
        auto const& policy = set.policies().front();
        auto const& rule = policy.metrics.back();
        auto const pauses = [&](state_span const& s) {
            return std::find(rule.pause_states.begin(), rule.pause_states.end(), s.state) != rule.pause_states.end();
        };
        for (std::size_t i = 0; i + 1 < t_.spans.size(); ++i)
            if (pauses(t_.spans[i]))
                out += rule.targets.front().calendar->between(t_.spans[i].since, t_.spans[i + 1].since);
        return out;
    }
    std::optional<instant> warned(std::string_view id) const {
        for (auto const& c : clocks_)
            for (auto const& point : c.rule->thresholds)
                if (point.name == id && !c.stopped && !c.paused_since)
                    return sla::reaches(t_, c, point.level(c.target));
        return {};
    }

    static value minutes(duration d) { return value(std::chrono::floor<std::chrono::minutes>(d).count()); }
    result<value> worst_exchange(sla::policy_set const& set, bool left) const {
        std::optional<duration> worst, target;
        for (auto const& rule : set.policies().front().metrics) {
            if (rule.kind != sla::metric_kind::next_response)
                continue;
            auto const* goal = rule.find(t_, set.schema(), now_);
            for (auto const& one : sla::cycles(t_, rule)) {
                auto const c = sla::measure(t_, set.policies().front(), rule, *goal, one, now_);
                if (one.stopped)
                    worst = std::max(worst.value_or(duration{}), used_up(c));
                target = c.target;
            }
        }
        if (!worst)
            return value();
        return left ? value(std::chrono::floor<std::chrono::minutes>(*target).count() -
                            std::chrono::floor<std::chrono::minutes>(*worst).count())
                    : minutes(*worst);
    }

    result<value> of_clock(sla::clock const* c, std::string_view asked) const {
        if (asked == "due")
            return to_json(due_of(c));
        if (asked == "breached") {
            if (!c || (c->metric != "first_response" && c->metric != "resolution" && c->stopped))
                return value(false);
            auto const due = c->stopped && used_up(*c) != c->consumed ? projected(*c) : c->due;
            return value(due && c->stopped.value_or(now_) > *due);
        }
        bool const done = c && c->stopped;
        if (asked == "in_min")
            return done ? minutes(used_up(*c)) : value();
        if (asked == "diff_min")
            return done ? value(std::chrono::floor<std::chrono::minutes>(c->target).count() -
                                std::chrono::floor<std::chrono::minutes>(used_up(*c)).count())
                        : value();
        if (asked == "in_sec")
            return done ? to_json(used_up(*c)) : value();
        if (asked == "late_sec")
            return done ? to_json(std::max(duration{}, used_up(*c) - c->target)) : value();
        return error{reason::unknown_value,
                     {{"path", std::string{asked}}, {"value", std::string{asked}}, {"known", "due, in_min, ..."}}};
    }

    object const& line_;
    object profile_;
    value calendar_;
    std::map<std::string, object> slas_;
    std::set<std::string> closed_;
    lifecycle_document lifecycle_;
    std::optional<std::string> chosen_;
    ticket t_;
    instant now_;
    std::vector<sla::clock> clocks_;
};

inline outcome ticket_sla(object const& line) try {
    return sla_line{line}.run();
} catch (boost::system::system_error const& wrong) { // an `as_` or `at` that the line does not fit
    return error{reason::bad_value, {{"path", "ticket_sla"}, {"value", wrong.what()}, {"hint", "see the README"}}};
} catch (std::out_of_range const& wrong) {
    return error{reason::bad_value, {{"path", "ticket_sla"}, {"value", wrong.what()}, {"hint", "see the README"}}};
}

} // namespace detail

GUICHET_DECL vector_kinds sla_vector_kinds() { return {{"ticket_sla", &detail::ticket_sla}}; }

} // namespace guichet::inline v0::testing
