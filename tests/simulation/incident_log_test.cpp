/// A log of real incidents under service levels as a French desk has them: every clock of every ticket, against a
/// second implementation that looks at each minute. The public log is used where it lies beside the project; the
/// sample that is shipped is always there.
#include "cli/incident_log.hpp"
#include "cli/replay_plan.hpp"
#include "cli/replay_setup.hpp"
#include "simulation/comparison.hpp"

#include <filesystem>

namespace {

using namespace naive;
using namespace std::chrono;

actor const root{.tenant = "", .person = "root", .role = "administrator"};

std::vector<std::string> const awaiting{"awaiting_user_info", "awaiting_vendor", "awaiting_problem",
                                        "awaiting_evidence"};

/// Paris, Monday to Friday, 09:00 to 12:30 and 14:00 to 18:00, but on public holidays.
bool open_in_paris(wall const& w) { return w.working_day() && (w.between(9h, 12h + 30min) || w.between(14h, 18h)); }
constexpr char paris[] = R"({"tz": "Europe/Paris", "public_holidays": ["FR"],
    "weekly": {"mon": [["09:00", "12:30"], ["14:00", "18:00"]], "tue": [["09:00", "12:30"], ["14:00", "18:00"]],
               "wed": [["09:00", "12:30"], ["14:00", "18:00"]], "thu": [["09:00", "12:30"], ["14:00", "18:00"]],
               "fri": [["09:00", "12:30"], ["14:00", "18:00"]]}})";

policy contract(bool with_answers) {
    policy out{.name = "contract", .catch_up = "all"};
    out.promises.push_back(
        {"resolution",
         {{"critical", 4h, "always"}, {"high", 10h, "paris"}, {"", 40h, "paris"}, {"low", 80h, "paris"}},
         awaiting,
         {{"50%", 50}, {"80%", 80}, {"-30min", 100, -30min}, {"+1h", 100, 1h}}});
    if (with_answers) {
        out.promises.push_back(
            {"first_response", {{"critical", 15min, "always"}, {"", 4h, "paris"}}, {}, {{"80%", 80}}});
        out.promises.push_back({"next_response", {{"critical", 30min, "always"}, {"", 8h, "paris"}}, awaiting, {}});
    }
    return out;
}
/// What the groups promise to each other.
policy between_groups() {
    policy out{.name = "between groups", .family = "group", .catch_up = "all"};
    out.promises.push_back({"time_to_own", {{"critical", 30min, "always"}, {"", 3h, "paris"}}, {}, {{"50%", 50}}});
    out.promises.push_back({"handover",
                            {{"critical", 2h, "always"}, {"high", 5h, "paris"}, {"", 16h, "paris"}},
                            {"awaiting_user_info", "awaiting_vendor"},
                            {{"80%", 80}}});
    return out;
}

/// What the rows say, by themselves, of how many clocks there are.
std::map<std::string, std::size_t> clocks_in(cli::incident_log const& log) {
    using cli::column;
    std::map<std::string, std::size_t> out;
    std::vector<std::string_view> group(log.numbers.size());
    std::vector<bool> waits(log.numbers.size()), begun(log.numbers.size());
    bool const with_answers = log.has(column::comments);
    for (auto const& row : log.rows) {
        auto const i = row.incident;
        for (auto const* metric : {"resolution", "group/time_to_own", "first_response"})
            out[metric] += !begun[i] && (metric != std::string_view{"first_response"} || with_answers);
        if (row[column::assignment_group] != group[i])
            out["group/handover"] += !row[column::assignment_group].empty();
        group[i] = row[column::assignment_group];
        if (!row[column::comments].empty()) { // the first words are the caller's, whoever wrote them down
            bool const asks = !begun[i] || row[column::sys_updated_by] == row[column::caller_id];
            out["next_response"] += asks && !waits[i];
            waits[i] = asks;
        }
        begun[i] = true;
    }
    std::erase_if(out, [](auto const& m) { return m.second == 0; });
    return out;
}

