#pragma once
#include <guichet/base/read_soon.hpp>
#include <guichet/text/analyser.hpp>
#include <guichet/text/fold.hpp>
#include <guichet/text/impl/stop_words.ipp>
#include <guichet/text/utf8.hpp>

#include <libstemmer.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/utext.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <new>
#include <unordered_set>
#include <utility>

namespace guichet::inline v0::text {
namespace detail {

inline constexpr std::array<std::string_view, tongues> tongue_codes{"", "en", "fr", "de", "es", "it", "nl", "pt"};
inline constexpr std::size_t known_words_max = 1'000'000; ///< that one analyser remembers

/// What a character is to a text of words.
enum class glyph : std::uint8_t { other, letter, digit, apostrophe, joint, dense };

/// Scripts that put no spaces between words: ICU finds them by its dictionaries.
inline bool is_dense(char32_t c) noexcept {
    if (c < 0x0E00)
        return false;
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(static_cast<UChar32>(c), &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR: return true;
    default: return false;
    }
}

inline constexpr auto ascii_glyphs = [] {
    std::array<glyph, 128> out{};
    for (std::size_t c = 0; c < 128; ++c)
        if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            out[c] = glyph::letter;
        else if (c >= '0' && c <= '9')
            out[c] = glyph::digit;
    for (char const c : std::string_view{"_-./\\:@+#"})
        out[static_cast<std::size_t>(c)] = glyph::joint;
    out['\''] = glyph::apostrophe;
    return out;
}();

inline glyph glyph_of(char32_t c) noexcept {
    if (c < 0x80)
        return ascii_glyphs[c];
    if (c == 0x2019 || c == 0x02BC || c == 0x2018)
        return glyph::apostrophe;
    if (c == 0x2010 || c == 0x2011)
        return glyph::joint;
    if (is_dense(c))
        return glyph::dense;
    auto const point = static_cast<UChar32>(c);
    if (u_isdigit(point))
        return glyph::digit;
    bool const part = u_isalnum(point) || (U_GET_GC_MASK(point) & U_GC_M_MASK) || c == 0x00AD || c == 0x200C;
    return part ? glyph::letter : glyph::other;
}

/// The character at a place of a text: what it is, and where the next begins.
struct seen {
    glyph what = glyph::other;
    std::size_t next = 0;
};

inline seen look(std::string_view text, std::size_t at) noexcept {
    if (at >= text.size())
        return {glyph::other, at};
    auto const byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80)
        return {glyph_of(byte), at + 1};
    auto const c = next(text, at);
    return {glyph_of(c), at};
}

inline bool is_word(glyph g) noexcept { return g == glyph::letter || g == glyph::digit; }

/// What is known of a word. Its texts stand right behind it, so that mostly one line of cache holds all: as it was
/// written, folded and stemmed, each where it stands already if it does, then the grams, a byte of size before each.
struct known_word {
    std::uint32_t number = 0;
    std::uint16_t raw_size = 0, surface_at = 0, surface_size = 0, stem_at = 0, stem_size = 0, grams_at = 0;
    std::uint16_t grams = 0;
    bool stop = false;

    char const* text() const noexcept { return reinterpret_cast<char const*>(this + 1); }
    std::string_view raw() const noexcept { return {text(), raw_size}; }
    std::string_view surface() const noexcept { return {text() + surface_at, surface_size}; }
    std::string_view stem() const noexcept { return {text() + stem_at, stem_size}; }
};

/// Words by what was written: a table of hashes with open addressing over records that never move. Finding a word that
/// is not in the cache waits for memory twice, and both can be asked for before they are needed.
class known_words {
public:
    std::size_t size() const noexcept { return count_; }

    static std::uint32_t hash(std::string_view raw) noexcept {
        auto const all = std::hash<std::string_view>{}(raw);
        return static_cast<std::uint32_t>(all ^ all >> 32);
    }

    void prefetch_slot(std::uint32_t hash) const noexcept {
        if (!slots_.empty())
            read_soon(&slots_[hash & (slots_.size() - 1)]);
    }
    void prefetch_word(std::uint32_t hash) const noexcept {
        if (!slots_.empty())
            if (auto const& one = slots_[hash & (slots_.size() - 1)]; one.place != 0)
                read_soon(&at(one.place)), read_soon(at(one.place).text() + sizeof(known_word));
    }

