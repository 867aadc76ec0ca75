#pragma once
#include <chrono>
#include <cstdint>

namespace guichet::inline v0 {

/// A point on the UTC time line, to the millisecond. Everything stored, compared or computed is one of these;
/// local time exists only at the edge (a calendar's zone, a printed date).
using duration = std::chrono::milliseconds;
using instant = std::chrono::sys_time<duration>;

} // namespace guichet::inline v0
