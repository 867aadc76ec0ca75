#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/kb/guide.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/model/impl/checks.ipp>
#include <guichet/text/fold.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <span>

namespace guichet::inline v0::kb {
namespace detail {

template <class List>
auto find_named(List const& list, std::string_view name) noexcept -> decltype(list.data()) {
    auto const at = std::find_if(list.begin(), list.end(), [&](auto const& one) { return one.name == name; });
    return at == list.end() ? nullptr : &*at;
}

inline bool given(field_value const& v) noexcept { return !std::holds_alternative<std::monostate>(v); }

/// Numbers by size, dates as they are written; of other values neither is less.
inline bool less(field_value const& a, field_value const& b) noexcept {
    if (auto const* x = std::get_if<double>(&a), *y = std::get_if<double>(&b); x && y)
        return *x < *y;
    auto const *x = std::get_if<std::string>(&a), *y = std::get_if<std::string>(&b);
    return x && y && *x < *y;
}

inline bool takes_all(guide_branch const& b) noexcept { return b.is.empty() && !given(b.from) && !given(b.below); }

inline bool takes(guide_branch const& b, field_value const& answer) noexcept {
    if (!b.is.empty())
        return std::find(b.is.begin(), b.is.end(), answer) != b.is.end();
    return (!given(b.from) || !less(answer, b.from)) && (!given(b.below) || less(answer, b.below));
}

inline guide_branch const* branch_for(guide_step const& step, field_value const& answer) noexcept {
    auto const at =
        std::find_if(step.next.begin(), step.next.end(), [&](guide_branch const& b) { return takes(b, answer); });
    return at == step.next.end() ? nullptr : &*at;
}

/// Whether a value answers a question of that kind, or why not.
inline result<void> check_answer(guide_step const& step, field_value const& v, std::string const& path) {
    auto const refuse = [&](std::string expected) {
        static constexpr std::string_view found[] = {"null", "a text", "a number", "true or false", "an object"};
        return error{reason::wrong_type,
                     {{"path", path}, {"expected", std::move(expected)}, {"found", std::string{found[v.index()]}}}};
    };
    if (step.kind == answer_kind::yes_no)
        return std::holds_alternative<bool>(v) ? result<void>{} : refuse("true or false");
    if (step.kind == answer_kind::number) {
        auto const* number = std::get_if<double>(&v);
        if (!number)
            return refuse("a number");
        if (!std::isfinite(*number))
            return error{reason::bad_value,
                         {{"path", path}, {"value", std::to_string(*number)}, {"hint", "a finite number is needed"}}};
        return {};
    }
    auto const* text = std::get_if<std::string>(&v);
    if (!text)
        return refuse("a text");
    if (text->empty())
        return error{reason::empty_text, {{"path", path}}};
    GUICHET_TRY(checks::check_text(path, *text, limits::text_field_bytes_max));
    if (step.kind == answer_kind::choice)
        return checks::check_known(path, *text, step.choices);
    if (step.kind == answer_kind::date && !time::read_date(*text))
        return error{reason::bad_value,
                     {{"path", path}, {"value", *text}, {"hint", "write a date such as 2026-11-21"}}};
    return {};
}

/// Checks one guide.
class guide_checker {
public:
    guide_checker(guide_document const& d, lifecycle_document const& lifecycle)
        : d_{d}, lifecycle_{lifecycle}, root_{d.name.empty() ? "guide" : "guide." + d.name} {}

