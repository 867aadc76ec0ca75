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

namespace guichet::inline v0::storage {
namespace detail::memory {

// --- the store

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

/// Runs over an overlay; the store is not touched before the commit.
class unit final : public unit_of_work {
public:
    explicit unit(std::shared_ptr<store> where) : store_{std::move(where)}, base_{store_->committed()} {}
    unit(unit const&) = delete;
    unit& operator=(unit const&) = delete;
    ~unit() override {
        if (!over_)
            store_->release();
    }

    result<ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        GUICHET_TRY(usable());
        return snapshot_of(find(id), tenant);
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
        GUICHET_TRY(usable());
        if (auto const at = mine_.numbers.find(pair_of(tenant, number)); at != mine_.numbers.end())
            return std::optional{at->second};
        if (auto const at = base_.numbers.find(pair_view{tenant, number}); at != base_.numbers.end())
            return std::optional{at->second};
        return std::optional<ticket_id>{};
    }
    result<article_snapshot> load_article(std::string_view tenant, article_id id) override {
        GUICHET_TRY(usable());
        return snapshot_of(find(id), tenant);
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
        GUICHET_TRY(usable());
        for (auto const* numbers : {&std::as_const(mine_.article_numbers), &base_.article_numbers})
            if (auto const at = numbers->find(pair_of(tenant, number)); at != numbers->end())
                return std::optional{at->second};
        return std::optional<article_id>{};
    }
    result<std::uint64_t> next_in_sequence(std::string_view tenant, std::string_view name) override {
        GUICHET_TRY(usable());
        auto const [at, fresh] = mine_.sequences.try_emplace(pair_of(tenant, name));
        if (fresh)
            if (auto const old = base_.sequences.find(at->first); old != base_.sequences.end())
                at->second = old->second;
        return ++at->second;
    }
    result<std::optional<receipt>> find_receipt(std::string_view tenant, command_id id) override {
        GUICHET_TRY(usable());
        for (auto const& r : mine_.receipts)
            if (r.id == id && r.tenant == tenant)
                return std::optional{r};
        auto const last = base_.last_receipt.find(id);
        for (auto at = last == base_.last_receipt.end() ? 0 : last->second; at; at = base_.receipts[at - 1].previous)
            if (auto r = base_.receipts[at - 1].value; r.tenant == tenant) {
                if (mine_.unprinted.contains(r.ticket))
                    r.print = {};
                return std::optional{std::move(r)};
            }
        return std::optional<receipt>{};
    }
    result<std::vector<text_record>> load_texts(ticket_id id) override {
        GUICHET_TRY(usable());
        std::vector<text_record> out;
        for (auto at = chains_of(id).last_text; at; at = noted_at(at).previous) {
            out.push_back(noted_at(at).text);
            if (auto const erased = mine_.erased.find(at); erased != mine_.erased.end())
                erase(out.back(), erased->second);
        }
        std::reverse(out.begin(), out.end());
        return out;
    }
    result<std::vector<stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
        GUICHET_TRY(usable());
        std::vector<stored_event> out;
        auto const old = base_.events.size();
        for (auto seq = after_seq; seq < old + mine_.events.size() && out.size() < limit; ++seq)
            out.push_back(seq < old ? base_.events[seq].event : mine_.events[seq - old].event);
        return out;
    }
    log_head head() override {
        return mine_.events.empty() ? base_.head() : contents::head_of(mine_.events.back().event);
    }

