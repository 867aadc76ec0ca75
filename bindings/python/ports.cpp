#include "ported.hpp"

#include <guichet/sqlite/sqlite_store.hpp>
#include <guichet/storage/blob_store.hpp>
#include <guichet/storage/impl/writer_gate.ipp>
#include <guichet/storage/scan.hpp>
#include <guichet/testing/store_conformance.hpp>

#include <pybind11/stl.h>

#include <utility>

namespace guichet::python {
namespace {

using storage::article_snapshot;
using storage::ticket_snapshot;

/// A query while a store is asked it: conditions and schema are the desk's.
struct told_query {
    storage::ticket_query const* query;
    expr::schema const* schema;

    storage::ticket_query const& get() const {
        if (!query)
            raise({reason::bad_usage,
                   {{"problem", "a TicketQuery lives as long as the call that brought it"},
                    {"problem.fr", "une TicketQuery vit le temps de l'appel qui l'a apportée"}}});
        return *query;
    }
    std::vector<ticket_snapshot> read(py::handle tickets) const {
        get();
        std::vector<ticket_snapshot> out;
        unwrap(from_python(tickets, out, json::path("tickets")));
        return out;
    }
};

/// One transaction. That it refuses everything after an error or its commit is seen to here, not in Python.
class unit_in_python final : public storage::unit_of_work {
public:
    unit_in_python(py::handle unit, std::shared_ptr<storage::detail::writer_gate> gate)
        : unit_{unit, reason::store_failed}, gate_{std::move(gate)} {}
    ~unit_in_python() override {
        if (over_)
            return;
        static_cast<void>(unit_.call<void>("rollback"));
        gate_->leave();
    }

    result<ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        return ask<ticket_snapshot>("load", tenant, id);
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
        return ask<std::optional<ticket_id>>("find_number", tenant, number);
    }
    result<article_snapshot> load_article(std::string_view tenant, article_id id) override {
        return ask<article_snapshot>("load_article", tenant, id);
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
        return ask<std::optional<article_id>>("find_article", tenant, number);
    }
    result<std::vector<article_snapshot>> translations(std::string_view tenant, article_id original) override {
        return ask<std::vector<article_snapshot>>("translations", tenant, original);
    }
    result<std::uint64_t> next_in_sequence(std::string_view tenant, std::string_view name) override {
        return ask<std::uint64_t>("next_in_sequence", tenant, name);
    }
    result<std::optional<storage::receipt>> find_receipt(std::string_view tenant, command_id id) override {
        return ask<std::optional<storage::receipt>>("find_receipt", tenant, id);
    }
    result<std::vector<storage::text_record>> load_texts(ticket_id id) override {
        return ask<std::vector<storage::text_record>>("load_texts", id);
    }
    result<std::vector<storage::stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
        return ask<std::vector<storage::stored_event>>("read_log", after_seq, limit);
    }
    storage::log_head head() override {
        auto out = ask<storage::log_head>("head");
        return out ? *out : storage::log_head{}; // what follows is refused
    }
    result<void> append(storage::ticket_change const& c) override {
        ticket_change const given{c.before ? std::make_shared<ticket const>(*c.before) : nullptr,
                                  std::make_shared<ticket const>(*c.after),
                                  {c.events.begin(), c.events.end()},
                                  {c.texts.begin(), c.texts.end()},
                                  {c.erased_texts.begin(), c.erased_texts.end()},
                                  {c.disarmed.begin(), c.disarmed.end()},
                                  {c.armed.begin(), c.armed.end()}};
        GUICHET_LET(c.after->ordinal, ask<std::uint64_t>("append", given));
        return {};
    }
    result<void> append(storage::article_change const& c) override {
        article_change const given{c.before ? std::make_shared<article const>(*c.before) : nullptr,
                                   c.after,
                                   {c.events.begin(), c.events.end()},
                                   {c.texts.begin(), c.texts.end()},
                                   {c.erased_texts.begin(), c.erased_texts.end()}};
        return ask<void>("append_article", given);
    }
    result<void> put_receipt(storage::receipt const& r) override { return ask<void>("put_receipt", r); }
    result<void> put_outbox(storage::outbox_entry const& entry) override { return ask<void>("put_outbox", entry); }
    result<std::uint32_t> put_document(document const& d) override { return ask<std::uint32_t>("put_document", d); }
    result<digest> put_blob(std::span<std::byte const> bytes) override {
        auto const address = hash(bytes);
        GUICHET_TRY(ask<void>("put_blob", address, bytes));
        return address;
    }
    result<std::optional<std::uint64_t>> find_blob(digest const& address) override {
        return ask<std::optional<std::uint64_t>>("find_blob", address);
    }
    result<void> use_blob(digest const& address) override { return ask<void>("use_blob", address); }
    result<void> drop_blob(digest const& address) override { return ask<void>("drop_blob", address); }
    result<void> ack_outbox(std::uint64_t id) override { return ask<void>("ack_outbox", id); }
    result<void> retry_outbox(std::uint64_t id, instant not_before) override {
        return ask<void>("retry_outbox", id, not_before);
    }
    result<void> drop_outbox(ticket_id about) override { return ask<void>("drop_outbox", about); }
    result<void> put_piece(std::string_view name, std::span<std::uint8_t const> bytes) override {
        return ask<void>("put_piece", name, bytes);
    }
    result<void> drop_piece(std::string_view name) override { return ask<void>("drop_piece", name); }
    result<std::optional<inquiry>> load_inquiry(std::string_view tenant, inquiry_id id) override {
        return ask<std::optional<inquiry>>("load_inquiry", tenant, id);
    }
    result<void> put_inquiry(inquiry const& i) override { return ask<void>("put_inquiry", i); }
    result<std::uint64_t> drop_inquiries(storage::inquiries_of const& some) override {
        return ask<std::uint64_t>("drop_inquiries", some);
    }
    result<void> commit() override {
        if (broken_)
            return *broken_;
        auto out = unit_.call_or<void>(reason::commit_in_doubt, "commit");
        over_ = out.has_value();
        if (over_)
            gate_->leave();
        broken_ = out ? error{reason::defect, {{"problem", "a unit of work was used after its commit"}}} : out.error();
        return out;
    }

private:
    template <class T, class... Args>
    result<T> ask(char const* method, Args const&... args) {
        if (broken_)
            return *broken_;
        auto out = unit_.call<T>(method, args...);
        if (!out)
            broken_ = out.error();
        return out;
    }

