#pragma once
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

namespace guichet::inline v0::storage::detail {

/// The turn to write to a store: one unit of work at a time, first come, first served. So nobody who writes unit after
/// unit keeps the others out.
class writer_gate {
public:
    bool enter(std::chrono::milliseconds patience) {
        std::unique_lock lock{mutex_};
        auto const mine = ++last_;
        waiting_.push_back(mine);
        bool const ours = freed_.wait_for(lock, patience, [&] { return !taken_ && waiting_.front() == mine; });
        waiting_.erase(std::find(waiting_.begin(), waiting_.end(), mine));
        if (ours)
            taken_ = true;
        else
            freed_.notify_all(); // somebody else may be first now
        return ours;
    }
    void leave() {
        {
            std::lock_guard const lock{mutex_};
            taken_ = false;
        }
        freed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable freed_;
    std::deque<std::uint64_t> waiting_;
    std::uint64_t last_ = 0;
    bool taken_ = false;
};

} // namespace guichet::inline v0::storage::detail