    result<void> run() {
        if (d_.steps.empty())
            return error{reason::missing_field, {{"path", root_ + ".steps"}}};
        if (d_.ends.empty())
            return error{reason::missing_field, {{"path", root_ + ".ends"}}};
        GUICHET_TRY(checks::check_count(root_ + ".steps", d_.steps.size() + d_.ends.size(), limits::guide_steps_max));
        GUICHET_TRY(checks::check_count(root_ + ".audience", d_.audience.size(), limits::audiences_max));
        GUICHET_TRY(checks::check_names(root_ + ".audience", d_.audience));
        for (auto const& step : d_.steps)
            GUICHET_TRY(check_name("steps", step.name));
        for (auto const& end : d_.ends)
            GUICHET_TRY(check_name("ends", end.name));
        for (auto const& step : d_.steps)
            GUICHET_TRY(check_step(step));
        for (auto const& end : d_.ends)
            GUICHET_TRY(check_end(end));
        GUICHET_TRY(descend(d_.steps.front()));
        return check_reach();
    }

private:
    std::string at(std::string_view list, std::string_view name, std::string_view member) const {
        return root_ + '.' + std::string{list} + '.' + std::string{name}.append(member);
    }

    result<void> check_name(std::string_view list, std::string const& name) {
        if (name.empty())
            return error{reason::missing_field, {{"path", root_ + '.' + std::string{list} + ".name"}}};
        GUICHET_TRY(checks::check_text(root_ + '.' + std::string{list} + ".name", name, limits::name_bytes_max));
        if (!names_.insert(name).second)
            return error{reason::named_twice, {{"path", root_ + '.' + std::string{list}}, {"value", name}}};
        return {};
    }

    result<void> check_phrase(std::string const& path, phrase const& said) const {
        GUICHET_TRY(checks::check_text(path + ".en", said.en, limits::text_field_bytes_max));
        return checks::check_text(path + ".fr", said.fr, limits::text_field_bytes_max);
    }

    // --- one step

    result<void> check_step(guide_step const& s) const {
        auto const question = at("steps", s.name, ".question");
        if (s.question.empty())
            return error{reason::missing_field, {{"path", question}}};
        GUICHET_TRY(check_phrase(question, s.question));
        GUICHET_TRY(check_choices(s));
        GUICHET_TRY(check_field(s));
        auto const next = at("steps", s.name, ".next");
        if (s.next.empty())
            return error{reason::guide_dead_end, {{"path", next}, {"step", s.name}}};
        GUICHET_TRY(checks::check_count(next, s.next.size(), limits::guide_branches_max));
        for (std::size_t i = 0; i < s.next.size(); ++i)
            GUICHET_TRY(check_branch(s, i, next + '[' + std::to_string(i) + ']'));
        if (auto const left_over = unanswered(s); !left_over.empty())
            return error{reason::guide_answer_leads_nowhere, {{"path", next}, {"value", left_over}}};
        return {};
    }

    result<void> check_choices(guide_step const& s) const {
        auto const path = at("steps", s.name, ".choices");
        if (s.kind != answer_kind::choice)
            return s.choices.empty()
                       ? result<void>{}
                       : result<void>{
                             error{reason::bad_configuration,
                                   {{"path", path},
                                    {"problem", "only a question of the kind choice has choices; take them out"},
                                    {"problem.fr", "seule une question de type choice a des choix ; retirez-les"}}}};
        if (s.choices.empty())
            return error{reason::guide_unanswerable, {{"path", path}, {"step", s.name}}};
        GUICHET_TRY(checks::check_count(path, s.choices.size(), limits::guide_branches_max));
        std::set<std::string_view> seen;
        for (auto const& c : s.choices) {
            if (c.name.empty())
                return error{reason::missing_field, {{"path", path + ".name"}}};
            GUICHET_TRY(checks::check_text(path + ".name", c.name, limits::name_bytes_max));
            if (!seen.insert(c.name).second)
                return error{reason::named_twice, {{"path", path}, {"value", c.name}}};
        }
        return {};
    }

