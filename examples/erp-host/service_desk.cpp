#include "service_desk.hpp"

#include "configuration.hpp"

#include <guichet/sqlite/attach.hpp>

using namespace guichet;

// --- who and what

result<std::optional<host_person>> erp_directory::person(std::string_view, std::string_view id) {
    auto const found = of_.find_person(std::string{id});
    if (found.empty())
        return std::optional<host_person>{};
    auto const& p = found.front();
    host_person out{.label = p.name, .role = "agent", .organisation = p.customer};
    if (p.job == "customer") {
        out.role = "requester";
        out.also = {"see_organisation"}; // what a colleague reported, too
    } else if (p.job == "storekeeper") {
        out.queues = {"warehouse"};
    } else if (p.job == "trainee") { // sees his machines, and does not order parts
        auto const machines = of_.machines_of_technician(p.login);
        out.sees_only = expr::where("fields.machine", expr::op::in, {machines.begin(), machines.end()});
        out.except = {"link_ticket"};
    }
    return out;
}

result<std::vector<std::string>> erp_directory::labels(std::string_view, std::span<object_reference const> of,
                                                       std::string_view) {
    std::vector<std::string> out;
    for (auto const& one : of)
        if (one.type == "machine")
            out.push_back(of_.find_machine(one.id).model + " (" + one.id + ")");
        else
            out.push_back(one.type == "customer" ? of_.find_customer(one.id).name : "");
    return out;
}

// --- the desk

service_desk::service_desk(erp& of, environment& clock) : erp_{of} {
    desk_ = desk::open(sqlite::attach(erp_.db.handle()).value(), clock).value();
    people_ = std::make_unique<host_people>(*desk_, directory_);
    configure();
    // After the commit of whatever resolved it: a person, a rule, a timer.
    desk_->after([this](outcome const& came_to) {
        for (auto const& e : came_to.events)
            if (std::holds_alternative<ticket_resolved>(e.body) && e.ticket == came_to.ticket)
                if (auto const released = erp_.release_invoices(came_to.number); !released.empty() && on_release)
                    on_release(came_to.number, released);
    });
}

void service_desk::configure() {
    if (!desk_->store().documents("policy").value().empty())
        return; // this file has them
    desk_->configure(desk_documents(), {.person = "erp", .role = "administrator"}).value();
}

service_desk::repair service_desk::report_failure(std::string const& machine, std::string const& reporter,
                                                  std::string const& subject, std::string const& text,
                                                  std::string const& impact) {
    auto const about = erp_.find_machine(machine);
    auto const customer = erp_.find_customer(about.customer);
    open_ticket wish{.subject = subject, .text = text, .organisation = customer.number, .impact = impact};
    wish.queue = "repairs";
    wish.fields = {{"machine", object_reference{"machine", machine}}, {"contract", customer.contract}};

    auto const work = sqlite::join(*desk_, erp_.db.handle()).value();
    repair out;
    out.ticket = work->execute({.by = actor_of(reporter), .body = wish}).value();
    out.order = erp_.add_order("repair", machine, subject, out.ticket.number); // may throw: then there is no ticket
    out.blocked = erp_.block_invoices(machine, out.ticket.number);
    work->commit().value();
    return out;
}

outcome service_desk::order_parts(ticket_id repair, std::string const& by, std::string const& subject) {
    auto const machine = std::get<object_reference>(find(repair, by).field("machine")->value);
    open_ticket wish{.kind = "service_request", .subject = subject, .queue = "warehouse", .parent = repair};
    wish.fields = {{"machine", machine}};

    auto const work = sqlite::join(*desk_, erp_.db.handle()).value();
    auto out = work->execute({.by = actor_of(by), .body = wish}).value();
    work->execute({.by = actor_of(by), .body = hold_ticket{}, .ticket = repair}).value();
    erp_.add_order("parts", machine.id, subject, out.number);
    work->commit().value();
    return out;
}

outcome service_desk::execute(std::string const& by, ticket_id on, command_body wish) {
    return desk_->execute({.by = actor_of(by), .body = std::move(wish), .ticket = on}).value();
}

std::vector<ticket> service_desk::open_tickets(std::string const& person) {
    return desk_->query({.where = "open", .order = {"due_at", "number"}}, actor_of(person)).value().tickets;
}

std::vector<ticket> service_desk::history_of(std::string const& machine, std::string const& person) {
    view wanted{.matching = expr::where("fields.machine", expr::op::equal, machine), .order = {"created_at"}};
    return desk_->query(wanted, actor_of(person)).value().tickets;
}

ticket service_desk::find(ticket_id id, std::string const& person) { return desk_->find(id, actor_of(person)).value(); }

std::vector<service_desk::bill> service_desk::bill_time(std::string const& month, std::string const& accountant) {
    constexpr long long cents_an_hour = 9'000;
    auto const by = actor_of(accountant);
    std::vector<bill> out;
    for (auto const& customer : erp_.customers()) {
        view const unbilled{.matching = expr::all_of({expr::where("organisation", expr::op::equal, customer.number),
                                                      expr::where("open", expr::op::equal, false),
                                                      expr::negate(expr::where("tags", expr::op::contains, "billed"))}),
                            .limit = 500};
        bill one{.invoice = {}, .customer = customer.number};
        auto const work = sqlite::join(*desk_, erp_.db.handle()).value();
        for (auto const& t : desk_->query(unbilled, by).value().tickets) {
            for (auto const& entry : t.time_entries)
                one.worked += entry.seconds;
            work->execute({.by = by, .body = tag_ticket{.add = {"billed"}}, .ticket = t.id}).value();
        }
        if (one.worked.count() == 0)
            continue; // and the work is dropped
        bool const included = customer.contract == "gold";
        one.cents = included ? 0 : one.worked.count() * cents_an_hour / 3'600;
        one.invoice = erp_.add_invoice(customer.number, month, one.cents);
        work->commit().value();
        out.push_back(one);
    }
    return out;
}

std::string service_desk::label_of(std::string const& type, std::string const& id, std::string_view language) {
    object_reference const one{type, id};
    return people_->labels({}, std::span{&one, 1}, language).value().front();
}

std::string service_desk::name_of(std::string const& person) { return people_->label_of({}, person).value(); }

std::string service_desk::label_of_state(ticket const& t, language lang) const {
    for (auto const& state : desk_->config()->rules->document().states)
        if (state.name == t.state)
            return lang == language::fr ? state.label_fr : state.label_en;
    return t.state;
}
