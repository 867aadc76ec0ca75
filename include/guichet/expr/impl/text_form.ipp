#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/expr/impl/checking.ipp>
#include <guichet/expr/impl/evaluation.ipp>

#include <algorithm>
#include <array>
#include <charconv>

/// The text form of a condition: `priority >= high and not (tags has "vip")`, read.
namespace guichet::inline v0::expr::detail {

// --- words

/// How many bytes at the front of `text` are a space; typographic ones count.
inline std::size_t space_at(std::string_view text) noexcept {
    if (text.starts_with(' ') || text.starts_with('\t') || text.starts_with('\n') || text.starts_with('\r'))
        return 1;
    return text.starts_with("\xC2\xA0") ? 2 : text.starts_with("\xE2\x80\xAF") ? 3 : 0;
}

struct sign {
    std::string_view written;
    op kind;
};
/// The longer ones first.
inline constexpr std::array signs{sign{"!=", op::not_equal},
                                  sign{"<=", op::less_equal},
                                  sign{">=", op::greater_equal},
                                  sign{"==", op::equal},
                                  sign{"\xE2\x89\xA0", op::not_equal},
                                  sign{"\xE2\x89\xA4", op::less_equal},
                                  sign{"\xE2\x89\xA5", op::greater_equal},
                                  sign{"=", op::equal},
                                  sign{"<", op::less},
                                  sign{">", op::greater}};

inline sign const* sign_at(std::string_view text) noexcept {
    auto const found =
        std::find_if(signs.begin(), signs.end(), [&](auto const& s) { return text.starts_with(s.written); });
    return found == signs.end() ? nullptr : &*found;
}

/// How many bytes at the front of `text` are a word: a name, a number, a duration, an instant, an address.
inline std::size_t word_at(std::string_view text) noexcept {
    auto const is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               (c & 0x80) != 0;
    };
    std::size_t size = 0;
    if (text.size() > 1 && text[0] == '-' && text[1] >= '0' && text[1] <= '9')
        size = 1;
    for (; size < text.size(); ++size) {
        auto const rest = text.substr(size);
        bool const inside = size > 0 && std::string_view{".:+-/@"}.find(rest[0]) != std::string_view::npos;
        if ((!is_plain(rest[0]) && !inside) || space_at(rest) > 0 || sign_at(rest))
            break;
    }
    return size;
}

