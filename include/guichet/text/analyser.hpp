#pragma once
#include <guichet/config.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::text {

/// The language in which a text is analysed. Others, and texts of which nobody knows, are `neutral`: neither stems,
/// stop words nor elision.
enum class tongue : std::uint8_t { neutral, en, fr, de, es, it, nl, pt };
inline constexpr std::size_t tongues = 8;

/// The tongue of a code, "fr", "fr-CA" or "FR_fr"; neutral where there is none.
GUICHET_DECL tongue tongue_of(std::string_view code) noexcept;
GUICHET_DECL std::string_view code_of(tongue t) noexcept; ///< "fr"; empty for neutral

enum class token_kind : std::uint8_t {
    word,  ///< the stem of a word, or of a part of an identifier
    whole, ///< an identifier as it stands: an error code, a version, a path, a product's name
    gram   ///< four characters of a word; the term begins with `gram_mark`, so that it is nobody's word
};

inline constexpr char gram_mark = '\x01';
inline constexpr std::size_t gram_characters = 4;
inline constexpr std::size_t term_bytes_max = 100; ///< a longer word is cut, a longer identifier only split

/// What is searched for. Views, valid until the analyser's next text.
struct token {
    std::string_view term;
    std::string_view surface;         ///< the folded word of which the term is the stem or a gram
    std::uint32_t begin = 0, end = 0; ///< its bytes in the text
    std::uint32_t position = 0;       ///< of the word in the text; its grams and the parts that follow share none
    std::uint32_t word = ~0U;         ///< the analyser's number of the surface, until it forgets; none of wholes
    token_kind kind = token_kind::word;
    bool stop = false; ///< a word that says little by itself
};

/// Turns a text into terms. Words are found as Unicode says (UAX 29), by ICU where a script has no spaces; then
/// elision (l', qu', jusqu', dell'), `fold`, and the stemmer of Snowball (Porter 2001). `HDFS-1234`, `/etc/hosts`,
/// `0x80070005`, `v2.3.1` and `NullPointerException` come whole and in their parts. In French, German and Dutch, words
/// of more than four characters also come as 4-grams (McNamee and Mayfield 2004), which find parts of compounds, glued
/// words and slips. Stop words come like others and are marked: it is the query that leaves them out.
///
/// Keeps what it learnt of words, so that a known word costs a lookup: some 30 us for 1,300 characters. Belongs to one
/// thread at a time; make one per thread. Any bytes are text.
class analyser {
public:
    GUICHET_DECL explicit analyser(tongue of);
    GUICHET_DECL ~analyser();
    GUICHET_DECL analyser(analyser&&) noexcept;
    GUICHET_DECL analyser& operator=(analyser&&) noexcept;

    /// The tokens in the order of the text; a whole comes before its parts, the grams of a word after it. Valid until
    /// the next call.
    GUICHET_DECL std::span<token const> analyse(std::string_view text);
    GUICHET_DECL tongue of() const noexcept;
    /// How often it forgot what it learnt of words, which it does when that becomes too much: numbers of words count
    /// anew then.
    GUICHET_DECL std::uint32_t forgotten() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// One analyser a tongue, made when first asked for. Belongs to one thread at a time.
class analysers {
public:
    analyser& of(tongue t) {
        auto& out = all_[static_cast<std::size_t>(t)];
        if (!out)
            out = std::make_unique<analyser>(t);
        return *out;
    }

private:
    std::unique_ptr<analyser> all_[tongues];
};

} // namespace guichet::inline v0::text

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/text/impl/analyser.ipp>
#endif
