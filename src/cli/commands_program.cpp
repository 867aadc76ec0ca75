// execute, query, vectors, search-eval, completion.

#include "commands.hpp"
#include "completion.hpp"
#include "search_eval.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/engine/answers.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/testing/vectors.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

namespace guichet::cli {
namespace {

// --- execute

struct execute_options {
    std::string file = "-";
    std::size_t batch = 1;
};

/// Reads commands line by line and answers each on a line of its own, in order, once its transaction is on disk.
class line_executor {
public:
    line_executor(context& c, desk& d, std::size_t batch) : context_{c}, desk_{d}, batch_{batch} {}

    result<int> run(std::istream& in) {
        for (std::string line; std::getline(in, line);) {
            if (line.find_first_not_of(" \t\r") == std::string::npos)
                continue;
            add(line);
            if (answers_.size() >= batch_)
                GUICHET_TRY(flush());
        }
        GUICHET_TRY(flush());
        return exit_code_;
    }

private:
    /// A line that is no command is answered in its place without stopping the others.
    void add(std::string const& line) {
        auto wish = decode_command(line);
        if (!wish) {
            answers_.emplace_back(wish.error());
            return;
        }
        if (wish->by.person.empty())
            wish->by = context_.who();
        else if (wish->by.tenant.empty())
            wish->by.tenant = context_.who().tenant;
        answers_.emplace_back(std::nullopt);
        wishes_.push_back(std::move(*wish));
    }

    result<void> flush() {
        auto came_to = desk_.execute(std::span<command const>{wishes_});
        if (!came_to)
            return came_to.error();
        std::size_t next = 0;
        for (auto const& refused : answers_) {
            if (refused)
                refuse(*refused);
            else if (auto const& one = (*came_to)[next++]; one)
                print_line(guichet::encode(*one));
            else
                refuse(one.error());
        }
        std::fflush(stdout);
        answers_.clear();
        wishes_.clear();
        return {};
    }

    void refuse(error const& e) {
        print_line(to_json(e, context_.say().lang));
        if (exit_code_ == 0)
            exit_code_ = info(e.code()).exit_code;
    }

    context& context_;
    desk& desk_;
    std::size_t batch_;
    std::vector<command> wishes_;
    std::vector<std::optional<error>> answers_;
    int exit_code_ = 0;
};

result<int> run_execute(context& c, execute_options const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    line_executor lines{c, *d, std::min(std::max<std::size_t>(given.batch, 1), limits::batch_commands_max)};
    if (given.file == "-")
        return lines.run(std::cin);
    std::ifstream file{given.file};
    if (!file)
        return error{reason::file_unreadable,
                     {{"path", given.file}, {"problem", std::generic_category().message(errno)}}};
    return lines.run(file);
}

// --- query

result<int> run_query(context& c, std::string const& given) {
    GUICHET_LET(desk* const d, c.open_desk());
    auto json = given;
    if (given == "-" || given.starts_with('@')) {
        GUICHET_LET(json, read_all(given == "-" ? given : given.substr(1)));
    }
    GUICHET_LET(auto const wanted, decode_view(json));
    GUICHET_LET(auto const found, d->query(wanted, c.who()));
    print_line(guichet::encode(found));
    return 0;
}

// --- vectors

result<int> run_vectors(context& c, std::vector<std::string> const& files) {
    std::size_t passed = 0, failed = 0;
    for (auto const& path : files) {
        GUICHET_LET(auto const lines, read_all(path));
        auto const report = testing::run_vectors(lines);
        passed += report.passed;
        failed += report.failed;
        for (auto const& f : report.failures)
            print_line(c.out().paint(style::red, f.id) + "  " + c.say()(msg::expected, f.expected, f.actual));
    }
    print_line(c.say()(msg::passed, passed, failed));
    return failed ? info(errc::failed_precondition).exit_code : 0;
}

} // namespace

void add_program_commands(builder& to) {
    auto const executed = std::make_shared<execute_options>();
    auto* execute = to.add(msg::group_programs, "execute", msg::help_execute,
                           [executed](context& c) { return run_execute(c, *executed); });
    execute->add_option("FILE", executed->file, to.say(msg::help_execute_file));
    to.option(execute, "--batch", executed->batch, msg::help_batch);

    auto const asked = std::make_shared<std::string>();
    auto* query =
        to.add(msg::group_programs, "query", msg::help_query, [asked](context& c) { return run_query(c, *asked); });
    query->add_option("VIEW", *asked, to.say(msg::help_view))->required();

    auto const files = std::make_shared<std::vector<std::string>>();
    auto* vectors = to.add(msg::group_programs, "vectors", msg::help_vectors,
                           [files](context& c) { return run_vectors(c, *files); });
    vectors->add_option("FILE", *files, to.say(msg::help_vector_files))->required();

    auto const eval = std::make_shared<search_eval_options>();
    auto* search_eval =
        to.add(msg::group_programs, "search-eval", msg::help_search_eval, [eval](context&) -> result<int> {
            GUICHET_LET(auto const figures, evaluate_search(*eval));
            print_line(figures);
            return 0;
        });
    search_eval->add_option("DIR", eval->folder, to.say(msg::help_search_eval_folder))->required();
    to.flag(search_eval, "--link-train", eval->link_train, msg::help_search_eval_link);

    auto const shell = std::make_shared<std::string>();
    auto* completion = to.add(msg::group_programs, "completion", msg::help_completion,
                              [shell, &app = to.app](context&) -> result<int> {
                                  print(completion_script(app, *shell));
                                  return 0;
                              });
    completion->add_option("SHELL", *shell, to.say(msg::help_shell))
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

} // namespace guichet::cli
