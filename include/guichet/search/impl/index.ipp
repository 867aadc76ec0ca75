#pragma once
#include <guichet/search/impl/segment_writer.ipp>
#include <guichet/search/impl/snapshot.ipp>
#include <guichet/search/index.hpp>

namespace guichet::inline v0::search {
namespace detail {

inline constexpr std::size_t tier = 4;             ///< segments of about one size that become one
inline constexpr std::size_t small_documents = 64; ///< a segment of fewer is small
/// More small segments than that are joined as documents come, when somebody may wait; fewer by `merge`.
inline constexpr std::size_t small_segments_max = 32;

/// How many times a segment is greater than the smallest by a tier.
inline std::size_t level_of(part const& p) noexcept {
    std::size_t out = 0;
    for (std::size_t size = p.living(); size >= tier; size /= tier)
        ++out;
    return out;
}

/// What `encode` wrote; null where nothing is gone.
inline result<std::shared_ptr<bits>> decode_gone(std::span<std::uint8_t const> bytes, std::uint32_t documents) {
    if (bytes.empty())
        return std::shared_ptr<bits>{};
    auto out = std::make_shared<bits>((documents + 63) / 64);
    std::uint64_t sum = 0;
    std::memcpy(&sum, bytes.data(), std::min<std::size_t>(8, bytes.size()));
    if (bytes.size() != 8 + out->size() * 8 || sum != checksum_of(bytes.subspan(8)))
        return error{reason::store_corrupt, {{"problem", "what is gone of the search index was altered"}}};
    std::memcpy(out->data(), bytes.data() + 8, out->size() * 8);
    if (documents % 64 != 0)
        out->back() &= (std::uint64_t{1} << documents % 64) - 1;
    return out;
}

} // namespace detail

struct index::state {
    using parts = std::vector<std::shared_ptr<detail::part const>>;

    std::shared_ptr<detail::setting> set = std::make_shared<detail::setting>();
    mutable std::mutex reading; ///< guards `current`
    std::mutex writing;         ///< guards the rest
    std::shared_ptr<snapshot::state const> current;

    std::shared_ptr<snapshot::state const> get() const {
        std::lock_guard const held{reading};
        return current;
    }

    void publish(parts all) {
        auto made = std::make_shared<snapshot::state const>(snapshot::state{set, std::move(all)});
        std::lock_guard const held{reading};
        current.swap(made);
    }

    /// Marks the documents of these ids as gone and answers how many there were.
    template <class Ids>
    static std::size_t bury(parts& all, Ids const& ids) {
        std::size_t count = 0;
        for (auto& p : all) {
            std::shared_ptr<detail::bits> dead;
            std::vector<std::uint32_t> more;
            for (auto const& id : ids) {
                auto const doc = p->of->find(id);
                if (doc == detail::none || (p->dead && detail::has(*p->dead, doc)))
                    continue;
                if (!dead)
                    dead = p->dead ? std::make_shared<detail::bits>(*p->dead)
                                   : std::make_shared<detail::bits>((p->of->size() + 63) / 64);
                if (detail::has(*dead, doc))
                    continue;
                detail::set(*dead, doc);
                more.push_back(doc);
            }
            count += more.size();
            if (dead)
                p = std::make_shared<detail::part const>(*p, std::move(dead), more);
        }
        std::erase_if(all, [](auto const& p) { return p->living() == 0; });
        return count;
    }

    std::shared_ptr<detail::segment const> build(std::span<document const> documents) {
        auto analysers = set->analysers.borrow();
        detail::segment_builder builder{set->options.rank};
        std::unordered_map<std::string_view, std::size_t> last;
        for (std::size_t i = 0; i < documents.size(); ++i)
            last[documents[i].id] = i;
        for (std::size_t i = 0; i < documents.size(); ++i)
            if (last[documents[i].id] == i)
                builder.add(documents[i], set->options.keeps_texts, *analysers);
        return builder.finish(set->made_with);
    }