    asked unit_;
    std::shared_ptr<storage::detail::writer_gate> gate_;
    std::optional<error> broken_;
    bool over_ = false;
};

class store_in_python final : public storage::store {
public:
    explicit store_in_python(py::handle store) : store_{store, reason::store_failed} {}

    result<std::unique_ptr<storage::unit_of_work>> begin() override {
        if (!gate_->enter(std::chrono::seconds{5}))
            return error{reason::store_busy, {{"problem", "another unit of work is open"}}};
        using unit = std::unique_ptr<storage::unit_of_work>;
        auto begun = store_.read<unit>(reason::store_failed, "begin", [&](py::object const& made) -> result<unit> {
            return unit{std::make_unique<unit_in_python>(made, gate_)};
        });
        if (!begun)
            gate_->leave();
        return begun;
    }
    result<ticket_snapshot> load(std::string_view tenant, ticket_id id) override {
        return store_.call<ticket_snapshot>("load", tenant, id);
    }
    result<std::optional<ticket_id>> find_number(std::string_view tenant, std::string_view number) override {
        return store_.call<std::optional<ticket_id>>("find_number", tenant, number);
    }
    result<article_snapshot> load_article(std::string_view tenant, article_id id) override {
        return store_.call<article_snapshot>("load_article", tenant, id);
    }
    result<std::optional<article_id>> find_article(std::string_view tenant, std::string_view number) override {
        return store_.call<std::optional<article_id>>("find_article", tenant, number);
    }
    result<std::vector<article_snapshot>> articles(std::string_view tenant, std::string_view after,
                                                   std::size_t limit) override {
        return store_.call<std::vector<article_snapshot>>("articles", tenant, after, limit);
    }
    result<std::vector<article_snapshot>> translations(std::string_view tenant, article_id original) override {
        return store_.call<std::vector<article_snapshot>>("translations", tenant, original);
    }
    result<std::vector<ticket_snapshot>> find(storage::ticket_query const& query, expr::schema const& schema) override {
        return with_query<std::vector<ticket_snapshot>>("find", query, schema);
    }
    result<std::vector<storage::counter>> count(std::span<storage::ticket_query const> queries,
                                                expr::schema const& schema) override {
        std::vector<storage::counter> out;
        for (auto const& query : queries) {
            GUICHET_LET(out.emplace_back(), with_query<storage::counter>("count", query, schema));
        }
        return out;
    }
    result<std::vector<storage::stored_event>> read_log(std::uint64_t after_seq, std::size_t limit) override {
        return store_.call<std::vector<storage::stored_event>>("read_log", after_seq, limit);
    }
    result<std::vector<storage::stored_event>> read_history(ticket_id id) override {
        return store_.call<std::vector<storage::stored_event>>("read_history", id);
    }
    result<std::vector<storage::text_record>> read_texts(ticket_id id) override {
        return store_.call<std::vector<storage::text_record>>("read_texts", id);
    }
    result<std::vector<storage::text_record>> read_texts_between(std::uint64_t first_seq,
                                                                 std::uint64_t last_seq) override {
        return store_.call<std::vector<storage::text_record>>("read_texts_between", first_seq, last_seq);
    }
    result<storage::log_head> head() override { return store_.call<storage::log_head>("head"); }
    result<std::vector<std::string>> tenants() override { return store_.call<std::vector<std::string>>("tenants"); }
    result<std::vector<storage::due_timer>> due_timers(instant now, std::size_t limit) override {
        return store_.call<std::vector<storage::due_timer>>("due_timers", now, limit);
    }
    result<std::optional<instant>> next_timer() override { return store_.call<std::optional<instant>>("next_timer"); }
    result<std::vector<storage::outbox_entry>> due_outbox(instant now, std::size_t limit) override {
        return store_.call<std::vector<storage::outbox_entry>>("due_outbox", now, limit);
    }
    result<std::vector<document>> documents(std::string_view kind) override {
        return store_.call<std::vector<document>>("documents", kind);
    }
    result<std::vector<document>> document_versions(std::string_view kind, std::string_view id) override {
        return store_.call<std::vector<document>>("document_versions", kind, id);
    }
    result<std::vector<std::byte>> read_blob(digest const& address) override {
        GUICHET_LET(auto bytes, store_.call<std::optional<std::vector<std::byte>>>("read_blob", address));
        if (!bytes)
            return error{reason::blob_not_found, {{"digest", to_hex(address)}}};
        return std::move(*bytes);
    }
    result<std::vector<std::string>> piece_names() override {
        return store_.call<std::vector<std::string>>("piece_names");
    }
    result<std::optional<std::vector<std::uint8_t>>> read_piece(std::string_view name) override {
        return store_.call<std::optional<std::vector<std::uint8_t>>>("read_piece", name);
    }
    result<std::vector<inquiry>> inquiries(std::string_view tenant, storage::inquiry_place const& after,
                                           std::size_t limit) override {
        std::optional<inquiry_place> place;
        if (after != storage::inquiry_place{})
            place = inquiry_place{after.at, after.id};
        return store_.call<std::vector<inquiry>>("inquiries", tenant, place, limit);
    }
    result<storage::store_stats> stats() override { return store_.call<storage::store_stats>("stats"); }
    result<void> check() override { return store_.call<void>("check"); }
    result<void> backup(std::string const& path) override { return store_.call<void>("backup", path); }

private:
    template <class T>
    result<T> with_query(char const* method, storage::ticket_query const& query, expr::schema const& schema) {
        py::gil_scoped_acquire hold;
        auto const shared = std::make_shared<told_query>(told_query{&query, &schema});
        auto out = store_.call<T>(method, py::cast(shared));
        shared->query = nullptr;
        return out;
    }

