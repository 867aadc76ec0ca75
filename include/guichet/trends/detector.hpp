#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/trends/alarm.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::trends {

struct detector_options {
    std::string tz = "UTC";                       ///< whose weekdays and hours the seasons follow
    double false_alarms_a_week = 1;               ///< at most so many are expected where tickets come by chance
    duration learning = std::chrono::days{14};    ///< no alarm before; one week at least
    duration window_max = std::chrono::hours{24}; ///< no longer one is looked at; a minute at least
    std::size_t tickets_min = 4;                  ///< fewer raise no alarm, however improbable they are; two at least
    std::size_t traits_max = 4'096;               ///< that are watched; the rarest give way
    bool whole = true;                            ///< tickets of any kind raise alarms of their own
    double half_life_weeks = 8;                   ///< after which a week counts half
};

/// Something that a ticket has and others may share: {"category", "network"}, {"asset", "printer 12"}, {"word", "vpn"}.
struct trait {
    std::string_view field, value;
};

/// A ticket was opened. `ticket` is any number by which the host knows it.
struct opened {
    instant at;
    std::uint64_t ticket = 0;
    std::span<trait const> traits{};
};

/// Watches how fast tickets come, all together and those that share a trait, against the same hours of the weeks
/// before.
///
/// For each trait of each ticket: of the times since the 3rd, 4th, 6th, ... 127th ticket before it that shares the
/// trait, is one so short that it is not chance? What is usual is learned by the hour of the week, a day late, so that
/// what grows is not taken for its own past. docs/concepts/trends.md has the statistic and what it finds.
///
/// A value of one thread. Reads no clock: the same calls give the same answers. `memory_bytes` tells what it holds; it
/// is at most `limits::trend_trait_bytes` for each trait watched. A ticket costs below a microsecond for each of its
/// traits, and once a week about a microsecond for each trait that is watched.
class detector {
public:
    /// `bad_value` where an option is out of its range, `unknown_zone` where there is no such zone.
    GUICHET_DECL static result<detector> make(detector_options options = {});
    GUICHET_DECL ~detector();
    GUICHET_DECL detector(detector&&) noexcept;
    GUICHET_DECL detector& operator=(detector&&) noexcept;

    /// Tickets are to come in the order of time; an earlier one counts as of the latest time seen. Traits beyond
    /// `limits::trend_traits_max`, empty ones and those longer than `limits::name_bytes_max` are left out; the same
    /// trait twice counts once. Gives the news, alarms that ended first.
    GUICHET_DECL std::vector<alarm> observe(opened const& one);
    /// Nothing was opened up to `now`: gives the alarms that ended. To be called as often as ends are to be told.
    GUICHET_DECL std::vector<alarm> advance(instant now);

    /// Alarms that go on, by number; `at` is when they were last told.
    GUICHET_DECL std::vector<alarm> ongoing() const;
    /// How many tickets with a trait usually come from `from` to `to`, which is at most a week later; of all together
    /// for the empty trait. Nothing for a trait that is not watched, or before anything was learned.
    GUICHET_DECL std::optional<double> usual(trait which, instant from, instant to) const;

    GUICHET_DECL std::size_t traits() const noexcept; ///< watched now
    GUICHET_DECL std::size_t memory_bytes() const noexcept;

    /// All of it, to be kept and given to `open`: about 1 kB for each trait.
    GUICHET_DECL std::vector<std::uint8_t> bytes() const;
    /// The detector of which these were the bytes, which goes on as if it had never stopped. Options other than those
    /// it was made with hold from now on, but for the number of traits, which must not be smaller than those kept.
    /// Damaged bytes are `store_corrupt`: then feed the past anew.
    GUICHET_DECL static result<detector> open(detector_options options, std::span<std::uint8_t const> bytes);

private:
    struct state;
    explicit detector(std::unique_ptr<state> s) noexcept;
    template <class Bytes, class State>
    static void describe_state(Bytes& as, State& s);
    std::unique_ptr<state> state_;
};

} // namespace guichet::inline v0::trends

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/trends/impl/detector.ipp>
#include <guichet/trends/impl/snapshot.ipp>
#endif
