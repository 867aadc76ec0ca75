#pragma once
#include <guichet/search/query.hpp>
#include <guichet/text/fold.hpp>

#include <algorithm>
#include <iterator>

namespace guichet::inline v0::search {
namespace detail {

inline bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

inline std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// The field whose name and colon begin the text; both are taken away.
inline std::optional<field> take_field(std::string_view typed, std::size_t& at) noexcept {
    for (std::size_t i = 0; i < fields; ++i) {
        auto const name = field_names[i];
        auto const rest = typed.substr(at);
        if (!rest.starts_with(name) || rest.size() <= name.size() + 1 || rest[name.size()] != ':' ||
            is_space(rest[name.size() + 1]))
            continue;
        at += name.size() + 1;
        return static_cast<field>(i);
    }
    return {};
}

inline std::size_t words_in(std::string_view text) noexcept {
    return static_cast<std::size_t>(std::ranges::count(text, ' ')) + 1;
}

/// A query cut into its signs and words.
struct query_token {
    enum class kind : std::uint8_t { words, open, close, both, either, without, negate };
    kind is = kind::words;
    clause what{}; ///< of an opening parenthesis the signs before it
    bool is_operator() const noexcept { return is > kind::close; }
};

inline query_token::kind operator_of(std::string_view word) noexcept {
    using enum query_token::kind;
    return word == "AND" || word == "ET"  ? both
           : word == "OR" || word == "OU" ? either
           : word == "SAUF"               ? without
           : word == "NOT"                ? negate
                                          : words;
}

/// Cuts a query into tokens. Parentheses begin a word or end one; all others belong to their word.
class query_cutter {
public:
    explicit query_cutter(std::string_view typed) : typed_{typed} {}

    std::vector<query_token> run() && {
        while (at_ < typed_.size())
            if (is_space(typed_[at_]))
                ++at_;
            else if (typed_[at_] == ')')
                close();
            else
                take();
        return std::move(out_);
    }

private:
    void close() {
        ++at_;
        if (depth_ == 0)
            return;
        --depth_;
        out_.push_back({query_token::kind::close, {}});
    }

    void take() {
        clause one;
        auto const signs = at_;
        if (at_ + 1 < typed_.size() && !is_space(typed_[at_ + 1]) && typed_[at_ + 1] != typed_[at_]) {
            one.excluded = typed_[at_] == '-';
            one.required = typed_[at_] == '+';
            at_ += one.excluded || one.required;
        }
        if (typed_[at_] == '(') {
            ++at_;
            if (depth_ == depth_max)
                return;
            ++depth_;
            out_.push_back({query_token::kind::open, std::move(one)});
            return;
        }
        one.in = take_field(typed_, at_);
        one.phrase = typed_[at_] == '"';
        at_ += one.phrase;
        auto const end = one.phrase ? std::min(typed_.find('"', at_), typed_.size()) : word_end();
        one.text = typed_.substr(at_, end - at_);
        one.begin = static_cast<std::uint32_t>(at_);
        at_ = std::min(end + one.phrase, typed_.size());
        if (trimmed(one.text).empty())
            return;
        auto const kind = signs == one.begin ? operator_of(one.text) : query_token::kind::words;
        out_.push_back({kind, std::move(one)});
    }

    std::size_t word_end() const noexcept {
        auto end = at_;
        for (std::size_t inner = 0; end < typed_.size() && !is_space(typed_[end]); ++end) {
            inner += typed_[end] == '(';
            if (typed_[end] != ')')
                continue;
            if (inner > 0)
                --inner;
            else if (depth_ > 0)
                break;
        }
        return end;
    }

    static constexpr std::size_t depth_max = 16;

    std::string_view typed_;
    std::size_t at_ = 0, depth_ = 0;
    std::vector<query_token> out_;
};

/// Makes words of the operators that have nothing to bind.
inline void settle_operators(std::vector<query_token>& all, std::string_view typed) {
    using enum query_token::kind;
    bool follows = false; // something that can be bound, behind the token
    for (auto i = all.size(); i-- > 0;) {
        auto& one = all[i];
        if (one.is_operator() && !follows)
            one.is = words;
        follows = one.is == words || one.is == open || one.is == negate;
    }
    bool const capitals = std::ranges::none_of(typed, [](char c) { return c >= 'a' && c <= 'z'; });
    bool beside = false; // two words without an operator between them
    auto before = open;
    for (auto& one : all) {
        bool const after_words = before == words || before == close;
        if (one.is == negate ? before != both && before != either : one.is_operator() && !after_words)
            one.is = words;
        beside = beside || (after_words && (one.is == words || one.is == open));
        before = one.is;
    }
    if (capitals && beside)
        for (auto& one : all)
            if (one.is_operator())
                one.is = words;
}

/// Puts tokens together. Recursive only in parentheses, of which the cutter bounds the depth.
class query_reader {
public:
    explicit query_reader(std::vector<query_token> all) : all_{std::move(all)} {}

