#include "context.hpp"

#include <guichet/json/writer.hpp>
#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/time/iso8601.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace guichet::cli {
namespace {

std::string default_db() {
    auto const* named = std::getenv("GUICHET_DB");
    return named && *named ? named : "./desk.db";
}

/// PERSON or PERSON:ROLE. A person without a role is a requester, as everywhere.
actor read_actor(options const& chosen) {
    actor out;
    out.tenant = chosen.tenant;
    out.via = "command line";
    if (chosen.as.empty()) {
        out.person = "cli";
        out.role = "administrator";
        return out;
    }
    auto const colon = chosen.as.rfind(':');
    out.person = chosen.as.substr(0, colon);
    if (colon != std::string::npos)
        out.role = chosen.as.substr(colon + 1);
    return out;
}

bool needs_quotes(std::string_view word) {
    return word.empty() ||
           word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@+=,") !=
               std::string_view::npos;
}

std::string shell_word(std::string_view word) {
    if (!needs_quotes(word))
        return std::string{word};
    std::string out = "'";
    for (auto const c : word)
        out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
    return out + "'";
}

} // namespace

std::string options::call() const {
    return shell_word(program) + " --db " + shell_word(db) + (tenant.empty() ? "" : " --tenant " + shell_word(tenant));
}

result<std::unique_ptr<context>> context::make(options chosen) {
    if (chosen.db.empty())
        chosen.db = default_db();
    auto lang = locale_language();
    if (!chosen.lang.empty())
        lang = chosen.lang == "fr" ? language::fr : language::en;
    GUICHET_LET(auto zone, time::zone::find(chosen.tz, "--tz"));
    std::unique_ptr<context> out{new context{std::move(chosen)}};
    out->console_ = make_console(lang, std::move(zone));
    out->who_ = read_actor(out->options_);
    if (!out->options_.now.empty()) {
        GUICHET_LET(auto const at, out->when(out->options_.now, "--now"));
        out->environment_.pin(at);
    }
    return out;
}

result<desk*> context::open_desk() {
    if (desk_)
        return desk_.get();
    GUICHET_LET(auto store, sqlite_store(options_.db));
    GUICHET_LET(desk_, desk::open(std::move(store), environment_));
    return desk_.get();
}

result<instant> context::when(std::string_view text, std::string_view path) const {
    if (auto const at = time::read_instant(text))
        return *at;
    auto full = std::string{text.substr(0, 10)} + "T" + (text.size() > 11 ? std::string{text.substr(11)} : "00:00");
    if (full.size() == 16)
        full += ":00";
    auto const as_utc = time::read_instant(full + "Z");
    if (!as_utc || (text.size() > 10 && text[10] != ' ' && text[10] != 'T'))
        return error{reason::bad_value,
                     {{"path", std::string{path}},
                      {"value", std::string{text}},
                      {"hint", std::string{words(msg::help_instant, console_.say.lang)}}}};
    return console_.zone.to_sys(time::local_instant{as_utc->time_since_epoch()});
}

command context::wish(command_body body, std::string const& ticket) const {
    command out;
    out.by = who_;
    out.body = std::move(body);
    if (auto const id = parse_id<ticket_id>(ticket))
        out.ticket = *id;
    else
        out.number = ticket;
    return out;
}

result<report_period> context::period(std::string_view from, std::string_view to) const {
    report_period out;
    if (!from.empty()) {
        GUICHET_LET(out.from, when(from, "--from"));
    }
    if (!to.empty()) {
        GUICHET_LET(out.to, when(to, "--to"));
    }
    return out;
}

result<std::unique_ptr<desk>> create_desk(std::string const& path, environment& env,
                                          std::span<document const> documents, actor const& by, bool replace,
                                          bool fast) {
    namespace fs = std::filesystem;
    if (fs::exists(path)) {
        if (!replace)
            return error{reason::store_exists, {{"path", path}}};
        // Only a desk is ever replaced, of whatever version: opening tells whether it is one.
        auto const old = sqlite_store(path);
        if (!old && old.error().why() != reason::store_newer && old.error().why() != reason::store_schema_changed)
            return old.error();
        std::error_code failed;
        for (auto const* suffix : {"", "-wal", "-shm"})
            if (fs::remove(path + suffix, failed); failed)
                return error{reason::file_unwritable, {{"path", path + suffix}, {"problem", failed.message()}}};
    }
    sqlite_options how;
    how.create = true;
    how.durability = fast ? durability::normal : durability::full;
    GUICHET_LET(auto store, sqlite_store(path, how));
    GUICHET_LET(auto out, desk::open(std::move(store), env));
    if (!documents.empty())
        GUICHET_TRY(out->configure(documents, by));
    return out;
}

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print_line(std::string_view text) {
    print(text);
    std::fputc('\n', stdout);
}

result<std::string> read_all(std::string const& path) {
    auto* const file = path == "-" ? stdin : std::fopen(path.c_str(), "rb");
    if (!file)
        return error{reason::file_unreadable, {{"path", path}, {"problem", std::generic_category().message(errno)}}};
    std::string out;
    char room[1 << 16];
    for (std::size_t got = 0; (got = std::fread(room, 1, sizeof room, file)) > 0;)
        out.append(room, got);
    bool const failed = std::ferror(file) != 0;
    if (file != stdin)
        std::fclose(file);
    if (failed)
        return error{reason::file_unreadable, {{"path", path}, {"problem", std::generic_category().message(errno)}}};
    return out;
}

std::string to_json(error const& e, language lang) {
    std::string out;
    json::writer w{out};
    w.begin_object();
    w.key("error");
    w.begin_object();
    w.key("code");
    w.text(info(e.code()).name);
    w.key("reason");
    w.text(info(e.why()).name);
    w.key("message");
    w.text(e.describe(lang));
    w.key("context");
    w.begin_object();
    for (auto const& [key, value] : e.context()) {
        w.key(key);
        w.text(value);
    }
    w.end_object();
    w.end_object();
    w.end_object();
    return out;
}

} // namespace guichet::cli
