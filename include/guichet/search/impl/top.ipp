#pragma once
#include <guichet/search/impl/part.ipp>

#include <algorithm>
#include <functional>
#include <optional>

namespace guichet::inline v0::search::detail {

/// Scores are whole numbers of 2^-20, so that any order of adding gives the same sum.
using points = std::uint32_t;
inline constexpr double point = 1.0 / (1 << 20);
inline constexpr double weight_max = 60;       ///< of one term: sixty-four of them fit into `points`
inline constexpr std::size_t terms_max = 64;   ///< of one query, everything counted
inline constexpr std::uint32_t window = 2'048; ///< documents that are scored together

inline points points_of(double weight, double value) noexcept {
    return static_cast<points>(weight * value / point + 0.5);
}

/// A term of a query with all that its score needs.
struct sought {
    std::string term, typed;
    double idf = 0, asked = 0; ///< how telling it is; what the query gives it
    double weight = 0;         ///< both together
    std::uint32_t having = 0;
    std::optional<field> in{};
    points whole = 0;                    ///< what it adds for being all that was typed
    std::vector<std::uint32_t> places{}; ///< its number in each part of the view, or `none`
};

/// What a document must have, or must not.
struct demand {
    enum class form : std::uint8_t {
        all,   ///< `parts`: each; without any, always met
        any,   ///< `parts`: one; without any, never met
        terms, ///< each, in the field if one is named
    };
    form is = form::terms;
    std::vector<std::string> terms{};
    std::optional<field> in{};
    bool excluded = false; ///< it must not be met
    bool phrase = false;   ///< one term behind the other
    std::vector<demand> parts{};
};

struct found {
    points score = 0;
    std::uint32_t part = 0, doc = 0;
    segment const* of = nullptr;
    /// Whether this stands before the other in the answer.
    bool before(found const& other) const {
        return score != other.score ? score > other.score : of->id_of(doc) < other.of->id_of(other.doc);
    }
};

/// How much more a document scores than its words say: from 1 to `most`, whatever the document.
class prior_worth {
public:
    prior_worth(ranking const& r, std::optional<instant> now) : ranking_{r} {
        if (now)
            today_ = days_of(*now);
    }

    double fresh(prior const& of) const noexcept {
        if (!today_ || of.day == 0 || ranking_.fresh <= 0 || ranking_.fresh_days <= 0)
            return 0;
        auto const days = static_cast<double>(std::max<std::int64_t>(*today_ - of.day, 0));
        return ranking_.fresh * std::exp2(-days / ranking_.fresh_days);
    }
    double helpful(prior const& of) const noexcept {
        auto const used = static_cast<double>(length_of(of.used));
        return used > 0 && ranking_.helpful > 0 ? ranking_.helpful * used / (used + ranking_.helpful_half) : 0;
    }
    double most() const noexcept { return 1 + std::max(ranking_.fresh, 0.0) + std::max(ranking_.helpful, 0.0); }

    points raised(std::uint64_t text, prior const& of) const noexcept {
        if (of == prior{})
            return static_cast<points>(text);
        return static_cast<points>(static_cast<double>(text) * (1 + fresh(of) + helpful(of)) + 0.5);
    }

private:
    ranking const& ranking_;
    std::optional<std::int64_t> today_;
};

/// The best so far.
class best {
public:
    /// Of what scores at least so much. Words are at most worth so many times what they say.
    best(std::size_t top, double raised_most, points least = 0)
        : top_{top}, most_{raised_most}, least_{least}, bar_{lowered(least)} {}

    /// What the words of a document must say for it to be of interest; equal scores are decided by the id.
    points bar() const noexcept { return bar_; }
    bool takes(found const& one) const {
        return one.score >= least_ && (all_.size() < top_ || one.before(all_.front()));
    }
    void put(found const& one) {
        constexpr auto better = [](found const& a, found const& b) { return a.before(b); };
        if (all_.size() == top_) {
            std::ranges::pop_heap(all_, better);
            all_.pop_back();
        }
        all_.push_back(one);
        std::ranges::push_heap(all_, better);
        if (all_.size() == top_)
            bar_ = lowered(all_.front().score);
    }
    std::vector<found> sorted() && {
        std::ranges::sort(all_, [](found const& a, found const& b) { return a.before(b); });
        return std::move(all_);
    }

private:
    /// Less than what is raised to a score, by more than rounding takes.
    points lowered(points score) const noexcept {
        if (most_ <= 1)
            return score;
        return static_cast<points>(std::max(static_cast<double>(score) / most_ - 2, 0.0));
    }