inline std::string lower(std::string_view word) {
    std::string out{word};
    for (auto& c : out)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

inline bool is_one_of(std::string_view word, std::initializer_list<std::string_view> known) noexcept {
    return std::find(known.begin(), known.end(), word) != known.end();
}

/// Whether `text` can be written without quotes, as the name of a field or as a choice.
inline bool is_bare(std::string_view text, std::initializer_list<std::string_view> reserved) {
    return !text.empty() && text[0] != '-' && word_at(text) == text.size() && !is_one_of(lower(text), reserved);
}

/// Whether a word behind a field says what is asked of it, so that it is no name.
inline bool may_be_verb(std::string_view word) noexcept {
    return (parse_op(word) && word != "open") ||
           is_one_of(word, {"is", "has", "older", "newer", "starts", "overdue", "all", "any", "none", "and", "or"});
}

/// As many bytes of `text` as show what it is, whole characters.
inline std::string shortened(std::string_view text) {
    constexpr std::size_t shown_max = 40;
    if (text.size() <= shown_max)
        return std::string{text};
    auto end = shown_max;
    while (end > 0 && (text[end] & 0xC0) == 0x80)
        --end;
    return std::string{text.substr(0, end)} + "...";
}

// --- reading

struct token {
    enum kinds : std::uint8_t { end, word, quoted, name, mark, comparison, bad };
    kinds kind = end;
    std::string text = {}; ///< without quotes and escapes
    std::size_t from = 0;  ///< the byte where it begins
    op sign = op::equal;
};

/// Recursive descent over one text. One use.
class text_reader {
public:
    text_reader(std::string_view text, compiler& check, std::string path)
        : text_{text}, check_{check}, path_{std::move(path)} {
        advance();
    }

    result<node> read(std::size_t depth) {
        GUICHET_LET(auto tree, either(0));
        if (now_.kind != token::end)
            return expected("\"and\", \"or\" or the end", "« and », « or » ou la fin");
        GUICHET_TRY(levels(tree, depth));
        return tree;
    }

private:
    /// By columns of the text.
    class columns final : public places {
    public:
        explicit columns(text_reader const& reader) : reader_{reader} {}
        std::string field() const override { return at(field_from); }
        std::string op() const override { return at(op_from); }
        std::string calendar() const override { return at(calendar_from); }
        std::string value() const override { return at(value_from.empty() ? op_from : value_from[0]); }
        std::string value(std::size_t number) const override { return at(value_from[number]); }

        std::size_t field_from = 0, op_from = 0, calendar_from = 0;
        std::vector<std::size_t> value_from;
        mutable std::size_t last = 0; ///< what was asked for last

    private:
        std::string at(std::size_t from) const { return reader_.place(last = from); }
        text_reader const& reader_;
    };

    // --- places and errors

    /// Counts from the place that was asked for last, so that many questions cost no more than the text is long.
    std::size_t column(std::size_t from) const noexcept {
        auto const count = [&](std::size_t begin, std::size_t end) {
            auto const part = text_.substr(begin, end - begin);
            return static_cast<std::size_t>(
                std::count_if(part.begin(), part.end(), [](char c) { return (c & 0xC0) != 0x80; }));
        };
        if (from >= counted_to_)
            counted_ += count(counted_to_, from);
        else
            counted_ -= count(from, counted_to_);
        counted_to_ = from;
        return 1 + counted_;
    }
    std::string place(std::size_t from) const { return path_ + ", column " + std::to_string(column(from)); }

    /// Adds the column, and the French way to name it.
    error placed(error problem, std::size_t from) const {
        auto const number = std::to_string(column(from));
        std::string path{problem["path"]};
        auto const word = ", column " + number;
        if (auto const at = path.rfind(word); at != std::string::npos)
            path.replace(at, word.size(), ", colonne " + number);
        return std::move(problem).with("path.fr", path).with("column", number);
    }

    error expected(std::string english, std::string french) const {
        if (problem_)
            return *problem_;
        auto const seen = shortened(now_.text);
        bool const ends = now_.kind == token::end;
        return placed({reason::condition_syntax,
                       {{"path", place(now_.from)},
                        {"expected", std::move(english)},
                        {"expected.fr", std::move(french)},
                        {"found", ends ? "the end" : '"' + seen + '"'},
                        {"found.fr", ends ? "la fin" : "« " + seen + " »"}}},
                      now_.from);
    }
    error expected_word(std::string_view word) const {
        return expected('"' + std::string{word} + '"', "« " + std::string{word} + " »");
    }

    // --- tokens

    void advance() {
        while (auto const space = space_at(text_.substr(at_)))
            at_ += space;
        now_ = {.from = at_};
        auto const rest = text_.substr(at_);
        if (rest.empty())
            return;
        if (rest[0] == '"' || rest[0] == '`')
            return take_quoted(rest[0]);
        if (auto const* found = sign_at(rest)) {
            now_ = {token::comparison, std::string{found->written}, at_, found->kind};
        } else if (auto const size = word_at(rest)) {
            now_ = {token::word, std::string{rest.substr(0, size)}, at_};
        } else {
            std::size_t length = 1;
            while (length < rest.size() && (rest[length] & 0xC0) == 0x80)
                ++length;
            now_ = {token::mark, std::string{rest.substr(0, length)}, at_};
        }
        at_ += now_.text.size();
    }

    /// A text between quotes, with escapes; a name between backticks, where two stand for one.
    void take_quoted(char quote) {
        now_.kind = quote == '"' ? token::quoted : token::name;
        for (++at_; at_ < text_.size(); ++at_) {
            char const c = text_[at_];
            if (c == quote && quote == '`' && text_.substr(at_ + 1).starts_with(quote)) {
                now_.text += c;
                ++at_;
            } else if (c == quote) {
                ++at_;
                return;
            } else if (c == '\\' && quote == '"') {
                if (!take_escape())
                    return;
            } else {
                now_.text += c;
            }
        }
        now_.kind = token::bad;
        problem_ = placed({reason::condition_text_unclosed, {{"path", place(now_.from)}}}, now_.from);
    }

    bool take_escape() {
        static constexpr std::string_view letters = "\"\\ntr", meanings = "\"\\\n\t\r";
        auto const rest = text_.substr(at_ + 1);
        auto const known = rest.empty() ? std::string_view::npos : letters.find(rest[0]);
        if (known != std::string_view::npos) {
            now_.text += meanings[known];
            ++at_;
            return true;
        }
        if (rest.size() >= 5 && rest[0] == 'u') {
            std::uint32_t code = 0;
            auto const [end, problem] = std::from_chars(rest.data() + 1, rest.data() + 5, code, 16);
            if (problem == std::errc{} && end == rest.data() + 5 && (code < 0xD800 || code > 0xDFFF)) {
                put_utf8(code);
                at_ += 5;
                return true;
            }
        }
        problem_ = placed({reason::condition_text_escape,
                           {{"path", place(at_)},
                            {"value", rest.empty() ? "" : std::string{rest.substr(0, 1)}},
                            {"known", "\\\", \\\\, \\n, \\t, \\r, \\u00E9"}}},
                          at_);
        now_.kind = token::bad;
        at_ = text_.size();
        return false;
    }
    void put_utf8(std::uint32_t code) {
        auto const byte = [](std::uint32_t bits) { return static_cast<char>(bits); };
        if (code < 0x80)
            now_.text += byte(code);
        else if (code < 0x800)
            now_.text.append({byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F))});
        else
            now_.text.append({byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F))});
    }

    bool is(std::string_view word) const { return now_.kind == token::word && lower(now_.text) == word; }
    bool is_mark(char c) const noexcept { return now_.kind == token::mark && now_.text[0] == c; }
    bool take(std::string_view word) {
        bool const found = is(word);
        if (found)
            advance();
        return found;
    }
    bool take_mark(char c) {
        bool const found = is_mark(c);
        if (found)
            advance();
        return found;
    }
    /// What comes after the token that is looked at.
    token following() {
        auto const here = now_;
        auto const at = at_;
        auto const problem = problem_;
        advance();
        auto out = std::exchange(now_, here);
        at_ = at;
        problem_ = problem;
        return out;
    }

    // --- groups

    /// Bounds the recursion.
    result<void> deepen(std::size_t nesting) const {
        constexpr std::size_t nesting_max = 2 * limits::condition_depth_max + 2; // `not (` takes two
        if (nesting > nesting_max)
            return placed(limit_passed(place(now_.from) + " (depth)", nesting, nesting_max), now_.from);
        return {};
    }
    /// Counts a node.
    result<void> enter() {
        if (auto const counted = check_.enter(1, 0, place(now_.from)); !counted)
            return placed(counted.error(), now_.from);
        return {};
    }

    /// Levels of the tree; those of the parentheses do not count.
    result<void> levels(node const& tree, std::size_t depth) const {
        if (depth > limits::condition_depth_max)
            return limit_passed(path_ + " (depth)", depth, limits::condition_depth_max);
        for (auto const& child : tree.children)
            GUICHET_TRY(levels(child, depth + 1));
        return {};
    }

    result<node> either(std::size_t nesting) { return chain(op::any, "or", nesting); }
    result<node> both(std::size_t nesting) { return chain(op::all, "and", nesting); }

    result<node> chain(op kind, std::string_view between, std::size_t nesting) {
        auto const next = [&] { return kind == op::any ? both(nesting) : one(nesting); };
        GUICHET_LET(auto first, next());
        if (!is(between))
            return first;
        GUICHET_TRY(enter());
        node out{.kind = kind};
        out.children.push_back(std::move(first));
        while (take(between)) {
            GUICHET_LET(auto another, next());
            out.children.push_back(std::move(another));
        }
        return out;
    }

    result<node> one(std::size_t nesting) {
        GUICHET_TRY(deepen(nesting));
        if (is("not")) {
            GUICHET_TRY(enter());
            advance();
            GUICHET_LET(auto child, one(nesting + 1));
            return negated(std::move(child));
        }
        if (take_mark('(')) {
            GUICHET_LET(auto inner, either(nesting + 1));
            if (!take_mark(')'))
                return expected("\")\", \"and\" or \"or\"", "« ) », « and » ou « or »");
            return inner;
        }
        if (is("all") || is("any"))
            if (auto const next = following(); next.kind == token::mark && next.text == "(")
                return function(nesting);
        if (is("calendar"))
            if (auto const next = following(); next.kind == token::quoted || next.kind == token::name ||
                                               (next.kind == token::word && !may_be_verb(lower(next.text))))
                return opening();
        if (is("always") || is("true") || is("never") || is("false")) {
            GUICHET_TRY(enter());
            node out{.kind = is("always") || is("true") ? op::all : op::any};
            advance();
            return out;
        }
        if (now_.kind != token::word && now_.kind != token::name)
            return expected("a comparison such as priority = high", "une comparaison comme priority = high");
        return leaf();
    }

    static node negated(node child) {
        node out{.kind = op::negate};
        out.children.push_back(std::move(child));
        return out;
    }

    /// `all (x, y)`, `any (x)`: groups of any size.
    result<node> function(std::size_t nesting) {
        GUICHET_TRY(enter());
        node out{.kind = is("all") ? op::all : op::any};
        advance();
        advance();
        if (take_mark(')'))
            return out;
        do {
            GUICHET_LET(auto child, either(nesting + 1));
            out.children.push_back(std::move(child));
        } while (take_mark(','));
        if (!take_mark(')'))
            return expected("\",\" or \")\"", "« , » ou « ) »");
        return out;
    }

    // --- leaves

    /// `calendar paris is open`.
    result<node> opening() {
        GUICHET_TRY(enter());
        advance();
        columns at{*this};
        GUICHET_LET(auto name, read_calendar(at));
        take("is");
        bool inverted = take("not");
        if (!is("open") && !is("closed"))
            return expected("\"is open\"", "« is open »");
        inverted = inverted != is("closed");
        advance();
        auto made = check_.check_open(std::move(name), at);
        if (!made)
            return placed(made.error(), at.last);
        if (!inverted)
            return made;
        GUICHET_TRY(enter());
        return negated(std::move(*made));
    }

    result<std::string> read_calendar(columns& at) {
        if (now_.kind != token::word && now_.kind != token::quoted && now_.kind != token::name)
            return expected("the name of a calendar", "le nom d'un calendrier");
        at.calendar_from = now_.from;
        if (now_.text.empty())
            return placed({reason::empty_text, {{"path", place(now_.from)}}}, now_.from);
        auto name = now_.text;
        advance();
        return name;
    }

    /// `working`, `working in paris` behind a duration; empty where time is that of the clock on the wall.
    result<std::string> read_working(columns& at) {
        at.calendar_from = now_.from;
        if (!take("working"))
            return std::string{};
        return take("in") ? read_calendar(at) : result<std::string>{std::string{default_calendar}};
    }

    /// What a leaf says before its values.
    struct verb {
        op kind = op::equal;
        bool inverted = false;       ///< `not` stands before it
        bool overdue_at_all = false; ///< without a duration
    };

    result<node> leaf() {
        columns at{*this};
        at.field_from = now_.from;
        auto const name = now_.text;
        auto const number = check_.known().find(name);
        if (!number)
            return placed(unknown_field(check_.known(), name, at.field()), at.field_from);
        auto const& which = check_.known()[*number];
        GUICHET_TRY(enter());
        advance();
        at.op_from = now_.from;
        bool const stands_alone = now_.kind == token::end || is_mark(')') || is_mark(',') || is("and") || is("or");
        if (which.type == field_type::boolean && stands_alone)
            return checked(name, op::equal, {literal{true}}, at);
        GUICHET_LET(auto says, read_verb(which));
        std::vector<literal> operands;
        if (is_flag(says.kind))
            operands.emplace_back(!std::exchange(says.inverted, false));
        else if (says.overdue_at_all)
            operands.emplace_back(duration{0});
        else
            GUICHET_TRY(read_operands(which, says.kind, operands, at));
        std::string calendar;
        if (asks_clock(says.kind, which.type)) {
            GUICHET_LET(calendar, read_working(at));
        }
        GUICHET_LET(auto made, checked(name, says.kind, std::move(operands), at, std::move(calendar)));
        if (says.kind == op::changed_from && is("to")) {
            GUICHET_TRY(enter());
            columns then{*this};
            then.field_from = at.field_from;
            then.op_from = now_.from;
            GUICHET_TRY(enter());
            advance();
            std::vector<literal> value;
            GUICHET_TRY(read_operands(which, op::changed_to, value, then));
            GUICHET_LET(auto second, checked(name, op::changed_to, std::move(value), then));
            node both{.kind = op::all};
            both.children.push_back(std::move(made));
            both.children.push_back(std::move(second));
            made = std::move(both);
        }
        return says.inverted ? negated(std::move(made)) : std::move(made);
    }

    result<node> checked(std::string const& name, op kind, std::vector<literal> operands, columns const& at,
                         std::string calendar = {}) {
        auto made = check_.check_leaf(name, to_string(kind), std::move(operands), at, std::move(calendar));
        if (!made)
            return placed(made.error(), at.last);
        return made;
    }

    error expected_operator(field const& which) const {
        auto const known = offered(which);
        return expected("an operator for " + which.name + " (" + known + ")",
                        "un opérateur pour " + which.name + " (" + known + ")");
    }

    result<verb> read_verb(field const& which) {
        bool const is_so = take("is"), inverted = take("not");
        verb out{.inverted = inverted};
        if (now_.kind == token::comparison) {
            out.kind = now_.sign;
            advance();
            return out;
        }
        if (now_.kind == token::word) {
            GUICHET_LET(auto const known, read_words(which, out));
            if (known)
                return out;
        }
        if (!is_so || (now_.kind != token::word && now_.kind != token::quoted))
            return expected_operator(which);
        return verb{.kind = inverted ? op::not_equal : op::equal};
    }

    /// An operator in words. Nothing is taken where there is none.
    result<bool> read_words(field const& which, verb& out) {
        auto const word = lower(now_.text);
        auto const found = [&](op kind) {
            out.kind = kind;
            return true;
        };
        if (is_one_of(word, {"any", "all", "none"}) && following_is("of"))
            return advance(), read_set(word, out);
        if (auto const kind = parse_op(word);
            kind && !is_group(*kind) && !is_one_of(word, {"contains", "changed", "open"}))
            return advance(), found(*kind);
        if (take("overdue")) {
            out.overdue_at_all = !take("by");
            if (!out.overdue_at_all && take("more") && !take("than"))
                return expected_word("than");
            return found(op::older_than);
        }
        if (take("changed"))
            return found(take("from") ? op::changed_from : take("to") ? op::changed_to : op::changed);
        struct {
            std::string_view first, second;
            op kind;
        } constexpr pairs[]{
            {"older", "than", op::older_than}, {"newer", "than", op::newer_than}, {"starts", "with", op::starts_with}};
        for (auto const& pair : pairs)
            if (take(pair.first))
                return take(pair.second) ? result<bool>{found(pair.kind)} : expected_word(pair.second);
        if (!take("contains") && !take("has"))
            return false;
        if (auto const set = lower(now_.text);
            now_.kind == token::word && is_one_of(set, {"any", "all", "none"}) && following_is("of"))
            return advance(), read_set(set, out);
        if (which.type == field_type::text && is("word")) {
            auto const next = following();
            bool const has_more =
                next.kind == token::quoted || (next.kind == token::word && !is_one_of(lower(next.text), {"and", "or"}));
            if (has_more)
                return advance(), found(op::has_word);
        }
        return found(op::contains);
    }
    bool following_is(std::string_view word) {
        auto const next = following();
        return next.kind == token::word && lower(next.text) == word;
    }
    bool read_set(std::string_view word, verb& out) {
        advance(); // of
        out.kind = word == "any" ? op::any_of : word == "all" ? op::all_of : op::none_of;
        return true;
    }

    result<void> read_operands(field const& which, op kind, std::vector<literal>& out, columns& at) {
        if (kind == op::within && take("the"))
            take("next");
        else if (kind == op::within)
            take("next");
        if (!takes_many(kind))
            return read_value(which, kind, out, at);
        if (!take_mark('('))
            return expected_word("(");
        if (take_mark(')'))
            return {};
        do
            GUICHET_TRY(read_value(which, kind, out, at));
        while (take_mark(','));
        if (!take_mark(')'))
            return expected("\",\" or \")\"", "« , » ou « ) »");
        return {};
    }

    result<void> read_value(field const& which, op kind, std::vector<literal>& out, columns& at) {
        if (now_.kind != token::word && now_.kind != token::quoted)
            return expected_value(which, kind);
        at.value_from.push_back(now_.from);
        out.push_back(now_.kind == token::quoted ? literal{now_.text} : value_of(now_.text, which.type));
        advance();
        return {};
    }

    static literal value_of(std::string const& word, field_type type) {
        auto const small = lower(word);
        if (small == "null" || small == "empty")
            return {};
        if (type == field_type::boolean && (small == "true" || small == "false"))
            return small == "true";
        if (type == field_type::number) {
            auto const* const end = word.data() + word.size();
            std::int64_t whole = 0;
            if (auto const read = std::from_chars(word.data(), end, whole); read.ec == std::errc{} && read.ptr == end)
                return whole;
            double number = 0;
            if (auto const read = std::from_chars(word.data(), end, number); read.ec == std::errc{} && read.ptr == end)
                return number;
        }
        return word;
    }

    error expected_value(field const& which, op kind) const {
        if (asks_clock(kind, which.type))
            return expected("a duration such as 4h", "une durée comme 4h");
        if (!which.choices.empty()) {
            auto const known = joined(which.choices);
            return expected("one of " + known, "l'une de ces valeurs : " + known);
        }
        switch (which.type) {
        case field_type::number: return expected("a number", "un nombre");
        case field_type::boolean: return expected("true or false", "true ou false");
        case field_type::instant:
            return expected("an instant such as 2026-01-05T08:00:00Z", "un instant comme 2026-01-05T08:00:00Z");
        default: return expected("a text in double quotes", "un texte entre guillemets droits");
        }
    }

    std::string_view text_;
    compiler& check_;
    std::string path_;
    std::size_t at_ = 0;
    mutable std::size_t counted_to_ = 0, counted_ = 0; ///< characters before a byte
    token now_;
    std::optional<error> problem_; ///< of the token `bad`
};

inline result<node> read_text_form(std::string_view text, compiler& check, std::string const& path, std::size_t depth) {
    return text_reader{text, check, path}.read(depth);
}

} // namespace guichet::inline v0::expr::detail
