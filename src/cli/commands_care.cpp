// pump, verify, stats, backup.

#include "commands.hpp"
#include "figures.hpp"
#include "table.hpp"

#include <guichet/engine/answers.hpp>
#include <guichet/json/writer.hpp>

#include <filesystem>
#include <memory>

namespace guichet::cli {
namespace {

result<int> run_pump(context& c) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const done, d->pump({1'000'000, 1'000}));
    auto const& out = c.out();
    if (c.opt().json) {
        print_line(guichet::encode(done));
        return 0;
    }
    print_line(c.say()(msg::fired, out.number(done.timers_fired), out.number(done.timers_fenced)) + " " +
               (done.next ? c.say()(msg::next_timer, out.date(*done.next)) : c.say()(msg::no_timer)));
    return 0;
}

result<int> run_verify(context& c) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_TRY(d->config()->roles->require(c.who(), access::audit));
    GUICHET_LET(auto const found, d->verify());
    auto const& out = c.out();
    if (c.opt().json) {
        std::string problems;
        for (auto const& p : found.problems)
            problems.append(problems.empty() ? "" : ",").append(to_json(p, c.say().lang));
        print_line(fmt::format(R"({{"events":{},"tickets":{},"articles":{},"chain":"{}","problems":[{}]}})",
                               found.events, found.tickets, found.articles, to_hex(found.chain), problems));
    } else if (found.problems.empty()) {
        print_line(out.paint(style::green, "✓ ") +
                   c.say()(msg::sound, out.number(found.events), out.number(found.tickets)));
        print_line(out.paint(style::dim, c.say()(msg::chain, to_hex(found.chain))));
    } else {
        print_line(out.paint(style::red, "✗ ") +
                   c.say()(msg::damaged, out.number(found.problems.size()), out.number(found.events)));
        for (auto const& p : found.problems)
            print_line("  " + p.describe(c.say().lang));
    }
    return found.problems.empty() ? 0 : info(errc::data_loss).exit_code;
}

result<int> run_stats(context& c) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const s, d->stats());
    if (c.opt().json) {
        GUICHET_LET(auto const f, collect_figures(*d, c.who()));
        print_line(fmt::format(R"({{"store":{},"figures":{}}})", guichet::encode(s), encode(f)));
        return 0;
    }
    auto const& out = c.out();
    std::pair<std::string, msg> const rows[] = {{out.number(s.tickets), msg::report_tickets_short},
                                                {out.number(s.articles), msg::group_articles},
                                                {out.number(s.events), msg::report_events},
                                                {out.number(s.texts), msg::report_texts},
                                                {out.number(s.timers), msg::report_waiting},
                                                {out.number(s.receipts), msg::report_receipts},
                                                {out.number(s.blobs), msg::report_blobs},
                                                {out.number(s.documents), msg::report_documents},
                                                {out.bytes(s.bytes), msg::report_file},
                                                {out.number(s.schema_version), msg::report_schema}};
    for (auto const& [value, what] : rows)
        print_line(fmt::format("{}  {}", padded(value, 12, true), c.say()(what)));
    return 0;
}

result<int> run_backup(context& c, std::string const& to) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_TRY(d->config()->roles->require(c.who(), access::audit));
    GUICHET_TRY(d->backup(to));
    std::error_code unknown;
    auto const size = std::filesystem::file_size(to, unknown);
    if (c.opt().json) {
        std::string out;
        json::writer w{out};
        w.begin_object();
        w.key("path");
        w.text(to);
        w.key("bytes");
        w.number(std::uint64_t{unknown ? 0 : size});
        w.end_object();
        print_line(out);
    } else
        print_line(c.say()(msg::copied, to, c.out().bytes(unknown ? 0 : size)));
    return 0;
}

} // namespace

void add_care_commands(builder& to) {
    to.add(msg::group_care, "pump", msg::help_pump, run_pump);
    to.add(msg::group_care, "verify", msg::help_verify, run_verify);
    to.add(msg::group_care, "stats", msg::help_stats, run_stats);
    auto const copy = std::make_shared<std::string>();
    auto* backup =
        to.add(msg::group_care, "backup", msg::help_backup, [copy](context& c) { return run_backup(c, *copy); });
    backup->add_option("FILE", *copy, to.say(msg::help_backup_to))->required();
}

} // namespace guichet::cli
