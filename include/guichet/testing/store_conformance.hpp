#pragma once
#include <guichet/storage/store.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The suite that every backend passes, as data: run it in the test framework you have. docs/guides/write-a-store.md
/// tells how to write a backend and how to run this.
///
///     for (auto const& c : guichet::testing::store_conformance())
///         if (guichet::testing::applies(c, mine))
///             for (auto const& failure : c.run(mine))
///                 FAIL(c.name << ": " << failure);
namespace guichet::inline v0::testing {

/// How to make what is tested. Only `fresh` must be given; the cases that need more are left out without it.
struct store_factory {
    /// An empty store, another one with each call.
    std::function<result<std::shared_ptr<storage::store>>()> fresh{};
    /// The store that `fresh` gave last, opened once more from what it made durable. By then nothing holds the first
    /// one.
    std::function<result<std::shared_ptr<storage::store>>()> reopen{};
    /// A place where no file is yet, for a backup; and the store that is opened from a backup.
    std::function<std::string()> backup_path{};
    std::function<result<std::shared_ptr<storage::store>>(std::string const& path)> open_backup{};
    /// Of everything random; the failures say it.
    std::uint64_t seed = 1;
    /// How many random queries the comparison with the memory store asks.
    std::size_t queries = 500;
};

/// What a case needs of the backend beside the port.
enum class conformance_need : std::uint8_t { nothing, durable, backup };

/// One case. `run` returns what went wrong, in sentences with the line of the check; nothing when all is well. It
/// throws nothing, prints nothing, and takes from milliseconds to some seconds.
struct conformance_case {
    std::string_view name; ///< given ..., when ..., then ...
    conformance_need needs = conformance_need::nothing;
    std::function<std::vector<std::string>(store_factory const&)> run;
};

/// All cases, from the simplest to the hardest.
GUICHET_DECL std::vector<conformance_case> const& store_conformance();
/// Whether the factory gives what the case needs.
GUICHET_DECL bool applies(conformance_case const& c, store_factory const& factory) noexcept;

} // namespace guichet::inline v0::testing

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/testing/impl/store_conformance.ipp>
#endif
