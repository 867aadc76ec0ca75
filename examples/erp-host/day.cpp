#include "day.hpp"

#include <iomanip>
#include <ostream>
#include <sstream>

using namespace guichet;
using namespace std::chrono_literals;

namespace {

constexpr auto monday = std::chrono::local_days{2026y / 3 / 2};

std::string euros(std::string const& cents) {
    std::ostringstream out;
    out << std::stoll(cents) / 100 << '.' << std::setw(2) << std::setfill('0') << std::stoll(cents) % 100;
    return out.str();
}

} // namespace

day::day(erp& of, service_desk& desk, testing::simulated_environment& clock, language lang, std::ostream& out)
    : erp_{of}, desk_{desk}, clock_{clock}, lang_{lang}, out_{out} {
    desk_.on_release = [this](std::string const& ticket, std::vector<std::string> const& invoices) {
        for (auto const& number : invoices)
            line("invoice " + number + " is free again: " + ticket + " is resolved",
                 "la facture " + number + " est débloquée : " + ticket + " est résolu");
    };
}

void day::play() {
    february();
    a_machine_fails();
    no_credit();
    the_technicians_look();
    parts_are_ordered();
    parts_arrive();
    the_machine_runs();
    the_month_is_billed();
}

// --- the scenes

void day::february() {
    at(std::chrono::local_days{2026y / 2 / 12}, 9h);
    scene("bob", "the belt of E-204 slips", "la courroie d'E-204 patine");
    auto const done =
        desk_.report_failure("E-204", "bob", lang_ == language::fr ? "La courroie patine" : "Belt slips", {}, "medium");
    at(std::chrono::local_days{2026y / 2 / 12}, 10h + 30min);
    scene("luc", "tightens it: 45 minutes", "la retend : 45 minutes");
    desk_.execute("luc", done.ticket.ticket, reply{.text = lang_ == language::fr ? "Retendue." : "Tightened."});
    desk_.execute("luc", done.ticket.ticket, log_time{.seconds = 45min});
    desk_.execute("luc", done.ticket.ticket, resolve_ticket{.code = "fixed"});
}

void day::a_machine_fails() {
    at(monday, 8h + 30min);
    scene("ana", "E-204 stands still, and the line with it", "E-204 est arrêtée, et la ligne avec elle");
    auto const subject = lang_ == language::fr ? "Arrêt de la ligne 2" : "Line 2 stands still";
    auto const text = lang_ == language::fr ? "La barre de soudure ne chauffe plus." : "The sealing bar stays cold.";
    auto const done = desk_.report_failure("E-204", "ana", subject, text, "high");
    repair_ = done.ticket.ticket;
    line("in one transaction: ticket " + done.ticket.number + ", order " + done.order + ", " +
             std::to_string(done.blocked) + " invoice blocked",
         "en une transaction : ticket " + done.ticket.number + ", commande " + done.order + ", " +
             std::to_string(done.blocked) + " facture bloquée");
    scene("paul", "P-77 is noisy", "P-77 fait du bruit");
    auto const other = desk_.report_failure(
        "P-77", "paul", lang_ == language::fr ? "Bruit au palettiseur" : "The palletiser is noisy", {}, "low");
    line("ticket " + other.ticket.number + ", order " + other.order +
             ": his contract is another, and so is the promise",
         "ticket " + other.ticket.number + ", commande " + other.order + " : son contrat est autre, la promesse aussi");
    list("ana", desk_.open_tickets("ana"));
    list("paul", desk_.open_tickets("paul"));
    invoices();
}

void day::no_credit() {
    at(monday, 8h + 40min);
    scene("ines", "D-12 does not print", "D-12 n'imprime plus");
    auto const orders = erp_.orders();
    try {
        desk_.report_failure("D-12", "ines", lang_ == language::fr ? "N'imprime plus" : "Prints nothing", {}, "high");
    } catch (std::runtime_error const& refused) {
        line(std::string{"the ERP refuses the order ("} + refused.what() + "), so there is no ticket either",
             std::string{"l'ERP refuse la commande ("} + refused.what() + "), donc pas de ticket non plus");
    }
    line("orders before and after: " + orders + ", " + erp_.orders() +
             "; tickets of hers: " + std::to_string(desk_.open_tickets("ines").size()),
         "commandes avant et après : " + orders + ", " + erp_.orders() +
             " ; tickets à elle : " + std::to_string(desk_.open_tickets("ines").size()));
}

void day::the_technicians_look() {
    at(monday, 8h + 50min);
    list("luc", desk_.open_tickets("luc"));
    list("hugo", desk_.open_tickets("hugo"));
    scene("luc", "the history of " + desk_.label_of("machine", "E-204", "en"),
          "l'historique de " + desk_.label_of("machine", "E-204", "fr"));
    for (auto const& t : desk_.history_of("E-204", "luc"))
        line(when(t.created_at) + "  " + t.number + "  " + t.subject + "  " + state_of(t),
             when(t.created_at) + "  " + t.number + "  " + t.subject + "  " + state_of(t));
    desk_.execute("luc", repair_, assign_ticket{.assignee = "luc"});
    desk_.execute("luc", repair_,
                  reply{.text = lang_ == language::fr ? "J'arrive." : "I am on my way.", .state = "open"});
}