    known_word const* find(std::string_view raw, std::uint32_t hash) const noexcept {
        if (slots_.empty())
            return nullptr;
        for (auto i = hash & (slots_.size() - 1); slots_[i].place != 0; i = (i + 1) & (slots_.size() - 1))
            if (slots_[i].hash == hash)
                if (auto const& one = at(slots_[i].place); one.raw() == raw)
                    return &one;
        return nullptr;
    }

    /// Keeps a word that is not known; `texts` are what stands behind it, at most `texts_max` bytes.
    known_word const& put(known_word one, std::string_view texts, std::uint32_t hash) {
        if ((count_ + 1) * 2 > slots_.size())
            grow();
        auto const bytes = (sizeof one + texts.size() + alignof(known_word) - 1) / alignof(known_word);
        if (chunks_.empty() || used_ + bytes > chunk_units)
            chunks_.push_back(std::make_unique<known_word_unit[]>(chunk_units)), used_ = chunks_.size() == 1 ? 1 : 0;
        auto const place = static_cast<std::uint32_t>((chunks_.size() - 1) * chunk_units + used_);
        auto* const to = chunks_.back().get() + used_;
        used_ += bytes;
        one.number = static_cast<std::uint32_t>(count_++);
        auto* const made = new (to) known_word{one};
        std::memcpy(reinterpret_cast<char*>(made + 1), texts.data(), texts.size());
        slots_[free_slot(hash)] = {hash, place};
        return *made;
    }

    void clear() { *this = {}; }

    static constexpr std::size_t texts_max = 60'000;

private:
    struct alignas(alignof(known_word)) known_word_unit {
        std::array<char, alignof(known_word)> bytes;
    };
    struct slot {
        std::uint32_t hash = 0, place = 0; ///< a place of 0 is none
    };
    static constexpr std::size_t chunk_units = 1 << 18;