    std::size_t top_;
    double most_;
    points least_, bar_;
    std::vector<found> all_;
};

/// What is asked of every part of the index.
struct search_plan {
    std::vector<sought> terms;
    demand demanded{.is = demand::form::all};
    field_worth const* worth = nullptr;
    simple_values* simple = nullptr;
    prior_worth const* prior = nullptr;
    length_sums sums{};
    bool prunes = true;
    std::function<bool(segment const&, std::uint32_t, demand const&)> in_order;
    std::function<bool(std::string_view id)> accepts;
};

inline bool stands_in(tally const& t, std::optional<field> in) noexcept {
    return !in || t[static_cast<std::size_t>(*in)] > 0;
}

inline double value_in(field_worth const& worth, tally const& t, lengths const& l, std::optional<field> in) noexcept {
    return in ? worth.value_in(static_cast<std::size_t>(*in), t, l) : worth.value(t, l);
}

/// One of the answers that are looked for together: the best of what meets a demand of its own.
struct sieve {
    demand where{.is = demand::form::all};
    best all;
};

/// Whether a document of a segment has what is demanded, and some more. Documents must be asked in ascending order.
class gate {
public:
    gate(segment const& of, search_plan const& plan, demand const& more)
        : of_{of}, plan_{plan}, all_{made(plan.demanded)}, more_{made(more)} {}

    bool nobody() const noexcept { return shut(all_) || shut(more_); }

    bool opens(std::uint32_t doc) {
        return opens(all_, doc) && opens(more_, doc) && (!plan_.accepts || plan_.accepts(of_.id_of(doc)));
    }

private:
    struct lock {
        demand const* of;
        std::vector<cursor> cursors{};
        std::vector<lock> parts{};
        bool possible = true; ///< some document may meet it
    };

    lock made(demand const& of) const {
        lock out{&of};
        for (auto const& term : of.terms) {
            auto const at = of_.terms.find(term);
            if (at == none)
                out.possible = false;
            else
                out.cursors.push_back(of_.postings_of(at));
        }
        for (auto const& part : of.parts)
            out.parts.push_back(made(part));
        if (of.is == demand::form::all)
            out.possible = std::ranges::none_of(out.parts, shut);
        if (of.is == demand::form::any)
            out.possible = !std::ranges::all_of(out.parts, shut);
        return out;
    }

    /// Whether no document can get through.
    static bool shut(lock const& l) noexcept { return !l.possible && !l.of->excluded; }

    bool opens(lock& l, std::uint32_t doc) { return (l.possible && meets(l, doc)) != l.of->excluded; }

    bool meets(lock& l, std::uint32_t doc) {
        auto const each = [&](lock& part) { return opens(part, doc); };
        if (l.of->is == demand::form::all)
            return std::ranges::all_of(l.parts, each);
        if (l.of->is == demand::form::any)
            return std::ranges::any_of(l.parts, each);
        for (auto& c : l.cursors) {
            c.seek(doc);
            if (c.doc() != doc || (l.of->in && !stands_in(of_.shapes[c.shape()], l.of->in)))
                return false;
        }
        return !l.of->phrase || plan_.in_order(of_, doc, *l.of);
    }

