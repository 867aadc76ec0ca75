#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/json/path.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/storage/memory_store.hpp>
#include <guichet/testing/impl/scenario_answers.ipp>
#include <guichet/testing/scenario.hpp>
#include <guichet/testing/simulated_environment.hpp>
#include <guichet/time/iso8601.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <map>

namespace guichet::inline v0::testing {
namespace detail {

using boost::json::array;
using boost::json::object;
using boost::json::value;

inline bool is_nothing(value const& v) {
    return v.is_null() || (v.is_string() && v.get_string().empty()) || (v.is_array() && v.get_array().empty()) ||
           (v.is_object() && v.get_object().empty());
}

inline bool same_scalar(value const& a, value const& b) {
    if (a.is_number() && b.is_number())
        return a.is_double() || b.is_double() ? a.to_number<double>() == b.to_number<double>() : a == b;
    return a == b;
}

inline value const* member(object const& from, std::string_view name) { return from.if_contains(name); }

inline error missing(std::string path) { return error{reason::missing_field, {{"path", std::move(path)}}}; }

/// Runs the steps of one scenario on one desk.
class scenario_runner {
public:
    scenario_runner(object const& written, scenario_report& report) : written_{written}, report_{report} {}

    result<void> run(store_maker const& make_store) {
        GUICHET_TRY(set_clock(written_, "clock"));
        GUICHET_LET(store_, make_store());
        GUICHET_TRY(open_desk());
        GUICHET_TRY(configure_given());
        auto const* steps = member(written_, "steps");
        if (!steps || !steps->is_array())
            return missing("steps");
        for (std::size_t i = 0; i < steps->get_array().size(); ++i) {
            here_ = "steps[" + std::to_string(i) + "]";
            auto const step = filled_in(steps->get_array()[i]);
            if (!step.is_object())
                return json::wrong_type(json::path{here_}, "an object", step);
            GUICHET_TRY(take(step.get_object()));
            ++report_.steps;
        }
        here_ = "verify";
        return check_sound();
    }

private:
    // --- reading

    result<void> set_clock(object const& from, std::string_view key) {
        auto const* at = member(from, key);
        if (!at)
            return {};
        if (!at->is_string())
            return json::wrong_type(json::path{here_ + "." + std::string{key}}, "a time", *at);
        GUICHET_LET(auto const read, time::parse_instant(at->get_string(), key));
        world_.set(read);
        return {};
    }

    /// The actor of a nickname: what `actors` says of it, or a requester of that name.
    value actor_named(std::string_view nickname) const {
        object out{{"person", nickname}};
        auto const* actors = member(written_, "actors");
        auto const* known = actors && actors->is_object() ? member(actors->get_object(), nickname) : nullptr;
        if (known && known->is_object())
            for (auto const& [name, v] : known->get_object())
                out[name] = v;
        return out;
    }

    result<actor> actor_of(object const& step, std::string_view key) const {
        auto const* who = member(step, key);
        auto written = who && who->is_string() ? actor_named(who->get_string()) : who ? *who : actor_named("admin");
        if (!who)
            written.as_object()["role"] = "administrator";
        auto const probe = boost::json::serialize(object{{"command", "unmerge_ticket"}, {"by", std::move(written)}});
        GUICHET_LET(auto read, decode_command(probe));
        return std::move(read.by);
    }

    result<command> command_of(value const& written) const {
        auto copy = written;
        if (auto* o = copy.if_object())
            if (auto* by = o->if_contains("by"); by && by->is_string())
                *by = actor_named(std::string{by->get_string()});
        return decode_command(boost::json::serialize(copy));
    }

    /// The same JSON with `$name` replaced by what was saved under the name.
    value filled_in(value const& v) const {
        if (auto const* text = v.if_string(); text && text->starts_with('$')) {
            auto const found = saved_.find(std::string_view{*text}.substr(1));
            return found == saved_.end() ? v : found->second;
        }
        if (auto const* list = v.if_array()) {
            array out;
            for (auto const& element : *list)
                out.push_back(filled_in(element));
            return out;
        }
        if (auto const* o = v.if_object()) {
            object out;
            for (auto const& [name, element] : *o)
                out.emplace(name, filled_in(element));
            return out;
        }
        return v;
    }