    known_word const& at(std::uint32_t place) const noexcept {
        return *std::launder(
            reinterpret_cast<known_word const*>(chunks_[place / chunk_units].get() + place % chunk_units));
    }
    std::size_t free_slot(std::uint32_t hash) const noexcept {
        auto i = hash & (slots_.size() - 1);
        while (slots_[i].place != 0)
            i = (i + 1) & (slots_.size() - 1);
        return i;
    }
    void grow() {
        auto old = std::exchange(slots_, std::vector<slot>(std::max<std::size_t>(slots_.size() * 2, 1'024)));
        for (auto const& one : old)
            if (one.place != 0)
                slots_[free_slot(one.hash)] = one;
    }

    std::vector<slot> slots_; ///< a power of two of them, at least half of them free
    std::vector<std::unique_ptr<known_word_unit[]>> chunks_;
    std::size_t used_ = 0, count_ = 0;
};

inline constexpr std::uint32_t no_whole = ~0U;

/// A word or an identifier of a text, before it is looked up.
struct seen_word {
    std::uint32_t begin, end, hash;
    std::uint32_t whole; ///< which of the identifiers, or `no_whole`
    bool is_whole;
};

struct stemmer_deleter {
    void operator()(sb_stemmer* s) const noexcept { sb_stemmer_delete(s); }
};
struct breaks_deleter {
    void operator()(UBreakIterator* b) const noexcept { ubrk_close(b); }
};

/// Letters from `a` to `b`, in which a hump begins at `b`: "nullPointer", "HTTPServer".
inline bool begins_hump(std::string_view text, std::size_t at) noexcept {
    auto const upper = [&](std::size_t i) { return i < text.size() && text[i] >= 'A' && text[i] <= 'Z'; };
    auto const lower = [&](std::size_t i) { return i < text.size() && text[i] >= 'a' && text[i] <= 'z'; };
    return at > 0 && upper(at) && (lower(at - 1) || (upper(at - 1) && lower(at + 1)));
}

/// Whether digits and letters meet at `at`: "KB5003637".
inline bool begins_digits(std::string_view text, std::size_t at) noexcept {
    return at > 0 && is_ascii_digit(text[at]) != is_ascii_digit(text[at - 1]);
}

} // namespace detail

GUICHET_DECL tongue tongue_of(std::string_view code) noexcept {
    if (code.size() > 2 && code[2] != '-' && code[2] != '_')
        return tongue::neutral;
    for (std::size_t i = 1; i < tongues && code.size() >= 2; ++i)
        if ((code[0] | 0x20) == detail::tongue_codes[i][0] && (code[1] | 0x20) == detail::tongue_codes[i][1])
            return static_cast<tongue>(i);
    return tongue::neutral;
}

GUICHET_DECL std::string_view code_of(tongue t) noexcept { return detail::tongue_codes[static_cast<std::size_t>(t)]; }

struct analyser::state {
    explicit state(tongue t)
        : of{t},
          has_grams{t == tongue::fr || t == tongue::de || t == tongue::nl},
          stops{detail::words_of(detail::stop_lists[static_cast<std::size_t>(t)])},
          elided{detail::words_of(detail::elision_lists[static_cast<std::size_t>(t)])} {
        static constexpr std::array<char const*, tongues> names{"",        "english", "french", "german",
                                                                "spanish", "italian", "dutch",  "portuguese"};
        if (t != tongue::neutral)
            stemmer.reset(sb_stemmer_new(names[static_cast<std::size_t>(t)], "UTF_8"));
    }

    std::span<token const> analyse(std::string_view text) {
        if (words.size() > detail::known_words_max)
            words.clear(), ++forgotten;
        seen.clear();
        wholes.clear();
        for (std::size_t at = 0; at < text.size();)
            at = read(text, at);
        // Each pass asks memory for what the next one reads.
        for (auto const& one : seen)
            if (one.whole == detail::no_whole)
                words.prefetch_word(one.hash);
        out.clear();
        position = 0;
        for (auto const& one : seen)
            emit(text, one);
        return out;
    }

    void emit(std::string_view text, detail::seen_word const& one) {
        token made{{}, {}, one.begin, one.end, position, ~0U, token_kind::whole, false};
        if (one.whole != detail::no_whole) {
            made.term = made.surface = wholes[one.whole];
            ++position;
            out.push_back(made);
            return;
        }
        auto const& word = learn(text.substr(one.begin, one.end - one.begin), one.hash);
        if (word.stem_size == 0)
            return;
        ++position;
        made.term = word.stem(), made.surface = word.surface();
        made.word = word.number;
        made.kind = one.is_whole ? token_kind::whole : token_kind::word;
        made.stop = word.stop;
        out.push_back(made);
        made.kind = token_kind::gram;
        auto const* gram = word.text() + word.grams_at;
        for (unsigned i = 0; i < word.grams; ++i) {
            auto const size = static_cast<unsigned char>(*gram++);
            made.term = {gram, size};
            gram += size;
            out.push_back(made);
        }
    }

    /// Reads what begins at a place, emits its tokens and says where to go on.
    std::size_t read(std::string_view text, std::size_t at) {
        if (auto const end = plain_word_end(text, at); end != at) {
            emit_word(text, at, end, false);
            return end;
        }
        auto const first = detail::look(text, at);
        if (first.what == detail::glyph::dense)
            return read_dense(text, at);
        if (detail::is_word(first.what))
            return read_chunk(text, at, at);
        bool const leads = first.what == detail::glyph::joint && (text[at] == '/' || text[at] == '.') &&
                           (at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n') &&
                           detail::look(text, first.next).what == detail::glyph::letter;
        return leads ? read_chunk(text, at, first.next) : first.next;
    }

    /// Where a word ends that needs no second look: ASCII letters, none but the first a capital, and behind them
    /// neither letter, digit, joint nor apostrophe. `at` where there is none.
    static std::size_t plain_word_end(std::string_view text, std::size_t at) noexcept {
        auto const is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
        if (!is_lower(static_cast<char>(text[at] | 0x20)))
            return at;
        auto end = at + 1;
        while (end < text.size() && is_lower(text[end]))
            ++end;
        auto const behind = end < text.size() ? static_cast<unsigned char>(text[end]) : ' ';
        return behind < 0x80 && detail::ascii_glyphs[behind] == detail::glyph::other ? end : at;
    }

    /// Words with what joins them: "foo.bar", "wi-fi", "C:\\temp", "c++".
    std::size_t read_chunk(std::string_view text, std::size_t begin, std::size_t at) {
        auto end = at;
        for (;;) {
            auto c = detail::look(text, end);
            while (detail::is_word(c.what))
                end = c.next, c = detail::look(text, end);
            auto over = end;
            for (int joints = 0; joints < 3 && c.what == detail::glyph::joint; ++joints)
                over = c.next, c = detail::look(text, over);
            if (over == end || !detail::is_word(c.what))
                break;
            end = over;
        }
        auto const rest = text.substr(end);
        if ((rest.starts_with("++") || rest.starts_with('#')) && end - begin <= 2 &&
            !detail::is_word(detail::look(text, end + (rest[0] == '#' ? 1 : 2)).what))
            end += rest[0] == '#' ? 1 : 2;
        return read_apostrophe(text, begin, end);
    }

    /// What an apostrophe behind the chunk means: an elided word, a contraction, a possessive.
    std::size_t read_apostrophe(std::string_view text, std::size_t begin, std::size_t end) {
        auto const mark = detail::look(text, end);
        auto behind = mark.next;
        while (mark.what == detail::glyph::apostrophe && detail::is_word(detail::look(text, behind).what))
            behind = detail::look(text, behind).next;
        if (mark.what != detail::glyph::apostrophe || behind == mark.next) {
            emit_chunk(text, begin, end);
            return end;
        }
        if (end - begin <= 8 && elided.contains(learn(text.substr(begin, end - begin)).surface()))
            return mark.next;
        if (of != tongue::en || behind - mark.next > 2) {
            emit_chunk(text, begin, end);
            return mark.next;
        }
        if (behind - mark.next == 1 && (text[mark.next] | 0x20) == 's')
            emit_chunk(text, begin, end);
        else
            emit_word(text, begin, behind, false);
        return behind;
    }

    std::size_t read_dense(std::string_view text, std::size_t begin) {
        auto end = begin;
        for (auto c = detail::look(text, end); c.what == detail::glyph::dense; c = detail::look(text, end))
            end = c.next;
        UErrorCode status = U_ZERO_ERROR;
        if (!breaks)
            breaks.reset(ubrk_open(UBRK_WORD, "", nullptr, 0, &status));
        UText view = UTEXT_INITIALIZER;
        utext_openUTF8(&view, text.data() + begin, static_cast<std::int64_t>(end - begin), &status);
        if (breaks && U_SUCCESS(status)) {
            ubrk_setUText(breaks.get(), &view, &status);
            auto from = ubrk_first(breaks.get());
            for (auto to = ubrk_next(breaks.get()); to != UBRK_DONE; from = to, to = ubrk_next(breaks.get()))
                emit_word(text, begin + static_cast<std::size_t>(from), begin + static_cast<std::size_t>(to), false);
        }
        utext_close(&view);
        return end;
    }

    void emit_chunk(std::string_view text, std::size_t begin, std::size_t end) {
        auto const chunk = text.substr(begin, end - begin);
        if (is_identifier(chunk))
            emit_whole(text, begin, end);
        else if (auto const dash = chunk.find('-'); dash != std::string_view::npos && (dash <= 2 || chunk.size() <= 6))
            emit_whole(text, begin, end); // e-mail, wi-fi
        for (auto at = begin; at < end;) {
            auto c = detail::look(text, at);
            auto const from = at;
            while (at < end && detail::is_word(c.what))
                at = c.next, c = detail::look(text, at);
            if (at > from)
                emit_run(text, from, at);
            else
                at = c.next;
        }
    }

    /// Whether joints or digits make one thing of the chunk. A hyphen between letters does not, nor does one run.
    static bool is_identifier(std::string_view chunk) {
        auto const joint = chunk.find_first_of("_-./\\:@+#");
        return joint != std::string_view::npos &&
               (has_digit(chunk) || chunk.find_first_of("_./\\:@+#") != std::string_view::npos);
    }

    /// Letters and digits without anything between: a word, or several written as one.
    void emit_run(std::string_view text, std::size_t begin, std::size_t end) {
        auto const run = text.substr(begin, end - begin);
        std::size_t cuts[8], count = 0;
        bool const splits = run.size() > 3 && !run.starts_with("0x") && !run.starts_with("0X");
        bool const digits = splits && has_digit(run);
        for (std::size_t i = 1; splits && i < run.size() && count < 8; ++i)
            if (detail::begins_hump(run, i) || (digits && detail::begins_digits(run, i)))
                cuts[count++] = begin + i;
        emit_word(text, begin, end, count > 0 && digits);
        auto from = begin;
        for (std::size_t i = 0; count > 0 && i <= count; ++i) {
            auto const to = i < count ? cuts[i] : end;
            if (to - from > 1)
                emit_word(text, from, to, false);
            from = to;
        }
    }

    void emit_word(std::string_view text, std::size_t begin, std::size_t end, bool whole) {
        auto const hash = detail::known_words::hash(truncate(text.substr(begin, end - begin), term_bytes_max));
        words.prefetch_slot(hash);
        seen.push_back(
            {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), hash, detail::no_whole, whole});
    }

    void emit_whole(std::string_view text, std::size_t begin, std::size_t end) {
        auto folded = fold(text.substr(begin, end - begin));
        std::erase(folded, '-');
        if (folded.empty() || folded.size() > term_bytes_max)
            return;
        // Only hyphens were between: as who writes it without them has it.
        if (folded.find_first_of("_./\\:@+#0123456789") == std::string::npos)
            folded = std::string{learn(folded).stem()};
        seen.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), 0,
                        static_cast<std::uint32_t>(wholes.size()), true});
        wholes.push_back(std::move(folded));
    }