    segment const& of_;
    search_plan const& plan_;
    lock all_, more_;
};

/// Finds the best documents of one segment: windows of documents, in each the lists that could lift a document over the
/// bar are added up, the others are asked only about those documents (MaxScore: Turtle and Flood 1995; with the maxima
/// of blocks: Ding and Suel 2011; in windows: Mallia et al. 2021). The two lists of a term share no document, so of the
/// two only the greater bound counts.
class part_search {
public:
    part_search(view::one const& part, std::uint32_t number, search_plan const& plan, std::span<sieve> into)
        : of_{*part.of}, seen_{*part.seen}, number_{number}, plan_{plan} {
        for (auto& one : into)
            if (gate way{of_, plan, one.where}; !way.nobody())
                ways_.push_back({&one.all, std::move(way)});
        raise_bar();
        // How much greater than when the segment was sealed a strength can be now: averages have grown at most so.
        for (std::size_t f = 0; f < fields; ++f)
            if (of_.sums[f].documents > 0)
                growth_ = std::max(growth_, plan.sums[f].average() / of_.sums[f].average());
        growth_ *= 1 + 1e-9;
        runs_.reserve(plan.terms.size() * 2);
        for (auto const& one : plan.terms)
            if (auto const at = one.places[number]; at != none)
                add_term(one, of_.term(at));
        for (auto& one : runs_)
            leading_.push_back(&one);
        std::ranges::sort(leading_, [](run const* a, run const* b) { return before(a, b, &run::all_max); });
        for (auto* one : leading_)
            one->all_more = more(*one, &run::all_max);
    }

    void go() {
        if (runs_.empty() || ways_.empty() || seen_.documents == 0)
            return;
        for (std::uint32_t begin = next_begin(); begin != none; begin = next_begin())
            search_window(begin, std::min(begin | (window - 1), of_.size() - 1) + 1);
    }

private:
    /// A list of a term.
    struct run {
        sought const* of;
        list_cursor at;
        run* twin = nullptr;              ///< the other list of the term
        points all_max = 0, all_more = 0; ///< the greatest share; what it adds to those of the lists before
        points window_max = 0, window_more = 0;
    };

    static bool before(run const* a, run const* b, points run::*max) noexcept {
        return a->*max != b->*max ? a->*max < b->*max : a < b;
    }
    static points more(run const& one, points run::*max) noexcept {
        return one.*max - (one.twin && before(one.twin, &one, max) ? one.twin->*max : 0);
    }

    void add_term(sought const& one, term_postings const& lists) {
        auto const put = [&](posting_list const& list) -> run* {
            if (list.count == 0)
                return nullptr;
            runs_.push_back({&one, {of_.postings, list}});
            runs_.back().all_max = bound(one, list.value_max);
            return &runs_.back();
        };
        auto *const others = put(lists.others), *const plain = put(lists.plain);
        if (others && plain)
            others->twin = plain, plain->twin = others;
    }

    /// A value grows at most as the strength does: it is concave, and nothing at nothing.
    points bound(sought const& one, double value) const noexcept {
        return value > 0 ? points_of(one.weight, std::min(value * growth_, 1.0)) + one.whole + 1 : 0;
    }

    /// Where a document may stand that reaches the bar, or `none`.
    std::uint32_t next_begin() {
        auto out = none;
        std::uint64_t sum = 0;
        for (auto const* one : leading_) {
            sum += one->all_more;
            if (!plan_.prunes || sum >= bar_)
                out = std::min(out, std::max(one->at.doc(), from_));
        }
        return out < of_.size() ? out : none;
    }

    void search_window(std::uint32_t begin, std::uint32_t end) {
        from_ = end;
        order_.clear();
        for (auto& one : runs_) {
            one.window_max = plan_.prunes ? bound(*one.of, one.at.value_within(begin, end)) : one.all_max;
            if (one.window_max > 0)
                order_.push_back(&one);
        }
        std::ranges::sort(order_, [](run const* a, run const* b) { return before(a, b, &run::window_max); });
        for (auto* one : order_)
            one->window_more = more(*one, &run::window_max);
        std::size_t lazy = 0; // the lists that together do not reach the bar
        std::uint64_t lazy_sum = 0;
        while (plan_.prunes && lazy < order_.size() && lazy_sum + order_[lazy]->window_more < bar_)
            lazy_sum += order_[lazy++]->window_more;
        if (lazy == order_.size())
            return skip(end);
        base_ = begin - begin % window;
        for (auto i = lazy; i < order_.size(); ++i)
            add_up(*order_[i], begin, end);
        offer_all(lazy, lazy_sum);
        skip(end);
    }

