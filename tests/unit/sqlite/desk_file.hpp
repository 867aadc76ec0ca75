#pragma once
#include <guichet/sqlite/sqlite_store.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>
#include <vector>

/// Files and tickets for these tests.
namespace desk_file {

namespace fs = std::filesystem;
using namespace guichet;

/// A folder that goes with its scope.
class folder {
public:
    folder() {
        static std::atomic<int> made{0};
        path_ =
            fs::temp_directory_path() / ("guichet-sqlite-" + std::to_string(::getpid()) + '-' + std::to_string(++made));
        fs::create_directories(path_);
    }
    folder(folder const&) = delete;
    folder& operator=(folder const&) = delete;
    ~folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    std::string operator/(std::string const& name) const { return (path_ / name).string(); }

private:
    fs::path path_;
};

inline std::shared_ptr<storage::store> make(std::string const& path) {
    sqlite_options options;
    options.create = true;
    options.durability = durability::normal;
    options.busy_time = std::chrono::milliseconds{20};
    return sqlite_store(path, options).value();
}

/// Why a file is refused, or "opened".
inline std::string refusal(std::string const& path, sqlite_options const& options = {}) {
    auto const opened = sqlite_store(path, options);
    return opened ? "opened" : std::string{info(opened.error().why()).name};
}

inline std::string content(std::string const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

inline ticket_id id_of(std::uint8_t number) {
    ticket_id out;
    out.bytes[15] = std::byte{number};
    return out;
}

/// Ticket `number` of acme: what every ticket has, and nothing else.
inline ticket plain(std::uint8_t number) {
    ticket t;
    t.id = id_of(number);
    t.tenant = "acme";
    t.number = "INC-" + std::to_string(number);
    t.kind = "incident";
    t.state = "new";
    t.requester = "ana";
    t.created_at = t.updated_at = instant{std::chrono::hours{number}};
    return t;
}

/// Writes a change with one event, which carries the texts.
inline result<void> write(storage::unit_of_work& work, ticket const* before, ticket& after,
                          std::vector<std::string> texts = {}, std::vector<std::uint32_t> const& erased = {}) {
    ++after.version;
    storage::stored_event e{
        .seq = work.head().seq + 1, .tenant = after.tenant, .ticket = after.id, .version = after.version};
    e.body = R"({"subject":1})";
    std::vector<storage::text_record> records;
    for (auto& text : texts)
        records.push_back(
            {.ticket = after.id, .no = ++after.texts, .seq = e.seq, .author = "ana", .body = std::move(text)});
    auto const snapshot = std::make_shared<ticket>(after);
    auto out = work.append({before, snapshot, std::span{&e, 1}, records, erased, {}, {}});
    after.ordinal = snapshot->ordinal;
    return out;
}

/// Opens a ticket in a unit of its own.
inline ticket add(storage::store& s, ticket t, std::vector<std::string> texts = {}) {
    auto work = s.begin().value();
    write(*work, nullptr, t, std::move(texts)).value();
    work->commit().value();
    return t;
}

} // namespace desk_file
