#pragma once
#include <guichet/search/impl/fuzzy.ipp>
#include <guichet/search/impl/top.ipp>
#include <guichet/search/index.hpp>
#include <guichet/text/fold.hpp>

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

/// A word of a query before it is weighed.
struct asked_word {
    std::string term, surface, typed;
    std::optional<field> in{};
    double weight = 1;
    std::uint32_t begin = 0, end = 0; ///< in what was typed
    bool stop = false, gram = false, exact = false;
    std::uint32_t having = 0;
};

/// Makes of what was typed the terms that are scored and the demands.
class planner {
public:
    planner(request const& asked, view const& seen, ranking const& r, synonyms const& table, text::analysers& with)
        : asked_{asked}, seen_{seen}, ranking_{r}, synonyms_{table}, analyser_{with.of(asked.language)} {}

    search_plan plan() {
        for (auto const& one : parse_query(asked_.text))
            read(one);
        add_synonyms();
        drop_stop_words();
        count();
        correct();
        if (asked_.as_you_type)
            complete();
        return weigh();
    }

    /// What was typed with its unknown words corrected, or nothing.
    std::string const& did_you_mean() const noexcept { return corrected_; }

private:
    void read(clause const& one) {
        demand wish{{}, one.in, one.excluded, one.phrase};
        for (auto const& t : analyser_.analyse(one.text)) {
            bool const gram = t.kind == text::token_kind::gram;
            if (!gram && (one.phrase || !t.stop))
                wish.terms.emplace_back(t.term);
            if (one.excluded || (gram && (one.in || one.phrase)))
                continue;
            words_.push_back({std::string{t.term}, std::string{t.surface},
                              one.text.substr(t.begin, t.end - t.begin), one.in, gram ? ranking_.gram : 1.0,
                              one.begin + t.begin, one.begin + t.end, t.stop, gram,
                              one.phrase || t.kind == text::token_kind::whole});
        }
        if ((one.excluded || one.phrase || one.in) && !wish.terms.empty())
            demands_.push_back(std::move(wish));
    }

    /// Looks the runs of surfaces up, the longest first.
    void add_synonyms() {
        if (synonyms_.empty())
            return;
        std::vector<asked_word> plain;
        for (auto const& one : words_)
            if (!one.gram && !one.in)
                plain.push_back(one);
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
            if (t.kind != text::token_kind::gram && !t.stop)
                added.push_back({std::string{t.term}, std::string{t.surface}, asked.typed, {}, 1.0, asked.begin,
                                 asked.end, false, false, true});
        for (auto& one : added) {
            one.weight = ranking_.synonym / std::sqrt(static_cast<double>(added.size()));
            words_.push_back(std::move(one));
        }
    }