    /// The field takes every answer that the question can get.
    result<void> check_field(guide_step const& s) const {
        if (s.field.empty())
            return {};
        auto const path = at("steps", s.name, ".field");
        auto const* declared = find_named(lifecycle_.fields, s.field);
        if (!declared)
            return unknown_field(path, s.field);
        static constexpr std::string_view wanted[] = {"choice", "boolean", "text", "number", "date"};
        auto const type = wanted[static_cast<std::size_t>(s.kind)];
        bool const fits = declared->type == type || (s.kind == answer_kind::choice && declared->type == "text");
        if (!fits)
            return error{reason::wrong_type,
                         {{"path", path},
                          {"expected", "a field of type " + std::string{type}},
                          {"found", s.field + " (" + declared->type + ")"}}};
        if (declared->type == "choice")
            for (auto const& c : s.choices)
                GUICHET_TRY(checks::check_known(at("steps", s.name, ".choices"), c.name, declared->choices));
        return {};
    }
    error unknown_field(std::string path, std::string const& name) const {
        std::string known;
        for (auto const& f : lifecycle_.fields)
            known.append(known.empty() ? "" : ", ").append(f.name);
        return {reason::unknown_value, {{"path", std::move(path)}, {"value", name}, {"known", known}}};
    }

    result<void> check_branch(guide_step const& s, std::size_t i, std::string const& path) const {
        auto const& b = s.next[i];
        if (!names_.contains(b.to)) {
            std::string known;
            for (auto const& name : names_)
                known.append(known.empty() ? "" : ", ").append(name);
            return error{reason::unknown_value, {{"path", path + ".to"}, {"value", b.to}, {"known", known}}};
        }
        for (std::size_t j = 0; j < b.is.size(); ++j)
            GUICHET_TRY(check_answer(s, b.is[j], path + ".is[" + std::to_string(j) + ']'));
        GUICHET_TRY(check_range(s, b, path));
        auto const before = std::span{s.next}.first(i);
        auto const taken = [&](field_value const& v) {
            return std::any_of(before.begin(), before.end(), [&](guide_branch const& o) { return takes(o, v); });
        };
        bool const idle = std::any_of(before.begin(), before.end(), takes_all) ||
                          (!b.is.empty() && std::all_of(b.is.begin(), b.is.end(), taken)) ||
                          (takes_all(b) && unanswered_by(s, before).empty());
        return idle ? result<void>{error{reason::guide_branch_idle, {{"path", path}}}} : result<void>{};
    }

    static result<void> check_range(guide_step const& s, guide_branch const& b, std::string const& path) {
        if (!given(b.from) && !given(b.below))
            return {};
        bool const ranges = s.kind == answer_kind::number || s.kind == answer_kind::date;
        if (!ranges || !b.is.empty())
            return error{reason::bad_configuration,
                         {{"path", path},
                          {"problem", "from and below are for numbers and dates, and go with no is"},
                          {"problem.fr", "from et below vont avec des nombres et des dates, et sans is"}}};
        if (given(b.from))
            GUICHET_TRY(check_answer(s, b.from, path + ".from"));
        if (given(b.below))
            GUICHET_TRY(check_answer(s, b.below, path + ".below"));
        if (given(b.from) && given(b.below) && !less(b.from, b.below))
            return error{reason::guide_branch_idle, {{"path", path}}};
        return {};
    }