    static result<document> document_of(value const& written) {
        auto const* o = written.if_object();
        auto const* kind = o ? member(*o, "kind") : nullptr;
        auto const* id = o ? member(*o, "id") : nullptr;
        auto const* body = o ? member(*o, "body") : nullptr;
        if (!kind || !kind->is_string() || !id || !id->is_string() || !body)
            return missing("documents: kind, id and body");
        document out;
        out.kind = std::string_view{kind->get_string()};
        out.id = std::string_view{id->get_string()};
        if (out.kind == "lifecycle")
            out.body = overlaid(encode(itil_lifecycle()), *body);
        else if (!body->is_null())
            out.body = boost::json::serialize(*body);
        return out;
    }

    /// A lifecycle is written as what differs from the standard one.
    static std::string overlaid(std::string_view standard, value const& difference) {
        auto out = boost::json::parse(standard);
        if (auto const* o = difference.if_object())
            for (auto const& [name, v] : *o)
                out.as_object()[name] = v;
        return boost::json::serialize(out);
    }

    result<void> configure_given() {
        auto const* documents = member(written_, "documents");
        if (!documents)
            return {};
        GUICHET_LET(auto const list, documents_of(*documents));
        GUICHET_LET(auto const by, actor_of(object{}, "as"));
        return desk_->configure(list, by);
    }

    static result<std::vector<document>> documents_of(value const& written) {
        if (!written.is_array())
            return json::wrong_type(json::path{"documents"}, "a list", written);
        std::vector<document> out;
        for (auto const& d : written.get_array()) {
            GUICHET_LET(auto read, document_of(d));
            out.push_back(std::move(read));
        }
        return out;
    }

    // --- reporting

    void fail(std::string_view place, std::string expected, std::string actual) {
        report_.failures.push_back({here_ + std::string{place}, std::move(expected), std::move(actual)});
    }
    void check(bool holds, std::string_view place, std::string_view expected, std::string_view actual) {
        ++report_.checks;
        if (!holds)
            fail(place, std::string{expected}, std::string{actual});
    }
    void check_covers(value const& actual, value const& expected, std::string_view place) {
        std::string where{place};
        ++report_.checks;
        if (!covers(actual, expected, where))
            fail(where, boost::json::serialize(expected), boost::json::serialize(actual));
    }

    /// Compares what came of a step with its `expect.error`; true when it succeeded and was expected to.
    template <class T>
    bool settled(result<T> const& came_to, object const& expect) {
        auto const* wanted = member(expect, "error");
        if (came_to) {
            check(!wanted, ".expect.error", wanted ? boost::json::serialize(*wanted) : "", "success");
            return !wanted;
        }
        auto const e = came_to.error();
        auto const seen = json_of(e);
        check_sentence(e);
        if (!wanted)
            fail("", "success", boost::json::serialize(seen));
        else
            check_error(seen, *wanted);
        return false;
    }
    static object json_of(error const& e) {
        object context;
        for (auto const& [key, v] : e.context())
            context[key] = v;
        return {{"reason", name_of_reason(e.why())},
                {"code", info(e.code()).name},
                {"context", context},
                {"says", e.describe()},
                {"dit", e.describe(language::fr)}};
    }
    static std::string_view name_of_reason(reason why) noexcept { return info(why).name; }
    void check_error(object const& seen, value const& wanted) {
        if (wanted.is_string())
            return check(seen.at("reason") == wanted, ".expect.error", boost::json::serialize(wanted),
                         boost::json::serialize(seen));
        auto expected = wanted.as_object();
        for (auto const* sentence : {"says", "dit"})
            if (auto const* part = expected.if_contains(sentence)) {
                std::string_view const whole = seen.at(sentence).as_string();
                check(whole.find(std::string_view{part->as_string()}) != std::string_view::npos, ".expect.error.says",
                      part->as_string(), whole);
                expected.erase(sentence);
            }
        check_covers(seen, expected, ".expect.error");
    }

