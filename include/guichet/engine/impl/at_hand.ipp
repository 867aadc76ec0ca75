#pragma once
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/impl/heard.ipp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/storage/store.hpp>

#include <algorithm>
#include <deque>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace guichet::inline v0::detail {

/// A ticket that a command touches: as it was before the command, as it is now, and the rules that fired on it.
struct touched {
    storage::ticket_snapshot before;
    std::shared_ptr<ticket> after;
    std::vector<std::uint32_t> fired{};
};

/// What a command comes to, over all tickets that it touches.
struct plan {
    std::vector<event> events;
    std::deque<touched> tickets; ///< the command's own first; a place stays where it is

    touched* find(ticket_id id) noexcept {
        auto const found =
            std::find_if(tickets.begin(), tickets.end(), [&](auto const& t) { return t.after->id == id; });
        return found == tickets.end() ? nullptr : &*found;
    }
};

/// The tickets that a transaction has to do with: as the command at hand leaves them, else as the commands before it in
/// the transaction did, else as stored.
class at_hand {
public:
    at_hand(storage::store& where, storage::unit_of_work& work) : store_{where}, work_{work} {}

    /// Null when there is none. Keep it as long as it is looked at: a decision puts another in its place.
    result<storage::ticket_snapshot> load(std::string_view tenant, ticket_id id) {
        if (!id)
            return storage::ticket_snapshot{};
        if (auto const* changed = now ? now->find(id) : nullptr)
            return changed->after->tenant == tenant ? changed->after : storage::ticket_snapshot{};
        return load_before(tenant, id);
    }
    /// Without what the command at hand did.
    result<storage::ticket_snapshot> load_before(std::string_view tenant, ticket_id id) {
        if (auto const found = seen_.find(id); found != seen_.end())
            return found->second->tenant == tenant ? found->second : storage::ticket_snapshot{};
        GUICHET_LET(auto stored, work_.load(tenant, id));
        if (!stored)
            return stored;
        return seen_.emplace(id, std::move(stored)).first->second;
    }

    /// What metrics that listen heard of a ticket: what is committed, what this transaction wrote, and `fresh` events.
    result<std::vector<sla::signal>> listen(ticket_id id, std::span<event const> fresh, configuration const& config) {
        if (config.policies->listeners().empty())
            return std::vector<sla::signal>{};
        auto known = past_.find(id);
        if (known == past_.end()) {
            GUICHET_LET(auto past, past_of(store_, id));
            known = past_.emplace(id, std::move(past)).first;
        }
        auto all = known->second;
        std::copy_if(fresh.begin(), fresh.end(), std::back_inserter(all),
                     [&](event const& e) { return e.ticket == id; });
        return heard_in(all, *config.policies);
    }

    /// The article of an id or a number; null when the tenant has none such.
    result<storage::article_snapshot> load_article(std::string_view tenant, std::string_view named) {
        if (auto const id = parse_id<article_id>(named); id)
            return work_.load_article(tenant, *id);
        GUICHET_LET(auto const id, work_.find_article(tenant, named));
        return id ? work_.load_article(tenant, *id) : storage::article_snapshot{};
    }

    /// Whether this transaction has met a ticket, or written an article, of that id.
    bool knows(ticket_id id) const noexcept { return seen_.contains(id) || articles_.contains(id); }
    void wrote(article_id id) { articles_.insert(storage::in_log(id)); }
    void wrote(std::span<event const> events) {
        for (auto const& e : events)
            if (auto const known = past_.find(e.ticket); known != past_.end())
                known->second.push_back(e);
    }
    void wrote(storage::ticket_snapshot after) { seen_.insert_or_assign(after->id, std::move(after)); }
    std::unordered_map<ticket_id, storage::ticket_snapshot> const& seen() const noexcept { return seen_; }

    storage::store& store() const noexcept { return store_; }
    storage::unit_of_work& work() const noexcept { return work_; }

    plan* now = nullptr; ///< of the command at hand

private:
    storage::store& store_;
    storage::unit_of_work& work_;
    std::unordered_map<ticket_id, storage::ticket_snapshot> seen_; ///< as this transaction left them
    std::unordered_set<ticket_id> articles_;                       ///< written by it, by their ids in the log
    std::unordered_map<ticket_id, std::vector<event>> past_;       ///< where metrics listen
};

} // namespace guichet::inline v0::detail