    asked store_;
    std::shared_ptr<storage::detail::writer_gate> gate_ = std::make_shared<storage::detail::writer_gate>();
};

class blobs_in_python final : public storage::blob_store {
public:
    explicit blobs_in_python(py::handle blobs) : blobs_{blobs, reason::store_failed} {}

    result<void> put(digest const& address, std::span<std::byte const> bytes) override {
        return blobs_.call<void>("put", address, bytes);
    }
    result<std::optional<std::uint64_t>> size(digest const& address) override {
        return blobs_.call<std::optional<std::uint64_t>>("size", address);
    }
    result<std::optional<std::vector<std::byte>>> get(digest const& address) override {
        return blobs_.call<std::optional<std::vector<std::byte>>>("get", address);
    }
    result<void> drop(digest const& address) override { return blobs_.call<void>("drop", address); }

private:
    asked blobs_;
};

class source_in_python final : public document_source {
public:
    /// The finder says that a source failed, and which; here is what it said.
    explicit source_in_python(py::handle source) : source_{source, reason::bad_usage} {}

    result<document_changes> changes(std::string_view mark) override {
        return source_.call<document_changes>("changes", mark);
    }
    result<std::optional<host_document>> find(std::string_view tenant, std::string_view id) override {
        return source_.call<std::optional<host_document>>("find", tenant, id);
    }

private:
    asked source_;
};