void day::parts_are_ordered() {
    at(monday, 10h);
    scene("luc", "the sealing bar is broken; a new one is ordered", "la barre est cassée ; il en commande une");
    auto const ordered = desk_.order_parts(
        repair_, "luc", lang_ == language::fr ? "Barre de soudure pour E-204" : "Sealing bar for E-204");
    parts_ = ordered.ticket;
    try {
        desk_.execute("luc", repair_, resolve_ticket{.code = "fixed"});
    } catch (failure const& refused) {
        line("resolved already? " + refused.error().describe(lang_),
             "déjà résolu ? " + refused.error().describe(lang_));
    }
    list("eva", desk_.open_tickets("eva"));
    list("ana", desk_.open_tickets("ana"));
}

void day::parts_arrive() {
    at(monday, 11h + 30min);
    scene("eva", "the part is there", "la pièce est arrivée");
    desk_.execute("eva", parts_, resolve_ticket{.code = "fulfilled"});
    list("luc", desk_.open_tickets("luc"));
}

void day::the_machine_runs() {
    at(monday, 14h);
    scene("luc", "E-204 runs; 90 minutes", "E-204 tourne ; 90 minutes");
    desk_.execute("luc", repair_, log_time{.seconds = 90min});
    desk_.execute("luc", repair_, resolve_ticket{.code = "fixed"});
    invoices();
}

void day::the_month_is_billed() {
    at(std::chrono::local_days{2026y / 3 / 31}, 17h);
    auto const noise = desk_.open_tickets("paul").front().id;
    scene("hugo", "the noise was a bearing; two hours and twenty minutes",
          "le bruit était un roulement ; deux heures vingt");
    desk_.execute("hugo", noise, log_time{.seconds = 2h + 20min});
    desk_.execute("hugo", noise, resolve_ticket{.code = "fixed"});
    at(std::chrono::local_days{2026y / 3 / 31}, 18h);
    for (int run = 0; run < 2; ++run) { // whoever asks twice bills once
        scene("nina", "bills the time of the tickets", "facture le temps des tickets");
        auto const bills = desk_.bill_time("2026-03", "nina");
        for (auto const& b : bills) {
            auto const name = desk_.label_of("customer", b.customer, "fr");
            auto const minutes = std::to_string(b.worked / 1min);
            auto const sum = euros(std::to_string(b.cents));
            line("invoice " + b.invoice + ": " + name + ", " + minutes + " minutes, " + sum + " EUR",
                 "facture " + b.invoice + " : " + name + ", " + minutes + " minutes, " + sum + " EUR");
        }
        if (bills.empty())
            line("nothing is left to bill", "il ne reste rien à facturer");
    }
}

// --- how it is told

void day::at(std::chrono::local_days date, std::chrono::minutes time_of_day) {
    clock_.set(paris_.to_sys(date + time_of_day));
    desk_.pump();
    out_ << "\n== " << time::print_local(clock_.now(), paris_, lang_) << '\n';
}

void day::scene(std::string const& person, std::string const& en, std::string const& fr) {
    out_ << desk_.name_of(person) << (lang_ == language::fr ? " : " + fr : ": " + en) << '\n';
}

void day::line(std::string const& en, std::string const& fr) {
    out_ << "    " << (lang_ == language::fr ? fr : en) << '\n';
}

void day::list(std::string const& person, std::vector<ticket> const& tickets) {
    scene(person, "sees " + std::to_string(tickets.size()) + " open",
          "voit " + std::to_string(tickets.size()) + " en cours");
    for (auto const& t : tickets) {
        auto const due = t.due_at ? when(*t.due_at) : "-";
        line(t.number + "  " + t.subject + "  " + state_of(t) + "  due " + due,
             t.number + "  " + t.subject + "  " + state_of(t) + "  échéance " + due);
    }
}

void day::invoices() {
    scene("nina", "the invoices", "les factures");
    for (auto const& i : erp_.invoices()) {
        auto const name = desk_.label_of("customer", i.customer, "fr");
        auto const text = i.number + "  " + name + "  " + i.text + "  " + euros(i.cents) + " EUR";
        line(text + (i.blocked_by.empty() ? "" : "  blocked by " + i.blocked_by),
             text + (i.blocked_by.empty() ? "" : "  bloquée par " + i.blocked_by));
    }
}

std::string day::when(instant moment) const { return time::print_local(moment, paris_, lang_); }

std::string day::state_of(ticket const& t) const { return desk_.label_of_state(t, lang_); }
