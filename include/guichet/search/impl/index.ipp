#pragma once
#include <guichet/search/impl/snapshot.ipp>
#include <guichet/search/index.hpp>

namespace guichet::inline v0::search {
namespace detail {

inline constexpr std::size_t small_documents = 256; ///< segments below are merged as documents come
inline constexpr std::size_t tier = 4;              ///< segments of about one size that become one

/// How many times a segment is greater than the smallest by a tier.
inline std::size_t level_of(part const& p) noexcept {
    std::size_t out = 0;
    for (std::size_t size = p.living(); size >= tier; size /= tier)
        ++out;
    return out;
}

} // namespace detail

struct index::state {
    struct place {
        detail::segment const* in = nullptr;
        std::uint32_t doc = 0;
    };
    using parts = std::vector<std::shared_ptr<detail::part const>>;

    std::shared_ptr<detail::setting> set = std::make_shared<detail::setting>();
    mutable std::mutex reading; ///< guards `current`
    std::mutex writing;         ///< guards the rest
    std::shared_ptr<snapshot::state const> current;
    std::unordered_map<std::string, place> places;

    std::shared_ptr<snapshot::state const> get() const {
        std::lock_guard const held{reading};
        return current;
    }

    void publish(parts all) {
        auto made = std::make_shared<snapshot::state const>(snapshot::state{set, std::move(all)});
        std::lock_guard const held{reading};
        current.swap(made);
    }

    /// Marks documents as gone.
    static void bury(parts& all, std::span<place const> gone) {
        std::map<detail::segment const*, std::vector<std::uint32_t>> by_segment;
        for (auto const& one : gone)
            by_segment[one.in].push_back(one.doc);
        for (auto& p : all) {
            auto const at = by_segment.find(p->of.get());
            if (at == by_segment.end())
                continue;
            auto dead = p->dead ? std::make_shared<detail::bits>(*p->dead)
                                : std::make_shared<detail::bits>((p->of->size() + 63) / 64);
            for (auto const doc : at->second)
                detail::set(*dead, doc);
            p = std::make_shared<detail::part const>(
                p->of, std::move(dead), p->dead_count + static_cast<std::uint32_t>(at->second.size()));
        }
        std::erase_if(all, [](auto const& p) { return p->living() == 0; });
    }

    void remember(std::shared_ptr<detail::segment const> const& made) {
        for (std::uint32_t doc = 0; doc < made->size(); ++doc)
            places[made->records[doc].id] = {made.get(), doc};
    }

    std::shared_ptr<detail::segment const> build(std::span<document const> documents) {
        auto analysers = set->analysers.borrow();
        detail::segment_builder builder{set->options.rank};
        std::unordered_map<std::string_view, std::size_t> last;
        for (std::size_t i = 0; i < documents.size(); ++i)
            last[documents[i].id] = i;
        for (std::size_t i = 0; i < documents.size(); ++i) {
            auto const& one = documents[i];
            if (last[one.id] != i)
                continue;
            detail::record about;
            about.id = one.id;
            if (set->options.keeps_texts)
                about.text = std::make_shared<document const>(one);
            about.audience = set->known.audience(one.audience);
            about.kind = set->known.kind(one.kind);
            about.language = one.language;
            builder.add(one, std::move(about), *analysers);
        }
        return builder.finish();
    }

    /// The parts at `chosen` as one, in the place of the first.
    void join(parts& all, std::span<std::size_t const> chosen) {
        std::vector<detail::merge_source> sources;
        for (auto const i : chosen)
            sources.push_back({all[i]->of.get(), all[i]->dead.get()});
        auto made = detail::segment_merger{std::move(sources), set->options.rank}.run();
        remember(made);
        all[chosen.front()] = std::make_shared<detail::part const>(std::move(made));
        for (auto i = chosen.size(); i-- > 1;)
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(chosen[i]));
    }

    /// Joins the first tier of segments of one level; with a bound, only up to so many documents.
    bool join_level(parts& all, std::size_t documents_max) {
        for (std::size_t level = 0; level < 16; ++level) {
            std::vector<std::size_t> chosen;
            std::size_t documents = 0;
            for (std::size_t i = 0; i < all.size() && chosen.size() < detail::tier; ++i)
                if (detail::level_of(*all[i]) == level)
                    chosen.push_back(i), documents += all[i]->living();
            if (chosen.size() == detail::tier && documents <= documents_max) {
                join(all, chosen);
                return true;
            }
        }
        return false;
    }

    /// Writes a segment anew of which a fifth is gone.
    bool clean_one(parts& all, std::size_t documents_max) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i]->dead_count * 5 > all[i]->of->size() && all[i]->living() <= documents_max) {
                join(all, std::span{&i, 1});
                return true;
            }
        return false;
    }
};

GUICHET_DECL index::index(index_options options) : state_{std::make_unique<state>()} {
    state_->set->options = std::move(options);
    state_->publish({});
}
GUICHET_DECL index::~index() = default;

GUICHET_DECL void index::add(std::span<document const> documents) {
    if (documents.empty())
        return;
    std::lock_guard const held{state_->writing};
    auto made = state_->build(documents);
    auto parts = state_->get()->parts;
    std::vector<state::place> gone;
    for (auto const& one : made->records)
        if (auto const at = state_->places.find(one.id); at != state_->places.end())
            gone.push_back(at->second);
    state::bury(parts, gone);
    state_->remember(made);
    parts.push_back(std::make_shared<detail::part const>(std::move(made)));
    while (state_->join_level(parts, detail::small_documents)) {}
    state_->publish(std::move(parts));
}

GUICHET_DECL bool index::remove(std::string_view id) {
    std::lock_guard const held{state_->writing};
    auto const at = state_->places.find(std::string{id});
    if (at == state_->places.end())
        return false;
    auto parts = state_->get()->parts;
    state::bury(parts, std::span{&at->second, 1});
    state_->places.erase(at);
    state_->publish(std::move(parts));
    return true;
}

GUICHET_DECL snapshot index::now() const { return snapshot{state_->get()}; }

GUICHET_DECL bool index::merge(std::size_t documents_max) {
    std::lock_guard const held{state_->writing};
    auto parts = state_->get()->parts;
    if (!state_->clean_one(parts, documents_max) && !state_->join_level(parts, documents_max))
        return false;
    state_->publish(std::move(parts));
    return true;
}

} // namespace guichet::inline v0::search
