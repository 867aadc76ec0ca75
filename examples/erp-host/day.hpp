#pragma once
#include "service_desk.hpp"

#include <guichet/testing/simulated_environment.hpp>
#include <guichet/time/iso8601.hpp>
#include <guichet/time/zone.hpp>

#include <iosfwd>

/// A day in the firm, and the evening on which the month is billed. Every scene says who sees what.
class day {
public:
    day(erp& of, service_desk& desk, guichet::testing::simulated_environment& clock, guichet::language lang,
        std::ostream& out);
    void play();

private:
    void february();
    void a_machine_fails();
    void no_credit();
    void the_technicians_look();
    void parts_are_ordered();
    void parts_arrive();
    void the_machine_runs();
    void the_month_is_billed();

    /// The clock goes on to a time of the firm's day.
    void at(std::chrono::local_days date, std::chrono::minutes time_of_day);
    void scene(std::string const& person, std::string const& en, std::string const& fr);
    void line(std::string const& en, std::string const& fr);
    void list(std::string const& person, std::vector<guichet::ticket> const& tickets);
    void invoices();
    std::string when(guichet::instant moment) const;
    std::string state_of(guichet::ticket const& t) const;

    erp& erp_;
    service_desk& desk_;
    guichet::testing::simulated_environment& clock_;
    guichet::language lang_;
    std::ostream& out_;
    guichet::time::zone const paris_ = guichet::time::zone::find("Europe/Paris").value();
    guichet::ticket_id repair_, parts_;
};
