#pragma once
#include <guichet/search/impl/likelihood.ipp>
#include <guichet/search/impl/part.ipp>

#include <map>

namespace guichet::inline v0::search::detail {

/// Costs of slips, in tenths of a letter. A neighbour on the keyboard is hit more often than another key, two letters
/// change places, one is struck twice or once too few (Damerau 1964; Kukich 1992).
inline constexpr int letter_cost = 10, neighbour_cost = 7, swap_cost = 7, doubled_cost = 6;
inline constexpr std::size_t fuzzy_bytes_max = 40;

/// What a word may cost to be taken for another, by its length.
constexpr int cost_max(std::size_t bytes) noexcept { return bytes < 4 ? 0 : bytes < 8 ? 12 : 20; }

/// What a wrong first letter costs beside: it is rare (Yannakoudakis and Fawthrop 1983), and in a word that may have
/// two slips it stays the only one, which leaves most of a dictionary unread.
constexpr int first_letter_cost(int limit) noexcept { return limit < 20 ? 4 : 9; }

inline constexpr std::array<std::array<std::string_view, 3>, 2> keyboards{
    {{"qwertyuiop", "asdfghjkl", "zxcvbnm"}, {"azertyuiop", "qsdfghjklm", "wxcvbn"}}};

/// By two letters, whether their keys touch.
inline constexpr auto neighbour_keys = [] {
    std::array<std::array<bool, 26>, 26> out{};
    for (auto const& rows : keyboards)
        for (int r = 0; r < 9; ++r)
            for (int i = 0; i < 10; ++i)
                for (int j = 0; j < 10; ++j) {
                    auto const &one = rows[static_cast<std::size_t>(r / 3)],
                               &two = rows[static_cast<std::size_t>(r % 3)];
                    auto const x = static_cast<std::size_t>(i), y = static_cast<std::size_t>(j);
                    int const down = r % 3 - r / 3;
                    bool const touch = down == 0   ? i - j == 1 || j - i == 1
                                       : down == 1 ? j == i || j == i - 1
                                                   : down == -1 && (i == j || i == j - 1);
                    if (touch && x < one.size() && y < two.size())
                        out[static_cast<std::size_t>(one[x] - 'a')][static_cast<std::size_t>(two[y] - 'a')] = true;
                }
    return out;
}();

/// Whether two keys touch, on a QWERTY or an AZERTY keyboard.
inline bool are_neighbours(char a, char b) noexcept {
    return a >= 'a' && a <= 'z' && b >= 'a' && b <= 'z' &&
           neighbour_keys[static_cast<std::size_t>(a - 'a')][static_cast<std::size_t>(b - 'a')];
}

/// Letters as bits: those of the alphabet differ, of others several share a bit.
using letter_set = std::uint32_t;
inline constexpr letter_set all_letters = ~letter_set{0};
constexpr letter_set letter_bit(char c) noexcept { return letter_set{1} << (static_cast<unsigned char>(c) & 31); }

/// By letter, the letters that `are_neighbours`.
inline constexpr auto neighbour_sets = [] {
    std::array<letter_set, 26> out{};
    for (std::size_t a = 0; a < 26; ++a)
        for (std::size_t b = 0; b < 26; ++b)
            if (neighbour_keys[a][b])
                out[a] |= letter_bit(static_cast<char>('a' + b));
    return out;
}();

inline letter_set neighbours_of(char c) noexcept {
    return c >= 'a' && c <= 'z' ? neighbour_sets[static_cast<std::size_t>(c - 'a')] : 0;
}

/// The cost of the cheapest way from a word to the strings of a dictionary, taken in their order: of each string only
/// what it does not share with the one before is computed, and of that only what costs may leave below the limit
/// (Ukkonen 1985).
class slip_table {
public:
    slip_table(std::string_view word, int limit)
        : word_{word},
          limit_{limit},
          first_{first_letter_cost(limit)},
          band_{static_cast<std::size_t>(limit / doubled_cost)} {
        for (std::size_t i = 0; i <= word.size(); ++i)
            rows_[0][i] = static_cast<int>(i) * letter_cost;
        next_[0] = all_letters;
    }

    /// Whether a string may go on with the letter `at`, for all that the letters before say. Asked of the first letter,
    /// or where `extend` went well with the one before.
    bool admits(std::size_t at, char c) const noexcept { return (next_[at] & letter_bit(c)) != 0; }

