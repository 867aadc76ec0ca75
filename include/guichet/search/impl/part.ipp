#pragma once
#include <guichet/search/impl/segment.ipp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace guichet::inline v0::search::detail {

/// A viewer with his keys in order, and a name for what he sees.
struct eyes {
    explicit eyes(viewer const& who) : keys{who.keys}, sees_all{who.sees_all} {
        std::ranges::sort(keys);
        if (sees_all)
            name = "*";
        for (auto const& key : keys)
            if (!sees_all)
                name += std::to_string(key.size()) + ':' + key;
    }

    bool opens(label const& one) const {
        return sees_all || std::ranges::any_of(one.audience, [this](std::string const& key) {
                   return std::ranges::binary_search(keys, key);
               });
    }

    std::vector<std::string> keys;
    bool sees_all;
    std::string name;
};

/// How many documents have a term, by its number, of all but the first so many that are no longer seen.
struct term_counts {
    struct one {
        std::uint32_t left = 0, having = 0;
    };
    std::mutex mutex;
    std::unordered_map<std::uint32_t, one> of;
};

/// What somebody sees of a segment. Counts are kept once they are made, also for what he sees when more is gone: then
/// only what is gone since is looked up. Safe from any thread.
class sight {
public:
    sight(segment const& of, bits const* dead, eyes const& who) : of_{of} {
        std::vector<bool> open;
        for (auto const& one : of.labels)
            open.push_back(who.opens(one));
        all_ = !dead && std::ranges::find(open, false) == open.end();
        if (all_) {
            documents = of.size();
            sums = of.sums;
            return;
        }
        docs_.resize((of.size() + 63) / 64);
        if (std::ranges::find(open, false) == open.end()) {
            see_all();
            leave_out(dead_of(*dead));
            return;
        }
        for (std::uint32_t doc = 0; doc < of.size(); ++doc) {
            if ((dead && has(*dead, doc)) || !open[of.label_of(doc)])
                continue;
            set(docs_, doc);
            ++documents;
            add(sums, of.sizes_of(doc));
        }
    }

    /// What the same viewer sees when these documents are gone too.
    sight(sight const& before, std::span<std::uint32_t const> gone)
        : documents{before.documents},
          sums{before.sums},
          of_{before.of_},
          docs_{before.docs_},
          left_{before.left_},
          has_all_else_{before.has_all_else_},
          counts_{before.counts_} {
        if (before.all_)
            see_all();
        leave_out(gone);
    }

    bool sees(std::uint32_t doc) const noexcept { return all_ || has(docs_, doc); }

    /// How many of the documents that are seen have the term.
    std::uint32_t having(std::uint32_t term) const {
        if (all_)
            return of_.count_of(term);
        if (documents == 0)
            return 0;
        std::lock_guard const held{counts_->mutex};
        auto const [at, fresh] = counts_->of.try_emplace(term);
        auto& [left, count] = at->second;
        if (left > left_.size())
            return counted(term); // somebody counted for a later moment
        if (fresh && has_all_else_)
            count = of_.count_of(term);
        if ((fresh && !has_all_else_) || left_.size() - left > of_.count_of(term) / 4)
            count = counted(term);
        else
            count -= counted_among(term, std::span{left_}.subspan(left));
        left = static_cast<std::uint32_t>(left_.size());
        return count;
    }

    /// Whether a surface, as `surface_list` numbers it, stands in a document that is seen.
    bool sees_surface(std::uint32_t surface) const {
        if (all_)
            return true;
        std::lock_guard const held{mutex_};
        auto const [at, fresh] = surfaces_.try_emplace(surface, false);
        if (fresh)
            for (auto c = of_.postings_of(of_.term_of(surface)); !c.ended() && !at->second; c.advance())
                at->second = c.forms() >> (surface & form_mask) & 1 && has(docs_, c.doc());
        return at->second;
    }

    std::uint32_t documents = 0;
    length_sums sums{};

private:
    static std::vector<std::uint32_t> dead_of(bits const& dead) {
        std::vector<std::uint32_t> out;
        for (std::uint32_t i = 0; i < dead.size(); ++i)
            for (auto left = dead[i]; left != 0; left &= left - 1)
                out.push_back(i * 64 + static_cast<std::uint32_t>(std::countr_zero(left)));
        return out;
    }

    void see_all() {
        docs_.assign((of_.size() + 63) / 64, ~std::uint64_t{0});
        sums = of_.sums;
        documents = of_.size();
        has_all_else_ = true;
    }

    void leave_out(std::span<std::uint32_t const> gone) {
        for (auto const doc : gone) {
            if (!has(docs_, doc))
                continue;
            docs_[doc / 64] &= ~(std::uint64_t{1} << doc % 64);
            left_.push_back(doc);
            --documents;
            for (std::size_t f = 0; f < fields; ++f)
                sums[f].take_away(of_.size_of(f, doc));
        }
    }

