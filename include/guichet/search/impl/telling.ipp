#pragma once
#include <guichet/search/index.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace guichet::inline v0::search::detail {

inline constexpr std::size_t telling_words = 5;

/// Words with what they told.
class word_scores {
public:
    void add(std::optional<explanation> const& why) {
        if (why)
            for (auto const& one : why->shares)
                scores_[one.typed] += one.score;
    }
    std::vector<std::string> best() const {
        std::vector<std::pair<std::string, double>> sorted{scores_.begin(), scores_.end()};
        std::ranges::stable_sort(sorted, std::ranges::greater{}, &std::pair<std::string, double>::second);
        std::vector<std::string> out;
        for (auto const& [word, score] : sorted)
            if (out.size() < telling_words && score > 0)
                out.push_back(word);
        return out;
    }

private:
    std::map<std::string, double> scores_;
};

/// The words that told most of why a document was found.
inline std::vector<std::string> telling(std::optional<explanation> const& why) {
    word_scores told;
    told.add(why);
    return told.best();
}

} // namespace guichet::inline v0::search::detail