    /// The parts at `chosen` as one, in the place of the first.
    void join(parts& all, std::span<std::size_t const> chosen) {
        std::vector<detail::merge_source> sources;
        for (auto const i : chosen)
            sources.push_back({all[i]->of.get(), all[i]->dead.get()});
        auto made = detail::segment_merger{std::move(sources), set->options.rank}.run(set->made_with);
        all[chosen.front()] = std::make_shared<detail::part const>(std::move(made));
        for (auto i = chosen.size(); i-- > 1;)
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(chosen[i]));
    }

    /// Joins the small segments, unless they are so few; up to so many documents.
    bool join_small(parts& all, std::size_t few, std::size_t documents_max) {
        std::vector<std::size_t> chosen;
        std::size_t small = 0, documents = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i]->living() >= detail::small_documents)
                continue;
            ++small;
            if (documents + all[i]->living() <= documents_max)
                chosen.push_back(i), documents += all[i]->living();
        }
        if (small <= few || chosen.size() < 2)
            return false;
        join(all, chosen);
        return true;
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
    state_->set->made_with = detail::digest_of(state_->set->options.rank);
    state_->publish({});
}
GUICHET_DECL index::~index() = default;

GUICHET_DECL void index::add(std::span<document const> documents) {
    if (documents.empty())
        return;
    std::lock_guard const held{state_->writing};
    auto made = state_->build(documents);
    auto parts = state_->get()->parts;
    std::vector<std::string> ids;
    for (detail::dictionary::walker id{made->ids}; !id.ended(); id.next())
        ids.emplace_back(id.text());
    state::bury(parts, ids);
    parts.push_back(std::make_shared<detail::part const>(std::move(made)));
    state_->join_level(parts, detail::tier);
    state_->join_small(parts, detail::small_segments_max, detail::small_documents);
    state_->publish(std::move(parts));
}

GUICHET_DECL bool index::remove(std::string_view id) {
    std::lock_guard const held{state_->writing};
    auto parts = state_->get()->parts;
    if (state::bury(parts, std::span{&id, 1}) == 0)
        return false;
    state_->publish(std::move(parts));
    return true;
}

GUICHET_DECL result<index> index::open(index_options options, std::vector<piece> pieces) {
    index out{std::move(options)};
    state::parts parts;
    for (auto& one : pieces) {
        auto bytes = one.bytes.use_count() == 1 ? std::move(const_cast<std::vector<std::uint8_t>&>(*one.bytes))
                                                : std::vector<std::uint8_t>{*one.bytes};
        GUICHET_LET(auto made, detail::segment_reader{std::move(bytes)}.read(out.state_->set->made_with));
        GUICHET_LET(auto dead, detail::decode_gone(one.gone, made->size()));
        std::uint32_t count = 0;
        if (dead)
            for (auto const word : *dead)
                count += static_cast<std::uint32_t>(std::popcount(word));
        parts.push_back(std::make_shared<detail::part const>(std::move(made), std::move(dead), count));
    }
    out.state_->publish(std::move(parts));
    return out;
}

GUICHET_DECL index::index(index&&) noexcept = default;
GUICHET_DECL index& index::operator=(index&&) noexcept = default;

GUICHET_DECL snapshot index::now() const { return snapshot{state_->get()}; }

GUICHET_DECL bool index::merge(std::size_t documents_max) {
    documents_max = std::min<std::size_t>(documents_max, detail::segment_documents_max);
    std::lock_guard const held{state_->writing};
    auto parts = state_->get()->parts;
    if (!state_->clean_one(parts, documents_max) && !state_->join_small(parts, detail::tier - 1, documents_max) &&
        !state_->join_level(parts, documents_max))
        return false;
    state_->publish(std::move(parts));
    return true;
}

GUICHET_DECL void index::purge() {
    std::lock_guard const held{state_->writing};
    auto parts = state_->get()->parts;
    for (std::size_t i = 0; i < parts.size(); ++i)
        if (parts[i]->dead_count > 0)
            state_->join(parts, std::span{&i, 1});
    state_->publish(std::move(parts));
}

} // namespace guichet::inline v0::search
