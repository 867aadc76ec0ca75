#pragma once
#include <guichet/storage/forwarding_store.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace guichet::inline v0::testing {

/// When a store fails, and how. An operation is a call of the port, `begin` and `commit` included; `head` of a unit of
/// work, which cannot fail, is none.
struct fault_plan {
    std::uint64_t fail_at = 0; ///< the number of the operation that fails, from 1; 0: none does
    double chance = 0;         ///< of failing, for each operation, from a seed
    std::uint64_t seed = 1;
    reason why = reason::store_failed;
    bool late = false; ///< the operation is done, and only its result is lost: what a commit in doubt is made of
};

/// A store that fails on purpose, over one that does not: for testing what a host does when the disk is full. A unit of
/// work refuses everything after its first failure. Thread-safe as the store below.
class faulty_store final : public storage::forwarding_store {
public:
    explicit faulty_store(std::shared_ptr<storage::store> over, fault_plan const& plan = {})
        : forwarding_store{std::move(over)}, faults_{std::make_shared<faults>()} {
        set(plan);
    }

    /// A new plan; both counts begin again.
    void set(fault_plan const& plan) {
        std::lock_guard const lock{faults_->mutex};
        faults_->plan = plan;
        faults_->chance.seed(plan.seed);
        faults_->operations = faults_->failures = 0;
    }
    std::uint64_t operations() const noexcept { return faults_->operations; }
    std::uint64_t failures() const noexcept { return faults_->failures; }

    result<std::unique_ptr<storage::unit_of_work>> begin() override {
        using made = std::unique_ptr<storage::unit_of_work>;
        return pass([&]() -> result<made> {
            GUICHET_LET(auto inner, over_->begin());
            return made{std::make_unique<unit>(std::move(inner), faults_)};
        });
    }

private:
    struct faults {
        std::mutex mutex;
        fault_plan plan;
        std::mt19937_64 chance;
        std::atomic<std::uint64_t> operations{0}, failures{0};

        /// Counts an operation and tells whether it is one that fails.
        std::optional<storage::interruption> strike() {
            std::lock_guard const lock{mutex};
            ++operations;
            bool const struck = operations == plan.fail_at ||
                                (plan.chance > 0 && std::uniform_real_distribution{}(chance) < plan.chance);
            if (!struck)
                return {};
            ++failures;
            auto const problem = "operation " + std::to_string(operations) + " fails on purpose";
            return storage::interruption{{plan.why, {{"problem", problem}}}, plan.late};
        }
    };

    class unit final : public storage::forwarding_unit {
    public:
        unit(std::unique_ptr<storage::unit_of_work> over, std::shared_ptr<faults> shared)
            : forwarding_unit{std::move(over)}, faults_{std::move(shared)} {}

    private:
        std::optional<storage::interruption> interrupts() override { return faults_->strike(); }

        std::shared_ptr<faults> faults_;
    };

    std::optional<storage::interruption> interrupts() override { return faults_->strike(); }

    std::shared_ptr<faults> faults_;
};

} // namespace guichet::inline v0::testing
