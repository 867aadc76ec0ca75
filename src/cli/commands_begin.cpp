// init, replay.

#include "commands.hpp"
#include "progress.hpp"
#include "report.hpp"

#include <guichet/base/limits.hpp>
#include <guichet/engine/answers.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/storage/memory_store.hpp>

#include <cstdio>
#include <limits>
#include <memory>

namespace guichet::cli {
namespace {

// --- init

struct init_options {
    std::vector<std::string> documents;
    bool replace = false;
};

/// KIND:ID=FILE.
result<document> read_document(std::string const& given) {
    auto const equals = given.find('='), colon = given.find(':');
    if (equals == std::string::npos || colon > equals)
        return error{reason::bad_value, {{"path", "--config"}, {"value", given}, {"hint", "KIND:ID=FILE"}}};
    document out;
    out.kind = given.substr(0, colon);
    out.id = given.substr(colon + 1, equals - colon - 1);
    GUICHET_LET(out.body, read_all(given.substr(equals + 1)));
    return out;
}

result<void> read_documents(std::vector<std::string> const& given, std::vector<document>& into) {
    for (auto const& d : given) {
        GUICHET_LET(auto one, read_document(d));
        into.push_back(std::move(one));
    }
    return {};
}

result<int> run_init(context& c, init_options const& given) {
    std::vector<document> documents;
    GUICHET_TRY(read_documents(given.documents, documents));
    GUICHET_TRY(create_desk(c.opt().db, c.env(), documents, c.who(), given.replace));
    if (!c.opt().json)
        print_line(c.say()(msg::created, c.opt().db, c.opt().call()));
    return 0;
}

// --- replay

struct replay_options {
    std::string file, mapping;
    std::vector<std::string> documents; ///< beside those that the log needs
    std::size_t batch = 1'000, limit = std::numeric_limits<std::size_t>::max();
    bool memory = false, replace = false;
};

std::string encode_replay(replay_result const& r) {
    std::string out;
    json::writer w{out};
    auto const number = [&](std::string_view name, std::size_t value) {
        w.key(name);
        w.number(std::uint64_t{value});
    };
    w.begin_object();
    number("rows", r.rows);
    number("incidents", r.incidents);
    number("commands", r.commands);
    number("transactions", r.batches);
    number("timers_fired", r.timers_fired);
    number("silent_rows", r.silent_rows);
    number("bad_states", r.bad_states);
    w.key("seconds");
    w.number(r.seconds);
    w.key("rows_per_second");
    w.number(r.seconds > 0 ? static_cast<double>(r.rows) / r.seconds : 0.0);
    w.key("skipped");
    w.begin_array();
    for (auto const& s : r.skipped) {
        w.begin_object();
        number("line", s.line);
        w.key("why");
        w.text(s.why);
        w.end_object();
    }
    w.end_array();
    w.end_object();
    return out;
}

/// Nothing is lost silently: the first rows that could not be replayed are named, the others counted.
void name_skipped(context const& c, replay_result const& r) {
    constexpr std::size_t shown = 10;
    for (std::size_t i = 0; i < std::min(r.skipped.size(), shown); ++i)
        fmt::print(stderr, "guichet: {}\n", c.say()(msg::skipped_line, r.skipped[i].line, r.skipped[i].why));
    if (r.skipped.size() > shown)
        fmt::print(stderr, "guichet: {}\n", c.say()(msg::skipped_more, r.skipped.size() - shown));
}

result<std::unique_ptr<desk>> desk_for(context& c, replay_options const& given, replay_setup const& setup,
                                       environment& env) {
    actor by = c.who();
    if (!given.memory)
        return create_desk(c.opt().db, env, setup.documents, by, given.replace, true);
    GUICHET_LET(auto out, desk::open(memory_store(), env));
    GUICHET_TRY(out->configure(setup.documents, by));
    return out;
}

result<int> run_replay(context& c, replay_options const& given) {
    log_mapping mapping;
    if (!given.mapping.empty()) {
        GUICHET_LET(auto const json, read_all(given.mapping));
        GUICHET_LET(mapping, read_mapping(json));
    }
    GUICHET_LET(auto const log, read_incident_log(given.file, mapping, given.limit, c.say()));
    GUICHET_LET(auto setup, make_replay_setup(log, mapping));
    GUICHET_TRY(read_documents(given.documents, setup.documents));
    testing::simulated_environment env{log.rows.empty() ? instant{} : log.rows.front().at};
    GUICHET_LET(auto const d, desk_for(c, given, setup, env));
    replay_result done;
    {
        progress_bar bar{c.out(), c.say()(msg::replaying), log.rows.size()};
        GUICHET_LET(done, replay_log(log, setup, *d, env, c.opt().tenant,
                                     std::min(std::max<std::size_t>(given.batch, 1), limits::batch_commands_max),
                                     c.say(), [&](std::size_t rows) { bar.show(rows); }));
    }
    GUICHET_LET(auto const f, collect_figures(*d, c.who()));
    GUICHET_LET(auto const stats, d->stats());
    if (c.opt().json) {
        print_line(fmt::format(R"({{"replay":{},"store":{},"figures":{}}})", encode_replay(done),
                               guichet::encode(stats), encode(f)));
        return 0;
    }
    name_skipped(c, done);
    auto const& out = c.out();
    print_line(c.say()(msg::replayed, out.number(done.rows), out.number(done.incidents),
                       given.memory ? c.say()(msg::in_memory) : c.opt().db, out.decimal(done.seconds, 1)));
    auto const config = d->config();
    vocabulary const words{config->rules->document(), c.say()};
    print(print_report(out, words, f, {given.memory ? std::string{} : c.opt().call(), stats, &done}));
    return 0;
}

} // namespace

void add_begin_commands(builder& to) {
    auto const begun = std::make_shared<init_options>();
    auto* init = to.add(msg::group_start, "init", msg::help_init, [begun](context& c) { return run_init(c, *begun); });
    to.option(init, "--config", begun->documents, msg::help_config);
    to.flag(init, "--replace", begun->replace, msg::help_replace);

    auto const given = std::make_shared<replay_options>();
    auto* replay =
        to.add(msg::group_start, "replay", msg::help_replay, [given](context& c) { return run_replay(c, *given); });
    replay->add_option("FILE", given->file, to.say(msg::help_replay_file))->required();
    to.option(replay, "--batch", given->batch, msg::help_batch);
    to.option(replay, "--limit", given->limit, msg::help_row_limit);
    to.flag(replay, "--memory", given->memory, msg::help_memory);
    to.option(replay, "--mapping", given->mapping, msg::help_mapping);
    to.option(replay, "--config", given->documents, msg::help_config);
    to.flag(replay, "--replace", given->replace, msg::help_replace);
}

} // namespace guichet::cli
