#pragma once
#include <guichet/engine/impl/notify.ipp>
#include <guichet/escalation/ladder.hpp>
#include <guichet/sla/clock.hpp>

#include <charconv>
#include <optional>
#include <string>

/// Hierarchical escalation: a clock reaches a step of a path, and somebody above is told, in his hours.
namespace guichet::inline v0::detail {

/// What a step asks for.
struct alert_wish {
    escalation::path const& path;
    std::uint32_t step = 1; ///< from 1
    std::uint32_t cycle = 1;
};

class climber {
public:
    climber(configuration const& config, surroundings& around, work_piece on, event_cause const& cause, instant now)
        : config_{config}, around_{around}, on_{on}, cause_{cause}, now_{now} {}

    /// Thresholds were reached: those that are steps of the ticket's path are taken, unless nobody's answer led there
    /// before.
    result<void> heed(std::span<event_body const> reached) {
        for (auto const& body : reached) {
            auto const* e = std::get_if<clock_threshold_reached>(&body);
            if (!e || e->overrun || !e->threshold.starts_with("escalation/"))
                continue;
            auto const* path = config_.ladder->path_for(e->metric, *on_.after, now_);
            if (!path)
                continue;
            auto const* known = last_of(path->name);
            for (std::uint32_t k = 1; k <= path->steps.size(); ++k)
                if (e->threshold == escalation::threshold_of(path->name, k) &&
                    (!known || known->cycle != e->cycle || known->step < k))
                    GUICHET_TRY(take({*path, k, e->cycle}));
        }
        return {};
    }

    /// The timer of a step is due: his hours have begun, or he did not answer. The path may have changed meanwhile.
    result<void> due(std::string const& name, instant at) {
        auto const& all = on_.after->alerts;
        auto const known = std::find_if(all.begin(), all.end(),
                                        [&](alert const& a) { return a.path + "/" + std::to_string(a.step) == name; });
        auto const* path = known == all.end() ? nullptr : config_.ladder->find_path(known->path);
        if (!path || known->step > path->steps.size())
            return {};
        auto const then = *known;
        if (then.from == at)
            return tell({*path, then.step, then.cycle}, then.person, {}, then.answer_by);
        auto const* last = last_of(then.path);
        if (then.answer_by == at && then.step < path->steps.size() && last->step == then.step)
            return take({*path, then.step + 1, then.cycle});
        return {};
    }

private:
    /// The highest step that was reached.
    alert const* last_of(std::string_view path) const noexcept {
        alert const* out = nullptr;
        for (auto const& a : on_.after->alerts)
            if (a.path == path && (!out || a.step > out->step))
                out = &a;
        return out;
    }

    result<void> take(alert_wish const& wish) {
        auto const& step = wish.path.steps[wish.step - 1];
        auto const person = who(step);
        std::optional<instant> from, answer_by;
        if (step.in_hours)
            from = there(person);
        if (from == now_)
            from.reset();
        if (step.answer_within && !person.empty()) {
            auto const* hours = shift_of(person);
            auto const told = from.value_or(now_);
            answer_by = hours ? hours->add(told, *step.answer_within) : std::optional{told + *step.answer_within};
        }
        return tell(wish, person, from, answer_by);
    }

    /// Records it, and sends it unless his hours are still to begin.
    result<void> tell(alert_wish const& wish, std::string const& person, std::optional<instant> from,
                      std::optional<instant> answer_by) {
        auto const& step = wish.path.steps[wish.step - 1];
        record(on_,
               supervisor_alerted{wish.path.name, wish.step, person, wish.path.metric, wish.cycle, from, answer_by},
               system_person, cause_, now_);
        if (from || person.empty())
            return {};
        rules::notice_action const notice{step.channel, {person}, step.wording, {}};
        GUICHET_TRY(send(notice, on_, config_, around_, cause_, now_, false));
        return {};
    }

    /// The first of those named whom there is; at a desk of one, that one.
    std::string who(escalation::step const& step) const {
        auto const& t = *on_.after;
        for (auto const& to : step.to) {
            auto person = to == "assignee" ? t.assignee : to.starts_with("supervisor") ? supervisor(to) : to;
            if (!person.empty())
                return person;
        }
        auto const people = config_.people->persons();
        return people.size() == 1 ? people.front().name : t.assignee;
    }
    /// "supervisor" is the nearest of the ticket's team, "supervisor:2" the next.
    std::string supervisor(std::string_view to) const {
        std::size_t place = 1;
        if (auto const colon = to.find(':'); colon != std::string_view::npos)
            std::from_chars(to.data() + colon + 1, to.data() + to.size(), place);
        auto const team = config_.people->find_team(on_.after->team);
        if (team == routing::none || place == 0)
            return {};
        auto const& above = config_.people->teams()[team].supervisors;
        return place <= above.size() ? above[place - 1] : std::string{};
    }

    time::calendar const* shift_of(std::string const& name) const noexcept {
        auto const number = config_.people->find_person(name);
        if (number == routing::none || config_.people->persons()[number].shift == routing::none)
            return nullptr;
        return &config_.people->calendars()[config_.people->persons()[number].shift];
    }
    /// When he is there: now, or when his hours begin and no absence covers them. Nothing is known of a stranger's.
    std::optional<instant> there(std::string const& name) const {
        auto const number = config_.people->find_person(name);
        if (number == routing::none)
            return {};
        auto const& person = config_.people->persons()[number];
        auto const* hours = shift_of(name);
        auto at = std::optional{now_};
        for (int tries = 0; at && tries < 1'000; ++tries) {
            auto const begins = *at;
            if (hours && !hours->is_open(*at))
                at = hours->next_open(*at);
            if (at && person.absent(*at))
                at = person.back(*at);
            if (at == begins)
                return at;
        }
        return {};
    }

    configuration const& config_;
    surroundings& around_;
    work_piece on_;
    event_cause const& cause_;
    instant now_;
};

} // namespace guichet::inline v0::detail
