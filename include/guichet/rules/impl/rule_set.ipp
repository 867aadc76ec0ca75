#pragma once
#include <guichet/json/path.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/rules/impl/rule_index.ipp>
#include <guichet/rules/rule_set.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <tuple>

namespace guichet::inline v0::rules {
namespace detail {

inline constexpr std::size_t event_types = std::variant_size_v<event_body>;
static_assert(event_types < 64);

inline error refused(std::string path, std::string problem) {
    return error{reason::bad_configuration, {{"path", std::move(path)}, {"problem", std::move(problem)}}};
}
inline error unknown(std::string path, std::string value, std::string known) {
    return error{reason::unknown_value,
                 {{"path", std::move(path)}, {"value", std::move(value)}, {"known", std::move(known)}}};
}

/// Whether a rule may say this. What destroys, takes apart or needs a person's hand is for persons.
inline bool may_act(command_body const& wish) noexcept {
    return !is_any<fire_timer, run_macro, unmerge_ticket, split_message, redact_ticket, attach_file,
                   acknowledge_escalation, link_article, unlink_article, answer_guide, draft_article, resolve_family,
                   undo_family, post_update, rate_ticket, tell_trend>(wish) &&
           !is_about_article(wish) && !is_about_inquiry(wish);
}

/// What an action has beside a command.
struct action_extras {
    std::string on{}, wording{};
};
BOOST_DESCRIBE_STRUCT(action_extras, (), (on, wording))
/// `{"mail": {"to": ["requester"], "wording": "received"}}`, and `{"call": {"name": "order_toner", "arguments": {}}}`.
struct written_notice {
    std::vector<std::string> to{};
    std::string wording{}, name{};
    raw_json arguments{};
};
BOOST_DESCRIBE_STRUCT(written_notice, (), (to, wording, name, arguments))

/// Compiles one rule.
class rule_compiler {
public:
    rule_compiler(rule_definition const& written, std::string here, expr::schema const& schema,
                  calendar_finder const& find_calendar, wording_finder const& find_wording)
        : written_{written},
          here_{std::move(here)},
          schema_{schema},
          find_calendar_{find_calendar},
          find_wording_{find_wording} {}

    result<rule> run() {
        if (written_.name.empty())
            return error{reason::missing_field, {{"path", here_ + ".name"}}};
        if (!written_.kind.empty()) {
            auto const kind = json::from_text<rule_kind>(written_.kind);
            if (!kind)
                return unknown(here_ + ".kind", written_.kind, json::words_of<rule_kind>());
            out_.kind = *kind;
        }
        GUICHET_TRY(listen());
        GUICHET_TRY(compile_condition());
        GUICHET_TRY(calendar(written_.hours, here_ + ".hours", out_.hours));
        for (std::size_t i = 0; i < written_.actions.size(); ++i)
            GUICHET_TRY(add_action(written_.actions[i], here_ + ".actions[" + std::to_string(i) + "]"));
        out_.stop = written_.stop;
        out_.message_en = written_.message_en;
        out_.message_fr = written_.message_fr.empty() ? written_.message_en : written_.message_fr;
        GUICHET_TRY(check_kind());
        return std::move(out_);
    }

private:
    result<void> listen() {
        for (std::size_t i = 0; i < written_.on.size(); ++i) {
            std::string known;
            std::uint64_t bit = 0;
            for (std::size_t type = 0; type < event_types; ++type) {
                known.append(known.empty() ? "" : ", ").append(type_name(type));
                if (type_name(type) == written_.on[i])
                    bit = std::uint64_t{1} << type;
            }
            if (!bit)
                return unknown(here_ + ".on[" + std::to_string(i) + "]", written_.on[i], known);
            out_.on |= bit;
        }
        return {};
    }

    result<void> compile_condition() {
        if (written_.when.empty())
            return {};
        GUICHET_LET(auto const json, json::parse(written_.when.text));
        GUICHET_LET(out_.condition, expr::condition::compile(json, schema_, here_ + ".when"));
        bool const on_change = out_.kind == rule_kind::trigger || out_.kind == rule_kind::guard;
        if (out_.condition.asks_change() && !on_change)
            return refused(here_ + ".when", "a " + written_.kind + " runs when nothing changes");
        return {};
    }

