#pragma once
#include <guichet/search/impl/completion.ipp>
#include <guichet/search/impl/fuzzy.ipp>
#include <guichet/search/impl/query.ipp>
#include <guichet/search/impl/request_words.ipp>
#include <guichet/search/impl/top.ipp>
#include <guichet/search/index.hpp>
#include <guichet/text/fold.hpp>
#include <guichet/text/utf8.hpp>

#include <algorithm>
#include <unordered_map>

namespace guichet::inline v0::search::detail {

/// A word of a query before it is weighed.
struct asked_word {
    std::string term, surface, typed;
    std::optional<field> in{};
    double weight = 1;
    std::uint32_t times = 1;
    std::uint32_t begin = 0, end = 0; ///< in what was typed
    bool stop = false, gram = false, exact = false;
    bool alone = false; ///< an identifier that is all that was typed
    std::uint32_t having = 0;
};

/// A filter as what a document must have.
inline demand demand_of(filter const& of) {
    demand out{.is = of.is == filter::form::all ? demand::form::all : demand::form::any};
    out.excluded = of.is == filter::form::none;
    if (of.is == filter::form::has)
        for (auto const& value : of.values)
            out.parts.push_back({.terms = {attribute_term(of.name, value)}});
    else
        for (auto const& part : of.parts)
            out.parts.push_back(demand_of(part));
    return out;
}

/// Makes of what was typed the terms that are scored and the demands.
class planner {
public:
    planner(request const& asked, view const& seen, ranking const& r, synonyms const& table, text::analysers& with)
        : asked_{asked}, seen_{seen}, ranking_{r}, synonyms_{table}, analyser_{with.of(asked.language)} {}

    search_plan plan() {
        if (asked_.plain)
            read({.text = std::string{asked_.text}}, true);
        else
            demanded_ = read(parse_query(asked_.text), true, true);
        count();
        long_ = content_words() > ranking_.long_words;
        weaken();
        if (long_) {
            std::erase_if(words_, [](asked_word const& one) { return one.gram; });
        } else {
            add_synonyms();
            correct();
            if (asked_.as_you_type)
                complete();
        }
        return weigh();
    }

    /// What was typed with its unknown words corrected, or nothing.
    std::string const& did_you_mean() const noexcept { return corrected_; }

private:
    /// What a clause demands, beside adding its words; nothing where it says nothing.
    std::optional<demand> read(clause const& one, bool wanted, bool outermost = false) {
        wanted = wanted && !one.excluded;
        auto out = one.is == clause::form::words ? read_words(one, wanted) : read_parts(one, wanted, outermost);
        if (out)
            out->excluded = one.excluded;
        return out;
    }

    /// Whatever is found has one of the outermost words, by correction too, so that nobody need demand it.
    std::optional<demand> read_parts(clause const& one, bool wanted, bool outermost) {
        demand must{.is = one.is == clause::form::any ? demand::form::any : demand::form::all};
        demand may{.is = demand::form::any};
        bool binds = outermost;
        for (auto const& part : one.parts) {
            auto wish = read(part, wanted);
            bool const bound = one.is != clause::form::group || part.binds();
            binds = binds || (bound && !part.excluded);
            if (wish)
                (bound ? must : may).parts.push_back(std::move(*wish));
        }
        if (!binds && !may.parts.empty())
            must.parts.push_back(std::move(may));
        if (must.parts.empty())
            return {};
        return must;
    }

    std::optional<demand> read_words(clause const& one, bool wanted) {
        demand wish{.in = one.in, .phrase = one.phrase};
        for (auto const& t : analyser_.analyse(one.text)) {
            bool const gram = t.kind == text::token_kind::gram;
            if (!gram && (one.phrase || !t.stop))
                wish.terms.emplace_back(t.term);
            if (!wanted || (gram && (one.in || one.phrase)))
                continue;
            asked_word word{std::string{t.term}, std::string{t.surface}, one.text.substr(t.begin, t.end - t.begin)};
            word.in = one.in;
            word.weight = gram ? ranking_.gram : 1.0;
            word.begin = one.begin + t.begin, word.end = one.begin + t.end;
            word.stop = t.stop, word.gram = gram;
            bool const whole = t.kind == text::token_kind::whole;
            word.exact = one.phrase || one.required || whole;
            word.alone = whole && !asked_.plain && trimmed(asked_.text) == one.text && word.typed == one.text;
            words_.push_back(std::move(word));
        }
        if (wish.terms.empty())
            return {};
        return wish;
    }