    /// A sentence must not ask for a fact that the error does not carry.
    void check_sentence(error const& e) {
        auto const& row = info(e.why());
        for (auto const sentence : {row.english, row.french})
            for (auto at = sentence.find('{'); at != std::string_view::npos; at = sentence.find('{', at + 1)) {
                auto const key = sentence.substr(at + 1, sentence.find('}', at) - at - 1);
                bool const known = std::any_of(e.context().begin(), e.context().end(),
                                               [&](error::context_pair const& c) { return c.first == key; });
                check(known, ".expect.error", key, e.describe());
            }
    }

    // --- steps

    result<void> take(object const& step) {
        object const none;
        auto const* written = member(step, "expect");
        auto const& expect = written && written->is_object() ? written->get_object() : none;
        if (auto const* wish = member(step, "do"))
            return do_command(*wish, step, expect);
        if (auto const* list = member(step, "batch"))
            return do_batch(*list, step, expect);
        if (member(step, "pump"))
            return pump(step, expect);
        if (auto const* by = member(step, "advance"))
            return advance(*by);
        if (member(step, "clock"))
            return set_clock(step, "clock");
        if (member(step, "look"))
            return look(step, expect);
        if (member(step, "query"))
            return query(step, expect);
        if (member(step, "count"))
            return count(step, expect);
        if (auto const* documents = member(step, "configure")) {
            GUICHET_LET(auto const by, actor_of(step, "as"));
            GUICHET_LET(auto const list, documents_of(*documents));
            settled(desk_->configure(list, by), expect);
            return {};
        }
        if (member(step, "put_file"))
            return put_file(step, expect);
        if (member(step, "redact_person"))
            return redact_person(step, expect);
        if (member(step, "outbox"))
            return look_into_outbox(expect);
        if (auto const* words = member(step, "nowhere"))
            return nowhere(*words);
        if (member(step, "verify"))
            return check_sound();
        if (member(step, "reopen_desk")) {
            desk_.reset();
            GUICHET_TRY(open_desk());
            return {};
        }
        GUICHET_LET(bool const answered, ask(step, expect));
        if (answered)
            return {};
        return error{
            reason::unknown_field,
            {{"path", here_},
             {"known",
              "do, batch, pump, advance, clock, look, query, count, configure, put_file, redact_person, "
              "outbox, nowhere, verify, reopen_desk, journey, why, why_not, dry_run, back_test, route, leaves, "
              "article, articles, search, suggest, inquiries, knowledge, trends"}}};
    }

    /// Whether the step asks why, or what would be.
    result<bool> ask(object const& step, object const& expect) {
        GUICHET_LET(auto const who, actor_of(step, "as"));
        auto const* written = member(step, "documents");
        std::vector<document> documents;
        if (written) {
            GUICHET_LET(documents, documents_of(*written));
        }
        auto const answer = asker{*desk_, who, documents}.answer(step);
        if (answer && settled(*answer, expect))
            check_covers(**answer, expect, ".expect");
        return answer.has_value();
    }

    result<void> open_desk() {
        GUICHET_LET(desk_, desk::open(store_, world_));
        desk_->after([this](outcome const& came_to) { happened_ = came_to; });
        return {};
    }

    result<void> do_command(value const& wish, object const& step, object const& expect) {
        auto const read = command_of(wish);
        if (!read) {
            settled(read, expect);
            return {};
        }
        happened_.reset();
        auto const came_to = desk_->execute(*read);
        if (!settled(came_to, expect))
            return {};
        note(happened_ ? *happened_ : *came_to, step, expect);
        if (auto const* seen = member(expect, "seen"))
            check_events(came_to->events, *seen, ".expect.seen");
        return {};
    }

    /// `events` are all that happened, also what whoever asked for it does not see; that is `seen`.
    void note(outcome const& came_to, object const& step, object const& expect) {
        if (auto const* name = member(step, "save"); name && name->is_string())
            save(std::string{name->get_string()}, came_to);
        if (auto const* events = member(expect, "events"))
            check_events(came_to.events, *events, ".expect.events");
        if (auto const* whole = member(expect, "outcome"))
            check_covers(boost::json::parse(encode(came_to)), *whole, ".expect.outcome");
    }

