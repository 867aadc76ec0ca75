#pragma once
#include <guichet/search/impl/analyser_pool.ipp>
#include <guichet/search/impl/plan.ipp>
#include <guichet/search/index.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace guichet::inline v0::search {
namespace detail {

/// What does not change with the documents.
struct setting {
    index_options options;
    std::uint64_t made_with = 0; ///< a digest of the constants that the bytes of segments rest on
    mutable analyser_pool analysers;
};

inline constexpr std::uint64_t analysis_version = 2; ///< greater when analysers give other terms

inline std::uint64_t digest_of(ranking const& r) noexcept {
    static_assert(std::is_trivially_copyable_v<ranking> && sizeof r % 8 == 0);
    std::array<std::uint8_t, sizeof r + 8> bytes;
    std::memcpy(bytes.data(), &r, sizeof r);
    std::memcpy(bytes.data() + sizeof r, &analysis_version, 8);
    return checksum_of(bytes);
}

/// Whether the words stand one behind the other in a field of the document.
inline bool in_order(text::analysers& with, document const& of, demand const& wish) {
    auto& analyser = with.of(of.language);
    for (std::size_t f = 0; f < fields; ++f) {
        if (wish.in && static_cast<std::size_t>(*wish.in) != f)
            continue;
        std::vector<std::string_view> words;
        for (auto const& t : analyser.analyse(of.texts[f]))
            if (t.kind != text::token_kind::gram)
                words.push_back(t.term);
        if (std::search(words.begin(), words.end(), wish.terms.begin(), wish.terms.end()) != words.end())
            return true;
    }
    return false;
}

/// One term's share of a document's score, if it has the term.
inline std::optional<share> share_of(sought const& one, segment const& in, std::uint32_t part, std::uint32_t doc,
                                     field_worth const& worth) {
    auto const at = one.places[part];
    if (at == none)
        return {};
    auto c = in.postings_of(at);
    c.seek(doc);
    if (c.doc() != doc)
        return {};
    auto const& counts = in.shapes[c.shape()];
    auto const sizes = in.sizes_of(doc);
    share out;
    out.term = one.term.starts_with(text::gram_mark) ? one.term.substr(1) : one.term;
    out.typed = one.typed;
    out.having = one.having;
    out.idf = one.idf;
    out.weight = one.asked;
    out.strength = one.in ? counts[static_cast<std::size_t>(*one.in)] *
                                worth(static_cast<std::size_t>(*one.in), sizes[static_cast<std::size_t>(*one.in)])
                          : worth.strength(counts, sizes);
    out.in_title = one.in ? 0 : worth.in_title(counts, sizes);
    out.value = value_in(worth, counts, sizes, one.in);
    out.whole = one.whole * point;
    out.score = (points_of(one.weight, out.value) + one.whole) * point;
    for (std::size_t f = 0; f < fields; ++f)
        if (counts[f] > 0 && (!one.in || static_cast<std::size_t>(*one.in) == f))
            out.seen.push_back({static_cast<field>(f), counts[f], length_of(sizes[f]), worth.average(f),
                                counts[f] * worth(f, sizes[f])});
    return out;
}

/// The documents of a part that have a word, are seen, and meet the demands; `takes` is asked last, in ascending order.
template <class Takes>
bits chosen_of(view::one const& part, std::uint32_t number, search_plan const& plan, demand const& where,
               Takes const& takes) {
    bits out((part.of->size() + 63) / 64);
    gate open{*part.of, plan, where};
    if (open.nobody())
        return out;
    bits having(out.size());
    for (auto const& one : plan.terms)
        if (auto const at = one.places[number]; at != none)
            for (auto c = part.of->postings_of(at); !c.ended(); c.advance())
                if (stands_in(part.of->shapes[c.shape()], one.in))
                    set(having, c.doc());
    for (std::uint32_t doc = 0; doc < part.of->size(); ++doc)
        if (has(having, doc) && part.seen->sees(doc) && open.opens(doc) && takes(doc))
            set(out, doc);
    return out;
}

/// Adds how many of the documents have each value of an attribute.
inline void count_values(segment const& in, bits const& chosen, std::string_view name,
                         std::map<std::string, std::size_t>& counts) {
    auto const prefix = attribute_prefix(name);
    for (dictionary::walker at{in.terms, in.terms.lower_bound(prefix)}; !at.ended() && at.text().starts_with(prefix);
         at.next()) {
        std::size_t count = 0;
        for (auto c = in.postings_of(at.number()); !c.ended(); c.advance())
            count += has(chosen, c.doc());
        if (count > 0)
            counts[std::string{at.text().substr(prefix.size())}] += count;
    }
}

/// The bytes that stand for what is gone of a segment: a checksum and a bit for each document.
inline std::vector<std::uint8_t> encode(bits const& gone) {
    std::vector<std::uint8_t> out(8);
    for (auto const word : gone)
        for (unsigned shift = 0; shift < 64; shift += 8)
            out.push_back(static_cast<std::uint8_t>(word >> shift));
    auto const sum = checksum_of(std::span{out}.subspan(8));
    std::memcpy(out.data(), &sum, 8);
    return out;
}

} // namespace detail