    /// Words that come more than once become one, and each is counted.
    void count() {
        std::vector<asked_word> once;
        std::map<std::pair<std::string_view, std::optional<field>>, std::size_t> places;
        for (auto const& one : words_) {
            auto const [at, fresh] = places.try_emplace({one.term, one.in}, once.size());
            if (fresh)
                once.push_back(one);
            else
                ++once[at->second].times;
        }
        words_ = std::move(once);
        for (auto& one : words_)
            one.having = having(one.term);
    }

    /// Where a term stands in each part: looked up once, which costs more than the rest.
    std::vector<std::uint32_t> const& places_of(std::string const& term) {
        auto const [at, fresh] = places_.try_emplace(term);
        if (fresh)
            at->second = seen_.places_of(term);
        return at->second;
    }
    std::uint32_t having(std::string const& term) { return seen_.having(places_of(term)); }

    std::size_t content_words() const {
        return static_cast<std::size_t>(
            std::ranges::count_if(words_, [](asked_word const& one) { return !one.stop && !one.gram; }));
    }

    /// Words that say little weigh little beside others.
    void weaken() {
        if (content_words() == 0)
            return;
        if (long_ || ranking_.stop <= 0)
            std::erase_if(words_, [](asked_word const& one) { return one.stop && !one.exact; });
        for (auto& one : words_)
            if (!one.exact)
                one.weight *= little(one.stop, one.surface);
    }

    /// What a word weighs that says little; others weigh 1.
    double little(bool stop, std::string_view surface) const {
        return stop ? ranking_.stop : is_request_word(analyser_.of(), surface) ? ranking_.request : 1;
    }

    bool is_stop(std::string_view surface) const {
        auto const words = analyser_.analyse(surface);
        return !words.empty() && words.front().stop;
    }

    /// Looks the runs of surfaces up, the longest first.
    void add_synonyms() {
        if (synonyms_.empty())
            return;
        std::vector<asked_word> plain;
        for (auto const& one : words_)
            if (!one.gram && !one.in)
                plain.push_back(one);
        std::ranges::stable_sort(plain, {}, &asked_word::begin);
        for (std::size_t i = 0; i < plain.size(); ++i) {
            std::string name;
            std::vector<std::string_view> others;
            for (std::size_t j = i; j < plain.size() && j < i + synonyms_.words_max(); ++j) {
                name += (name.empty() ? "" : " ") + plain[j].surface;
                if (auto found = synonyms_.others(name); !found.empty())
                    others = std::move(found);
            }
            for (auto const other : others)
                add_synonym(other, plain[i]);
        }
    }

    void add_synonym(std::string_view other, asked_word const& asked) {
        std::vector<asked_word> added;
        for (auto const& t : analyser_.analyse(other))
            if (t.kind != text::token_kind::gram && !t.stop && !has_word(t.term)) {
                auto one = asked;
                one.term = t.term, one.surface = t.surface;
                one.exact = true, one.stop = false, one.times = 1;
                one.having = having(one.term);
                added.push_back(std::move(one));
            }
        for (auto& one : added) {
            one.weight = ranking_.synonym / std::sqrt(static_cast<double>(added.size()));
            words_.push_back(std::move(one));
        }
    }

    bool has_word(std::string_view term) const {
        return std::ranges::any_of(words_, [&](asked_word const& one) { return one.term == term && !one.in; });
    }

    bool is_correctable(asked_word const& one) const {
        return !one.gram && !one.exact && !one.in && !one.stop && one.surface.size() >= 4 &&
               !text::has_digit(one.surface);
    }

    void correct() {
        corrected_.clear();
        if (!asked_.fuzzy)
            return;
        std::vector<asked_word> added;
        std::vector<std::pair<asked_word, std::string>> slips;
        std::size_t looked = 0;
        for (auto const& one : words_) {
            if (!is_correctable(one) || one.having > rare_documents || looked == corrected_words_max)
                continue;
            ++looked;
            bool const unknown = one.having == 0;
            auto const limit = cost_max(one.surface.size());
            auto const likely = corrections(seen_, one.surface, limit, unknown ? corrections_max : 2);
            for (auto const& c : likely) {
                if (c.term == one.term || (!unknown && c.having < one.having * 4))
                    continue;
                auto meant = one;
                meant.term = c.term, meant.surface = c.surface, meant.having = c.having;
                meant.weight *=
                    (unknown ? ranking_.fuzzy : ranking_.rare_fuzzy) * c.share * little(is_stop(c.surface), c.surface);
                added.push_back(std::move(meant));
            }
            if (unknown && !likely.empty())
                slips.emplace_back(one, likely.front().surface);
        }
        words_.insert(words_.end(), added.begin(), added.end());
        if (!slips.empty())
            write_correction(slips);
    }