    /// An answer that no branch takes, as a reader sees it; empty when there is none.
    static std::string unanswered(guide_step const& s) { return unanswered_by(s, s.next); }
    static std::string unanswered_by(guide_step const& s, std::span<guide_branch const> next) {
        auto const open = [&](field_value const& v) {
            return std::none_of(next.begin(), next.end(), [&](guide_branch const& b) { return takes(b, v); });
        };
        if (s.kind == answer_kind::yes_no)
            return open(true) ? "true" : open(false) ? "false" : "";
        if (s.kind == answer_kind::choice) {
            auto const at =
                std::find_if(s.choices.begin(), s.choices.end(), [&](auto const& c) { return open(c.name); });
            return at == s.choices.end() ? "" : '"' + at->name + '"';
        }
        return gap_between(s, next);
    }
    /// Numbers and dates have no gap where the ranges, in order, each begin at or before the end of those before.
    static std::string gap_between(guide_step const& s, std::span<guide_branch const> next) {
        if (std::any_of(next.begin(), next.end(), takes_all))
            return {};
        if (s.kind == answer_kind::text)
            return "*";
        std::vector<guide_branch const*> ranges;
        for (auto const& b : next)
            if (b.is.empty())
                ranges.push_back(&b);
        std::sort(ranges.begin(), ranges.end(), [](guide_branch const* a, guide_branch const* b) {
            return given(b->from) && (!given(a->from) || less(a->from, b->from));
        });
        if (ranges.empty() || given(ranges.front()->from))
            return ranges.empty() ? "*" : "< " + shown(ranges.front()->from);
        auto end = ranges.front()->below;
        for (auto const* b : ranges) {
            if (given(b->from) && less(end, b->from))
                break;
            if (!given(b->below))
                return {};
            if (less(end, b->below))
                end = b->below;
        }
        return ">= " + shown(end);
    }
    static std::string shown(field_value const& v) {
        std::string out;
        json::writer w{out};
        json::write(w, v, json::fullness::full);
        return out;
    }

    // --- one end

    result<void> check_end(guide_end const& e) const {
        GUICHET_TRY(check_phrase(at("ends", e.name, ".text"), e.text));
        bool const passes = e.outcome == guide_outcome::handed_over;
        if (e.outcome == guide_outcome::walking)
            return error{
                reason::unknown_value,
                {{"path", at("ends", e.name, ".outcome")}, {"value", "walking"}, {"known", "cured, handed_over"}}};
        if (passes && e.queue.empty() && e.team.empty() && e.tier.empty())
            return error{reason::missing_field, {{"path", at("ends", e.name, ".team")}}};
        std::pair<std::string_view, std::string const*> const names[] = {
            {".queue", &e.queue}, {".team", &e.team}, {".tier", &e.tier}, {".code", &e.code}};
        for (auto const& [member, name] : names)
            GUICHET_TRY(checks::check_text(at("ends", e.name, member), *name, limits::name_bytes_max));
        GUICHET_TRY(checks::check_known(at("ends", e.name, ".code"), e.code, lifecycle_.resolution_codes));
        for (auto const& f : e.fields)
            if (!find_named(lifecycle_.fields, f.name))
                return unknown_field(at("ends", e.name, ".fields"), f.name);
        return {};
    }

    // --- the tree

    /// Depth first, at most as deep as there are steps; a step that is on the way already closes a circle.
    result<void> descend(guide_step const& s) {
        way_.push_back(s.name);
        reached_.insert(s.name);
        for (auto const& b : s.next) {
            auto const again = std::find(way_.begin(), way_.end(), b.to);
            if (again != way_.end()) {
                std::string circle;
                for (auto i = again; i != way_.end(); ++i)
                    circle.append(*i).append(" > ");
                return error{reason::guide_cycle,
                             {{"path", at("steps", s.name, ".next")}, {"value", circle + std::string{*again}}}};
            }
            auto const* step = find_named(d_.steps, b.to);
            if (step && !reached_.contains(b.to))
                GUICHET_TRY(descend(*step));
            reached_.insert(b.to);
        }
        way_.pop_back();
        return {};
    }

    result<void> check_reach() const {
        for (auto const& s : d_.steps)
            if (!reached_.contains(s.name))
                return error{reason::guide_unreachable, {{"path", at("steps", s.name, "")}, {"value", s.name}}};
        for (auto const& e : d_.ends)
            if (!reached_.contains(e.name))
                return error{reason::guide_unreachable, {{"path", at("ends", e.name, "")}, {"value", e.name}}};
        return {};
    }