    result<void> calendar(std::string const& name, std::string path, time::calendar const*& into) const {
        into = name.empty() ? nullptr : find_calendar_(name);
        return name.empty() || into ? result<void>{}
                                    : result<void>{unknown(std::move(path), name, "the calendars that are stored")};
    }

    result<void> add_action(raw_json const& text, std::string const& here) {
        GUICHET_LET(auto json, json::parse(text.text));
        auto* object = json.if_object();
        if (!object)
            return json::wrong_type(json::path(here), "an object", json);
        action out;
        GUICHET_TRY(read_target(*object, out, here));
        if (auto const* steps = object->if_contains("raise_priority")) {
            GUICHET_TRY(read_steps(*steps, *object, out, here + ".raise_priority"));
        } else if (auto const channel = channel_of(*object)) {
            GUICHET_TRY(read_notice(*channel, *object, out, here));
        } else {
            GUICHET_TRY(read_wish(*object, out, here));
        }
        out_.actions.push_back(std::move(out));
        return {};
    }

    /// Takes `on` and, of a command, `wording` out of what is written.
    result<void> read_target(boost::json::object& from, action& out, std::string const& here) const {
        if (auto const* on = from.if_contains("on")) {
            auto const* name = on->if_string();
            auto const known = name ? json::from_text<action_target>(std::string_view{*name}) : std::nullopt;
            if (!known)
                return unknown(here + ".on", boost::json::serialize(*on), json::words_of<action_target>());
            out.on = *known;
            from.erase("on");
        }
        if (auto const* wording = from.if_contains("wording")) {
            GUICHET_TRY(json::read(*wording, out.wording, json::path(here + ".wording")));
            GUICHET_TRY(check_wording(out.wording, here + ".wording"));
            from.erase("wording");
        }
        return {};
    }

    result<void> check_wording(std::string const& name, std::string path) const {
        if (name.empty() || (find_wording_ && find_wording_(name)))
            return {};
        return unknown(std::move(path), name, "the templates that are stored");
    }

    static result<void> read_steps(boost::json::value const& written, boost::json::object const& whole, action& out,
                                   std::string path) {
        auto const* steps = written.if_int64();
        if (!steps || *steps == 0 || *steps < -10 || *steps > 10 || whole.size() != 1)
            return error{reason::bad_value,
                         {{"path", std::move(path)},
                          {"value", boost::json::serialize(written)},
                          {"hint", "write how many steps, as in {\"raise_priority\": 1}"}}};
        out.raise_priority = static_cast<int>(*steps);
        return {};
    }

    static std::optional<notice_channel> channel_of(boost::json::object const& whole) {
        return whole.size() == 1 ? json::from_text<notice_channel>(std::string_view{whole.begin()->key()})
                                 : std::nullopt;
    }

    result<void> read_notice(notice_channel channel, boost::json::object const& whole, action& out,
                             std::string const& here) const {
        auto const at = here + "." + std::string{json::to_text(channel)};
        written_notice written;
        GUICHET_TRY(json::read(whole.begin()->value(), written, json::path(at)));
        if (out.on != action_target::itself || !out.wording.empty())
            return refused(at, "\"on\" is for commands, and \"wording\" stands inside");
        auto& to = out.notice.emplace();
        to.channel = channel;
        if (channel == notice_channel::call) {
            if (written.name.empty())
                return error{reason::missing_field, {{"path", at + ".name"}}};
            to.to = {written.name};
            to.arguments = std::move(written.arguments);
            return {};
        }
        if (written.to.empty())
            return error{reason::missing_field, {{"path", at + ".to"}}};
        if (written.wording.empty() && channel != notice_channel::webhook)
            return error{reason::missing_field, {{"path", at + ".wording"}}};
        GUICHET_TRY(check_wording(written.wording, at + ".wording"));
        to.to = std::move(written.to);
        to.wording = std::move(written.wording);
        return {};
    }

