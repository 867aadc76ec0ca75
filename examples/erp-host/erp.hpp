#pragma once
#include "database.hpp"

#include <string>
#include <vector>

/// A little ERP of a firm that sells and repairs packaging machines. It knows nothing of tickets but that an order has
/// the number of one, and that one may block an invoice.
class erp {
public:
    /// Makes its tables, and what is in them, where they are missing.
    explicit erp(std::string const& path);

    struct customer {
        std::string number, name, contract;
    };
    struct machine {
        std::string number, model, customer, technician;
    };
    struct person {
        std::string login, name, job, customer;
    };
    struct invoice {
        std::string number, customer, text, cents, blocked_by;
    };

    customer find_customer(std::string const& number);
    machine find_machine(std::string const& number);
    std::vector<person> find_person(std::string const& login); ///< one, or none
    std::vector<std::string> machines_of_technician(std::string const& login);
    std::vector<customer> customers();
    std::vector<invoice> invoices();

    /// An order of work or of parts on a machine, for a ticket. Throws when the customer gets nothing any more.
    std::string add_order(std::string const& kind, std::string const& machine, std::string const& text,
                          std::string const& ticket);
    /// The invoices of the machine's maintenance wait for a ticket. How many.
    std::size_t block_invoices(std::string const& machine, std::string const& ticket);
    /// Those that a ticket blocked, by number.
    std::vector<std::string> release_invoices(std::string const& ticket);
    std::string add_invoice(std::string const& customer, std::string const& text, long long cents);
    std::string orders();

    database db;
};
