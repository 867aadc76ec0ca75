#pragma once
#include <guichet/text/analyser.hpp>

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace guichet::inline v0::search::detail {

/// Analysers that are lent to one thread at a time.
class analyser_pool {
public:
    class lent {
    public:
        lent(analyser_pool& from, std::unique_ptr<text::analysers> one) : from_{from}, one_{std::move(one)} {}
        lent(lent const&) = delete;
        lent& operator=(lent const&) = delete;
        ~lent() { from_.give_back(std::move(one_)); }
        text::analysers& operator*() noexcept { return *one_; }

    private:
        analyser_pool& from_;
        std::unique_ptr<text::analysers> one_;
    };

    lent borrow() {
        std::lock_guard const held{mutex_};
        if (free_.empty())
            return {*this, std::make_unique<text::analysers>()};
        auto one = std::move(free_.back());
        free_.pop_back();
        return {*this, std::move(one)};
    }

private:
    void give_back(std::unique_ptr<text::analysers> one) {
        std::lock_guard const held{mutex_};
        free_.push_back(std::move(one));
    }
    std::mutex mutex_;
    std::vector<std::unique_ptr<text::analysers>> free_;
};

} // namespace guichet::inline v0::search::detail
