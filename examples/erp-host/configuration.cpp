#include "configuration.hpp"

#include <guichet/model/codec.hpp>

using namespace guichet;

namespace {

document fields_of_tickets() {
    auto out = itil_lifecycle();
    out.fields.push_back({{"machine", "machine", "machine"}, "reference"});
    out.fields.push_back({{"contract", "contract", "contrat"}, "choice", {"gold", "silver"}});
    return {"lifecycle", "default", 0, encode(out)};
}

document office_hours() {
    return {"calendar", "default", 0, R"({"tz": "Europe/Paris", "public_holidays": ["FR"], "weekly": {
        "mon": [["08:00", "12:00"], ["13:00", "18:00"]], "tue": [["08:00", "12:00"], ["13:00", "18:00"]],
        "wed": [["08:00", "12:00"], ["13:00", "18:00"]], "thu": [["08:00", "12:00"], ["13:00", "18:00"]],
        "fri": [["08:00", "12:00"], ["13:00", "18:00"]]}})"};
}

/// What a contract promises.
document promise(std::string const& contract, std::string const& answer, std::string const& solution) {
    return {"policy", contract, 0,
            R"({"position": 1, "calendar": "default", "condition": "kind = incident and fields.contract = )" +
                contract +
                R"(", "pause": ["pending", "on_hold"], "targets": [{"metric": "first_response", "within": ")" + answer +
                R"("}, {"metric": "resolution", "within": ")" + solution + R"("}]})"};
}

/// Once its parts are there, the machine's ticket goes back to work.
document parts_arrive() {
    return {"rules", "parts", 0, R"({"rules": [{"name": "arrived", "on": ["ticket_resolved"],
        "when": "kind = service_request", "actions": [{"on": "parent", "command": "set_state", "state": "open"}]}]})"};
}

} // namespace

std::vector<document> desk_documents() {
    return {fields_of_tickets(), office_hours(), promise("gold", "1h", "4h"), promise("silver", "4h", "2wd"),
            parts_arrive()};
}