    clause read() { return either(); }

private:
    using kind = query_token::kind;
    using form = clause::form;

    bool take(kind wanted) {
        bool const here = at_ < all_.size() && all_[at_].is == wanted;
        at_ += here;
        return here;
    }

    static clause joined(form how, std::vector<clause> parts) {
        if (parts.size() == 1)
            return std::move(parts.front());
        // Of words that bind nothing, OR says what their standing side by side says.
        bool const loose =
            how == form::any && std::ranges::all_of(parts, [](clause const& one) {
                return one.is == form::group && !one.excluded && std::ranges::none_of(one.parts, &clause::binds);
            });
        clause out{loose ? form::group : how};
        if (!loose)
            out.parts = std::move(parts);
        for (auto& one : loose ? parts : std::vector<clause>{})
            std::ranges::move(one.parts, std::back_inserter(out.parts));
        return out;
    }

    clause either() {
        std::vector<clause> parts;
        do
            parts.push_back(both());
        while (take(kind::either));
        return joined(form::any, std::move(parts));
    }

    clause both() {
        std::vector<clause> parts;
        bool excluded = take(kind::negate);
        for (;;) {
            parts.push_back(group());
            parts.back().excluded ^= excluded;
            if (take(kind::without))
                excluded = true;
            else if (take(kind::both))
                excluded = take(kind::negate);
            else
                return joined(form::all, std::move(parts));
        }
    }

    clause group() {
        clause out{form::group};
        while (at_ < all_.size()) {
            auto& one = all_[at_];
            if (take(kind::words)) {
                out.parts.push_back(std::move(one.what));
            } else if (take(kind::open)) {
                auto inner = either();
                take(kind::close);
                inner.excluded ^= one.what.excluded;
                inner.required = one.what.required;
                if (inner.is == form::group && !inner.excluded && !inner.required)
                    std::ranges::move(inner.parts, std::back_inserter(out.parts)); // a remark in parentheses
                else
                    out.parts.push_back(std::move(inner));
            } else {
                break;
            }
        }
        return out;
    }

    std::vector<query_token> all_;
    std::size_t at_ = 0;
};

inline constexpr std::size_t loose_words_max = 2; ///< beside which signs and quotes bind

/// A sentence: takes the meaning from signs and quotes.
inline void loosen(clause& of) {
    of.phrase = of.excluded = of.required = false;
    std::vector<clause> flat;
    for (auto& part : of.parts) {
        loosen(part);
        if (part.is == clause::form::group)
            std::ranges::move(part.parts, std::back_inserter(flat));
        else
            flat.push_back(std::move(part));
    }
    of.parts = std::move(flat);
}

} // namespace detail

GUICHET_DECL clause parse_query(std::string_view typed) {
    auto tokens = detail::query_cutter{typed}.run();
    detail::settle_operators(tokens, typed);
    bool const operators = std::ranges::any_of(tokens, &detail::query_token::is_operator);
    auto out = detail::query_reader{std::move(tokens)}.read();
    auto const loose = std::ranges::count_if(out.parts, [](clause const& one) { return !one.binds(); });
    if (!operators && loose > static_cast<std::ptrdiff_t>(detail::loose_words_max))
        detail::loosen(out);
    return out;
}

GUICHET_DECL synonyms synonyms::of(std::string_view lines) {
    synonyms out;
    for (std::size_t number = 0; !lines.empty(); ++number) {
        auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        line = line.substr(0, line.find('#'));
        while (!line.empty()) {
            auto const part = line.substr(0, line.find('='));
            line.remove_prefix(std::min(part.size() + 1, line.size()));
            auto const text = detail::trimmed(part);
            if (text.empty())
                continue;
            auto folded = text::fold(text);
            folded.erase(std::ranges::unique(folded, [](char a, char b) { return a == ' ' && b == ' '; }).begin(),
                         folded.end());
            out.words_max_ = std::max(out.words_max_, detail::words_in(folded));
            out.names_.push_back({std::move(folded), std::string{text}, number});
        }
    }
    std::ranges::stable_sort(out.names_, {}, &name::folded);
    return out;
}

GUICHET_DECL std::vector<std::string_view> synonyms::others(std::string_view folded_name) const {
    std::vector<std::string_view> out;
    for (auto const& one :
         std::ranges::equal_range(names_, folded_name, {}, [](name const& n) { return std::string_view{n.folded}; }))
        for (auto const& other : names_)
            if (other.line == one.line && other.folded != one.folded)
                out.push_back(other.text);
    return out;
}

} // namespace guichet::inline v0::search
