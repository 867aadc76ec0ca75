#include "erp.hpp"

namespace {

constexpr char const* tables[] = {
    "CREATE TABLE IF NOT EXISTS customers (number TEXT PRIMARY KEY, name TEXT NOT NULL, contract TEXT NOT NULL, "
    "stopped INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS people (login TEXT PRIMARY KEY, name TEXT NOT NULL, job TEXT NOT NULL, "
    "customer TEXT REFERENCES customers)",
    "CREATE TABLE IF NOT EXISTS machines (number TEXT PRIMARY KEY, model TEXT NOT NULL, "
    "customer TEXT NOT NULL REFERENCES customers, technician TEXT REFERENCES people)",
    "CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, "
    "machine TEXT NOT NULL REFERENCES machines, text TEXT NOT NULL, ticket TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS invoices (number INTEGER PRIMARY KEY, customer TEXT NOT NULL REFERENCES customers, "
    "machine TEXT REFERENCES machines, text TEXT NOT NULL, cents INTEGER NOT NULL, blocked_by TEXT)",
    // A rule of the house, where no program forgets it.
    "CREATE TRIGGER IF NOT EXISTS no_credit BEFORE INSERT ON orders WHEN (SELECT c.stopped FROM customers c "
    "JOIN machines m ON m.customer = c.number WHERE m.number = new.machine) "
    "BEGIN SELECT raise(ABORT, 'no order: this customer has not paid'); END",
};

constexpr char const* rows[] = {
    "INSERT INTO customers VALUES ('4711', 'Biscuits Moreau', 'gold', 0), ('4712', 'Garage Petit', 'silver', 0), "
    "('4713', 'Imprimerie Duval', 'silver', 1)",
    "INSERT INTO people VALUES ('ana', 'Ana Moreau', 'customer', '4711'), ('bob', 'Bob Lenoir', 'customer', '4711'), "
    "('paul', 'Paul Petit', 'customer', '4712'), ('ines', 'Inès Duval', 'customer', '4713'), "
    "('luc', 'Luc Martin', 'technician', NULL), ('hugo', 'Hugo Blanc', 'trainee', NULL), "
    "('eva', 'Eva Roux', 'storekeeper', NULL), ('nina', 'Nina Faure', 'accountant', NULL)",
    "INSERT INTO machines VALUES ('E-204', 'Mondo 200', '4711', 'luc'), ('E-310', 'Mondo 300', '4711', 'luc'), "
    "('P-77', 'Paletta 7', '4712', 'hugo'), ('D-12', 'Duplo 1', '4713', 'luc')",
    "INSERT INTO invoices VALUES (880, '4711', 'E-204', 'E-204, 2026-Q1', 120000, NULL), "
    "(881, '4712', 'P-77', 'P-77, 2026-Q1', 48000, NULL)",
};

} // namespace

erp::erp(std::string const& path) : db{path} {
    for (auto const* sql : tables)
        db.run(sql);
    if (db.one("SELECT count(*) FROM customers") == "0")
        for (auto const* sql : rows)
            db.run(sql);
}

erp::customer erp::find_customer(std::string const& number) {
    auto const found = db.run("SELECT number, name, contract FROM customers WHERE number = ?", number);
    if (found.empty())
        throw std::runtime_error{"no customer " + number};
    return {found[0][0], found[0][1], found[0][2]};
}

erp::machine erp::find_machine(std::string const& number) {
    auto const found = db.run("SELECT number, model, customer, technician FROM machines WHERE number = ?", number);
    if (found.empty())
        throw std::runtime_error{"no machine " + number};
    return {found[0][0], found[0][1], found[0][2], found[0][3]};
}

std::vector<erp::person> erp::find_person(std::string const& login) {
    std::vector<person> out;
    for (auto const& r : db.run("SELECT login, name, job, customer FROM people WHERE login = ?", login))
        out.push_back({r[0], r[1], r[2], r[3]});
    return out;
}

std::vector<std::string> erp::machines_of_technician(std::string const& login) {
    std::vector<std::string> out;
    for (auto const& r : db.run("SELECT number FROM machines WHERE technician = ? ORDER BY number", login))
        out.push_back(r[0]);
    return out;
}

std::vector<erp::customer> erp::customers() {
    std::vector<customer> out;
    for (auto const& r : db.run("SELECT number, name, contract FROM customers ORDER BY number"))
        out.push_back({r[0], r[1], r[2]});
    return out;
}

std::vector<erp::invoice> erp::invoices() {
    std::vector<invoice> out;
    for (auto const& r : db.run("SELECT number, customer, text, cents, blocked_by FROM invoices ORDER BY number"))
        out.push_back({r[0], r[1], r[2], r[3], r[4]});
    return out;
}

std::string erp::add_order(std::string const& kind, std::string const& machine, std::string const& text,
                           std::string const& ticket) {
    return db.one("INSERT INTO orders (kind, machine, text, ticket) VALUES (?, ?, ?, ?) RETURNING number", kind,
                  machine, text, ticket);
}

std::size_t erp::block_invoices(std::string const& machine, std::string const& ticket) {
    return db
        .run("UPDATE invoices SET blocked_by = ? WHERE machine = ? AND blocked_by IS NULL RETURNING number", ticket,
             machine)
        .size();
}

std::vector<std::string> erp::release_invoices(std::string const& ticket) {
    std::vector<std::string> out;
    for (auto const& r : db.run("UPDATE invoices SET blocked_by = NULL WHERE blocked_by = ? RETURNING number", ticket))
        out.push_back(r[0]);
    return out;
}

std::string erp::add_invoice(std::string const& customer, std::string const& text, long long cents) {
    return db.one("INSERT INTO invoices (customer, text, cents) VALUES (?, ?, ?) RETURNING number", customer, text,
                  cents);
}

std::string erp::orders() { return db.one("SELECT count(*) FROM orders"); }
