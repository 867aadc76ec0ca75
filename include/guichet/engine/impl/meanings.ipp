#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/engine/finder.hpp>
#include <guichet/search/fusion.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <unordered_map>

/// Documents by what they mean, as far as a host knows it.
namespace guichet::inline v0::detail {

inline constexpr std::size_t fused_depth = 50; ///< places of each list that are fused
inline constexpr int embed_attempts_max = 3;

/// What is embedded of a document: the most telling fields first, as much as is read of a text.
inline std::string embedded_text(search::document const& of) {
    std::string out;
    for (auto const f : {search::field::title, search::field::tags, search::field::symptom, search::field::body,
                         search::field::attachments, search::field::resolved})
        if (out.size() < limits::embedded_bytes_max && !of[f].empty())
            out.append(out.empty() ? "" : "\n").append(of[f]);
    auto end = std::min(out.size(), limits::embedded_bytes_max);
    while (end < out.size() && end > 0 && (static_cast<unsigned char>(out[end]) & 0xC0) == 0x80)
        --end; // not within a character
    out.resize(end);
    return out;
}

/// The vectors of a finder. The host's function is called without a lock. Any thread.
class meanings {
public:
    explicit meanings(finder_options const& with) : options_{with} {}

    /// A document as it is now. Who sees it changes at once; where its text changed, its vector goes until the host has
    /// made another.
    void put(search::document const& d) {
        if (!options_.embed)
            return;
        auto text = embedded_text(d);
        auto const print = print_of(text, d.language);
        std::lock_guard const held{mutex_};
        auto const [known, fresh] = prints_.try_emplace(d.id, print);
        auto const same = !fresh && std::exchange(known->second, print) == print;
        if (same && index_.relabel(d.id, d.kind, d.audience))
            return;
        if (!same)
            index_.remove(d.id);
        auto const [at, added] = waiting_.try_emplace(d.id);
        auto const tried = at->second.attempts;
        at->second = {std::move(text), d.language, print, d.kind, d.audience, same ? tried : 0};
        if (added || (!same && tried == embed_attempts_max)) // else it is in the queue, or with the host
            queue_.push_back(d.id);
    }

    void remove(std::string const& id) {
        if (!options_.embed)
            return;
        std::lock_guard const held{mutex_};
        prints_.erase(id);
        waiting_.erase(id);
        index_.remove(id);
    }

    void catch_up() {
        std::unique_lock const alone{embedding_, std::try_to_lock};
        for (std::size_t i = 0; alone && i < options_.embeds_max; ++i)
            if (!embed_one())
                return;
    }

    /// What is most like a text, for a viewer; nothing where no vector is wanted, or the host cannot make one.
    std::vector<search::vector_hit> find(search::request const& asked) {
        if (!options_.embed || index_.size() == 0 || asked.as_you_type || (!asked.plain && has_syntax(asked.text)))
            return {};
        auto const values = vector_of(asked.text.substr(0, limits::embedded_bytes_max), asked.language);
        if (!values)
            return {};
        auto got = index_.find({.values = *values,
                                .who = asked.who,
                                .top = std::max(asked.top, fused_depth),
                                .least = options_.similarity_min});
        if (got)
            return std::move(*got);
        count(got.error());
        return {};
    }

    /// Something that the host gives has failed.
    void count(error const& why) {
        std::lock_guard const held{mutex_};
        note(why);
    }

    finder_health health() const {
        std::lock_guard const held{mutex_};
        auto out = health_;
        out.vectors = index_.size();
        out.waiting = waiting_.size();
        return out;
    }

private:
    struct waiting {
        std::string text;
        text::tongue language = text::tongue::neutral;
        std::uint64_t print = 0;
        std::string kind;
        std::vector<std::string> audience;
        int attempts = 0;
    };

    static std::uint64_t print_of(std::string_view text, text::tongue language) {
        auto const all = hasher{}.add(static_cast<std::uint64_t>(language)).add(text).finish();
        std::uint64_t out = 0;
        std::memcpy(&out, all.data(), sizeof out);
        return out;
    }

    static bool has_syntax(std::string_view typed) {
        auto const query = search::parse_query(typed);
        bool const bound = query.is == search::clause::form::group ? query.excluded : query.binds();
        return bound || std::ranges::any_of(query.parts, &search::clause::binds);
    }

    /// Embeds the next document that waits; false when none does, or the host failed.
    bool embed_one() {
        std::string id;
        waiting now;
        {
            std::lock_guard const held{mutex_};
            while (!queue_.empty() && !waiting_.contains(queue_.front()))
                queue_.pop_front();
            if (queue_.empty())
                return false;
            id = std::move(queue_.front());
            queue_.pop_front();
            now = waiting_[id];
        }
        auto values = vector_of(now.text, now.language);
        std::lock_guard const held{mutex_};
        auto const at = waiting_.find(id);
        if (at == waiting_.end())
            return true; // it went meanwhile
        if (at->second.print != now.print) {
            queue_.push_back(id); // it changed meanwhile
            return true;
        }
        auto& one = at->second;
        bool added = false;
        if (values) {
            auto const done = index_.add({id, one.kind, one.audience, std::move(*values)});
            added = done.has_value();
            if (!added)
                note(done.error());
        }
        if (added)
            waiting_.erase(at);
        else if (++one.attempts < embed_attempts_max)
            queue_.push_back(id);
        return added;
    }

    /// What the host makes of a text, unless it throws.
    std::optional<std::vector<float>> vector_of(std::string_view text, text::tongue language) {
        try {
            return options_.embed(text, language);
        } catch (std::exception const& e) {
            count(error{reason::embedding_failed, {{"problem", e.what()}}});
        } catch (...) {
            count(error{reason::embedding_failed, {{"problem", "?"}}});
        }
        return {};
    }

    void note(error const& why) {
        ++health_.failures;
        health_.last_failure = why;
    }

    finder_options const& options_;
    search::vector_index index_;
    mutable std::mutex mutex_;                              ///< guards what follows
    std::unordered_map<std::string, std::uint64_t> prints_; ///< of the texts as they are now
    std::unordered_map<std::string, waiting> waiting_;
    std::deque<std::string> queue_;
    finder_health health_;
    std::mutex embedding_; ///< held by the one who embeds
};

/// A document that words, vectors or both have found.
struct found_document {
    std::string id;
    double score = 0;
    std::optional<double> similarity{};
};

/// Without vectors, what words found.
inline std::vector<found_document> fused(std::vector<search::hit> const& by_words,
                                         std::vector<search::vector_hit> const& by_vector) {
    std::vector<found_document> out;
    if (by_vector.empty()) {
        for (auto const& one : by_words)
            out.push_back({one.id, one.score});
        return out;
    }
    std::vector<std::vector<std::string>> lists(2);
    for (auto const& one : by_words)
        lists[0].push_back(one.id);
    for (auto const& one : by_vector)
        lists[1].push_back(one.id);
    for (auto& one : search::fuse(lists, lists[0].size() + lists[1].size())) {
        auto& added = out.emplace_back(found_document{std::move(one.id), one.score});
        for (auto const& share : one.shares)
            if (share.list == 1)
                added.similarity = by_vector[share.rank - 1].similarity;
    }
    return out;
}

} // namespace guichet::inline v0::detail