    result<void> append(ticket_change const& change) override;
    result<void> append(article_change const& change) override;
    result<void> put_receipt(receipt const& r) override {
        GUICHET_LET(auto const known, find_receipt(r.tenant, r.id));
        if (known)
            return fail({reason::command_id_reused, {{"command", to_string(r.id)}}});
        mine_.receipts.push_back(r);
        return {};
    }
    result<void> put_outbox(outbox_entry const& entry) override {
        GUICHET_TRY(usable());
        auto const id = base_.last_outbox + ++mine_.new_outbox;
        mine_.outbox[id] = entry;
        mine_.outbox[id]->id = id;
        return {};
    }
    result<std::uint32_t> put_document(document const& d) override {
        GUICHET_TRY(usable());
        auto const name = pair_of(d.kind, d.id);
        auto const old = base_.documents.find(name);
        auto& added = mine_.documents[name];
        added.push_back(d);
        auto const before = old == base_.documents.end() ? 0 : old->second.size();
        return added.back().version = static_cast<std::uint32_t>(before + added.size());
    }
    result<digest> put_blob(std::span<std::byte const> bytes) override {
        GUICHET_TRY(usable());
        auto const address = hash(bytes);
        auto& b = blob_at(address);
        if (!b.bytes)
            b.bytes = std::make_shared<std::vector<std::byte> const>(bytes.begin(), bytes.end());
        return address;
    }
    result<std::optional<std::uint64_t>> find_blob(digest const& address) override {
        GUICHET_TRY(usable());
        auto const& b = blob_at(address);
        return b.bytes ? std::optional<std::uint64_t>{b.bytes->size()} : std::nullopt;
    }
    result<void> use_blob(digest const& address) override {
        GUICHET_TRY(usable());
        auto& b = blob_at(address);
        if (!b.bytes)
            return fail({reason::blob_not_found, {{"digest", to_hex(address)}}});
        ++b.uses;
        return {};
    }
    result<void> drop_blob(digest const& address) override {
        GUICHET_TRY(usable());
        auto& b = blob_at(address);
        if (!b.bytes)
            return fail({reason::blob_not_found, {{"digest", to_hex(address)}}});
        b.uses = b.uses > 1 ? b.uses - 1 : 0;
        if (!b.uses)
            b.bytes.reset();
        return {};
    }
    result<void> ack_outbox(std::uint64_t id) override {
        GUICHET_TRY(usable());
        if (outbox_at(id))
            mine_.outbox[id].reset();
        return {};
    }
    result<void> retry_outbox(std::uint64_t id, instant not_before) override {
        GUICHET_TRY(usable());
        if (auto entry = outbox_at(id)) {
            entry->not_before = not_before;
            ++entry->attempts;
            mine_.outbox[id] = std::move(entry);
        }
        return {};
    }
    result<void> drop_outbox(ticket_id about) override {
        GUICHET_TRY(usable());
        for (auto const& [id, entry] : base_.outbox)
            if (entry.ticket == about)
                mine_.outbox[id].reset();
        for (auto& [id, entry] : mine_.outbox)
            if (entry && entry->ticket == about)
                entry.reset();
        return {};
    }

    result<void> commit() override {
        GUICHET_TRY(usable());
        store_->move_in(std::move(mine_));
        over_ = true;
        store_->release();
        return {};
    }

private:
    result<void> usable() const {
        if (over_)
            return misuse("a unit of work was used after its commit");
        if (broken_)
            return *broken_;
        return {};
    }
    result<void> fail(error e) {
        broken_ = std::move(e);
        return *broken_;
    }

    slot const* find(ticket_id id) const {
        auto const at = mine_.slots.find(id);
        return at == mine_.slots.end() ? base_.find(id) : &at->second;
    }
    article_slot const* find(article_id id) const {
        auto const at = mine_.articles.find(id);
        return at == mine_.articles.end() ? base_.find(id) : &at->second;
    }
    chains chains_of(ticket_id id) const {
        if (auto const* t = find(id))
            return *t;
        if (auto const* a = find(article_in_log(id)))
            return *a;
        return {};
    }
    noted const& noted_at(std::uint64_t number) const {
        auto const old = base_.texts.size();
        return number <= old ? base_.texts[number - 1] : mine_.texts[number - old - 1];
    }
    std::optional<outbox_entry> outbox_at(std::uint64_t id) const {
        if (auto const at = mine_.outbox.find(id); at != mine_.outbox.end())
            return at->second;
        auto const old = base_.outbox.find(id);
        return old == base_.outbox.end() ? std::nullopt : std::optional{old->second};
    }
    blob& blob_at(digest const& address) {
        auto const [at, fresh] = mine_.blobs.try_emplace(address);
        if (fresh)
            if (auto const old = base_.blobs.find(address); old != base_.blobs.end())
                at->second = old->second;
        return at->second;
    }

    template <class Row>
    result<void> check_version(Row const* before, Row const& after, Row const* present, error const& taken) const;
    result<void> check_log(std::span<stored_event const> events) const;
    void add_events(chains& to, std::span<stored_event> events, std::size_t texts);
    void add_texts(chains& to, std::span<text_record> texts);
    void erase_texts(slot const& of, std::span<std::uint32_t const> numbers);
    void set_timers(slot& of, std::span<timer const> disarmed, std::span<timer const> armed);

    std::shared_ptr<store> store_;
    contents const& base_;
    overlay mine_;
    std::optional<error> broken_;
    bool over_ = false;
};

// --- writing

/// The row stands at the version that the change builds on, or there is none.
template <class Row>
result<void> unit::check_version(Row const* before, Row const& after, Row const* present, error const& taken) const {
    if (!before)
        return present ? result<void>{taken} : result<void>{};
    auto const current = present && present->tenant == after.tenant ? present->version : 0;
    if (before->version == current)
        return {};
    return error{reason::version_conflict,
                 {{"expected", std::to_string(before->version)}, {"current", std::to_string(current)}}};
}

inline result<void> unit::check_log(std::span<stored_event const> events) const {
    auto seq = mine_.events.empty() ? base_.events.size() : mine_.events.back().event.seq;
    for (auto const& e : events)
        if (e.seq != ++seq)
            return misuse("event " + std::to_string(e.seq) + " was written where " + std::to_string(seq) + " is next");
    return {};
}

