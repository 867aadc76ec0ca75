#pragma once
#include "erp.hpp"

#include <guichet/engine/host_people.hpp>
#include <guichet/guichet.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The ERP's answers about its people and things: Guichet has no table of them.
class erp_directory final : public guichet::host_directory {
public:
    explicit erp_directory(erp& of) : of_{of} {}
    guichet::result<std::optional<guichet::host_person>> person(std::string_view tenant, std::string_view id) override;
    guichet::result<std::vector<std::string>> labels(std::string_view tenant,
                                                     std::span<guichet::object_reference const> of,
                                                     std::string_view language) override;

private:
    erp& of_;
};

/// Where the ERP and its help desk meet: one file, and what one transaction does in both. Throws what is refused.
class service_desk {
public:
    service_desk(erp& of, guichet::environment& clock);

    struct repair {
        guichet::outcome ticket;
        std::string order;
        std::size_t blocked = 0; ///< invoices
    };
    /// A machine's failure: the ticket, the order of the repair and the machine's invoices, together or not at all.
    repair report_failure(std::string const& machine, std::string const& reporter, std::string const& subject,
                          std::string const& text, std::string const& impact);
    /// Parts are a service request below the machine's ticket, which waits for them.
    guichet::outcome order_parts(guichet::ticket_id repair, std::string const& by, std::string const& subject);
    guichet::outcome execute(std::string const& by, guichet::ticket_id on, guichet::command_body wish);

    /// The open tickets that somebody sees, the next deadline first; all that there were on a machine.
    std::vector<guichet::ticket> open_tickets(std::string const& person);
    std::vector<guichet::ticket> history_of(std::string const& machine, std::string const& person);
    guichet::ticket find(guichet::ticket_id id, std::string const& person);

    struct bill {
        std::string invoice, customer;
        std::chrono::seconds worked{};
        long long cents = 0;
    };
    /// Bills the time of resolved tickets that is not billed yet: the invoice and the mark on its tickets together.
    std::vector<bill> bill_time(std::string const& month, std::string const& accountant);

    std::string label_of(std::string const& type, std::string const& id, std::string_view language);
    std::string name_of(std::string const& person);
    std::string label_of_state(guichet::ticket const& t, guichet::language lang) const;
    void pump() { desk_->pump().value(); }

    /// Called when a ticket's invoices were released.
    std::function<void(std::string const& ticket, std::vector<std::string> const& invoices)> on_release;

private:
    guichet::actor actor_of(std::string const& person) { return people_->actor_of({}, person).value(); }
    void configure();

    erp& erp_;
    erp_directory directory_{erp_};
    std::unique_ptr<guichet::desk> desk_;
    std::unique_ptr<guichet::host_people> people_;
};
