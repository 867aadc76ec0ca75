#include "replay.hpp"

#include <functional>

namespace guichet::cli {
namespace {

using namespace std::chrono;

/// Executes planned commands, letting the clock of the desk go on from one to the next.
class replayer {
public:
    replayer(desk& into, testing::simulated_environment& env, replay_setup const& setup, std::size_t batch,
             speaker const& say, replay_result& report)
        : desk_{into}, env_{env}, setup_{setup}, batch_max_{batch}, say_{say}, report_{report} {
        // The desk reads its clock once for each command, after this hook: so each has its own instant within a batch.
        desk_.before([this](command const& wish, ticket const*) -> result<void> {
            std::less<command const*> const below;
            if (!wishes_.empty() && !below(&wish, wishes_.data()) && below(&wish, wishes_.data() + wishes_.size()))
                env_.set(planned_[static_cast<std::size_t>(&wish - wishes_.data())].at);
            return {};
        });
    }

    result<void> execute(std::vector<planned_command>& commands) {
        for (auto& c : commands) {
            if (wishes_.size() >= batch_max_ || c.at > horizon_)
                GUICHET_TRY(flush());
            if (c.at > horizon_)
                GUICHET_TRY(fire_until(c.at));
            if (c.opens)
                horizon_ = std::min(horizon_, c.at + setup_.shortest_target);
            if (c.restarts)
                horizon_ = std::min(horizon_, c.at);
            planned_.push_back({c.at, c.row});
            wishes_.push_back(std::move(c.wish));
        }
        return {};
    }

    /// The end of the log: what is due by its last instant fires too.
    result<void> finish(instant last) {
        GUICHET_TRY(flush());
        return fire_until(last + duration{1});
    }

private:
    struct place {
        instant at;
        log_row const* row;
    };

    result<void> flush() {
        if (wishes_.empty())
            return {};
        GUICHET_LET(auto const came_to, desk_.execute(std::span<command const>{wishes_}));
        for (std::size_t i = 0; i < came_to.size(); ++i)
            if (!came_to[i])
                report_.skipped.push_back(
                    {planned_[i].row->line, say_(msg::skip_refused, came_to[i].error().describe(say_.lang))});
        report_.commands += wishes_.size();
        ++report_.batches;
        wishes_.clear();
        planned_.clear();
        return look_ahead();
    }

    /// Until when nothing can fall due.
    result<void> look_ahead() {
        GUICHET_LET(auto const next, desk_.next_wakeup());
        horizon_ = next.value_or(instant::max());
        return {};
    }

    /// Fires all timers due before `end`, each at its time.
    result<void> fire_until(instant end) {
        GUICHET_TRY(look_ahead());
        while (horizon_ < end) {
            env_.set(horizon_);
            GUICHET_LET(auto const fired, desk_.pump({100'000, 1'000}));
            report_.timers_fired += fired.timers_fired;
            horizon_ = fired.next.value_or(instant::max());
        }
        return {};
    }

    desk& desk_;
    testing::simulated_environment& env_;
    replay_setup const& setup_;
    std::size_t batch_max_;
    speaker const& say_;
    replay_result& report_;
    std::vector<command> wishes_;
    std::vector<place> planned_;
    instant horizon_ = instant::max();
};

} // namespace

result<replay_result> replay_log(incident_log const& log, replay_setup const& setup, desk& into,
                                 testing::simulated_environment& env, std::string const& tenant, std::size_t batch,
                                 speaker const& say, std::function<void(std::size_t)> const& show) {
    replay_result out;
    out.skipped = log.skipped;
    out.incidents = log.numbers.size();
    auto const began = steady_clock::now();
    replay_plan plan{log, setup, tenant, env};
    replayer worker{into, env, setup, batch, say, out};
    std::vector<planned_command> commands;
    for (auto const& row : log.rows) {
        commands.clear();
        plan.add(row, commands);
        GUICHET_TRY(worker.execute(commands));
        if (++out.rows % 256 == 0)
            show(out.rows);
    }
    if (!log.rows.empty())
        GUICHET_TRY(worker.finish(log.rows.back().at));
    out.silent_rows = plan.silent_rows();
    out.bad_states = plan.bad_states();
    out.seconds = std::chrono::duration<double>(steady_clock::now() - began).count();
    return out;
}

} // namespace guichet::cli