    detail::known_word const& learn(std::string_view raw) {
        return learn(raw, detail::known_words::hash(truncate(raw, term_bytes_max)));
    }

    detail::known_word const& learn(std::string_view raw, std::uint32_t hash) {
        raw = truncate(raw, term_bytes_max);
        auto const* known = words.find(raw, hash);
        return known ? *known : know(raw, hash);
    }

    detail::known_word const& know(std::string_view raw, std::uint32_t hash) {
        auto surface = fold(raw);
        std::erase(surface, '\'');
        std::string stem = surface;
        detail::known_word made;
        made.stop = stops.contains(surface);
        std::vector<std::string> grams;
        if (!has_digit(surface)) {
            if (stemmer && !surface.empty()) {
                auto const* found = sb_stemmer_stem(stemmer.get(), reinterpret_cast<sb_symbol const*>(surface.data()),
                                                    static_cast<int>(surface.size()));
                if (found && sb_stemmer_length(stemmer.get()) > 0)
                    stem.assign(reinterpret_cast<char const*>(found),
                                static_cast<std::size_t>(sb_stemmer_length(stemmer.get())));
            }
            if (has_grams && !made.stop)
                grams = grams_of(surface);
        }
        std::string texts{raw};
        auto const add = [&](std::string_view text, std::uint16_t& size) {
            auto at = texts.find(text);
            if (at == std::string::npos)
                at = texts.size(), texts += text;
            size = static_cast<std::uint16_t>(text.size());
            return static_cast<std::uint16_t>(at);
        };
        made.raw_size = static_cast<std::uint16_t>(raw.size());
        made.surface_at = add(surface, made.surface_size);
        made.stem_at = add(stem, made.stem_size);
        made.grams_at = static_cast<std::uint16_t>(texts.size());
        for (auto const& gram : grams)
            if (texts.size() + gram.size() < detail::known_words::texts_max)
                texts += static_cast<char>(gram.size()), texts += gram, ++made.grams;
        return words.put(made, texts, hash);
    }

