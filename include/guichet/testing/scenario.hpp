#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>
#include <guichet/storage/store.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// Scenarios: what happens at a help desk as data, told as given, when and then, and run against any store.
///
///     {"name": "...", "clock": "2026-01-05T09:00:00Z",
///      "actors": {"ana": {"role": "requester"}, "luc": {"role": "agent"}},
///      "documents": [{"kind": "policy", "id": "gold", "body": {...}}],
///      "steps": [
///        {"do": {"command": "open_ticket", "by": "ana", "subject": "No network"}, "save": "t",
///         "expect": {"events": ["ticket_opened"]}},
///        {"advance": "4h"}, {"pump": true, "expect": {"fired": 1}},
///        {"look": "$t", "as": "ana", "expect": {"ticket": {"state": "new"}, "lacks": ["password"]}}]}
///
/// The format, step by step, is in docs/reference/scenarios.md. After the last step the desk must verify.
namespace guichet::inline v0::testing {

/// Makes the empty store that a scenario runs on.
using store_maker = std::function<result<std::shared_ptr<storage::store>>()>;

/// What came out otherwise than the scenario expects.
struct scenario_failure {
    std::string path;             ///< of the expectation: `steps[3].expect.ticket.state`
    std::string expected, actual; ///< as JSON, or in words
};

struct scenario_report {
    std::string name;
    std::size_t steps = 0, checks = 0; ///< done, and compared
    std::vector<scenario_failure> failures;
    bool ok() const noexcept { return failures.empty(); }
};

/// Runs one scenario in a simulated world of its own. An error means that it could not be read, with the path of what
/// is wrong; that the desk did otherwise than expected is a failure in the report. Prints nothing; keeps nothing.
GUICHET_DECL result<scenario_report> run_scenario(std::string_view json, store_maker const& make_store);
/// The same on the memory store.
GUICHET_DECL result<scenario_report> run_scenario(std::string_view json);

/// Whether `actual` has all that `expected` says, and the first place where it has not. An object may have more members
/// than expected; a list has the same length; null stands for absent, null and empty.
GUICHET_DECL bool covers(boost::json::value const& actual, boost::json::value const& expected, std::string& place);

} // namespace guichet::inline v0::testing

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/testing/impl/scenario.ipp>
#endif
