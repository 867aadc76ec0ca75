#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/storage/facets.hpp>
#include <guichet/storage/impl/memory_contents.ipp>
#include <guichet/storage/impl/writer_gate.ipp>
#include <guichet/storage/memory_store.hpp>

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>

/// The store as its readers see it, and how a commit moves in.
namespace guichet::inline v0::storage {
namespace detail::memory {

class store final : public storage::store, public std::enable_shared_from_this<store> {
public:
    explicit store(memory_options const& options) : options_{options} {}

    result<std::unique_ptr<unit_of_work>> begin() override;

    result<ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        std::shared_lock const lock{reading_};
        return snapshot_of(data_.find(id), tenant);
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
        std::shared_lock const lock{reading_};
        auto const at = data_.numbers.find(pair_view{tenant, number});
        return at == data_.numbers.end() ? std::nullopt : std::optional{at->second};
    }
    result<article_snapshot> load_article(std::string_view tenant, article_id id) override {
        std::shared_lock const lock{reading_};
        return snapshot_of(data_.find(id), tenant);
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
        std::shared_lock const lock{reading_};
        auto const at = data_.article_numbers.find(pair_of(tenant, number));
        return at == data_.article_numbers.end() ? std::nullopt : std::optional{at->second};
    }
    result<std::vector<article_snapshot>> articles(std::string_view tenant, std::string_view after,
                                                   std::size_t limit) override {
        std::shared_lock const lock{reading_};
        std::vector<article_snapshot> out;
        for (auto at = data_.article_numbers.upper_bound(pair_of(tenant, after));
             at != data_.article_numbers.end() && at->first.first == tenant && out.size() < limit; ++at)
            out.push_back(data_.find(at->second)->row);
        return out;
    }
    result<std::vector<article_snapshot>> translations(std::string_view tenant, article_id original) override {
        std::shared_lock const lock{reading_};
        std::vector<article_snapshot> out;
        add_translations(
            data_.translations, tenant, original, [&](article_id id) { return data_.find(id); }, out);
        order_by_number(out);
        return out;
    }
    result<std::vector<ticket_snapshot>> find(ticket_query const& query, expr::schema const& schema) override;
    result<std::vector<counter>> count(std::span<ticket_query const> queries, expr::schema const& schema) override;

    result<std::vector<stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
        std::shared_lock const lock{reading_};
        std::vector<stored_event> out;
        for (auto seq = after_seq; seq < data_.events.size() && out.size() < limit; ++seq)
            out.push_back(data_.events[seq].event);
        return out;
    }
    result<std::vector<stored_event>> read_history(ticket_id id) override {
        std::shared_lock const lock{reading_};
        std::vector<stored_event> out;
        for (auto at = data_.chains_of(id).last_event; at; at = data_.events[at - 1].previous)
            out.push_back(data_.events[at - 1].event);
        std::reverse(out.begin(), out.end());
        return out;
    }
    result<std::vector<text_record>> read_texts(ticket_id id) override {
        std::shared_lock const lock{reading_};
        std::vector<text_record> out;
        for (auto at = data_.chains_of(id).last_text; at; at = data_.texts[at - 1].previous)
            out.push_back(data_.texts[at - 1].text);
        std::reverse(out.begin(), out.end());
        return out;
    }
    result<std::vector<text_record>> read_texts_between(std::uint64_t first_seq, std::uint64_t last_seq) override;
    result<log_head> head() override {
        std::shared_lock const lock{reading_};
        return data_.head();
    }

    result<std::vector<due_timer>> due_timers(instant now, std::size_t limit) override {
        std::shared_lock const lock{reading_};
        std::vector<due_timer> out;
        if (limit == 0)
            return out;
        auto const armed = [&](wakeup const& w) { return data_.armed(w); };
        data_.wakeups.each_due(now, armed, [&](wakeup const& w) {
            auto const& t = *data_.slots[w.ordinal - 1].row;
            out.push_back({t.tenant, t.id, {w.kind, *w.name, w.due}});
            return out.size() < limit;
        });
        return out;
    }
    result<std::optional<instant>> next_timer() override {
        std::shared_lock const lock{reading_};
        return data_.wakeups.earliest();
    }
    result<std::vector<outbox_entry>> due_outbox(instant now, std::size_t limit) override;

    result<std::vector<document>> documents(std::string_view kind) override {
        std::shared_lock const lock{reading_};
        std::vector<document> out;
        for (auto const& [name, versions] : data_.documents)
            if (kind.empty() || name.first == kind)
                out.push_back(versions.back());
        return out;
    }
    result<std::vector<document>> document_versions(std::string_view kind, std::string_view id) override {
        std::shared_lock const lock{reading_};
        auto const at = data_.documents.find(pair_of(kind, id));
        return at == data_.documents.end() ? std::vector<document>{} : at->second;
    }
    result<std::vector<std::byte>> read_blob(digest const& address) override {
        std::shared_lock const lock{reading_};
        auto const at = data_.blobs.find(address);
        if (at == data_.blobs.end())
            return error{reason::blob_not_found, {{"digest", to_hex(address)}}};
        return *at->second.bytes;
    }