struct snapshot::state {
    std::shared_ptr<detail::setting const> set;
    std::vector<std::shared_ptr<detail::part const>> parts;

    detail::view seen_by(viewer const& who) const {
        detail::eyes const eyes{who};
        detail::view out;
        for (auto const& p : parts) {
            auto seen = p->seen_by(eyes);
            if (seen->documents == 0)
                continue;
            out.documents += seen->documents;
            for (std::size_t f = 0; f < fields; ++f)
                out.sums[f] += seen->sums[f];
            out.parts.push_back({p->of.get(), std::move(seen)});
        }
        return out;
    }

    /// The plan of a request, with what it points to.
    struct prepared {
        detail::view seen;
        detail::search_plan plan;
        detail::field_worth worth;
        detail::prior_worth prior;
        std::string did_you_mean;

        explanation explain(std::uint32_t part, std::uint32_t doc) const {
            auto const& in = *seen.parts[part].of;
            explanation out;
            for (auto const& one : plan.terms)
                if (auto share = detail::share_of(one, in, part, doc, worth)) {
                    share->documents = seen.documents;
                    out.text += share->score;
                    out.shares.push_back(std::move(*share));
                }
            auto const raised_by = in.prior_of(doc);
            out.fresh = prior.fresh(raised_by);
            out.helpful = prior.helpful(raised_by);
            out.score = prior.raised(static_cast<std::uint64_t>(out.text / detail::point), raised_by) * detail::point;
            return out;
        }
    };

    prepared prepare(request const& asked, text::analysers& with) const {
        auto const& r = set->options.rank;
        auto seen = seen_by(asked.who);
        detail::prior_worth const prior{r, asked.now};
        detail::planner planner{asked, seen, r, set->options.synonym, with};
        auto plan = planner.plan();
        detail::field_worth worth{r, seen.sums};
        plan.in_order = [this, &with](detail::segment const& in, std::uint32_t doc, detail::demand const& wish) {
            if (auto const* kept = in.text_of(doc))
                return detail::in_order(with, *kept, wish);
            if (!set->options.text_of)
                return true;
            auto const fetched = set->options.text_of(in.id_of(doc));
            return !fetched || detail::in_order(with, *fetched, wish);
        };
        return {std::move(seen), std::move(plan), worth, prior, planner.did_you_mean()};
    }
};

struct reading::state {
    std::shared_ptr<snapshot::state const> of;
    detail::analyser_pool::lent analysers;
    snapshot::state::prepared ready;
    struct place {
        std::uint32_t part, doc;
    };
    std::unordered_map<std::string, place> found; ///< where what `find` answered stands