    std::uint32_t counted(std::uint32_t term) const {
        std::uint32_t out = 0;
        for (auto c = of_.postings_of(term); !c.ended(); c.advance())
            out += has(docs_, c.doc());
        return out;
    }

    std::uint32_t counted_among(std::uint32_t term, std::span<std::uint32_t const> some) const {
        std::vector<std::uint32_t> in_order{some.begin(), some.end()};
        std::ranges::sort(in_order);
        std::uint32_t out = 0;
        auto c = of_.postings_of(term);
        for (auto const doc : in_order) {
            c.seek(doc);
            out += c.doc() == doc;
        }
        return out;
    }

    segment const& of_;
    bits docs_;
    std::vector<std::uint32_t> left_; ///< what was seen and is gone, as it went
    bool all_ = false;
    bool has_all_else_ = false; ///< all but that is seen
    std::shared_ptr<term_counts> counts_ = std::make_shared<term_counts>();
    mutable std::mutex mutex_;
    mutable std::unordered_map<std::uint32_t, bool> surfaces_;
};

inline constexpr std::size_t sights_max = 32; ///< that are kept of one segment

/// A segment and what of it is gone; shared by the states between which neither changes.
class part {
public:
    explicit part(std::shared_ptr<segment const> s, std::shared_ptr<bits const> gone = {}, std::uint32_t count = 0)
        : of{std::move(s)}, dead{std::move(gone)}, dead_count{count} {}

    /// The same segment, of which some more is gone.
    part(part const& before, std::shared_ptr<bits const> gone, std::span<std::uint32_t const> more)
        : of{before.of},
          dead{std::move(gone)},
          dead_count{before.dead_count + static_cast<std::uint32_t>(more.size())} {
        std::lock_guard const held{before.mutex_};
        for (auto const& [name, seen] : before.sights_)
            earlier_.push_back({name, seen, {more.begin(), more.end()}});
        for (auto const& one : before.earlier_)
            if (!before.kept(one.name) && one.gone.size() < gone_max && earlier_.size() < sights_max) {
                earlier_.push_back(one);
                earlier_.back().gone.insert(earlier_.back().gone.end(), more.begin(), more.end());
            }
    }

    std::shared_ptr<sight const> seen_by(eyes const& who) const {
        std::lock_guard const held{mutex_};
        if (auto const* seen = kept(who.name))
            return *seen;
        auto const before = std::ranges::find(earlier_, who.name, &earlier::name);
        auto made = before != earlier_.end() ? std::make_shared<sight const>(*before->seen, before->gone)
                                             : std::make_shared<sight const>(*of, dead.get(), who);
        if (before != earlier_.end())
            earlier_.erase(before);
        if (sights_.size() >= sights_max)
            sights_.erase(sights_.begin());
        sights_.emplace_back(who.name, made);
        return made;
    }

    std::uint32_t living() const noexcept { return of->size() - dead_count; }

    std::shared_ptr<segment const> of;
    std::shared_ptr<bits const> dead; ///< null: nothing
    std::uint32_t dead_count = 0;

private:
    /// What was seen before some documents were gone too.
    struct earlier {
        std::string name;
        std::shared_ptr<sight const> seen;
        std::vector<std::uint32_t> gone;
    };
    static constexpr std::size_t gone_max = 4'096; ///< of which a viewer that no longer asks is remembered

    std::shared_ptr<sight const> const* kept(std::string_view name) const {
        for (auto const& [of_whom, seen] : sights_)
            if (of_whom == name)
                return &seen;
        return nullptr;
    }

    mutable std::mutex mutex_;
    mutable std::vector<std::pair<std::string, std::shared_ptr<sight const>>> sights_;
    mutable std::vector<earlier> earlier_;
};

/// All that a viewer sees.
struct view {
    struct one {
        segment const* of;
        std::shared_ptr<sight const> seen;
    };
    std::vector<one> parts;
    std::uint32_t documents = 0;
    length_sums sums{};

    /// The number of a term in each part, or `none`.
    std::vector<std::uint32_t> places_of(std::string_view term) const {
        std::vector<std::uint32_t> out;
        out.reserve(parts.size());
        for (auto const& p : parts)
            out.push_back(p.of->terms.find(term));
        return out;
    }
    std::uint32_t having(std::span<std::uint32_t const> places) const {
        std::uint32_t out = 0;
        for (std::size_t i = 0; i < parts.size(); ++i)
            if (places[i] != none)
                out += parts[i].seen->having(places[i]);
        return out;
    }
    std::uint32_t having(std::string_view term) const { return having(places_of(term)); }
};

/// How telling a term is: Robertson and Sparck Jones, kept above zero as Lucene does.
inline double idf_of(double documents, double having) noexcept {
    return std::log(1 + (documents - having + 0.5) / (having + 0.5));
}

} // namespace guichet::inline v0::search::detail