    result<std::vector<std::string>> piece_names() override {
        std::shared_lock const lock{reading_};
        std::vector<std::string> out;
        for (auto const& [name, bytes] : data_.pieces)
            out.push_back(name);
        return out;
    }
    result<std::optional<std::vector<std::uint8_t>>> read_piece(std::string_view name) override {
        std::shared_lock const lock{reading_};
        auto const at = data_.pieces.find(name);
        return at == data_.pieces.end() ? std::nullopt : std::optional{at->second};
    }

    result<std::vector<inquiry>> inquiries(std::string_view tenant, inquiry_place const& after,
                                           std::size_t limit) override {
        std::shared_lock const lock{reading_};
        auto const key = std::string{tenant};
        std::map<inquiry_place, inquiry const*> found; // the first `limit` so far
        for (auto at = data_.inquiries.lower_bound({key, {}}); at != data_.inquiries.end() && at->first.first == key;
             ++at) {
            inquiry_place const place{at->second.at, at->second.id};
            if (place > after)
                found.emplace(place, &at->second);
            if (found.size() > limit)
                found.erase(std::prev(found.end()));
        }
        std::vector<inquiry> out;
        for (auto const& [place, one] : found)
            out.push_back(*one);
        return out;
    }

    result<std::vector<std::string>> tenants() override {
        std::shared_lock const lock{reading_};
        std::set<std::string> out;
        for (auto const& [key, tickets] : data_.facets)
            out.insert(key.tenant);
        return std::vector<std::string>{out.begin(), out.end()};
    }
    result<store_stats> stats() override;
    result<void> check() override;
    result<void> backup(std::string const&) override {
        return error{reason::not_offered, {{"what", "a backup of a desk in memory"}}};
    }

    // for the unit of work, which is the only writer and so reads without a lock
    contents const& committed() const noexcept { return data_; }
    std::string const* name_kept(std::string const& name) {
        auto const found = data_.timer_names.find(name);
        return &*(found == data_.timer_names.end() ? data_.timer_names.insert(name).first : found);
    }
    void move_in(overlay&& changes);
    void release() { gate_.leave(); }

private:
    void count_facets(ticket const* before, ticket const& after);

    memory_options options_;
    storage::detail::writer_gate gate_;
    mutable std::shared_mutex reading_;
    contents data_;
};

inline void store::count_facets(ticket const* before, ticket const& after) {
    if (before && facet_equal{}(*before, after))
        return;
    if (before)
        if (auto const at = data_.facets.find(*before); !--at->second)
            data_.facets.erase(at);
    auto at = data_.facets.find(after);
    if (at == data_.facets.end())
        at = data_.facets.emplace(facets_of(after), 0).first;
    ++at->second;
}

inline void store::move_in(overlay&& changes) {
    std::lock_guard const lock{reading_};
    data_.slots.resize(data_.slots.size() + changes.new_tickets);
    for (auto& [id, changed] : changes.slots) {
        auto const ordinal = changed.row->ordinal;
        auto& to = data_.slots[ordinal - 1];
        count_facets(to.row.get(), *changed.row);
        if (!to.row)
            data_.ordinals.emplace(id, ordinal);
        to = std::move(changed);
    }
    for (auto& [name, id] : changes.numbers)
        data_.numbers[name] = id;
    for (auto& [id, changed] : changes.articles)
        data_.articles.insert_or_assign(id, std::move(changed));
    for (auto& [name, id] : changes.article_numbers)
        data_.article_numbers[name] = id;
    data_.translations.merge(changes.translations);
    for (auto& e : changes.events)
        data_.events.push_back(std::move(e));
    for (auto& t : changes.texts)
        data_.texts.push_back(std::move(t));
    for (auto const& [at, print] : changes.erased)
        erase(data_.texts[at - 1].text, print);
    for (auto const& w : changes.armed)
        data_.wakeups.arm(w);
    data_.last_serial += changes.armed.size();
    data_.wakeups.disarm(changes.disarmed);
    data_.wakeups.tidy([&](wakeup const& w) { return data_.armed(w); });
    for (std::size_t at = 0; at < data_.receipts.size() && !changes.unprinted.empty(); ++at)
        if (auto& r = data_.receipts[at].value; changes.unprinted.contains(r.ticket))
            r.print = {};
    for (auto& r : changes.receipts) {
        auto& last = data_.last_receipt[r.id];
        data_.receipts.push_back({std::move(r), last});
        last = data_.receipts.size();
    }
    for (auto& [name, value] : changes.sequences)
        data_.sequences[name] = value;
    for (auto& [id, entry] : changes.outbox)
        entry ? void(data_.outbox[id] = std::move(*entry)) : void(data_.outbox.erase(id));
    data_.last_outbox += changes.new_outbox;
    for (auto& [name, versions] : changes.documents)
        std::move(versions.begin(), versions.end(), std::back_inserter(data_.documents[name]));
    for (auto& [address, b] : changes.blobs)
        b.bytes ? void(data_.blobs[address] = std::move(b)) : void(data_.blobs.erase(address));
    if (changes.drops_pieces)
        data_.pieces.clear();
    for (auto& [name, bytes] : changes.pieces)
        bytes ? void(data_.pieces[name] = std::move(*bytes)) : void(data_.pieces.erase(name));
    for (auto& [key, asked] : changes.inquiries)
        asked ? void(data_.inquiries[key] = std::move(*asked)) : void(data_.inquiries.erase(key));
}