    state(std::shared_ptr<snapshot::state const> from, request const& asked)
        : of{std::move(from)}, analysers{of->set->analysers.borrow()}, ready{of->prepare(asked, *analysers)} {}

    std::optional<place> place_of(std::string const& id) const {
        if (auto const known = found.find(id); known != found.end())
            return known->second;
        auto const& parts = ready.seen.parts;
        for (auto i = static_cast<std::uint32_t>(parts.size()); i-- > 0;) // what is new stands behind
            if (auto const doc = parts[i].of->find(id); doc != detail::none && parts[i].seen->sees(doc))
                return place{i, doc};
        return {};
    }
};

GUICHET_DECL reading::reading(std::unique_ptr<state> s) : state_{std::move(s)} {}
GUICHET_DECL reading::reading(reading&&) noexcept = default;
GUICHET_DECL reading& reading::operator=(reading&&) noexcept = default;
GUICHET_DECL reading::~reading() = default;

GUICHET_DECL reading snapshot::read(request const& asked) const {
    return reading{std::make_unique<reading::state>(state_, asked)};
}

GUICHET_DECL answer reading::find(std::size_t top, filter const& where) const {
    return std::move(find(top, std::span{&where, 1}).front());
}

GUICHET_DECL std::vector<answer> reading::find(std::size_t top, std::span<filter const> lists, double least) const {
    auto const& ready = state_->ready;
    auto plan = ready.plan;
    plan.worth = &ready.worth;
    detail::simple_values simple{ready.worth};
    plan.simple = &simple;
    plan.prior = &ready.prior;
    std::vector<answer> out(lists.size());
    for (auto& one : out)
        one.did_you_mean = ready.did_you_mean;
    if (top == 0 || plan.terms.empty())
        return out;
    bool const raises = std::ranges::any_of(ready.seen.parts, [](auto const& p) { return !p.of->priors.empty(); });
    auto const at_least = static_cast<detail::points>(std::min(std::ceil(least / detail::point), 4e9));
    std::vector<detail::sieve> sieves;
    for (auto const& where : lists)
        sieves.push_back({detail::demand_of(where), {top, raises ? ready.prior.most() : 1, at_least}});
    for (std::uint32_t i = 0; i < ready.seen.parts.size(); ++i)
        detail::part_search{ready.seen.parts[i], i, plan, sieves}.go();
    for (std::size_t i = 0; i < lists.size(); ++i)
        for (auto const& one : std::move(sieves[i].all).sorted()) {
            auto const& in = *ready.seen.parts[one.part].of;
            auto id = in.id_of(one.doc);
            state_->found.insert_or_assign(id, state::place{one.part, one.doc});
            out[i].hits.push_back({std::move(id), in.labels[in.label_of(one.doc)].kind, one.score * detail::point});
        }
    return out;
}

GUICHET_DECL std::optional<explanation> reading::explain(std::string_view id) const {
    std::string const one{id};
    return std::move(explain(std::span{&one, 1}).front());
}

GUICHET_DECL std::vector<std::optional<explanation>> reading::explain(std::span<std::string const> ids) const {
    std::vector<std::optional<explanation>> out;
    for (auto const& id : ids) {
        auto const at = state_->place_of(id);
        out.push_back(at ? std::optional{state_->ready.explain(at->part, at->doc)} : std::nullopt);
    }
    return out;
}

GUICHET_DECL answer snapshot::find(request const& asked) const { return read(asked).find(asked.top, asked.where); }

GUICHET_DECL std::vector<bool> snapshot::admits(request const& asked, std::span<std::string const> ids) const {
    reading::state const read{state_, asked};
    auto const where = detail::demand_of(asked.where);
    std::vector<bool> out(ids.size());
    for (auto const& p : read.ready.seen.parts) {
        detail::gate open{*p.of, read.ready.plan, where};
        for (std::size_t i = 0; i < ids.size(); ++i)
            if (auto const doc = p.of->find(ids[i]); doc != detail::none && p.seen->sees(doc) && open.opens(doc))
                out[i] = true;
    }
    return out;
}

