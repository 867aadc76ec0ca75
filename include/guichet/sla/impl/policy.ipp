#pragma once
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/sla/policy.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace guichet::inline v0::sla {
namespace detail {

inline error unknown(std::string path, std::string_view value, std::string known) {
    return error{reason::unknown_value,
                 {{"path", std::move(path)}, {"value", std::string{value}}, {"known", std::move(known)}}};
}

/// A word of an enumeration; empty means the first.
template <class E>
result<E> word(std::string const& text, std::string const& path) {
    if (text.empty())
        return E{};
    if (auto const found = json::from_text<E>(text))
        return *found;
    return unknown(path, text, json::words_of<E>());
}

/// Compiles one policy document.
template <class Calendars>
class policy_compiler {
public:
    policy_compiler(versioned_policy const& written, Calendars const& calendars,
                    std::map<std::string, std::uint32_t> const& versions, lifecycle_document const& lifecycle,
                    expr::schema const& schema)
        : document_{written.document},
          calendars_{calendars},
          versions_{versions},
          lifecycle_{lifecycle},
          schema_{schema},
          here_{"policy." + written.document.name} {
        out_.name = document_.name;
        out_.version = written.version;
        out_.family = document_.family;
    }

    result<policy> run() {
        GUICHET_LET(out_.condition, condition(document_.condition, here_ + ".condition"));
        GUICHET_LET(out_.catch_up, word<catch_up>(document_.catch_up, here_ + ".catch_up"));
        if (document_.boundary == "farthest")
            out_.boundary = time::boundary::farthest;
        else if (!document_.boundary.empty() && document_.boundary != "nearest")
            return unknown(here_ + ".boundary", document_.boundary, "nearest, farthest");
        for (std::size_t i = 0; i < document_.targets.size(); ++i)
            GUICHET_TRY(add_target(document_.targets[i], at("targets", i)));
        std::sort(out_.metrics.begin(), out_.metrics.end(),
                  [](metric const& a, metric const& b) { return std::tie(a.kind, a.key) < std::tie(b.kind, b.key); });
        metric usual;
        GUICHET_TRY(pause(document_.pause, here_ + ".pause", usual));
        for (auto& m : out_.metrics) {
            m.pause_states = usual.pause_states;
            m.pause_statuses = usual.pause_statuses;
        }
        for (std::size_t i = 0; i < document_.metrics.size(); ++i)
            GUICHET_TRY(change_metric(document_.metrics[i], at("metrics", i)));
        for (std::size_t i = 0; i < document_.thresholds.size(); ++i)
            GUICHET_TRY(add_threshold(document_.thresholds[i], at("thresholds", i)));
        return std::move(out_);
    }

private:
    std::string at(std::string_view list, std::size_t i) const {
        return here_ + "." + std::string{list} + "[" + std::to_string(i) + "]";
    }

    result<expr::condition> condition(raw_json const& written, std::string const& path) const {
        if (written.empty())
            return expr::condition{};
        GUICHET_LET(auto const json, json::parse(written.text));
        GUICHET_LET(auto out, expr::condition::compile(json, schema_.stored(), path));
        if (out.asks_time() || out.asks_change())
            return error{reason::bad_configuration,
                         {{"path", path},
                          {"problem", "a policy is chosen by what a ticket is, not by its age or by what changed"}}};
        return out;
    }

    std::string key_of(std::string const& metric) const {
        return out_.family.empty() ? metric : out_.family + "/" + metric;
    }
    metric* find(std::string const& name) noexcept {
        auto const found = std::find_if(out_.metrics.begin(), out_.metrics.end(),
                                        [&](metric const& m) { return m.key == key_of(name); });
        return found == out_.metrics.end() ? nullptr : &*found;
    }
    /// What a name stands for: a metric of the policy's own where it says how that starts, else one of those built in.
    result<metric_kind> kind_of(std::string const& name, std::string const& path) const {
        if (name.empty())
            return error{reason::missing_field, {{"path", path}}};
        if (std::any_of(document_.metrics.begin(), document_.metrics.end(),
                        [&](metric_definition const& m) { return m.metric == name && !m.start.empty(); }))
            return metric_kind::declared;
        auto const found = json::from_text<metric_kind>(name);
        if (found && *found != metric_kind::declared)
            return *found;
        std::string known;
        for (auto kind = metric_kind::first_response; kind < metric_kind::declared;
             kind = static_cast<metric_kind>(static_cast<int>(kind) + 1))
            known.append(json::to_text(kind)).append(", ");
        return unknown(path, name, known + "those that `metrics` declares with a `start`");
    }

    result<void> add_target(target_definition const& written, std::string const& here) {
        GUICHET_LET(auto const kind, kind_of(written.metric, here + ".metric"));
        target out;
        out.priority = written.priority;
        bool const priority_known =
            written.priority.empty() || std::any_of(lifecycle_.priorities.begin(), lifecycle_.priorities.end(),
                                                    [&](labelled const& p) { return p.name == written.priority; });
        if (!priority_known)
            return unknown(here + ".priority", written.priority, "the lifecycle's priorities");
        GUICHET_LET(out.condition, condition(written.condition, here + ".condition"));
        out.until_field = written.until_field;
        out.end_of_day = written.end_of_day;
        if (out.until_field.empty())
            GUICHET_TRY(length(written.within, here + ".within", out));
        auto const& name = written.calendar.empty() ? document_.calendar : written.calendar;
        auto const calendar = calendars_.find(name);
        if (calendar == calendars_.end())
            return unknown(here + ".calendar", name, "the calendars that are stored");
        out.calendar = &calendar->second;
        out.calendar_name = name;
        if (auto const version = versions_.find(name); version != versions_.end())
            out.calendar_version = version->second;
        auto* m = find(written.metric);
        if (!m) {
            m = &out_.metrics.emplace_back();
            m->kind = kind;
            m->key = key_of(written.metric);
        }
        m->targets.push_back(std::move(out));
        return {};
    }

    /// "4h", or "3wd" for working days.
    static result<void> length(std::string const& text, std::string const& path, target& into) {
        if (text.ends_with("wd")) {
            auto const end = text.data() + text.size() - 2;
            auto const read = std::from_chars(text.data(), end, into.working_days);
            if (read.ec != std::errc{} || read.ptr != end || into.working_days < 1)
                return error{reason::bad_value,
                             {{"path", path}, {"value", text}, {"hint", "write working days as in \"3wd\""}}};
            return {};
        }
        GUICHET_LET(into.within, time::parse_duration(text, path));
        return {};
    }

    /// A pause names a state or a status.
    result<void> pause(std::vector<std::string> const& names, std::string const& here, metric& into) const {
        into.pause_states.clear();
        into.pause_statuses.clear();
        for (std::size_t i = 0; i < names.size(); ++i) {
            bool known = false;
            std::string choice;
            for (auto const& state : lifecycle_.states) {
                bool const named = state.name == names[i], meant = to_string(state.status) == names[i];
                if (named)
                    into.pause_states.push_back(state.name);
                if (meant)
                    into.pause_statuses.push_back(state.status);
                known = known || named || meant;
                choice.append(choice.empty() ? "" : ", ").append(state.name);
            }
            if (!known)
                return unknown(here + "[" + std::to_string(i) + "]", names[i], choice);
        }
        return {};
    }

    /// The conditions that a metric hears in the log.
    result<void> listen(metric_definition const& written, std::string const& here, metric& into) const {
        struct entry {
            std::string_view name;
            signal_kind kind;
            raw_json const& condition;
            bool of_own; ///< only where the metric is the administrator's own
        };
        entry const entries[]{{".cancel", signal_kind::cancel, written.cancel, true},
                              {".stop", signal_kind::stop, written.stop, true},
                              {".reset", signal_kind::reset, written.reset, true},
                              {".start", signal_kind::start, written.start, true},
                              {".resume_when", signal_kind::resume, written.resume_when, false},
                              {".pause_when", signal_kind::pause, written.pause_when, false}};
        auto const refused = [&](std::string_view name, std::string problem) {
            return error{reason::bad_configuration,
                         {{"path", here + std::string{name}}, {"problem", std::move(problem)}}};
        };
        if (json::from_text<metric_kind>(written.metric) && !written.start.empty())
            return refused(".start", "the metric \"" + written.metric + "\" is built in; give yours another name");
        if (into.kind == metric_kind::declared && written.stop.empty() && written.cancel.empty())
            return error{reason::missing_field, {{"path", here + ".stop"}}};
        if (!written.resume_when.empty() && written.pause_when.empty())
            return error{reason::missing_field, {{"path", here + ".pause_when"}}};
        for (auto const& one : entries) {
            if (one.condition.empty())
                continue;
            if (one.of_own && into.kind != metric_kind::declared)
                return refused(one.name, "a metric that is built in can only be paused by conditions");
            auto const path = here + std::string{one.name};
            GUICHET_LET(auto const json, json::parse(one.condition.text));
            GUICHET_LET(auto compiled, expr::condition::compile(json, schema_.stored(), path));
            if (compiled.asks_time())
                return refused(one.name, "it is asked when something happens to a ticket, not while time passes");
            for (auto const field : compiled.fields())
                if (is_free_text(field))
                    return refused(one.name, "\"" + std::string{schema_[field].name} +
                                                 "\" is free text, which may be erased from the log");
            if (one.kind == signal_kind::pause)
                into.pause_name = compiled.to_text();
            into.resumes = into.resumes || one.kind == signal_kind::resume;
            into.conditions.emplace_back(one.kind, std::move(compiled));
        }
        return {};
    }
    bool is_free_text(std::uint32_t field) const {
        std::string_view const name = schema_[field].name;
        return name == "subject" || name == "resolution" || name == "satisfaction_text" ||
               std::any_of(lifecycle_.fields.begin(), lifecycle_.fields.end(),
                           [&](field_definition const& f) { return f.type == "text" && name == "fields." + f.name; });
    }

    result<metric*> named(std::string const& name, std::string const& here) {
        GUICHET_TRY(kind_of(name, here + ".metric"));
        if (auto* const found = find(name))
            return found;
        return error{reason::bad_configuration,
                     {{"path", here + ".metric"}, {"problem", "the policy has no target for " + name}}};
    }

    result<void> change_metric(metric_definition const& written, std::string const& here) {
        GUICHET_LET(auto* const m, named(written.metric, here));
        if (written.pause)
            GUICHET_TRY(pause(*written.pause, here + ".pause", *m));
        m->pause_excludes_time = written.pause_excludes_time;
        GUICHET_TRY(listen(written, here, *m));
        struct mode {
            metric_kind kind;
            std::string_view word;
            bool begins_anew, only_while_answered;
        };
        static constexpr mode modes[]{{metric_kind::next_response, "first_unanswered", false, false},
                                      {metric_kind::next_response, "last_contact", true, false},
                                      {metric_kind::periodic_update, "always", false, false},
                                      {metric_kind::periodic_update, "unless_waiting", false, true},
                                      {metric_kind::resolution, "resume", false, false},
                                      {metric_kind::resolution, "restart", true, false}};
        std::string known;
        for (auto const& one : modes) {
            if (one.kind != m->kind)
                continue;
            known.append(known.empty() ? "" : ", ").append(one.word);
            if (one.word == written.mode) {
                m->begins_anew = one.begins_anew;
                m->only_while_answered = one.only_while_answered;
                return {};
            }
        }
        return written.mode.empty() ? result<void>{} : unknown(here + ".mode", written.mode, known);
    }

    /// "80%", "-30min", "+1h", "+150%" (of the target, after it).
    result<void> add_threshold(threshold_definition const& written, std::string const& here) {
        GUICHET_LET(auto* const m, named(written.metric, here));
        threshold out{written.name.empty() ? written.at : written.name};
        auto const refused = [&] {
            return error{reason::bad_value,
                         {{"path", here + ".at"},
                          {"value", written.at},
                          {"hint", "write \"80%\" of the target, \"-30min\" before it or \"+1h\" after it"}}};
        };
        if (written.at.ends_with('%')) {
            auto const* const end = written.at.data() + written.at.size() - 1;
            double percent = 0;
            auto const read = std::from_chars(written.at.data(), end, percent);
            if (read.ec != std::errc{} || read.ptr != end || !(percent > 0 && percent <= 10'000))
                return refused();
            out.share = percent / 100;
        } else if (written.at.starts_with('-') || written.at.starts_with('+')) {
            GUICHET_LET(out.offset, time::parse_duration(written.at.substr(1), here + ".at"));
            if (written.at.starts_with('-'))
                out.offset = -out.offset;
        } else
            return refused();
        auto const same = [&](threshold const& other) { return other.name == out.name; };
        if (std::any_of(m->thresholds.begin(), m->thresholds.end(), same))
            return error{reason::bad_configuration,
                         {{"path", here + ".name"}, {"problem", "the metric has a threshold \"" + out.name + "\""}}};
        m->thresholds.push_back(std::move(out));
        return {};
    }

    policy_document const& document_;
    Calendars const& calendars_;
    std::map<std::string, std::uint32_t> const& versions_;
    lifecycle_document const& lifecycle_;
    expr::schema const& schema_;
    std::string here_;
    policy out_;
};

} // namespace detail

GUICHET_DECL target const* metric::find(ticket const& t, expr::schema const& schema, instant now) const noexcept {
    target const *by_priority = nullptr, *general = nullptr;
    for (auto const& one : targets) {
        if (!one.condition.always()) {
            bool const meant = one.priority.empty() || one.priority == t.priority;
            if (meant && one.condition.evaluate(ticket_record{t, schema}, ticket_context(now)))
                return &one;
        } else if (one.priority.empty()) {
            general = general ? general : &one;
        } else if (one.priority == t.priority && !by_priority)
            by_priority = &one;
    }
    return by_priority ? by_priority : general;
}

GUICHET_DECL bool metric::pauses(state_span const& span) const noexcept {
    auto const among = [](auto const& list, auto const& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    return !is_open(span.status) || among(pause_statuses, span.status) || among(pause_states, span.state);
}

GUICHET_DECL bool policy_set::holds(expr::condition const& condition, ticket const& t, instant now) const noexcept {
    return condition.always() || condition.evaluate(ticket_record{t, schema_}, ticket_context(now));
}

GUICHET_DECL result<std::shared_ptr<policy_set const>> policy_set::compile(
    std::map<std::string, time::calendar> calendars, std::vector<versioned_policy> policies,
    lifecycle_document const& lifecycle, expr::schema const& schema,
    std::map<std::string, std::uint32_t> const& calendar_versions) {
    auto out = std::make_shared<policy_set>();
    out->schema_ = schema;
    for (auto& [name, calendar] : calendars)
        out->calendars_.emplace(name, std::move(calendar));
    std::stable_sort(policies.begin(), policies.end(), [](versioned_policy const& a, versioned_policy const& b) {
        return std::tie(a.document.family, a.document.position, a.document.name) <
               std::tie(b.document.family, b.document.position, b.document.name);
    });
    for (auto const& written : policies) {
        GUICHET_LET(
            auto compiled,
            detail::policy_compiler(written, out->calendars_, calendar_versions, lifecycle, out->schema_).run());
        out->policies_.push_back(std::move(compiled));
    }
    for (auto const& p : out->policies_)
        for (auto const& m : p.metrics)
            if (!m.conditions.empty())
                out->listeners_.push_back(&m);
    return std::shared_ptr<policy_set const>{std::move(out)};
}

GUICHET_DECL time::calendar const* policy_set::find_calendar(std::string_view name) const noexcept {
    auto const found = calendars_.find(name);
    return found == calendars_.end() ? nullptr : &found->second;
}

GUICHET_DECL time::calendar_definition office_hours() {
    time::calendar_definition out;
    for (std::size_t day = 0; day < 5; ++day)
        out.weekly[day] = {{std::chrono::hours{9}, std::chrono::hours{18}}};
    return out;
}

GUICHET_DECL policy_document standard_policy() {
    policy_document out;
    out.name = "standard";
    out.position = 1'000;
    out.calendar = "default";
    out.targets = {{"first_response", "critical", "15min", {}},
                   {"resolution", "critical", "4h", {}},
                   {"first_response", "high", "1h", {}},
                   {"resolution", "high", "9h", {}},
                   {"first_response", "low", "9h", {}},
                   {"resolution", "low", "90h", {}},
                   {"first_response", "", "4h", {}},
                   {"resolution", "", "45h", {}}};
    out.pause = {"pending", "on_hold"};
    return out;
}

} // namespace guichet::inline v0::sla
