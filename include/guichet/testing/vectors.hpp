#pragma once
#include <guichet/base/error.hpp>
#include <guichet/config.hpp>

#include <boost/json/fwd.hpp>

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Runs tables of inputs and expected values: one JSON object a line, with an `id`, a `kind` and whatever the kind
/// asks.
namespace guichet::inline v0::testing {

/// What came out otherwise than expected.
struct vector_mismatch {
    std::string expected, actual;
};

/// Judges one line: nothing when it holds, what differs when it does not, an error when the line cannot be read.
/// Must not keep state between lines.
using vector_check = std::function<result<std::optional<vector_mismatch>>(boost::json::object const& line)>;

/// Kind -> check. Add your own rows to run kinds that the library does not know.
using vector_kinds = std::map<std::string, vector_check, std::less<>>;

/// The kinds about calendars: add_business_time, business_time_between, is_open, next_open, prev_open_instant,
/// next_close, opening_intervals, add_business_days.
GUICHET_DECL vector_kinds calendar_vector_kinds();
/// The kind about service level clocks: ticket_sla.
GUICHET_DECL vector_kinds sla_vector_kinds();
/// All of them.
GUICHET_DECL vector_kinds all_vector_kinds();

/// One line that did not pass.
struct vector_failure {
    std::string id; ///< or "line 12" when it has none
    std::string kind, expected, actual;
};

struct vector_report {
    std::size_t passed = 0, failed = 0;
    std::vector<vector_failure> failures; ///< in the order of the lines
    bool ok() const noexcept { return failed == 0; }
};

/// Runs every line. What cannot be judged is a failure, never skipped: an unknown kind, a line that is not JSON, a
/// missing field. Blank lines are ignored. Prints nothing.
GUICHET_DECL vector_report run_vectors(std::istream& lines, vector_kinds const& kinds = all_vector_kinds());
GUICHET_DECL vector_report run_vectors(std::string_view lines, vector_kinds const& kinds = all_vector_kinds());

} // namespace guichet::inline v0::testing

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/testing/impl/sla_vectors.ipp>
#include <guichet/testing/impl/vectors.ipp>
#endif