bool is_a(py::handle given, char const* base) {
    return py::isinstance(given, py::module_::import("guichet._ports").attr(base));
}

// --- queries in Python

py::list order_of(told_query const& of) {
    py::list out;
    for (auto const& by : of.get().order)
        out.append(py::make_tuple((*of.schema)[by.field].name, by.descending));
    return out;
}

py::object json_of(expr::condition const& c) {
    return c.always() ? py::object(py::none()) : parse_json(boost::json::serialize(c.to_json()));
}

void add_query(py::module_& into) {
    using held = std::shared_ptr<told_query>;
    py::class_<told_query, held>(into, "TicketQuery",
                                 "Which tickets a store is to find: two conditions that must both hold, an order, the "
                                 "place after which the page begins, a limit.")
        .def_property_readonly(
            "tenant", [](told_query const& q) { return q.get().tenant; }, "Whose tickets.")
        .def_property_readonly(
            "limit", [](told_query const& q) { return q.get().limit; }, "How many at most.")
        .def_property_readonly(
            "now", [](told_query const& q) { return to_datetime(q.get().now); }, "The time that conditions ask for.")
        .def_property_readonly("order", order_of, "Names of fields, each with whether it descends.")
        .def_property_readonly(
            "wanted", [](told_query const& q) { return json_of(q.get().wanted); },
            "What is asked for, as JSON's form of a condition; None: everything.")
        .def_property_readonly(
            "visible", [](told_query const& q) { return json_of(q.get().visible); },
            "What the viewer may see, in the same form.")
        .def(
            "select",
            [](told_query const& q, py::iterable const& tickets) {
                auto all = q.read(tickets);
                return boxed(unwrap(storage::scan(std::move(all), q.get(), *q.schema)));
            },
            py::arg("tickets"), "Of tickets in any order, the page that is asked for.")
        .def(
            "count",
            [](told_query const& q, py::iterable const& tickets) {
                return boxed(storage::count_by_scan(q.read(tickets), q.get(), *q.schema));
            },
            py::arg("tickets"), "How many of the tickets fit, as a Counter.");
}

// --- errors and texts