inline result<void> unit::append(ticket_change const& change) {
    GUICHET_TRY(usable());
    auto const id = change.after->id;
    auto at = mine_.slots.find(id);
    auto const* old = at == mine_.slots.end() ? base_.find(id) : &at->second;
    auto const sound = check_version(change.before, *change.after, old ? old->row.get() : nullptr,
                                     error{reason::ticket_exists, {{"ticket", to_string(id)}}});
    if (!sound)
        return fail(sound.error());
    if (auto const in_order = check_log(change.events); !in_order)
        return fail(in_order.error());
    change.after->ordinal = old ? old->row->ordinal : base_.slots.size() + ++mine_.new_tickets;
    if (!change.after->number.empty() && (!old || old->row->number != change.after->number))
        mine_.numbers[{change.after->tenant, change.after->number}] = id;
    if (at == mine_.slots.end()) {
        at = mine_.slots.try_emplace(id).first;
        if (old)
            at->second = *old;
    }
    auto& to = at->second;
    to.row = change.after;
    add_events(to, change.events, change.texts.size());
    add_texts(to, change.texts);
    erase_texts(to, change.erased_texts);
    set_timers(to, change.disarmed, change.armed);
    return {};
}

inline result<void> unit::append(article_change const& change) {
    GUICHET_TRY(usable());
    auto const& after = *change.after;
    auto const* old = find(after.id);
    auto const sound = check_version(change.before, after, old ? old->row.get() : nullptr,
                                     error{reason::article_exists, {{"article", to_string(after.id)}}});
    if (!sound)
        return fail(sound.error());
    if (auto const in_order = check_log(change.events); !in_order)
        return fail(in_order.error());
    auto to = old ? *old : article_slot{};
    to.row = change.after;
    add_events(to, change.events, change.texts.size());
    add_texts(to, change.texts);
    mine_.article_numbers[{after.tenant, after.number}] = after.id;
    mine_.articles.insert_or_assign(after.id, std::move(to));
    return {};
}

inline void unit::add_events(chains& to, std::span<stored_event> events, std::size_t texts) {
    auto const begin = base_.texts.size() + mine_.texts.size();
    for (auto& e : events) {
        auto const seq = e.seq;
        mine_.events.push_back({std::move(e), std::exchange(to.last_event, seq), begin, begin + texts});
    }
}

inline void unit::add_texts(chains& to, std::span<text_record> texts) {
    for (auto& t : texts) {
        mine_.texts.push_back({std::move(t), to.last_text});
        mine_.texts.back().text.print = {};
        to.last_text = base_.texts.size() + mine_.texts.size();
    }
}

inline void unit::erase_texts(slot const& of, std::span<std::uint32_t const> numbers) {
    if (numbers.empty())
        return;
    mine_.unprinted.insert(of.row->id);
    for (auto& r : mine_.receipts)
        if (r.ticket == of.row->id)
            r.print = {};
    auto const old = base_.texts.size();
    for (auto at = of.last_text; at; at = noted_at(at).previous) {
        auto const& text = noted_at(at).text;
        if (text.erased || std::find(numbers.begin(), numbers.end(), text.no) == numbers.end())
            continue;
        if (at <= old)
            mine_.erased.emplace(at, text_print(text));
        else
            erase(mine_.texts[at - old - 1].text, text_print(text));
    }
}

inline void unit::set_timers(slot& of, std::span<timer const> disarmed, std::span<timer const> armed) {
    auto const ordinal = of.row->ordinal;
    auto const disarm = [&](timer const& t) {
        auto const at =
            std::find_if(of.timers.begin(), of.timers.end(), [&](armed_timer const& known) { return known.is(t); });
        if (at == of.timers.end())
            return;
        ++mine_.disarmed;
        of.timers.erase(at);
    };
    for (auto const& t : disarmed)
        disarm(t);
    for (auto const& t : armed) {
        disarm(t);
        of.timers.push_back({t.due, t.kind, store_->name_kept(t.name), base_.last_serial + mine_.armed.size() + 1});
        mine_.armed.push_back({of.timers.back(), ordinal});
    }
}

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
}

inline result<std::unique_ptr<unit_of_work>> store::begin() {
    if (!gate_.enter(options_.busy_time))
        return error{reason::store_busy, {{"problem", "another unit of work is open"}}};
    return std::unique_ptr<unit_of_work>{std::make_unique<unit>(shared_from_this())};
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

namespace guichet::inline v0 {

GUICHET_DECL std::shared_ptr<storage::store> memory_store(memory_options const& options) {
    return std::make_shared<storage::detail::memory::store>(options);
}

} // namespace guichet::inline v0