    /// `$name` is the id of the ticket or article, `$name.number` its number; of a split, `$name.new` the new ticket's
    /// id.
    void save(std::string const& name, outcome const& came_to) {
        saved_[name] = came_to.article   ? to_string(came_to.article)
                       : came_to.inquiry ? to_string(came_to.inquiry)
                                         : to_string(came_to.ticket);
        saved_[name + ".number"] = came_to.number;
        for (auto const& e : came_to.events)
            if (auto const* split = std::get_if<message_split>(&e.body))
                saved_[name + ".new"] = to_string(split->into);
            else if (auto const* message = std::get_if<message_added>(&e.body))
                saved_[name + ".message"] = message->text.no;
    }

    /// A text names an event's type; an object gives members as well.
    void check_events(std::span<event const> seen, value const& expected, std::string_view place) {
        array actual, wanted;
        for (std::size_t i = 0; i < seen.size(); ++i) {
            bool const whole =
                expected.is_array() && i < expected.get_array().size() && expected.get_array()[i].is_object();
            actual.push_back(whole ? boost::json::parse(encode(seen[i])) : value(name_of(seen[i].body)));
        }
        check_covers(actual, expected, place);
    }

    result<void> do_batch(value const& list, object const& step, object const& expect) {
        std::vector<command> wishes;
        for (auto const& wish : list.as_array()) {
            GUICHET_LET(auto read, command_of(wish));
            wishes.push_back(std::move(read));
        }
        auto const* mode = member(step, "mode");
        auto const came_to =
            desk_->execute(wishes, mode && *mode == "all_or_none" ? batch_mode::all_or_none : batch_mode::each);
        if (!settled(came_to, expect))
            return {};
        array seen;
        for (auto const& one : *came_to)
            seen.push_back(one ? value("ok") : value(name_of_reason(one.error().why())));
        if (auto const* wanted = member(expect, "results"))
            check_covers(seen, *wanted, ".expect.results");
        return {};
    }

    result<void> pump(object const&, object const& expect) {
        auto const came_to = desk_->pump();
        if (!settled(came_to, expect))
            return {};
        object seen{{"fired", came_to->timers_fired},
                    {"fenced", came_to->timers_fenced},
                    {"inquiries_destroyed", came_to->inquiries_destroyed}};
        if (came_to->next)
            seen["next"] = time::to_text(*came_to->next);
        check_covers(seen, expect, ".expect");
        return {};
    }

    result<void> advance(value const& by) {
        if (!by.is_string())
            return json::wrong_type(json::path{here_ + ".advance"}, "a length of time", by);
        GUICHET_LET(auto const length, time::parse_duration(by.get_string(), here_ + ".advance"));
        world_.advance(length);
        return {};
    }

    result<void> put_file(object const& step, object const& expect) {
        auto const& file = step.at("put_file").as_object();
        std::string_view const text = file.at("text").as_string();
        auto const came_to = desk_->put_file(std::as_bytes(std::span{text}), std::string{file.at("name").as_string()},
                                             std::string{file.at("type").as_string()});
        if (settled(came_to, expect))
            if (auto const* name = member(step, "save"))
                saved_[std::string{name->as_string()}] = to_hex(came_to->digest);
        return {};
    }

    result<void> redact_person(object const& step, object const& expect) {
        GUICHET_LET(auto const by, actor_of(step, "as"));
        auto const came_to = desk_->redact_person(std::string{step.at("redact_person").as_string()}, by);
        if (settled(came_to, expect))
            check_covers(object{{"tickets", *came_to}}, expect, ".expect");
        return {};
    }