// --- reading

inline result<std::vector<ticket_snapshot>> store::find(ticket_query const& query, expr::schema const& schema) {
    if (query.after && query.after->values.size() != query.order.size())
        return error{reason::bad_cursor};
    std::shared_lock const lock{reading_};
    ordering const order{query, schema};
    std::vector<ticket_snapshot> out;
    if (query.order.empty()) { // by ordinal, as they lie
        for (auto at = query.after ? query.after->ordinal : 0; at < data_.slots.size() && out.size() < query.limit;
             ++at)
            if (matches(query, *data_.slots[at].row, schema))
                out.push_back(data_.slots[at].row);
        return out;
    }
    std::vector<slot const*> found;
    for (auto const& s : data_.slots)
        if (matches(query, *s.row, schema) && (!query.after || order.after(*s.row, *query.after)))
            found.push_back(&s);
    auto const end = found.begin() + static_cast<std::ptrdiff_t>(std::min(query.limit, found.size()));
    std::partial_sort(found.begin(), end, found.end(),
                      [&](slot const* a, slot const* b) { return order.before(*a->row, *b->row); });
    std::for_each(found.begin(), end, [&](slot const* s) { out.push_back(s->row); });
    return out;
}

inline result<std::vector<counter>> store::count(std::span<ticket_query const> queries, expr::schema const& schema) {
    std::shared_lock const lock{reading_};
    std::vector<counter> out;
    for (auto const& query : queries) {
        auto& c = out.emplace_back();
        if (facets_answer(query.wanted, schema) && facets_answer(query.visible, schema)) {
            for (auto const& [key, tickets] : data_.facets)
                if (key.tenant == query.tenant && matches(query, sample_of(key), schema))
                    c.count += tickets;
            continue;
        }
        for (auto const& s : data_.slots) {
            if (!matches(query, *s.row, schema))
                continue;
            if (c.count == limits::counted_rows_max) {
                c.exact = false;
                break;
            }
            ++c.count;
        }
    }
    return out;
}

inline result<std::vector<text_record>> store::read_texts_between(std::uint64_t first_seq, std::uint64_t last_seq) {
    std::shared_lock const lock{reading_};
    std::vector<text_record> out;
    first_seq = std::max<std::uint64_t>(first_seq, 1);
    last_seq = std::min<std::uint64_t>(last_seq, data_.events.size());
    if (last_seq < first_seq)
        return out;
    auto const end = data_.events[last_seq - 1].texts_end;
    for (auto at = data_.events[first_seq - 1].texts_begin; at < end; ++at) {
        auto const& text = data_.texts[at].text;
        if (text.seq >= first_seq && text.seq <= last_seq)
            out.push_back(text);
    }
    return out;
}

inline result<std::vector<outbox_entry>> store::due_outbox(instant now, std::size_t limit) {
    std::shared_lock const lock{reading_};
    std::vector<outbox_entry> out;
    for (auto const& [id, entry] : data_.outbox)
        if (entry.not_before <= now)
            out.push_back(entry);
    std::stable_sort(out.begin(), out.end(),
                     [](outbox_entry const& a, outbox_entry const& b) { return a.not_before < b.not_before; });
    if (out.size() > limit)
        out.erase(out.begin() + static_cast<std::ptrdiff_t>(limit), out.end());
    return out;
}

inline result<store_stats> store::stats() {
    std::shared_lock const lock{reading_};
    store_stats out;
    out.tickets = data_.slots.size();
    out.articles = data_.articles.size();
    out.events = data_.events.size();
    out.texts = data_.texts.size();
    out.timers = data_.wakeups.size();
    out.receipts = data_.receipts.size();
    out.blobs = data_.blobs.size();
    for (auto const& [name, versions] : data_.documents)
        out.documents += versions.size();
    return out;
}

/// Compares what is kept twice.
inline result<void> store::check() {
    std::shared_lock const lock{reading_};
    facet_table counted;
    std::size_t timers = 0;
    for (auto const& s : data_.slots) {
        ++counted[facets_of(*s.row)];
        timers += s.timers.size();
    }
    if (counted != data_.facets)
        return error{reason::store_corrupt, {{"problem", "the counters differ from the tickets"}}};
    if (timers != data_.wakeups.size() ||
        timers != data_.wakeups.count([&](wakeup const& w) { return data_.armed(w); }))
        return error{reason::store_corrupt, {{"problem", "the timers differ from those of the tickets"}}};
    return {};
}

} // namespace detail::memory
} // namespace guichet::inline v0::storage
