#pragma once
#include <guichet/storage/store.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <random>

namespace guichet::inline v0::testing {

/// When a store fails, and how. An operation is a call of the port, `begin` and `commit` included; `head` of a unit of
/// work, which cannot fail, is none.
struct fault_plan {
    std::uint64_t fail_at = 0; ///< the number of the operation that fails, from 1; 0: none does
    double chance = 0;         ///< of failing, for each operation, from a seed
    std::uint64_t seed = 1;
    reason why = reason::store_failed;
    bool late = false; ///< the operation is done, and only its result is lost: what a commit in doubt is made of
};

/// A store that fails on purpose, over one that does not: for testing what a host does when the disk is full. A unit of
/// work refuses everything after its first failure. Thread-safe as the store below.
class faulty_store final : public storage::store {
public:
    explicit faulty_store(std::shared_ptr<storage::store> over, fault_plan const& plan = {})
        : over_{std::move(over)}, faults_{std::make_shared<faults>()} {
        set(plan);
    }

    /// A new plan; both counts begin again.
    void set(fault_plan const& plan) {
        std::lock_guard const lock{faults_->mutex};
        faults_->plan = plan;
        faults_->chance.seed(plan.seed);
        faults_->operations = faults_->failures = 0;
    }
    std::uint64_t operations() const noexcept { return faults_->operations; }
    std::uint64_t failures() const noexcept { return faults_->failures; }

    result<std::unique_ptr<storage::unit_of_work>> begin() override {
        using made = std::unique_ptr<storage::unit_of_work>;
        return faults_->run([&]() -> result<made> {
            GUICHET_LET(auto inner, over_->begin());
            return made{std::make_unique<unit>(std::move(inner), faults_)};
        });
    }
    result<storage::ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        return faults_->run([&] { return over_->load(tenant, id); });
    }
    result<storage::article_snapshot> load_article(std::string_view tenant, article_id id) override {
        return faults_->run([&] { return over_->load_article(tenant, id); });
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
        return faults_->run([&] { return over_->find_article(tenant, number); });
    }
    result<std::vector<storage::article_snapshot>> articles(std::string_view tenant, std::string_view after,
                                                            std::size_t limit) override {
        return faults_->run([&] { return over_->articles(tenant, after, limit); });
    }
    result<std::vector<storage::article_snapshot>> translations(std::string_view tenant, article_id original) override {
        return faults_->run([&] { return over_->translations(tenant, original); });
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
        return faults_->run([&] { return over_->find_number(tenant, number); });
    }
    result<std::vector<storage::ticket_snapshot>> find(storage::ticket_query const& query,
                                                       expr::schema const& schema) override {
        return faults_->run([&] { return over_->find(query, schema); });
    }
    result<std::vector<storage::counter>> count(std::span<storage::ticket_query const> queries,
                                                expr::schema const& schema) override {
        return faults_->run([&] { return over_->count(queries, schema); });
    }
    result<std::vector<storage::stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
        return faults_->run([&] { return over_->read_log(after_seq, limit); });
    }
    result<std::vector<storage::stored_event>> read_history(ticket_id id) override {
        return faults_->run([&] { return over_->read_history(id); });
    }
    result<std::vector<storage::text_record>> read_texts(ticket_id id) override {
        return faults_->run([&] { return over_->read_texts(id); });
    }
    result<std::vector<storage::text_record>> read_texts_between(std::uint64_t first_seq,
                                                                 std::uint64_t last_seq) override {
        return faults_->run([&] { return over_->read_texts_between(first_seq, last_seq); });
    }
    result<storage::log_head> head() override {
        return faults_->run([&] { return over_->head(); });
    }
    result<std::vector<std::string>> tenants() override {
        return faults_->run([&] { return over_->tenants(); });
    }
    result<std::vector<storage::due_timer>> due_timers(instant now, std::size_t limit) override {
        return faults_->run([&] { return over_->due_timers(now, limit); });
    }
    result<std::optional<instant>> next_timer() override {
        return faults_->run([&] { return over_->next_timer(); });
    }
    result<std::vector<storage::outbox_entry>> due_outbox(instant now, std::size_t limit) override {
        return faults_->run([&] { return over_->due_outbox(now, limit); });
    }
    result<std::vector<document>> documents(std::string_view kind) override {
        return faults_->run([&] { return over_->documents(kind); });
    }
    result<std::vector<document>> document_versions(std::string_view kind, std::string_view id) override {
        return faults_->run([&] { return over_->document_versions(kind, id); });
    }
    result<std::vector<std::byte>> read_blob(digest const& address) override {
        return faults_->run([&] { return over_->read_blob(address); });
    }
    result<std::vector<std::string>> piece_names() override {
        return faults_->run([&] { return over_->piece_names(); });
    }
    result<std::optional<std::vector<std::uint8_t>>> read_piece(std::string_view name) override {
        return faults_->run([&] { return over_->read_piece(name); });
    }
    result<std::vector<inquiry>> inquiries(std::string_view tenant, storage::inquiry_place const& after,
                                           std::size_t limit) override {
        return faults_->run([&] { return over_->inquiries(tenant, after, limit); });
    }
    result<storage::store_stats> stats() override {
        return faults_->run([&] { return over_->stats(); });
    }
    result<void> check() override {
        return faults_->run([&] { return over_->check(); });
    }
    result<void> backup(std::string const& path) override {
        return faults_->run([&] { return over_->backup(path); });
    }