    /// Adds the letter `at` (from 0) of the other string; whether its strings can still cost no more than the limit.
    bool extend(std::string_view other, std::size_t at) noexcept {
        auto const& above = rows_[at];
        auto& row = rows_[at + 1];
        char const c = other[at];
        bool const again = at > 0 && other[at - 1] == c;
        auto const from = first_of(at + 1), to = std::min(word_.size(), at + 1 + band_);
        int least = row[from - 1] = from == 1 ? above[0] + letter_cost + (at == 0 ? first_ : 0) : too_much;
        if (to < word_.size())
            row[to + 1] = too_much;
        for (std::size_t i = from; i <= to; ++i) {
            char const w = word_[i - 1];
            int const first = at == 0 || i == 1 ? first_ : 0;
            int cost =
                w == c ? above[i - 1] : above[i - 1] + (are_neighbours(w, c) ? neighbour_cost : letter_cost) + first;
            cost = std::min(cost, above[i] + (again ? doubled_cost : letter_cost));
            cost = std::min(cost, row[i - 1] + (i > 1 && word_[i - 2] == w ? doubled_cost : letter_cost));
            if (i > 1 && at > 0 && w == other[at - 1] && word_[i - 2] == c && w != c)
                cost = std::min(cost, rows_[at - 1][i - 2] + swap_cost);
            row[i] = cost;
            least = std::min(least, cost);
        }
        leasts_[at + 1] = least;
        // A swap may still come back from the row before.
        if (least > limit_ && (at == 0 || leasts_[at] + swap_cost > limit_))
            return false;
        next_[at + 1] = letters_behind(other, at + 1);
        return true;
    }

    int cost(std::size_t letters) const noexcept {
        auto const size = word_.size();
        return letters + band_ < size || size + band_ < letters ? too_much : rows_[letters][size];
    }

private:
    static constexpr int too_much = 1'000;

    /// The first letter of the word, from 1, that so many letters of the other can be for.
    std::size_t first_of(std::size_t letters) const noexcept { return letters > band_ + 1 ? letters - band_ : 1; }

    /// What may follow so many letters: what costs nothing, what the costs so far leave room for, and either of two
    /// letters that change places.
    letter_set letters_behind(std::string_view other, std::size_t letters) const noexcept {
        auto const& row = rows_[letters];
        letter_set out = 0;
        for (auto i = first_of(letters) - 1; i <= std::min(word_.size(), letters + band_); ++i) {
            auto const room = limit_ - row[i];
            auto const bit = [&](std::size_t at) { return at < word_.size() ? letter_bit(word_[at]) : 0; };
            if (room >= letter_cost)
                return all_letters;
            if (room >= 0)
                out |= bit(i);
            if (room >= doubled_cost)
                out |= letter_bit(other[letters - 1]);
            if (room >= std::min(neighbour_cost, swap_cost))
                out |= bit(i + 1) | (i < word_.size() ? neighbours_of(word_[i]) : 0);
        }
        auto const& above = rows_[letters - 1];
        for (auto i = first_of(letters - 1) - 1; i < std::min(word_.size(), letters + band_); ++i)
            if (above[i] + swap_cost <= limit_)
                out |= letter_bit(word_[i]);
        return out;
    }

    std::string_view word_;
    int limit_;
    int first_;
    std::size_t band_; ///< how far the two may get apart
    std::array<std::array<int, fuzzy_bytes_max + 1>, fuzzy_bytes_max + 4> rows_;
    std::array<int, fuzzy_bytes_max + 4> leasts_{};      ///< of each row
    std::array<letter_set, fuzzy_bytes_max + 4> next_{}; ///< letters that may follow, by row
};

/// Calls `use(surface, text, cost)` for each of the words that one may be a slip of.
template <class Use>
void each_alike(word_trie const& in, std::string_view word, int limit, Use use) {
    if (word.size() > fuzzy_bytes_max || limit <= 0)
        return;
    slip_table table{word, limit};
    auto const longest = std::min(word.size() + static_cast<std::size_t>(limit / doubled_cost), fuzzy_bytes_max + 2);
    std::string text; // all of its letters have good rows
    for (word_trie::walker at{in}; !at.ended();) {
        text.resize(at.shared());
        bool const hopeless = std::ranges::any_of(at.rest(), [&](char letter) {
            auto const place = text.size();
            text += letter;
            return place == longest || !table.admits(place, letter) || !table.extend(text, place);
        });
        if (hopeless) {
            at.leave(text.size());
            continue;
        }
        if (auto const cost = table.cost(text.size()); cost <= limit)
            use(at.number(), std::string_view{text}, cost);
        at.next();
    }
}

/// What a word may have been meant for, the likeliest first.
inline std::vector<correction> corrections(view const& of, std::string_view word, int limit, std::size_t top) {
    std::map<std::string, correction, std::less<>> found;
    for (auto const& p : of.parts)
        each_alike(p.of->words(), word, limit, [&](std::uint32_t surface, std::string_view text, int cost) {
            if (text == word || !p.seen->sees_surface(surface))
                return;
            auto const term = p.of->terms[p.of->term_of(surface)];
            auto& one = found[term];
            if (one.term.empty() || cost < one.cost || (cost == one.cost && text < one.surface))
                one.surface = text, one.cost = cost;
            one.term = term;
        });
    std::vector<correction> out;
    for (auto& [term, one] : found) {
        one.having = of.having(term);
        out.push_back(std::move(one));
    }
    keep_likeliest(out, top);
    return out;
}

} // namespace guichet::inline v0::search::detail