    /// Lists whose postings lie wholly before are moved on when they are needed; only those that lead must move now.
    void skip(std::uint32_t end) {
        std::uint64_t sum = 0;
        for (auto* one : leading_) {
            sum += one->all_more;
            if (!plan_.prunes || sum >= bar_)
                one->at.seek(end);
        }
    }

    void add_up(run& one, std::uint32_t begin, std::uint32_t end) {
        auto& c = one.at;
        c.seek(begin);
        if (auto const simple = of_.simple[plain_shape]; c.is_plain() && simple != 0 && !one.of->in) {
            auto& row = (*plan_.simple)[simple];
            auto const* const sizes = of_.sizes[field_of(simple)];
            if (sizes)
                c.each_before(end,
                              [&, weight = one.of->weight, whole = one.of->whole](std::uint32_t doc, std::uint32_t) {
                                  mark(doc, points_of(weight, row[sizes[doc]]) + whole);
                              });
            return;
        }
        c.each_before(end, [&](std::uint32_t doc, std::uint32_t place) {
            mark(doc, points_here(*one.of, c.shape_at(place), doc));
        });
    }

    void mark(std::uint32_t doc, points more) noexcept {
        sums_[doc - base_] += more;
        marks_[(doc - base_) / 64] |= std::uint64_t{1} << (doc - base_) % 64;
    }

    points points_here(sought const& one, std::uint32_t shape, std::uint32_t doc) const {
        if (auto const simple = of_.simple[shape]; simple != 0 && !one.in)
            return points_of(one.weight, (*plan_.simple)[simple][of_.size_of(field_of(simple), doc)]) + one.whole;
        return points_of(one.weight, value_in(*plan_.worth, of_.shapes[shape], of_.sizes_of(doc), one.in)) + one.whole;
    }

    void offer_all(std::size_t lazy, std::uint64_t lazy_sum) {
        for (std::uint32_t i = 0; i < marks_.size(); ++i) {
            for (auto left = marks_[i]; left != 0; left &= left - 1) {
                auto const place = i * 64 + static_cast<std::uint32_t>(std::countr_zero(left));
                auto const sum = sums_[place];
                sums_[place] = 0;
                if (sum + lazy_sum >= bar_ && seen_.sees(base_ + place))
                    offer(base_ + place, sum, lazy, lazy_sum);
            }
            marks_[i] = 0;
        }
    }

    void offer(std::uint32_t doc, std::uint64_t sum, std::size_t lazy, std::uint64_t lazy_sum) {
        for (auto i = lazy; i-- > 0;) {
            if (sum + lazy_sum < bar_)
                return;
            auto& one = *order_[i];
            lazy_sum -= one.window_more;
            one.at.seek(doc);
            if (one.at.doc() == doc)
                sum += points_here(*one.of, one.at.shape(), doc);
        }
        if (sum == 0 || sum < bar_)
            return;
        found const candidate{plan_.prior->raised(sum, of_.prior_of(doc)), number_, doc, &of_};
        bool put = false;
        for (auto& way : ways_)
            if (way.into->takes(candidate) && way.in.opens(doc)) {
                way.into->put(candidate);
                put = true;
            }
        if (put)
            raise_bar();
    }

    /// What a document must reach to be of interest to any of the answers.
    void raise_bar() noexcept {
        bar_ = std::numeric_limits<points>::max();
        for (auto const& way : ways_)
            bar_ = std::min(bar_, way.into->bar());
    }

    /// Into an answer of which this segment may have something.
    struct way {
        best* into;
        gate in;
    };

    segment const& of_;
    sight const& seen_;
    std::uint32_t number_, base_ = 0, from_ = 0;
    search_plan const& plan_;
    std::vector<way> ways_;
    points bar_ = 0;
    double growth_ = 1;
    std::vector<run> runs_;
    std::vector<run*> leading_, order_; ///< the least maximum of all, or of the window, first
    std::array<points, window> sums_{};
    std::array<std::uint64_t, window / 64> marks_{};
};

} // namespace guichet::inline v0::search::detail