    /// What waits to leave: `entries`, each `{"kind": ..., "body": {...}}`. `sent` takes it out.
    result<void> look_into_outbox(object const& expect) {
        GUICHET_LET(auto const due, store_->due_outbox(world_.now(), 1'000));
        array seen;
        for (auto const& entry : due)
            seen.push_back(object{{"kind", entry.kind}, {"body", boost::json::parse(entry.body)}});
        check_covers(object{{"entries", std::move(seen)}}, expect, ".expect");
        GUICHET_LET(auto const work, store_->begin());
        for (auto const& entry : due)
            GUICHET_TRY(work->ack_outbox(entry.id));
        return work->commit();
    }

    // --- looking

    result<void> look(object const& step, object const& expect) {
        GUICHET_LET(auto const who, actor_of(step, "as"));
        auto const name = std::string{step.at("look").as_string()};
        auto const found = desk_->find(name, who);
        if (!settled(found, expect))
            return {};
        GUICHET_LET(auto const messages, desk_->conversation(found->id, who));
        GUICHET_LET(auto const past, desk_->history(found->id, who));
        look_at(*found, messages, past, expect);
        if (auto const* wanted = member(expect, "as_of"))
            GUICHET_TRY(look_back(*found, who, wanted->as_object()));
        return look_for_words(*found, messages, past, who, expect);
    }

    void look_at(ticket const& found, std::vector<message> const& messages, std::vector<event> const& past,
                 object const& expect) {
        if (auto const* wanted = member(expect, "ticket"))
            check_covers(boost::json::parse(encode(found)), *wanted, ".expect.ticket");
        if (auto const* wanted = member(expect, "conversation")) {
            array seen;
            for (std::size_t i = 0; i < messages.size(); ++i) {
                bool const whole =
                    wanted->is_array() && i < wanted->get_array().size() && wanted->get_array()[i].is_object();
                seen.push_back(whole ? boost::json::parse(encode(messages[i])) : value(messages[i].text));
            }
            check_covers(seen, *wanted, ".expect.conversation");
        }
        if (auto const* wanted = member(expect, "history"))
            check_events(past, *wanted, ".expect.history");
        if (auto const* wanted = member(expect, "clocks"))
            check_covers(clocks_of(found), *wanted, ".expect.clocks");
    }

    object clocks_of(ticket const& t) const {
        object out;
        auto const clocks = desk_->clocks(t);
        for (auto const& c : clocks ? *clocks : std::vector<sla::clock>{}) {
            object one{{"consumed", time::to_text(c.consumed)},
                       {"target", time::to_text(c.target)},
                       {"policy", c.policy->name},
                       {"paused", c.paused_since.has_value()}};
            if (c.due)
                one["due"] = time::to_text(*c.due);
            if (c.stopped)
                one["stopped"] = time::to_text(*c.stopped);
            out[c.metric] = std::move(one);
        }
        return out;
    }

    result<void> look_back(ticket const& now, viewer const& who, object const& wanted) {
        GUICHET_LET(auto const at, time::parse_instant(wanted.at("at").as_string(), here_ + ".expect.as_of.at"));
        auto const then = desk_->as_of(now.id, at, who);
        if (settled(then, wanted))
            if (auto const* t = member(wanted, "ticket"))
                check_covers(boost::json::parse(encode(*then)), *t, ".expect.as_of.ticket");
        return {};
    }

    /// `contains` and `lacks` search all that the viewer can read of the ticket.
    result<void> look_for_words(ticket const& found, std::vector<message> const& messages,
                                std::vector<event> const& past, viewer const& who, object const& expect) {
        auto whole = encode(found);
        for (auto const& m : messages)
            whole += encode(m);
        for (auto const& e : past)
            whole += encode(e);
        GUICHET_LET(auto const then, desk_->as_of(found.id, world_.now(), who));
        whole += encode(then);
        auto const search = [&](std::string_view key, bool wanted) {
            auto const* words = member(expect, key);
            for (auto const& word : words ? words->as_array() : array{})
                check((whole.find(std::string_view{word.as_string()}) != std::string::npos) == wanted,
                      ".expect." + std::string{key}, word.as_string(), wanted ? "not found" : "found");
        };
        search("contains", true);
        search("lacks", false);
        return {};
    }

    result<void> query(object const& step, object const& expect) {
        GUICHET_LET(auto const who, actor_of(step, "as"));
        auto const wanted = decode_view(boost::json::serialize(step.at("query")));
        if (!wanted) {
            settled(wanted, expect);
            return {};
        }
        auto const found = desk_->query(*wanted, who);
        if (!settled(found, expect))
            return {};
        if (auto const* name = member(step, "save"))
            saved_[std::string{name->as_string()}] = found->next;
        array ids;
        for (auto const& t : found->tickets)
            ids.emplace_back(to_string(t.id));
        check_covers(object{{"tickets", std::move(ids)}, {"more", !found->next.empty()}}, expect, ".expect");
        return {};
    }

    result<void> count(object const& step, object const& expect) {
        GUICHET_LET(auto const who, actor_of(step, "as"));
        std::vector<view> views;
        for (auto const& v : step.at("count").as_array()) {
            GUICHET_LET(auto read, decode_view(boost::json::serialize(v)));
            views.push_back(std::move(read));
        }
        auto const found = desk_->count(views, who);
        if (!settled(found, expect))
            return {};
        array counts;
        for (auto const& c : *found)
            counts.emplace_back(c.count);
        check_covers(object{{"counts", std::move(counts)}}, expect, ".expect");
        return {};
    }

    /// Searches all that the store keeps: the log, the texts, the rows.
    result<void> nowhere(value const& words) {
        std::string whole;
        GUICHET_LET(auto const events, store_->read_log(0, 1'000'000));
        for (auto const& e : events)
            whole += e.body + e.actor + '\n';
        if (!events.empty()) {
            GUICHET_LET(auto const texts, store_->read_texts_between(1, events.back().seq));
            for (auto const& t : texts)
                whole += t.body + t.html + '\n';
        }
        for (auto const& e : events)
            if (e.version == 1) {
                GUICHET_LET(auto const row, store_->load(e.tenant, e.ticket));
                GUICHET_LET(auto const article, store_->load_article(e.tenant, storage::article_in_log(e.ticket)));
                whole += row ? encode(*row) : article ? encode(*article) : std::string{};
            }
        GUICHET_LET(auto const asked, store_->inquiries({}, {}, limits::page_rows_max));
        for (auto const& one : asked)
            whole += encode(one);
        for (auto const& word : words.as_array())
            check(whole.find(std::string_view{word.as_string()}) == std::string::npos, ".nowhere", word.as_string(),
                  "found in what is stored");
        return {};
    }

    result<void> check_sound() {
        GUICHET_LET(auto const found, desk_->verify());
        for (auto const& problem : found.problems)
            fail(".verify", "no problem", problem.describe());
        ++report_.checks;
        return {};
    }

    object const& written_;
    scenario_report& report_;
    simulated_environment world_;
    std::shared_ptr<storage::store> store_;
    std::unique_ptr<desk> desk_;
    std::optional<outcome> happened_;
    std::map<std::string, value, std::less<>> saved_;
    std::string here_ = "scenario";
};

inline bool covers_object(object const& actual, object const& expected, std::string& place) {
    for (auto const& [name, wanted] : expected) {
        auto const length = place.size();
        place.append(".").append(name);
        auto const* seen = actual.if_contains(name);
        if (!covers(seen ? *seen : value(), wanted, place))
            return false;
        place.resize(length);
    }
    return true;
}

} // namespace detail

GUICHET_DECL bool covers(boost::json::value const& actual, boost::json::value const& expected, std::string& place) {
    if (expected.is_null())
        return detail::is_nothing(actual);
    if (auto const* wanted = expected.if_object(); wanted && actual.is_object())
        return detail::covers_object(actual.get_object(), *wanted, place);
    auto const* wanted = expected.if_array();
    if (!wanted || !actual.is_array())
        return detail::same_scalar(actual, expected);
    auto const& seen = actual.get_array();
    for (std::size_t i = 0; i < std::min(seen.size(), wanted->size()); ++i) {
        auto const length = place.size();
        place += '[' + std::to_string(i) + ']';
        if (!covers(seen[i], (*wanted)[i], place))
            return false;
        place.resize(length);
    }
    return seen.size() == wanted->size();
}

GUICHET_DECL result<scenario_report> run_scenario(std::string_view text, store_maker const& make_store) {
    GUICHET_LET(auto const written, json::parse(text));
    if (!written.is_object())
        return json::wrong_type(json::path{"scenario"}, "an object", written);
    scenario_report out;
    if (auto const* name = written.get_object().if_contains("name"); name && name->is_string())
        out.name = std::string_view{name->get_string()};
    try {
        GUICHET_TRY(detail::scenario_runner(written.get_object(), out).run(make_store));
    } catch (std::exception const& e) { // a member of another type than the step asks for
        return error{reason::bad_value, {{"path", out.name}, {"value", "scenario"}, {"hint", e.what()}}};
    }
    return out;
}

GUICHET_DECL result<scenario_report> run_scenario(std::string_view text) {
    return run_scenario(text, [] { return result<std::shared_ptr<storage::store>>{memory_store()}; });
}

} // namespace guichet::inline v0::testing
