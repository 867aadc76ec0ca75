#pragma once
#include <guichet/storage/store.hpp>

#include <memory>
#include <optional>
#include <utility>

/// What a store over another store begins with: every operation is passed on, so that it says only what it does
/// otherwise.
namespace guichet::inline v0::storage {

/// What comes between an operation and who asked for it: it is not done, or it is done and its result is lost.
struct interruption {
    error why;
    bool late = false;
};

/// Does an operation, unless it is interrupted.
template <class Call>
auto interrupted(std::optional<interruption> const& by, Call const& call) -> decltype(call()) {
    if (by && !by->late)
        return by->why;
    auto out = call();
    if (out && by)
        return by->why;
    return out;
}

/// After an error, its own or one below, it refuses everything, as the port wants it.
class forwarding_unit : public unit_of_work {
public:
    explicit forwarding_unit(std::unique_ptr<unit_of_work> over) : over_{std::move(over)} {}

    result<ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        return guard([&] { return over_->load(tenant, id); });
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
        return guard([&] { return over_->find_number(tenant, number); });
    }
    result<article_snapshot> load_article(std::string_view tenant, article_id id) override {
        return guard([&] { return over_->load_article(tenant, id); });
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
        return guard([&] { return over_->find_article(tenant, number); });
    }
    result<std::vector<article_snapshot>> translations(std::string_view tenant, article_id original) override {
        return guard([&] { return over_->translations(tenant, original); });
    }
    result<std::uint64_t> next_in_sequence(std::string_view tenant, std::string_view name) override {
        return guard([&] { return over_->next_in_sequence(tenant, name); });
    }
    result<std::optional<receipt>> find_receipt(std::string_view tenant, command_id id) override {
        return guard([&] { return over_->find_receipt(tenant, id); });
    }
    result<std::vector<text_record>> load_texts(ticket_id id) override {
        return guard([&] { return over_->load_texts(id); });
    }
    result<std::vector<stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
        return guard([&] { return over_->read_log(after_seq, limit); });
    }
    log_head head() override { return over_->head(); }

    result<void> append(ticket_change const& change) override {
        return guard([&] { return over_->append(change); });
    }
    result<void> append(article_change const& change) override {
        return guard([&] { return over_->append(change); });
    }
    result<void> put_receipt(receipt const& r) override {
        return guard([&] { return over_->put_receipt(r); });
    }
    result<void> put_outbox(outbox_entry const& entry) override {
        return guard([&] { return over_->put_outbox(entry); });
    }
    result<std::uint32_t> put_document(document const& d) override {
        return guard([&] { return over_->put_document(d); });
    }
    result<digest> put_blob(std::span<std::byte const> bytes) override {
        return guard([&] { return over_->put_blob(bytes); });
    }
    result<std::optional<std::uint64_t>> find_blob(digest const& address) override {
        return guard([&] { return over_->find_blob(address); });
    }
    result<void> use_blob(digest const& address) override {
        return guard([&] { return over_->use_blob(address); });
    }
    result<void> drop_blob(digest const& address) override {
        return guard([&] { return over_->drop_blob(address); });
    }
    result<void> ack_outbox(std::uint64_t id) override {
        return guard([&] { return over_->ack_outbox(id); });
    }
    result<void> retry_outbox(std::uint64_t id, instant not_before) override {
        return guard([&] { return over_->retry_outbox(id, not_before); });
    }
    result<void> drop_outbox(ticket_id about) override {
        return guard([&] { return over_->drop_outbox(about); });
    }
    result<void> put_piece(std::string_view name, std::span<std::uint8_t const> bytes) override {
        return guard([&] { return over_->put_piece(name, bytes); });
    }
    result<void> drop_piece(std::string_view name) override {
        return guard([&] { return over_->drop_piece(name); });
    }
    result<std::optional<inquiry>> load_inquiry(std::string_view tenant, inquiry_id id) override {
        return guard([&] { return over_->load_inquiry(tenant, id); });
    }
    result<void> put_inquiry(inquiry const& i) override {
        return guard([&] { return over_->put_inquiry(i); });
    }
    result<std::uint64_t> drop_inquiries(inquiries_of const& some) override {
        return guard([&] { return over_->drop_inquiries(some); });
    }
    result<void> commit() override {
        return guard([&] { return over_->commit(); });
    }