    result<void> read_wish(boost::json::object const& from, action& out, std::string const& here) const {
        auto wish = read_command(boost::json::value(from));
        if (!wish)
            return prefixed(wish.error(), here);
        if (!may_act(wish->body))
            return refused(here + ".command", "a rule cannot say " + std::string{name_of(wish->body)});
        if (auto const* asks = std::get_if<ask_rating>(&wish->body))
            GUICHET_TRY(check_wording(asks->question, here + ".question"));
        bool const speaks = is_any<reply, add_note, open_ticket, gather_tickets>(wish->body);
        if (!out.wording.empty() && !speaks)
            return refused(here + ".wording", "only reply, add_note, open_ticket and gather_tickets speak");
        if (auto const* said = std::get_if<reply>(&wish->body); said && !said->canned.empty())
            return refused(here + ".canned", "a rule speaks by a template, named as its wording");
        bool const opens = std::holds_alternative<open_ticket>(wish->body);
        if (opens && out.on != action_target::itself)
            return refused(here + ".on", "a new ticket is a child of the rule's own ticket");
        out.wish = std::move(wish->body);
        return {};
    }

    /// The error of an action, whose path begins where the action stands.
    static error prefixed(error const& of, std::string const& here) {
        error out{of.why()};
        for (auto const& [key, value] : of.context())
            (void)std::move(out).with(key, key == "path" ? here + "." + value : value);
        return out;
    }

    result<void> check_kind() {
        bool const guards = out_.kind == rule_kind::guard;
        if (guards && written_.message_en.empty())
            return error{reason::missing_field, {{"path", here_ + ".message_en"}}};
        if (guards && !out_.actions.empty())
            return refused(here_ + ".actions", "a guard refuses, and does nothing else");
        if (!guards && out_.actions.empty())
            return error{reason::missing_field, {{"path", here_ + ".actions"}}};
        bool const on_change = out_.kind == rule_kind::trigger || guards;
        if (out_.on && !on_change)
            return refused(here_ + ".on", "only triggers and guards answer events");
        if (out_.kind != rule_kind::schedule)
            return written_.schedule.since.empty()
                       ? result<void>{}
                       : result<void>{refused(here_ + ".schedule", "only a rule of kind schedule has one")};
        auto const field = schema_.find(written_.schedule.since);
        if (!field || schema_[*field].type != expr::field_type::instant)
            return unknown(here_ + ".schedule.since", written_.schedule.since,
                           "fields that hold an instant: created_at, updated_at, due_at, resolved_at ...");
        out_.since = *field;
        auto const& delay = written_.schedule.delay;
        bool const before = delay.starts_with('-');
        GUICHET_LET(out_.delay, time::parse_duration(before ? delay.substr(1) : delay, here_ + ".schedule.delay"));
        if (before)
            out_.delay = -out_.delay;
        return calendar(written_.schedule.calendar, here_ + ".schedule.calendar", out_.calendar);
    }

