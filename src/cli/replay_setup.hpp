#pragma once
#include "incident_log.hpp"

#include <guichet/model/documents.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace guichet::cli {

/// The desk that a log is replayed into: its states are the log's, nothing closes by itself, and a reply moves nothing,
/// because the log says what moved.
struct replay_setup {
    lifecycle_document lifecycle;
    std::vector<document> documents; ///< lifecycle, calendars and policy, for `desk::configure`
    duration shortest_target{};      ///< no clock that starts now is due before
    std::unordered_map<std::string_view, std::size_t> states; ///< the log's word -> its place in `lifecycle.states`

    state_definition const* state(std::string_view in_log) const {
        auto const found = states.find(in_log);
        return found == states.end() ? nullptr : &lifecycle.states[found->second];
    }
};

/// Service levels are measured on working hours (Monday to Friday, 08:00 to 18:00 UTC; critical tickets around the
/// clock). A first response is only promised where the log holds `comments`, because nothing else shows one.
result<replay_setup> make_replay_setup(incident_log const& log, log_mapping const& mapping);

/// The custom fields that a replay fills, and the columns they come from.
struct replay_field {
    char const* name;
    column from;
    char const* label_en;
    char const* label_fr;
    bool flag = false;
};
std::vector<replay_field> const& replay_fields();
/// The fields without a column of their own: the log's number, and the revision of the last silent update.
inline constexpr char source_field[] = "source_number";
inline constexpr char revision_field[] = "silent_revision";

} // namespace guichet::cli
