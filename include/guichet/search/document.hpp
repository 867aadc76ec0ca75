#pragma once
#include <guichet/base/instant.hpp>
#include <guichet/text/analyser.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Documents of a help desk found by their words, in memory. Nothing here reads a clock, a file or a desk.
namespace guichet::inline v0::search {

/// The parts of a document that are searched, each with a weight of its own.
enum class field : std::uint8_t {
    title,
    symptom,
    body,
    tags,
    attachments,
    resolved ///< the words of the tickets that this document resolved
};
inline constexpr std::size_t fields = 6;
inline constexpr std::array<std::string_view, fields> field_names{"title", "symptom",     "body",
                                                                  "tags",  "attachments", "resolved"};

/// What a document is chosen and counted by: {"state", "open"}. A document may have several values of one name.
struct attribute {
    std::string name, value; ///< of a value longer than `attribute_bytes_max`, the beginning and a digest count
    friend auto operator<=>(attribute const&, attribute const&) = default;
};
inline constexpr std::size_t attribute_bytes_max = 200;

/// What can be found. Any bytes are text.
struct document {
    std::string id;     ///< unique in an index
    std::string kind{}; ///< "article", "ticket", or what a host calls its own; also the attribute "document"
    text::tongue language = text::tongue::neutral;
    std::vector<std::string> audience{};     ///< who has one of these keys may see it; without any, only who sees all
    std::array<std::string, fields> texts{}; ///< by `field`
    std::vector<attribute> attributes{};     ///< in any order
    std::optional<instant> changed{};        ///< when it was last true; kept to the day
    std::uint32_t used = 0;                  ///< how often it was linked or helped; kept with four significant bits

    std::string& operator[](field f) noexcept { return texts[static_cast<std::size_t>(f)]; }
    std::string const& operator[](field f) const noexcept { return texts[static_cast<std::size_t>(f)]; }
    /// All its texts, each on lines of its own: to ask for its like.
    std::string words() const {
        std::string out;
        for (auto const& one : texts)
            if (!one.empty())
                out += one + "\n";
        return out;
    }
};

/// For whom is searched. What he may not see does not exist: it is neither found nor counted, and changes no score.
struct viewer {
    std::vector<std::string> keys{};
    bool sees_all = false;
};

inline constexpr std::uint32_t lead_words = 24; ///< of a document without a title: they stand for it

/// The constants of the ranking; docs/concepts/search.md gives the source or the experiment of each. An index is made
/// with them and keeps them.
struct ranking {
    double k1 = 1.5;                                              ///< how fast repetition stops counting
    std::array<double, fields> weight{2, 2, 1, 2, 0.5, 0.5};      ///< by `field`
    std::array<double, fields> b{0.6, 0.5, 0.55, 0.3, 0.75, 0.6}; ///< how much long fields are held back
    double title = 0.5;          ///< what a term in the title adds, beside 1 for the document as a whole
    double k_title = 1;          ///< the title's own `k1`
    double gram = 0.1;           ///< weight of one 4-gram beside a word's 1
    double fuzzy = 1;            ///< weight of the corrections of an unknown word, shared out by their likelihood
    double rare_fuzzy = 0.4;     ///< the same where the word as typed is known, but rare
    double prefix = 0.6;         ///< weight of a completion of the last word
    double synonym = 0.6;        ///< weight of what a table of synonyms adds
    double stop = 0.2;           ///< weight of a stop word beside others; alone it weighs 1
    double request = 0.5;        ///< weight of a word with which one asks: "please", "articles"
    double repeated = 0.5;       ///< what a word adds that is said again
    std::size_t words_max = 20;  ///< that are asked of a query: the most telling
    std::size_t long_words = 30; ///< a text of more different words is long, and only searched for its telling ones
    double long_power = 1.5;     ///< how much more telling words tell in a long text: idf to this power
    std::size_t grams_max = 24;  ///< of a query: the rarest
    double fresh = 0.1;          ///< what a document of today adds to its score, as a part of it
    double fresh_days = 180;     ///< after which half of that is left
    double helpful = 0.1;        ///< what much use adds
    double helpful_half = 5;     ///< the use that adds half of it
};

/// The length of a field, kept in a byte: exact to 15, then with four significant bits, as Lucene's SmallFloat.
constexpr std::uint8_t length_byte(std::uint32_t words) noexcept {
    if (words < 16)
        return static_cast<std::uint8_t>(words);
    unsigned shift = 0;
    while (words >> shift >= 16)
        ++shift;
    return static_cast<std::uint8_t>(16 + (shift - 1) * 8 + ((words >> shift) - 8));
}

constexpr std::uint32_t length_of(std::uint8_t byte) noexcept {
    return byte < 16 ? byte : (8U + (byte - 16U) % 8) << ((byte - 16U) / 8 + 1);
}

} // namespace guichet::inline v0::search