    void write_correction(std::span<std::pair<asked_word, std::string> const> slips) {
        std::size_t at = 0;
        for (auto const& [word, meant] : slips) {
            if (word.begin < at)
                continue;
            corrected_ += asked_.text.substr(at, word.begin - at);
            corrected_ += meant;
            at = word.end;
        }
        corrected_ += asked_.text.substr(std::min(at, asked_.text.size()));
    }

    /// Adds the commonest words that begin as the last one does, unless something stands behind it.
    void complete() {
        auto const last = std::ranges::find_if(
            words_, [this](asked_word const& one) { return !one.gram && one.end == asked_.text.size(); });
        if (last == words_.end())
            return;
        auto const typed = *last;
        for (auto const& c : completer{seen_, typed.surface}.run(completions_max)) {
            if (c.term == typed.term)
                continue;
            auto one = typed;
            one.term = c.term, one.surface = c.surface, one.having = having(c.term);
            one.weight = ranking_.prefix;
            one.stop = false;
            words_.push_back(std::move(one));
        }
    }

    /// What the query gives a word that it says so often.
    double asked_weight(asked_word const& one) const {
        auto const times = static_cast<double>(one.times);
        return one.weight * (long_ ? std::sqrt(times) : 1 + ranking_.repeated * (times - 1));
    }

    double telling(asked_word const& one) const {
        auto const idf = idf_of(seen_.documents, one.having);
        auto const most = idf_of(seen_.documents, 0);
        return long_ ? most * std::pow(idf / most, ranking_.long_power) : idf;
    }

    search_plan weigh() {
        search_plan out;
        out.sums = seen_.sums;
        out.prunes = asked_.prunes;
        if (demanded_)
            out.demanded.parts.push_back(std::move(*demanded_));
        out.accepts = asked_.accepts;
        for (bool const grams : {false, true}) {
            std::vector<sought> some;
            for (auto const& one : words_)
                if (one.gram == grams && one.having > 0) {
                    auto const asked = asked_weight(one), idf = telling(one);
                    some.push_back(
                        {one.term, one.typed, idf, asked, std::min(asked * idf, weight_max), one.having, one.in});
                }
            std::ranges::sort(some, [](sought const& a, sought const& b) {
                return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
            });
            auto const most = grams ? std::min(ranking_.grams_max, terms_max - out.terms.size())
                                    : std::min(ranking_.words_max, terms_max);
            if (some.size() > most)
                some.resize(most);
            for (auto& one : some)
                one.places = places_of(one.term);
            out.terms.insert(out.terms.end(), some.begin(), some.end());
        }
        put_alone_first(out);
        return out;
    }

    /// Raises an identifier that is all that was typed above what all other terms can give, priors included.
    void put_alone_first(search_plan& plan) const {
        for (auto const& word : words_) {
            auto const at = std::ranges::find(plan.terms, word.term, &sought::term);
            if (!word.alone || at == plan.terms.end())
                continue;
            double others = 1;
            for (auto const& one : plan.terms)
                others += &one == &*at ? 0 : points_of(one.weight, 1) + 1;
            at->whole = static_cast<points>(others * prior_worth{ranking_, {}}.most() + 1);
        }
    }

    static constexpr std::uint32_t rare_documents = 1; ///< a word of so many may be a slip
    static constexpr std::size_t corrections_max = 3, corrected_words_max = 6, completions_max = 8;

    request const& asked_;
    view const& seen_;
    ranking const& ranking_;
    synonyms const& synonyms_;
    text::analyser& analyser_;
    std::vector<asked_word> words_;
    std::unordered_map<std::string, std::vector<std::uint32_t>> places_;
    std::optional<demand> demanded_;
    std::string corrected_;
    bool long_ = false;
};

} // namespace guichet::inline v0::search::detail
