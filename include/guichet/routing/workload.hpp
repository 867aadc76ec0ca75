#pragma once
#include <guichet/routing/roster.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace guichet::inline v0::routing {

/// What each person of a roster has: the sum of the weights of his open tickets, and when he was last given one. A
/// value that its owner keeps up to date; choosing only reads it, so threads may share it meanwhile.
class workload {
public:
    struct share {
        std::uint32_t load = 0;
        instant last{}; ///< 1970 when he never had any
        friend bool operator==(share const&, share const&) = default;
    };

    /// Nobody has anything yet.
    GUICHET_DECL explicit workload(std::shared_ptr<roster const> of);

    /// Adds to a load, or takes from it; it stays between 0 and the largest number. False, without effect, for a person
    /// whom the roster does not know.
    GUICHET_DECL bool add(std::string_view name, std::uint32_t weight) noexcept;
    GUICHET_DECL bool remove(std::string_view name, std::uint32_t weight) noexcept;
    /// He was given a ticket at `at`; an earlier time than known changes nothing.
    GUICHET_DECL bool gave(std::string_view name, instant at) noexcept;

    GUICHET_DECL share of(std::string_view name) const noexcept;
    share const& operator[](std::uint32_t person) const noexcept { return shares_[person]; }
    std::shared_ptr<roster const> const& people() const noexcept { return of_; }

    /// The same facts under another roster, for when the documents change: persons are found by name.
    GUICHET_DECL workload under(std::shared_ptr<roster const> other) const;

private:
    std::shared_ptr<roster const> of_;
    std::vector<share> shares_; ///< by number of the person
};

} // namespace guichet::inline v0::routing

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/routing/impl/workload.ipp>
#endif