protected:
    /// Asked before each operation.
    virtual std::optional<interruption> interrupts() { return {}; }

    template <class Call>
    auto guard(Call const& call) -> decltype(call()) {
        if (broken_)
            return *broken_;
        auto out = interrupted(interrupts(), call);
        if (!out)
            broken_ = out.error();
        return out;
    }

    std::unique_ptr<unit_of_work> over_;
    std::optional<error> broken_;
};

class forwarding_store : public store {
public:
    explicit forwarding_store(std::shared_ptr<store> over) : over_{std::move(over)} {}

    result<std::unique_ptr<unit_of_work>> begin() override {
        return pass([&] { return over_->begin(); });
    }
    result<ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        return pass([&] { return over_->load(tenant, id); });
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
        return pass([&] { return over_->find_number(tenant, number); });
    }
    result<article_snapshot> load_article(std::string_view tenant, article_id id) override {
        return pass([&] { return over_->load_article(tenant, id); });
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
        return pass([&] { return over_->find_article(tenant, number); });
    }
    result<std::vector<article_snapshot>> articles(std::string_view tenant, std::string_view after,
                                                   std::size_t limit) override {
        return pass([&] { return over_->articles(tenant, after, limit); });
    }
    result<std::vector<article_snapshot>> translations(std::string_view tenant, article_id original) override {
        return pass([&] { return over_->translations(tenant, original); });
    }
    result<std::vector<ticket_snapshot>> find(ticket_query const& query, expr::schema const& schema) override {
        return pass([&] { return over_->find(query, schema); });
    }
    result<std::vector<counter>> count(std::span<ticket_query const> queries, expr::schema const& schema) override {
        return pass([&] { return over_->count(queries, schema); });
    }
    result<std::vector<stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
        return pass([&] { return over_->read_log(after_seq, limit); });
    }
    result<std::vector<stored_event>> read_history(ticket_id id) override {
        return pass([&] { return over_->read_history(id); });
    }
    result<std::vector<text_record>> read_texts(ticket_id id) override {
        return pass([&] { return over_->read_texts(id); });
    }
    result<std::vector<text_record>> read_texts_between(std::uint64_t first_seq, std::uint64_t last_seq) override {
        return pass([&] { return over_->read_texts_between(first_seq, last_seq); });
    }
    result<log_head> head() override {
        return pass([&] { return over_->head(); });
    }
    result<std::vector<std::string>> tenants() override {
        return pass([&] { return over_->tenants(); });
    }
    result<std::vector<due_timer>> due_timers(instant now, std::size_t limit) override {
        return pass([&] { return over_->due_timers(now, limit); });
    }
    result<std::optional<instant>> next_timer() override {
        return pass([&] { return over_->next_timer(); });
    }
    result<std::vector<outbox_entry>> due_outbox(instant now, std::size_t limit) override {
        return pass([&] { return over_->due_outbox(now, limit); });
    }
    result<std::vector<document>> documents(std::string_view kind) override {
        return pass([&] { return over_->documents(kind); });
    }
    result<std::vector<document>> document_versions(std::string_view kind, std::string_view id) override {
        return pass([&] { return over_->document_versions(kind, id); });
    }
    result<std::vector<std::byte>> read_blob(digest const& address) override {
        return pass([&] { return over_->read_blob(address); });
    }
    result<std::vector<std::string>> piece_names() override {
        return pass([&] { return over_->piece_names(); });
    }
    result<std::optional<std::vector<std::uint8_t>>> read_piece(std::string_view name) override {
        return pass([&] { return over_->read_piece(name); });
    }
    result<std::vector<inquiry>> inquiries(std::string_view tenant, inquiry_place const& after,
                                           std::size_t limit) override {
        return pass([&] { return over_->inquiries(tenant, after, limit); });
    }
    result<store_stats> stats() override {
        return pass([&] { return over_->stats(); });
    }
    result<void> check() override {
        return pass([&] { return over_->check(); });
    }
    result<void> backup(std::string const& path) override {
        return pass([&] { return over_->backup(path); });
    }

protected:
    /// Asked before each operation, on the thread that asks for it.
    virtual std::optional<interruption> interrupts() { return {}; }

    template <class Call>
    auto pass(Call const& call) -> decltype(call()) {
        return interrupted(interrupts(), call);
    }

    std::shared_ptr<store> over_;
};

} // namespace guichet::inline v0::storage