GUICHET_DECL std::optional<explanation> snapshot::explain(request const& asked, std::string_view id) const {
    return read(asked).explain(id);
}

GUICHET_DECL std::vector<std::optional<explanation>> snapshot::explain(request const& asked,
                                                                       std::span<std::string const> ids) const {
    return ids.empty() ? std::vector<std::optional<explanation>>{} : read(asked).explain(ids);
}

GUICHET_DECL std::vector<facet> snapshot::facets(request const& asked, std::span<std::string const> names,
                                                 std::string_view (*thing_of)(std::string_view id)) const {
    reading::state const read{state_, asked};
    auto const where = detail::demand_of(asked.where);
    std::unordered_set<std::string> things;
    std::vector<std::map<std::string, std::size_t>> counts(names.size());
    for (std::uint32_t number = 0; number < read.ready.seen.parts.size(); ++number) {
        auto const& p = read.ready.seen.parts[number];
        auto const chosen = detail::chosen_of(p, number, read.ready.plan, where, [&](std::uint32_t doc) {
            return !thing_of || things.emplace(thing_of(p.of->id_of(doc))).second;
        });
        for (std::size_t i = 0; i < names.size(); ++i)
            detail::count_values(*p.of, chosen, names[i], counts[i]);
    }
    std::vector<facet> out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto& one = out.emplace_back(facet{names[i]});
        for (auto const& [value, documents] : counts[i])
            one.values.push_back({value, documents});
        std::ranges::stable_sort(one.values, std::ranges::greater{}, &facet::count::documents);
    }
    return out;
}

GUICHET_DECL std::vector<std::string> snapshot::suggest(std::string_view typed, viewer const& who,
                                                        std::size_t top) const {
    auto const space = typed.find_last_of(" \t\n");
    auto const beginning = text::fold(typed.substr(space == std::string_view::npos ? 0 : space + 1));
    std::vector<std::string> out;
    if (beginning.empty())
        return out;
    auto const seen = state_->seen_by(who);
    for (auto& one : detail::completer{seen, beginning}.run(top))
        out.push_back(std::move(one.surface));
    return out;
}

GUICHET_DECL answer snapshot::similar(document const& to, viewer const& who, std::size_t top,
                                      filter const& where) const {
    auto const text = to.words();
    auto out = find({.text = text, .who = who, .language = to.language, .top = top + 1, .where = where, .plain = true});
    std::erase_if(out.hits, [&](hit const& one) { return one.id == to.id; });
    if (out.hits.size() > top)
        out.hits.resize(top);
    out.did_you_mean.clear();
    return out;
}

GUICHET_DECL std::vector<std::string> snapshot::ids_of(std::string_view kind) const {
    std::vector<std::string> out;
    for (auto const& p : state_->parts)
        for (std::uint32_t doc = 0; doc < p->of->size(); ++doc)
            if (!(p->dead && detail::has(*p->dead, doc)) && p->of->labels[p->of->label_of(doc)].kind == kind)
                out.emplace_back(p->of->id_of(doc));
    return out;
}

GUICHET_DECL std::vector<piece> snapshot::pieces() const {
    std::vector<piece> out;
    for (auto const& p : state_->parts) {
        piece one{p->of->name, {p->of, &p->of->bytes_held}, {}};
        if (p->dead)
            one.gone = detail::encode(*p->dead);
        out.push_back(std::move(one));
    }
    return out;
}

GUICHET_DECL index_size snapshot::size(viewer const& who) const {
    auto const seen = state_->seen_by(who);
    index_size out{seen.documents, seen.parts.size(), 0, 0};
    for (auto const& p : seen.parts) {
        out.bytes += p.of->bytes();
        out.terms += p.of->terms.size();
    }
    return out;
}

} // namespace guichet::inline v0::search