    guide_document const& d_;
    lifecycle_document const& lifecycle_;
    std::string root_;
    std::set<std::string, std::less<>> names_;
    std::vector<std::string_view> way_;
    std::set<std::string, std::less<>> reached_;
};

inline guide_place place_at(guide_document const& of, std::size_t answers, std::string_view name) {
    return {answers, find_named(of.steps, name), find_named(of.ends, name)};
}

inline std::string names_of(std::span<guide_answer const> answers) {
    std::string out;
    for (auto const& a : answers)
        out.append(out.empty() ? "" : ", ").append(a.step);
    return out.empty() ? "-" : out;
}

/// All answers, a line each, for who goes on with the ticket.
inline std::string facts_of(guide const& by, std::span<guide_answer const> answers, guide_end const& end,
                            language lang) {
    auto const& title = by.written.title.in(lang);
    auto out = (title.empty() ? by.written.name : title) + '\n';
    for (auto const& a : answers)
        if (auto const* step = find_named(by.written.steps, a.step))
            out += "- " + step->question.in(lang) + ' ' + in_words(*step, a.answer, lang) + '\n';
    return out + end.text.in(lang);
}

} // namespace detail

GUICHET_DECL result<void> check(guide_document const& written, lifecycle_document const& lifecycle) {
    return detail::guide_checker{written, lifecycle}.run();
}

GUICHET_DECL result<std::shared_ptr<guide_set const>> guide_set::compile(std::vector<guide> guides,
                                                                         lifecycle_document const& lifecycle) {
    GUICHET_TRY(checks::check_count("guide", guides.size(), limits::guides_max));
    for (auto const& one : guides)
        GUICHET_TRY(check(one.written, lifecycle));
    std::sort(guides.begin(), guides.end(),
              [](guide const& a, guide const& b) { return a.written.name < b.written.name; });
    auto out = std::make_shared<guide_set>();
    out->guides_ = std::move(guides);
    return std::shared_ptr<guide_set const>{std::move(out)};
}

GUICHET_DECL guide const* guide_set::find(std::string_view name) const noexcept {
    auto const at =
        std::find_if(guides_.begin(), guides_.end(), [&](guide const& g) { return g.written.name == name; });
    return at == guides_.end() ? nullptr : &*at;
}

GUICHET_DECL guide_place follow(guide_document const& of, std::span<guide_answer const> answers) {
    auto here = detail::place_at(of, 0, of.steps.front().name);
    for (auto const& given : answers) {
        if (!here.step || here.step->name != given.step)
            break;
        auto const* branch = detail::branch_for(*here.step, given.answer);
        if (!branch)
            break;
        here = detail::place_at(of, here.answers + 1, branch->to);
    }
    return here;
}

GUICHET_DECL guide_walk const* walk_of(ticket const& on, std::string_view guide) noexcept {
    auto const at = std::find_if(on.guides.begin(), on.guides.end(), [&](auto const& w) { return w.guide == guide; });
    return at == on.guides.end() ? nullptr : &*at;
}

GUICHET_DECL result<guide_move> answer(guide const& by, ticket const& on, answer_guide const& wish, language lang) {
    if (!on.open())
        return error{reason::ticket_closed};
    auto const* walk = walk_of(on, by.written.name);
    auto answers = walk ? walk->answers : std::vector<guide_answer>{};
    auto const here = follow(by.written, answers);
    answers.resize(here.answers);
    auto const* step = here.step;
    if (!wish.step.empty() && (!step || step->name != wish.step)) {
        auto const again =
            std::find_if(answers.begin(), answers.end(), [&](auto const& a) { return a.step == wish.step; });
        if (again == answers.end())
            return error{
                reason::guide_step_not_asked,
                {{"step", wish.step}, {"asked", step ? step->name : "-"}, {"answered", detail::names_of(answers)}}};
        step = detail::find_named(by.written.steps, wish.step);
        answers.erase(again, answers.end());
    }
    if (!step)
        return error{reason::guide_at_its_end, {{"end", here.end->name}, {"answered", detail::names_of(answers)}}};
    GUICHET_TRY(detail::check_answer(*step, wish.answer, "answer"));
    guide_move out;
    auto const& to = detail::branch_for(*step, wish.answer)->to;
    auto const after = static_cast<std::uint32_t>(answers.size());
    out.event = {by.written.name, by.version, step->name, wish.answer, {}, after, to};
    if (std::find(by.written.audience.begin(), by.written.audience.end(), "public") != by.written.audience.end())
        out.event.audience = audience::public_;
    if (step->kind == answer_kind::text) {
        out.event.text.body = std::get<std::string>(wish.answer);
        out.event.answer = std::monostate{};
    }
    if (!step->field.empty())
        out.fields.push_back({step->field, wish.answer, 0});
    auto const* end = detail::find_named(by.written.ends, to);
    if (!end)
        return out;
    answers.push_back({step->name, wish.answer, 0});
    out.event.outcome = end->outcome;
    out.fields.insert(out.fields.end(), end->fields.begin(), end->fields.end());
    if (end->outcome == guide_outcome::cured) {
        out.cures = resolve_ticket{end->code, end->text.in(lang), {}};
        return out;
    }
    auto const named = [](std::string const& name) { return name.empty() ? std::nullopt : std::optional{name}; };
    out.passes = hand_over_ticket{named(end->queue), named(end->team), named(end->tier), {}};
    out.note = detail::facts_of(by, answers, *end, lang);
    return out;
}

GUICHET_DECL std::string in_words(guide_step const& asked, field_value const& given, language lang) {
    if (auto const* yes = std::get_if<bool>(&given))
        return lang == language::fr ? (*yes ? "oui" : "non") : (*yes ? "yes" : "no");
    auto const* text = std::get_if<std::string>(&given);
    if (!text) {
        std::string out;
        json::writer w{out};
        json::write(w, given, json::fullness::full);
        return out;
    }
    auto const* choice = detail::find_named(asked.choices, *text);
    if (!choice)
        return *text;
    phrase const label{choice->label_en, choice->label_fr};
    return label.empty() ? choice->name : label.in(lang);
}

GUICHET_DECL result<field_value> read_answer(guide_step const& asked, std::string_view typed) {
    auto const refuse = [&](std::string hint) {
        return error{reason::bad_value,
                     {{"path", asked.name}, {"value", std::string{typed}}, {"hint", std::move(hint)}}};
    };
    if (typed.empty())
        return error{reason::empty_text, {{"path", asked.name}}};
    auto const folded = text::fold(typed);
    auto const same = [&](std::string_view word) { return text::fold(word) == folded; };
    field_value out = std::string{typed};
    switch (asked.kind) {
    case answer_kind::yes_no: {
        bool const yes = same("yes") || same("y") || same("oui") || same("o") || same("true");
        if (!yes && !(same("no") || same("n") || same("non") || same("false")))
            return refuse("yes, no, oui, non");
        return field_value{yes};
    }
    case answer_kind::number: {
        double number = 0;
        auto const [end, failed] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
        if (failed != std::errc{} || end != typed.data() + typed.size())
            return refuse("a number is needed");
        out = number;
        break;
    }
    case answer_kind::choice: {
        std::size_t place = 0;
        auto const [end, failed] = std::from_chars(typed.data(), typed.data() + typed.size(), place);
        bool const counted = failed == std::errc{} && end == typed.data() + typed.size();
        for (auto const& c : asked.choices)
            if (c.name == typed || same(c.label_en) || same(c.label_fr))
                return field_value{c.name};
        if (counted && place > 0 && place <= asked.choices.size())
            return field_value{asked.choices[place - 1].name};
        break;
    }
    case answer_kind::text:
    case answer_kind::date: break;
    }
    GUICHET_TRY(detail::check_answer(asked, out, asked.name));
    return out;
}

} // namespace guichet::inline v0::kb