    rule_definition const& written_;
    std::string here_;
    expr::schema const& schema_;
    calendar_finder const& find_calendar_;
    wording_finder const& find_wording_;
    rule out_;
};

} // namespace detail

GUICHET_DECL std::uint64_t event_bit(event_body const& body) noexcept { return std::uint64_t{1} << body.index(); }

namespace detail {
inline ticket const& no_ticket() noexcept {
    static ticket const nothing;
    return nothing;
}
} // namespace detail

GUICHET_DECL changed_record::changed_record(ticket const& current, change const& of,
                                            expr::schema const& schema) noexcept
    : current_{current, schema, nullptr, of.related},
      original_{*of.after, schema, of.before ? of.before : &detail::no_ticket(), of.related} {}

GUICHET_DECL result<std::shared_ptr<rule_set const>> rule_set::compile(std::vector<versioned_rules> sets,
                                                                       expr::schema const& schema,
                                                                       calendar_finder const& find_calendar,
                                                                       wording_finder const& find_wording) {
    auto out = std::make_shared<rule_set>();
    out->schema_ = schema;
    out->calendars_ = std::make_shared<calendar_answers>(find_calendar);
    std::stable_sort(sets.begin(), sets.end(), [](versioned_rules const& a, versioned_rules const& b) {
        return std::tie(a.document.position, a.document.name) < std::tie(b.document.position, b.document.name);
    });
    for (auto const& [document, version] : sets) {
        auto const here = "rules." + document.name;
        if (document.depth == 0 || document.depth > 100)
            return error{
                reason::bad_value,
                {{"path", here + ".depth"}, {"value", std::to_string(document.depth)}, {"hint", "take 1 to 100"}}};
        out->sets_.push_back({document.name, document.chaining, document.depth, document.tenants});
        for (std::size_t i = 0; i < document.rules.size(); ++i) {
            auto const& written = document.rules[i];
            auto const at = here + ".rules[" + std::to_string(i) + "]";
            GUICHET_LET(auto compiled,
                        detail::rule_compiler(written, at, out->schema_, find_calendar, find_wording).run());
            if (!written.enabled)
                continue;
            compiled.name = document.name + "/" + written.name;
            compiled.version = version;
            compiled.set = static_cast<std::uint32_t>(out->sets_.size() - 1);
            compiled.order = static_cast<std::uint32_t>(out->rules_.size());
            if (!out->by_name_.emplace(compiled.name, compiled.order).second)
                return detail::refused(at + ".name", "the set has a rule \"" + written.name + "\" already");
            out->rules_.push_back(std::move(compiled));
        }
    }
    std::vector<indexed_rule> triggers, guards;
    for (auto const& r : out->rules_) {
        ++out->counts_[static_cast<std::size_t>(r.kind)];
        if (r.kind == rule_kind::trigger)
            triggers.push_back({r.order, r.on, r.condition});
        else if (r.kind == rule_kind::guard)
            guards.push_back({r.order, r.on, r.condition});
        else if (r.kind == rule_kind::schedule)
            out->schedules_.push_back(r.order);
    }
    out->triggers_ = rule_index{triggers, out->schema_};
    out->guards_ = rule_index{guards, out->schema_};
    return std::shared_ptr<rule_set const>{std::move(out)};
}

GUICHET_DECL rule const* rule_set::find(std::string_view name) const noexcept {
    auto const found = by_name_.find(std::string{name});
    return found == by_name_.end() ? nullptr : &rules_[found->second];
}

GUICHET_DECL void rule_set::candidates(rule_kind kind, change const& of, ticket const& current, std::uint32_t from,
                                       std::vector<std::uint32_t>& out) const {
    out.clear();
    auto const& in = kind == rule_kind::guard ? guards_ : triggers_;
    in.find(changed_record{current, of, schema_}, of.events, context(of.now), from, out);
}

GUICHET_DECL std::optional<rule_verdict> rule_set::idle(rule const& r, change const& of,
                                                        std::string_view tenant) const noexcept {
    auto const& tenants = sets_[r.set].tenants;
    if (!tenants.empty() && std::find(tenants.begin(), tenants.end(), tenant) == tenants.end())
        return rule_verdict::other_tenant;
    if (r.on && !(r.on & of.events))
        return rule_verdict::no_event;
    if (r.hours && !r.hours->is_open(of.now))
        return rule_verdict::out_of_hours;
    return {};
}

GUICHET_DECL void rule_set::wanted_timers(ticket const& t, instant now, std::vector<timer> const& armed,
                                          std::vector<timer>& out) const {
    if (schedules_.empty() || t.status == status::closed)
        return;
    ticket_record const record{t, schema_};
    for (auto const order : schedules_) {
        auto const& r = rules_[order];
        auto const value = record.get(r.since);
        auto const* since = std::get_if<instant>(&value);
        if (!since)
            continue;
        auto const due = r.calendar ? r.calendar->add(*since, r.delay) : std::optional{*since + r.delay};
        if (!due)
            continue;
        timer wish{timer_kind::rule, r.name, *due};
        if (*due > now || std::find(armed.begin(), armed.end(), wish) != armed.end())
            out.push_back(std::move(wish));
    }
}

} // namespace guichet::inline v0::rules
