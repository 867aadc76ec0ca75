#pragma once
#include <guichet/search/impl/segment.ipp>

#include <map>
#include <mutex>
#include <optional>

namespace guichet::inline v0::search::detail {

/// The different sets of audience keys of all documents, and the names of their kinds. Only grows. Safe from any
/// thread.
class registry {
public:
    std::uint32_t audience(std::vector<std::string> keys) {
        std::ranges::sort(keys);
        std::lock_guard const held{mutex_};
        auto const [at, fresh] = numbers_.try_emplace(std::move(keys), static_cast<std::uint32_t>(sets_.size()));
        if (fresh)
            sets_.push_back(&at->first);
        return at->second;
    }

    std::uint16_t kind(std::string const& name) {
        std::lock_guard const held{mutex_};
        for (std::size_t i = 0; i < kinds_.size(); ++i)
            if (kinds_[i] == name)
                return static_cast<std::uint16_t>(i);
        kinds_.push_back(name);
        return static_cast<std::uint16_t>(kinds_.size() - 1);
    }

    std::optional<std::uint16_t> find_kind(std::string_view name) const {
        std::lock_guard const held{mutex_};
        auto const at = std::ranges::find(kinds_, name);
        if (at == kinds_.end())
            return {};
        return static_cast<std::uint16_t>(at - kinds_.begin());
    }

    std::string kind_name(std::uint16_t kind) const {
        std::lock_guard const held{mutex_};
        return kinds_[kind];
    }

    /// Whether one of the sorted keys is in the set.
    bool opens(std::span<std::string const> keys, std::uint32_t audience) const {
        std::lock_guard const held{mutex_};
        auto const& set = *sets_[audience];
        return std::ranges::any_of(set, [&](auto const& key) { return std::ranges::binary_search(keys, key); });
    }

private:
    mutable std::mutex mutex_;
    std::map<std::vector<std::string>, std::uint32_t> numbers_;
    std::vector<std::vector<std::string> const*> sets_;
    std::vector<std::string> kinds_;
};

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
    std::vector<std::string> keys;
    bool sees_all;
    std::string name;
};

/// What somebody sees of a segment. Counts are kept once they are made. Safe from any thread.
class sight {
public:
    sight(segment const& of, bits const* dead, eyes const& who, registry const& known) : of_{of} {
        std::unordered_map<std::uint32_t, bool> open;
        docs_.resize((of.size() + 63) / 64);
        for (std::uint32_t doc = 0; doc < of.size(); ++doc) {
            if (dead && has(*dead, doc))
                continue;
            auto const audience = of.records[doc].audience;
            auto [at, fresh] = open.try_emplace(audience, who.sees_all);
            if (fresh && !who.sees_all)
                at->second = known.opens(who.keys, audience);
            if (!at->second)
                continue;
            set(docs_, doc);
            ++documents;
            add(sums, of.sizes[doc]);
        }
        all_ = documents == of.size();
    }

    bool sees(std::uint32_t doc) const noexcept { return all_ || has(docs_, doc); }

    /// How many of the documents that are seen have the term.
    std::uint32_t having(std::uint32_t term) const {
        if (all_)
            return of_.entries[term].count;
        if (documents == 0)
            return 0;
        std::lock_guard const held{mutex_};
        auto const [at, fresh] = counts_.try_emplace(term, 0);
        if (fresh)
            for (auto c = of_.postings_of(term); !c.ended(); c.advance())
                at->second += has(docs_, c.doc());
        return at->second;
    }

    std::uint32_t documents = 0;
    length_sums sums{};

private:
    segment const& of_;
    bits docs_;
    bool all_ = false;
    mutable std::mutex mutex_;
    mutable std::unordered_map<std::uint32_t, std::uint32_t> counts_;
};

inline constexpr std::size_t sights_max = 32; ///< that are kept of one segment

/// A segment and what of it is gone; shared by the states between which neither changes.
class part {
public:
    explicit part(std::shared_ptr<segment const> s, std::shared_ptr<bits const> gone = {}, std::uint32_t count = 0)
        : of{std::move(s)}, dead{std::move(gone)}, dead_count{count} {}

    std::shared_ptr<sight const> seen_by(eyes const& who, registry const& known) const {
        std::lock_guard const held{mutex_};
        for (auto const& [name, seen] : sights_)
            if (name == who.name)
                return seen;
        auto made = std::make_shared<sight const>(*of, dead.get(), who, known);
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
