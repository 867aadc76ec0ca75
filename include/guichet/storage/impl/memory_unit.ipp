#pragma once
#include <guichet/storage/impl/memory_reading.ipp>

/// One transaction of the store in memory.
namespace guichet::inline v0::storage {
namespace detail::memory {

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
    result<std::vector<article_snapshot>> translations(std::string_view tenant, article_id original) override {
        GUICHET_TRY(usable());
        std::vector<article_snapshot> out;
        for (auto const* known : {&std::as_const(mine_.translations), &base_.translations})
            add_translations(
                *known, tenant, original, [&](article_id id) { return find(id); }, out);
        order_by_number(out);
        return out;
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

    result<void> put_piece(std::string_view name, std::span<std::uint8_t const> bytes) override {
        GUICHET_TRY(usable());
        mine_.pieces[std::string{name}].emplace(bytes.begin(), bytes.end());
        return {};
    }
    result<void> drop_piece(std::string_view name) override {
        GUICHET_TRY(usable());
        mine_.pieces[std::string{name}].reset();
        return {};
    }

    result<std::optional<inquiry>> load_inquiry(std::string_view tenant, inquiry_id id) override {
        GUICHET_TRY(usable());
        std::pair const key{std::string{tenant}, id};
        if (auto const at = mine_.inquiries.find(key); at != mine_.inquiries.end())
            return at->second;
        auto const old = base_.inquiries.find(key);
        return old == base_.inquiries.end() ? std::nullopt : std::optional{old->second};
    }
    result<void> put_inquiry(inquiry const& i) override {
        GUICHET_TRY(usable());
        mine_.inquiries[{i.tenant, i.id}] = i;
        return {};
    }
    result<std::uint64_t> drop_inquiries(inquiries_of const& some) override {
        GUICHET_TRY(usable());
        std::uint64_t dropped = 0;
        for (auto const& [key, old] : base_.inquiries)
            if (some.holds(old))
                mine_.inquiries.try_emplace(key, old);
        for (auto& [key, asked] : mine_.inquiries)
            if (asked && some.holds(*asked)) {
                asked.reset();
                ++dropped;
            }
        return dropped;
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
    void erase_texts(chains const& of, ticket_id id, std::span<std::uint32_t const> numbers);
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
    erase_texts(to, to.row->id, change.erased_texts);
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
    erase_texts(to, in_log(after.id), change.erased_texts);
    mine_.article_numbers[{after.tenant, after.number}] = after.id;
    if (after.translation_of)
        mine_.translations.insert({after.translation_of, after.id});
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

/// Of the ticket or article with that id.
inline void unit::erase_texts(chains const& of, ticket_id id, std::span<std::uint32_t const> numbers) {
    if (numbers.empty())
        return;
    mine_.unprinted.insert(id);
    mine_.drops_pieces = true;
    mine_.pieces.clear();
    for (auto& r : mine_.receipts)
        if (r.ticket == id)
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

} // namespace detail::memory
} // namespace guichet::inline v0::storage