error error_named(std::string const& name, py::kwargs const& context) {
    std::optional<error> out;
#define GUICHET_REASON(word, code, en, fr)                                                                             \
    if (name == #word)                                                                                                 \
        out.emplace(reason::word);
#include <guichet/base/reasons.def>
#undef GUICHET_REASON
    if (!out)
        raise({reason::unknown_value, {{"path", "reason"}, {"value", name}, {"known", "guichet/base/reasons.def"}}});
    for (auto const& [key, value] : context)
        std::move(*out).with(key.cast<std::string>(), py::str(value).cast<std::string>());
    return std::move(*out);
}

py::object erased(py::object const& given) {
    storage::text_record text;
    unwrap(from_python(given, text, json::path("text")));
    if (!text.erased)
        text.print = storage::text_print(text);
    text.body.clear();
    text.html.clear();
    text.salt = {};
    text.erased = true;
    return boxed(std::move(text));
}

// --- the conformance suite

constexpr std::array needs{"nothing", "durable", "backup"};

py::list store_cases() {
    py::list out;
    for (auto const& one : testing::store_conformance())
        out.append(py::make_tuple(text(one.name), needs.at(static_cast<std::size_t>(one.needs))));
    return out;
}

using store_maker = std::function<result<std::shared_ptr<storage::store>>()>;

/// A function of Python that makes a store, or a store and where its blobs lie; what it raises is the error.
store_maker maker(py::handle make) {
    static sqlite_options const of_a_test{.durability = durability::normal, .create = true};
    return [make = std::make_shared<asked>(make, reason::store_failed)]() -> result<std::shared_ptr<storage::store>> {
        auto const read = [](py::object const& made) -> result<store_maker> {
            if (!py::isinstance<py::tuple>(made))
                return read_store(made, py::none(), of_a_test);
            auto const [where, blobs] = made.cast<std::pair<py::object, py::object>>();
            return read_store(where, blobs, of_a_test);
        };
        GUICHET_LET(auto const open, make->read<store_maker>(reason::store_failed, "__call__", read));
        return open();
    };
}

std::vector<std::string> run_store_case(std::string const& name, py::object const& fresh, py::object const& reopen,
                                        std::uint64_t seed, std::size_t queries) {
    testing::store_factory factory;
    factory.fresh = maker(fresh);
    if (!reopen.is_none())
        factory.reopen = maker(reopen);
    factory.seed = seed;
    factory.queries = queries;
    auto const& all = testing::store_conformance();
    auto const one = std::find_if(all.begin(), all.end(), [&](auto const& c) { return c.name == name; });
    if (one == all.end() || !testing::applies(*one, factory))
        raise({reason::unknown_value, {{"path", "case"}, {"value", name}, {"known", "guichet.testing.STORE_CASES"}}});
    py::gil_scoped_release free;
    return one->run(factory);
}

} // namespace

std::function<result<std::shared_ptr<storage::store>>()> read_store(py::handle where, py::handle blobs,
                                                                    sqlite_options const& how) {
    using made = std::shared_ptr<storage::store>;
    std::function<result<made>()> rows;
    auto const no_prefix = [&] {
        if (!how.prefix.empty())
            raise({reason::bad_usage,
                   {{"problem", "a prefix is for a file that the desk shares with its host"},
                    {"problem.fr", "un préfixe est pour un fichier que le guichet partage avec son hôte"}}});
    };
    if (is_a(where, "Store")) {
        no_prefix();
        rows = [store = made{std::make_shared<store_in_python>(where)}] { return result<made>{store}; };
    } else {
        auto const path = unwrap(read_text(py::module_::import("os").attr("fspath")(where), json::path("path")));
        if (path == ":memory:")
            no_prefix();
        rows = [path, how]() -> result<made> {
            return path == ":memory:" ? made{memory_store()} : sqlite_store(path, how);
        };
    }
    if (blobs.is_none())
        return rows;
    if (!is_a(blobs, "BlobStore"))
        raise(wrong_type(json::path("blobs"), "a guichet.BlobStore", blobs));
    return [rows, elsewhere = std::make_shared<blobs_in_python>(blobs)]() -> result<made> {
        GUICHET_LET(auto below, rows());
        return storage::with_blobs(std::move(below), elsewhere);
    };
}

std::map<std::string, std::shared_ptr<document_source>> read_sources(py::handle given) {
    std::map<std::string, std::shared_ptr<document_source>> out;
    if (!given.is_none())
        for (auto const& [kind, source] : py::reinterpret_borrow<py::dict>(given))
            out.emplace(unwrap(read_text(kind, json::path("sources"))), std::make_shared<source_in_python>(source));
    return out;
}

void add_ports(py::module_& into) {
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, ported>>(
        []<class One>(std::type_identity<One>) { declare<One>(); });
    add_query(into);
    into.def(
        "error",
        [](std::string const& name, py::kwargs const& context) { return to_exception(error_named(name, context)); },
        py::arg("reason"),
        "The exception of a reason of the engine, to be raised by a store or a hook: error('store_full').");
    into.def("erased", erased, py::arg("text"),
             "A TextRecord without its words, its salt and its author's HTML; its print remains.");
    into.def("_store_cases", store_cases);
    into.def("_run_store_case", run_store_case);
}

} // namespace guichet::python
