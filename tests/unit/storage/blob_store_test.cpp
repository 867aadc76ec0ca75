#include <guichet/engine/desk.hpp>
#include <guichet/storage/blob_store.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/faulty_store.hpp>
#include <guichet/testing/simulated_environment.hpp>

#include <doctest/doctest.h>

#include <map>

namespace {

using namespace guichet;

/// The archive of a product.
struct archive final : storage::blob_store {
    std::map<std::string, std::vector<std::byte>> held;
    bool burnt = false;

    result<void> put(digest const& address, std::span<std::byte const> bytes) override {
        if (burnt)
            return error{reason::store_failed, {{"problem", "the archive is closed"}}};
        held.try_emplace(to_hex(address), bytes.begin(), bytes.end());
        return {};
    }
    result<std::optional<std::uint64_t>> size(digest const& address) override {
        auto const at = held.find(to_hex(address));
        return at == held.end() ? std::nullopt : std::optional<std::uint64_t>{at->second.size()};
    }
    result<std::optional<std::vector<std::byte>>> get(digest const& address) override {
        auto const at = held.find(to_hex(address));
        return at == held.end() ? std::nullopt : std::optional{at->second};
    }
    result<void> drop(digest const& address) override {
        held.erase(to_hex(address));
        return {};
    }
};

std::span<std::byte const> bytes_of(std::string_view text) {
    return std::as_bytes(std::span{text.data(), text.size()});
}

struct desk_with_archive {
    std::shared_ptr<storage::store> rows = memory_store();
    std::shared_ptr<archive> bytes = std::make_shared<archive>();
    testing::simulated_environment env;
    std::unique_ptr<desk> core = desk::open(storage::with_blobs(rows, bytes), env).value();
    actor luc{.person = "luc", .role = "administrator"};

    outcome attach(std::string_view content) {
        auto const file = core->put_file(bytes_of(content), "scan.pdf", "application/pdf").value();
        return core->execute({.by = luc, .body = open_ticket{.subject = "Unreadable scan", .attachments = {file}}})
            .value();
    }
};

} // namespace

TEST_CASE("given an archive, when a file is attached, then the archive has its bytes and the desk reads them") {
    desk_with_archive d;
    auto const ticket = d.attach("%PDF-1.7 invoice").ticket;
    REQUIRE(d.bytes->held.size() == 1);
    auto const of = d.core->find(ticket, d.luc).value().attachments.at(0);
    auto const read = d.core->read_file(ticket, of.no, d.luc).value();
    CHECK(std::ranges::equal(read, bytes_of("%PDF-1.7 invoice")));
    CHECK(of.size_bytes == 16);
    CHECK(d.rows->read_blob(of.digest).error().why() == reason::blob_not_found);
}

TEST_CASE("given a file on two tickets, when both are redacted, then its bytes go with the last of them") {
    desk_with_archive d;
    auto const first = d.attach("the same").ticket, second = d.attach("the same").ticket;
    CHECK(d.bytes->held.size() == 1);
    auto const redact = [&](ticket_id id) {
        d.core->execute({.by = d.luc, .body = redact_ticket{.person = "luc"}, .ticket = id}).value();
    };
    redact(first);
    CHECK(d.bytes->held.size() == 1);
    redact(second);
    CHECK(d.bytes->held.empty());
    CHECK(d.core->verify().value().problems.empty());
}

TEST_CASE("given bytes that a unit put, when it is given up, then the archive has them no more") {
    desk_with_archive d;
    auto const store = storage::with_blobs(d.rows, d.bytes);
    store->begin().value()->put_blob(bytes_of("a draft")).value();
    CHECK(d.bytes->held.empty());
}

TEST_CASE("given an archive that altered a file, when it is read, then the desk says so") {
    desk_with_archive d;
    auto const ticket = d.attach("as it was").ticket;
    auto const of = d.core->find(ticket, d.luc).value().attachments.at(0);
    d.bytes->held.begin()->second.front() = std::byte{0};
    CHECK(d.core->read_file(ticket, of.no, d.luc).error().why() == reason::store_corrupt);
    d.bytes->held.clear();
    CHECK(d.core->read_file(ticket, of.no, d.luc).error().why() == reason::store_corrupt);
}

TEST_CASE("given an archive that is closed, when a file comes, then it is refused and the unit is over") {
    desk_with_archive d;
    d.bytes->burnt = true;
    CHECK(d.core->put_file(bytes_of("x"), "x", "").error().why() == reason::store_failed);
    auto const store = storage::with_blobs(d.rows, d.bytes);
    auto const work = store->begin().value();
    CHECK_FALSE(work->put_blob(bytes_of("x")).has_value());
    CHECK(work->next_in_sequence("main", "n").error().why() == reason::store_failed);
    CHECK(work->commit().error().why() == reason::store_failed);
}

TEST_CASE("given a desk that kept its files itself, when an archive takes over, then the old ones are found") {
    auto const rows = memory_store();
    digest old;
    {
        auto const work = rows->begin().value();
        old = work->put_blob(bytes_of("from before")).value();
        work->use_blob(old).value();
        work->commit().value();
    }
    auto const bytes = std::make_shared<archive>();
    auto const store = storage::with_blobs(rows, bytes);
    CHECK(store->read_blob(old).value().size() == 11);
    auto const work = store->begin().value();
    CHECK(work->find_blob(old).value() == 11);
    work->drop_blob(old).value();
    work->commit().value();
    CHECK(store->read_blob(old).error().why() == reason::blob_not_found);
}

TEST_CASE("given a commit in doubt, when nobody knows what is named, then the archive keeps the bytes") {
    desk_with_archive d;
    auto const disk = std::make_shared<testing::faulty_store>(d.rows);
    auto const store = storage::with_blobs(disk, d.bytes);
    auto work = store->begin().value();
    work->put_blob(bytes_of("perhaps")).value();
    disk->set({.fail_at = 1, .why = reason::commit_in_doubt, .late = true});
    CHECK(work->commit().error().why() == reason::commit_in_doubt);
    work.reset();
    CHECK(d.bytes->held.size() == 1);
}
