#pragma once
#include "console.hpp"

#include <guichet/engine/desk.hpp>
#include <guichet/text/analyser.hpp>

#include <memory>
#include <optional>
#include <string>

namespace guichet::cli {

/// The options that every command takes, before or after its name.
struct options {
    std::string program = "guichet";
    std::string db, as, tenant, lang, tz = "UTC", now;
    bool json = false;

    /// How to call the program on the same file, for the commands that it suggests.
    std::string call() const;
};

/// The real clock, or one that stands still at `--now`.
class command_environment final : public environment {
public:
    void pin(instant at) noexcept { pinned_ = at; }
    instant now() noexcept override { return pinned_ ? *pinned_ : system_environment().now(); }
    std::chrono::nanoseconds monotonic() noexcept override { return system_environment().monotonic(); }
    void random(std::span<std::byte> out) noexcept override { system_environment().random(out); }

private:
    std::optional<instant> pinned_;
};

/// What a command works with: options, console, who acts, and the desk once it is asked for.
class context {
public:
    static result<std::unique_ptr<context>> make(options chosen);

    options const& opt() const noexcept { return options_; }
    console const& out() const noexcept { return console_; }
    speaker const& say() const noexcept { return console_.say; }
    actor const& who() const noexcept { return who_; }
    /// The language in which is searched.
    text::tongue tongue() const noexcept { return say().lang == language::fr ? text::tongue::fr : text::tongue::en; }
    environment& env() noexcept { return environment_; }

    /// The desk in the file of `--db`, opened once. It must exist.
    result<desk*> open_desk();
    /// Reads a time as a person writes it: RFC 3339, or a local date and time in the zone of `--tz`.
    result<instant> when(std::string_view text, std::string_view path) const;
    /// What is executed in the name of who acts; on a ticket, by its number or its id.
    command wish(command_body body, std::string const& ticket = {}) const;
    /// What `--from` and `--to` say; an empty one leaves that side open.
    result<report_period> period(std::string_view from, std::string_view to) const;

private:
    explicit context(options chosen) : options_{std::move(chosen)} {}

    options options_;
    console console_;
    actor who_;
    command_environment environment_;
    std::unique_ptr<desk> desk_;
};

/// A new desk in a file, with the documents put in force. An existing one is refused, or replaced if asked. `fast` lets
/// a power cut undo the last commits: for a load that can be run again.
result<std::unique_ptr<desk>> create_desk(std::string const& path, environment& env,
                                          std::span<document const> documents, actor const& by, bool replace,
                                          bool fast = false);

/// Prints to standard output.
void print(std::string_view text);
void print_line(std::string_view text);
/// The whole of a file, or of standard input for `-`.
result<std::string> read_all(std::string const& path);
/// `{"error": {"code": ..., "reason": ..., "message": ..., "context": {...}}}`
std::string to_json(error const& e, language lang);

} // namespace guichet::cli