class replayed {
public:
    explicit replayed(std::string const& file)
        : log_{cli::read_incident_log(file, {}, std::numeric_limits<std::size_t>::max(), cli::speaker{}).value()},
          setup_{cli::make_replay_setup(log_, {}).value()},
          env_{log_.rows.front().at},
          desk_{guichet::desk::open(memory_store(), env_).value()} {
        bool const with_answers = log_.has(cli::column::comments);
        agreement agreed{{contract(with_answers), between_groups()}, {}};
        auto const year_of = [](instant at) { return year_month_day{floor<days>(at)}.year(); };
        auto const first = year_of(log_.rows.front().at), last = year_of(log_.rows.back().at) + years{1};
        agreed.calendars["paris"] = std::make_shared<minute_table const>(first, last, open_in_paris);
        agreed.calendars["always"] =
            std::make_shared<minute_table const>(first, last, [](wall const&) { return true; });
        std::vector<document> documents{{"lifecycle", "default", 0, encode(setup_.lifecycle), {}, {}},
                                        {"calendar", "paris", 0, paris, {}, {}},
                                        {"calendar", "always", 0, R"({"always_open": true})", {}, {}}};
        for (auto const& p : agreed.policies)
            documents.push_back(document_of(p, 1));
        desk_->configure(documents, root).value();
        second_.put_in_force(std::move(agreed));
    }

    void run() {
        cli::replay_plan plan{log_, setup_, "", env_};
        std::vector<cli::planned_command> commands;
        for (auto const& row : log_.rows) {
            commands.clear();
            plan.add(row, commands);
            for (auto& c : commands)
                execute(c);
        }
        pass(log_.rows.back().at + days{30}); // whatever is open at the end goes on for a while
        env_.set(log_.rows.back().at + days{30});
    }

    void check() {
        auto const expected = clocks_in(log_);
        std::size_t all = 0;
        for (auto const& [metric, count] : expected)
            all += count;
        auto const found = comparing{*desk_, "", second_, env_.now()}.run();
        MESSAGE(log_.rows.size(), " rows, ", found.tickets, " tickets, ", found.clocks, " clocks, ", found.sentences,
                " verdicts and thresholds, ", awake_, " times awake");
        for (auto const& [word, count] : found.by_word)
            MESSAGE(word, ": ", count);
        CHECK_MESSAGE(found.differences.empty(), some_of(found.differences));
        CHECK(refused_ == 0);
        CHECK(found.tickets == log_.numbers.size());
        CHECK(found.by_metric == expected);
        CHECK(found.clocks == all);
        CHECK(found.by_word.at("clock_met") > 0);
        CHECK(found.by_word.at("clock_breached") > 0);
        CHECK(found.by_word.at("clock_threshold_reached") > 0);
        CHECK(desk_->verify().value().problems.empty());
    }

private:
    void same_wakeup(std::optional<instant> next) {
        REQUIRE_MESSAGE(next == second_.next(), "the desk would wake at ", text_of(next),
                        ", counted: ", text_of(second_.next()));
    }
    /// Wakes the desk whenever it wants, which is when the second one would.
    void pass(instant until) {
        for (auto next = second_.next(); next && *next < until; next = second_.next()) {
            same_wakeup(desk_->next_wakeup().value());
            env_.set(*next);
            desk_->pump({100'000, 1'000}).value();
            second_.pump(*next);
            ++awake_;
        }
        same_wakeup(desk_->next_wakeup().value());
    }
    void execute(cli::planned_command& c) {
        // The log's groups are queues to a replay; here they are teams too, which hand tickets over.
        if (auto* opens = std::get_if<open_ticket>(&c.wish.body))
            opens->team = opens->queue;
        if (auto* moves = std::get_if<hand_over_ticket>(&c.wish.body))
            moves->team = moves->queue;
        pass(c.at);
        env_.set(c.at);
        if (auto const came_to = desk_->execute(c.wish))
            second_.hear(came_to->events);
        else
            ++refused_;
    }

    cli::incident_log log_;
    cli::replay_setup setup_;
    testing::simulated_environment env_;
    std::unique_ptr<guichet::desk> desk_;
    second_desk second_;
    std::size_t awake_ = 0, refused_ = 0;
};

TEST_CASE("given the sample log and a Paris desk, when each minute is counted, then every clock and verdict agrees") {
    replayed r{GUICHET_SOURCE_DIR "/examples/replay/sample.csv"};
    r.run();
    r.check();
}

TEST_CASE("given a public log of 13 698 incidents and a Paris desk, when each minute is counted, then all agrees") {
    std::string const file = GUICHET_SHARED_DIR "/data/uci_servicenow_incidents/incident_event_log.csv.gz";
    if (!std::filesystem::exists(file)) {
        MESSAGE("the public log is not here; the sample alone was counted");
        return;
    }
    replayed r{file};
    r.run();
    r.check();
}

} // namespace
