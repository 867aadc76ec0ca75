#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/config.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace guichet::inline v0::time {

/// What a clock on the wall of some zone reads, to the millisecond; says nothing about which zone.
using local_instant = std::chrono::local_time<duration>;
/// A date on that wall.
using local_date = std::chrono::local_days;

/// Which of the two instants is meant when the clock reads the same time twice.
enum class choose : std::uint8_t { earliest, latest };

namespace detail {
struct zone_table;
}

/// A time zone of the IANA database: the offsets from UTC of a place, past and to come.
///
/// A value: copying shares an immutable table, so it may be used by any number of threads. Reads the system's zone
/// files (RFC 9636) once, in `find`; the process's own TZ setting is never looked at. Rules that have no end are
/// followed to the year 2300; later instants have the offset of the last winter. Lookups cost about 20 ns.
class zone {
public:
    /// UTC.
    GUICHET_DECL zone();
    /// The zone of that name ("Europe/Paris"), or `unknown_zone` with `path`. Reads one small file: some 50 us, so keep
    /// the value. "UTC" and "Etc/UTC" need no file.
    GUICHET_DECL static result<zone> find(std::string_view iana, std::string_view path = "tz");

    GUICHET_DECL std::string const& name() const noexcept;
    /// What the clock reads at `at`.
    GUICHET_DECL local_instant to_local(instant at) const noexcept;
    /// When the clock reads `local`. A time that the clock skips is mapped to the instant of the change; of one that it
    /// shows twice, `which` is taken. With `earliest` this is the first instant at which the clock reads `local` or
    /// more, hence monotone: the foundation of calendars.
    GUICHET_DECL instant to_sys(local_instant local, choose which = choose::earliest) const noexcept;
    /// Local time minus UTC at `at`.
    GUICHET_DECL std::chrono::seconds offset(instant at) const noexcept;
    /// "CET", "+0545"; valid as long as any copy of this zone.
    GUICHET_DECL std::string_view abbreviation(instant at) const noexcept;
    /// The first change of offset or abbreviation after `at`, if any.
    GUICHET_DECL std::optional<instant> next_change(instant at) const noexcept;

private:
    explicit zone(std::shared_ptr<detail::zone_table const> table) : table_{std::move(table)} {}
    std::shared_ptr<detail::zone_table const> table_;
};

} // namespace guichet::inline v0::time

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/time/impl/zone.ipp>
#endif
