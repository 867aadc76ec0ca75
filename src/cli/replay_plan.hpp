#pragma once
#include "replay_setup.hpp"

#include <guichet/model/command.hpp>

#include <vector>

namespace guichet::cli {

/// A command with the instant at which it is given.
struct planned_command {
    command wish;
    instant at;
    log_row const* row = nullptr;
    bool opens = false;    ///< starts clocks that are due after `shortest_target` at the earliest
    bool restarts = false; ///< may start or move a clock that is due at any time after `at`
};

/// Turns rows into commands: the first row of an incident opens a ticket, each later one becomes what it changed.
class replay_plan {
public:
    replay_plan(incident_log const& log, replay_setup const& setup, std::string tenant, environment& env)
        : setup_{setup}, tenant_{std::move(tenant)}, env_{env}, incidents_(log.numbers.size()) {}

    /// Appends the commands of the next row in time.
    void add(log_row const& row, std::vector<planned_command>& to);

    std::size_t silent_rows() const noexcept { return silent_rows_; }
    std::size_t bad_states() const noexcept { return bad_states_; }

private:
    struct incident {
        ticket_id id;
        log_row const* before = nullptr;
        state_definition const* state = nullptr;
    };
    void open(log_row const& row, incident& of);
    void change(log_row const& row, incident& of);
    void add_messages(log_row const& row);
    void add_fields(log_row const& row, log_row const& before);
    void add_priority(log_row const& row, log_row const& before);
    void add_assignment(log_row const& row, log_row const& before);
    void add_state(log_row const& row, incident& of);
    planned_command& push(command_body body);
    state_definition const* state_of(log_row const& row, incident const& of);

    replay_setup const& setup_;
    std::string tenant_;
    environment& env_;
    std::vector<incident> incidents_;
    std::vector<planned_command>* out_ = nullptr;
    log_row const* row_ = nullptr;
    ticket_id ticket_;
    std::size_t silent_rows_ = 0, bad_states_ = 0;
};

} // namespace guichet::cli