private:
    struct faults {
        std::mutex mutex;
        fault_plan plan;
        std::mt19937_64 chance;
        std::atomic<std::uint64_t> operations{0}, failures{0};

        /// Counts an operation and tells whether it is one that fails.
        bool strikes() {
            std::lock_guard const lock{mutex};
            ++operations;
            bool const struck = operations == plan.fail_at ||
                                (plan.chance > 0 && std::uniform_real_distribution{}(chance) < plan.chance);
            failures += struck;
            return struck;
        }
        template <class Call>
        auto run(Call const& call) -> decltype(call()) {
            if (!strikes())
                return call();
            if (plan.late)
                if (auto done = call(); !done)
                    return done;
            return error{plan.why, {{"problem", "operation " + std::to_string(operations) + " fails on purpose"}}};
        }
    };

    class unit final : public storage::unit_of_work {
    public:
        unit(std::unique_ptr<storage::unit_of_work> over, std::shared_ptr<faults> shared)
            : over_{std::move(over)}, faults_{std::move(shared)} {}

        result<storage::ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
            return run([&] { return over_->load(tenant, id); });
        }
        result<storage::article_snapshot> load_article(std::string_view tenant, article_id id) override {
            return run([&] { return over_->load_article(tenant, id); });
        }
        result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
            return run([&] { return over_->find_article(tenant, number); });
        }
        result<std::vector<storage::article_snapshot>> translations(std::string_view tenant,
                                                                    article_id original) override {
            return run([&] { return over_->translations(tenant, original); });
        }
        result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
            return run([&] { return over_->find_number(tenant, number); });
        }
        result<std::uint64_t> next_in_sequence(std::string_view tenant, std::string_view name) override {
            return run([&] { return over_->next_in_sequence(tenant, name); });
        }
        result<std::optional<storage::receipt>> find_receipt(std::string_view tenant, command_id id) override {
            return run([&] { return over_->find_receipt(tenant, id); });
        }
        result<std::vector<storage::text_record>> load_texts(ticket_id id) override {
            return run([&] { return over_->load_texts(id); });
        }
        result<std::vector<storage::stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
            return run([&] { return over_->read_log(after_seq, limit); });
        }
        storage::log_head head() override { return over_->head(); }
        result<void> append(storage::ticket_change const& change) override {
            return run([&] { return over_->append(change); });
        }
        result<void> append(storage::article_change const& change) override {
            return run([&] { return over_->append(change); });
        }
        result<void> put_receipt(storage::receipt const& r) override {
            return run([&] { return over_->put_receipt(r); });
        }
        result<void> put_outbox(storage::outbox_entry const& entry) override {
            return run([&] { return over_->put_outbox(entry); });
        }
        result<std::uint32_t> put_document(document const& d) override {
            return run([&] { return over_->put_document(d); });
        }
        result<digest> put_blob(std::span<std::byte const> bytes) override {
            return run([&] { return over_->put_blob(bytes); });
        }
        result<std::optional<std::uint64_t>> find_blob(digest const& address) override {
            return run([&] { return over_->find_blob(address); });
        }
        result<void> use_blob(digest const& address) override {
            return run([&] { return over_->use_blob(address); });
        }
        result<void> drop_blob(digest const& address) override {
            return run([&] { return over_->drop_blob(address); });
        }
        result<void> ack_outbox(std::uint64_t id) override {
            return run([&] { return over_->ack_outbox(id); });
        }
        result<void> retry_outbox(std::uint64_t id, instant not_before) override {
            return run([&] { return over_->retry_outbox(id, not_before); });
        }
        result<void> drop_outbox(ticket_id about) override {
            return run([&] { return over_->drop_outbox(about); });
        }
        result<void> put_piece(std::string_view name, std::span<std::uint8_t const> bytes) override {
            return run([&] { return over_->put_piece(name, bytes); });
        }
        result<void> drop_piece(std::string_view name) override {
            return run([&] { return over_->drop_piece(name); });
        }
        result<std::optional<inquiry>> load_inquiry(std::string_view tenant, inquiry_id id) override {
            return run([&] { return over_->load_inquiry(tenant, id); });
        }
        result<void> put_inquiry(inquiry const& i) override {
            return run([&] { return over_->put_inquiry(i); });
        }
        result<std::uint64_t> drop_inquiries(storage::inquiries_of const& some) override {
            return run([&] { return over_->drop_inquiries(some); });
        }
        result<void> commit() override {
            return run([&] { return over_->commit(); });
        }

    private:
        template <class Call>
        auto run(Call const& call) -> decltype(call()) {
            if (broken_)
                return *broken_;
            auto out = faults_->run(call);
            if (!out)
                broken_ = out.error();
            return out;
        }

        std::unique_ptr<storage::unit_of_work> over_;
        std::shared_ptr<faults> faults_;
        std::optional<error> broken_;
    };

    std::shared_ptr<storage::store> over_;
    std::shared_ptr<faults> faults_;
};

} // namespace guichet::inline v0::testing
