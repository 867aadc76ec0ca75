#pragma once
#include <guichet/search/impl/segment.ipp>

#include <cmath>
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

/// What somebody sees of a segment. Counts are kept once they are made. Safe from any thread.
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
            leave_out(*dead);
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

    bool sees(std::uint32_t doc) const noexcept { return all_ || has(docs_, doc); }

    /// How many of the documents that are seen have the term.
    std::uint32_t having(std::uint32_t term) const {
        if (all_)
            return of_.count_of(term);
        if (documents == 0)
            return 0;
        std::lock_guard const held{mutex_};
        auto const [at, fresh] = counts_.try_emplace(term, 0);
        if (fresh)
            at->second = count(term);
        return at->second;
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
    /// All but what is gone, which mostly is little.
    void leave_out(bits const& dead) {
        sums = of_.sums;
        documents = of_.size();
        for (std::size_t i = 0; i < docs_.size(); ++i) {
            docs_[i] = ~dead[i];
            for (auto left = dead[i]; left != 0; left &= left - 1) {
                auto const doc =
                    static_cast<std::uint32_t>(i * 64) + static_cast<std::uint32_t>(std::countr_zero(left));
                missing_.push_back(doc);
                --documents;
                for (std::size_t f = 0; f < fields; ++f)
                    sums[f].take_away(of_.size_of(f, doc));
            }
        }
    }

    std::uint32_t count(std::uint32_t term) const {
        std::uint32_t out = 0;
        auto c = of_.postings_of(term);
        if (missing_.empty() || missing_.size() > of_.count_of(term) / 4) {
            for (; !c.ended(); c.advance())
                out += has(docs_, c.doc());
            return out;
        }
        for (auto const doc : missing_) {
            c.seek(doc);
            out += c.doc() == doc;
        }
        return of_.count_of(term) - out;
    }

    segment const& of_;
    bits docs_;
    std::vector<std::uint32_t> missing_; ///< where all else is seen
    bool all_ = false;
    mutable std::mutex mutex_;
    mutable std::unordered_map<std::uint32_t, std::uint32_t> counts_;
    mutable std::unordered_map<std::uint32_t, bool> surfaces_;
};

inline constexpr std::size_t sights_max = 32; ///< that are kept of one segment

/// A segment and what of it is gone; shared by the states between which neither changes.
class part {
public:
    explicit part(std::shared_ptr<segment const> s, std::shared_ptr<bits const> gone = {}, std::uint32_t count = 0)
        : of{std::move(s)}, dead{std::move(gone)}, dead_count{count} {}

    std::shared_ptr<sight const> seen_by(eyes const& who) const {
        std::lock_guard const held{mutex_};
        for (auto const& [name, seen] : sights_)
            if (name == who.name)
                return seen;
        auto made = std::make_shared<sight const>(*of, dead.get(), who);
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
    mutable std::mutex mutex_;
    mutable std::vector<std::pair<std::string, std::shared_ptr<sight const>>> sights_;
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

    std::uint32_t having(std::string_view term) const {
        std::uint32_t out = 0;
        for (auto const& p : parts)
            if (auto const at = p.of->terms.find(term); at != none)
                out += p.seen->having(at);
        return out;
    }
};

/// How telling a term is: Robertson and Sparck Jones, kept above zero as Lucene does.
inline double idf_of(double documents, double having) noexcept {
    return std::log(1 + (documents - having + 0.5) / (having + 0.5));
}

} // namespace guichet::inline v0::search::detail