    void drop_stop_words() {
        bool const others = std::ranges::any_of(words_, [](auto const& one) { return !one.stop; });
        if (!others)
            return;
        if (ranking_.stop <= 0)
            std::erase_if(words_, [](auto const& one) { return one.stop && !one.exact; });
        for (auto& one : words_)
            if (one.stop)
                one.weight *= std::max(ranking_.stop, 0.1);
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
                once[at->second].weight = std::max(once[at->second].weight, one.weight) + repeated * one.weight;
        }
        words_ = std::move(once);
        for (auto& one : words_)
            one.having = seen_.having(one.term);
    }

    bool is_correctable(asked_word const& one) const {
        return !one.gram && !one.exact && !one.in && !one.stop && one.surface.size() >= 4 &&
               !text::detail::has_digit(one.surface);
    }

    void correct() {
        corrected_.clear();
        if (!asked_.fuzzy)
            return;
        auto const rare = std::max(rare_min, seen_.documents / rare_part);
        std::vector<asked_word> added;
        std::vector<std::pair<asked_word, std::string>> slips;
        for (auto const& one : words_) {
            if (!is_correctable(one) || one.having > rare || added.size() > corrected_words_max * corrections_max)
                continue;
            bool const unknown = one.having == 0;
            auto const limit = cost_max(one.surface.size());
            auto const likely = corrections(seen_, one.surface, limit, unknown ? corrections_max : 2);
            for (auto const& c : likely) {
                if (c.term == one.term || (!unknown && c.having < one.having * 4))
                    continue;
                auto meant = one;
                meant.term = c.term, meant.surface = c.surface, meant.having = c.having;
                meant.weight *= (unknown ? ranking_.fuzzy : ranking_.rare_fuzzy) *
                                (1 - 0.5 * c.cost / static_cast<double>(limit)) ;
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
        if (words_.empty() || asked_.text.empty())
            return;
        auto last = words_.end();
        for (auto i = words_.begin(); i != words_.end(); ++i)
            if (!i->gram && i->end == asked_.text.size() && (last == words_.end() || !i->exact))
                last = last == words_.end() ? i : last;
        if (last == words_.end())
            return;
        auto const typed = *last;
        for (auto const& [surface, term, having] : completions(seen_, typed.surface, completions_max)) {
            if (term == typed.term)
                continue;
            auto one = typed;
            one.term = term, one.surface = surface, one.having = having;
            one.weight = ranking_.prefix;
            words_.push_back(std::move(one));
        }
    }

public:
    struct completion {
        std::string surface, term;
        std::uint32_t having;
    };

    /// Words of what a viewer sees that begin so, one of each stem, the commonest first.
    static std::vector<completion> completions(view const& of, std::string_view beginning, std::size_t top) {
        std::map<std::string, completion, std::less<>> found;
        for (auto const& p : of.parts) {
            auto const& words = p.of->surfaces;
            std::size_t looked = 0;
            for (auto i = words.lower_bound(beginning); i < words.size() && words[i].starts_with(beginning); ++i) {
                if (++looked > completions_looked_max)
                    break;
                auto const having = p.seen->having(p.of->surface_terms[i]);
                if (having == 0)
                    continue;
                auto const term = p.of->terms[p.of->surface_terms[i]];
                auto& one = found[std::string{term}];
                if (one.surface.empty() || words[i].size() < one.surface.size())
                    one.surface = words[i];
            }
        }
        std::vector<completion> out;
        for (auto& [term, one] : found)
            out.push_back({std::move(one.surface), term, of.having(term)});
        std::ranges::sort(out, [](auto const& a, auto const& b) {
            return a.having != b.having ? a.having > b.having : a.surface < b.surface;
        });
        if (out.size() > top)
            out.resize(top);
        return out;
    }

private:
    search_plan weigh() {
        search_plan out;
        out.k1 = ranking_.k1;
        out.documents = seen_.documents;
        out.sums = seen_.sums;
        out.prunes = asked_.prunes;
        out.demands = std::move(demands_);
        for (bool const grams : {false, true}) {
            std::vector<sought> some;
            for (auto const& one : words_)
                if (one.gram == grams && one.having > 0) {
                    auto const idf = idf_of(seen_.documents, one.having);
                    some.push_back({one.term, one.typed, idf, std::min(one.weight * idf, weight_max), one.having,
                                    one.in});
                }
            std::ranges::sort(some, [](auto const& a, auto const& b) {
                return a.weight != b.weight ? a.weight > b.weight : a.term < b.term;
            });
            auto const most = grams ? std::min(ranking_.grams_max, terms_max - out.terms.size())
                                    : std::min(ranking_.words_max, terms_max);
            if (some.size() > most)
                some.resize(most);
            out.terms.insert(out.terms.end(), some.begin(), some.end());
        }
        return out;
    }

    static constexpr double repeated = 0.5; ///< what a word adds that is said again
    static constexpr std::uint32_t rare_min = 1, rare_part = 2'000;
    static constexpr std::size_t corrections_max = 3, corrected_words_max = 10, completions_max = 8,
                                 completions_looked_max = 2'000;

    request const& asked_;
    view const& seen_;
    ranking const& ranking_;
    synonyms const& synonyms_;
    text::analyser& analyser_;
    std::vector<asked_word> words_;
    std::vector<demand> demands_;
    std::string corrected_;
};

} // namespace guichet::inline v0::search::detail