    static std::vector<std::string> grams_of(std::string_view word) {
        std::vector<std::size_t> starts;
        for (std::size_t at = 0; at < word.size(); next(word, at))
            starts.push_back(at);
        std::vector<std::string> grams;
        if (starts.size() <= gram_characters)
            return grams;
        starts.push_back(word.size());
        for (std::size_t i = 0; i + gram_characters < starts.size(); ++i)
            grams.push_back(gram_mark + std::string{word.substr(starts[i], starts[i + gram_characters] - starts[i])});
        return grams;
    }

    tongue of;
    bool has_grams;
    std::unordered_set<std::string_view> stops, elided;
    std::unique_ptr<sb_stemmer, detail::stemmer_deleter> stemmer;
    std::unique_ptr<UBreakIterator, detail::breaks_deleter> breaks;
    detail::known_words words;
    std::vector<detail::seen_word> seen; ///< of this text
    std::vector<token> out;
    std::vector<std::string> wholes; ///< the identifiers of this text
    std::uint32_t position = 0, forgotten = 0;
};

GUICHET_DECL analyser::analyser(tongue of) : state_{std::make_unique<state>(of)} {}
GUICHET_DECL analyser::~analyser() = default;
GUICHET_DECL analyser::analyser(analyser&&) noexcept = default;
GUICHET_DECL analyser& analyser::operator=(analyser&&) noexcept = default;
GUICHET_DECL std::span<token const> analyser::analyse(std::string_view text) { return state_->analyse(text); }
GUICHET_DECL tongue analyser::of() const noexcept { return state_->of; }
GUICHET_DECL std::uint32_t analyser::forgotten() const noexcept { return state_->forgotten; }

} // namespace guichet::inline v0::text
