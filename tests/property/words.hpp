#pragma once
#include "property/dice.hpp"

#include <guichet/model/ticket.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace play {
using namespace guichet;

/// Whom and what random commands name, most times such as there are.
class words {
public:
    explicit words(std::uint64_t seed) : dice_{seed} {}

    inline static std::vector<std::string> const agents{"luc", "mia", "noé"}, requesters{"ana", "bob", "Zoë"},
        queues{"network", "printers", ""}, teams{"first line", "experts", ""}, tiers{"1", "2"},
        organisations{"bakery", "town hall", ""}, tags{"vip", "paris", "Été"},
        categories{"hardware", "hardware/printer", "software"};

protected:
    static std::vector<std::string> const& levels() {
        static std::vector<std::string> const all{"high", "medium", "low", "huge"};
        return all;
    }
    static std::vector<std::string> const& priorities() {
        static std::vector<std::string> const all{"critical", "high", "normal", "low"};
        return all;
    }
    static std::vector<std::string> const& states() {
        static std::vector<std::string> const all{"new",      "open",   "pending",       "on_hold",
                                                  "resolved", "closed", "with supplier", "lost"};
        return all;
    }
    std::string maybe(std::size_t chance, std::vector<std::string> const& from) {
        return dice_.percent(chance) ? dice_.pick(from) : std::string{};
    }
    std::vector<std::string> some(std::vector<std::string> const& from) {
        std::vector<std::string> out;
        for (auto const& name : from)
            if (dice_.percent(25))
                out.push_back(name);
        return out;
    }
    std::string sentence() {
        static std::vector<std::string> const words{"printer",   "imprimante", "réseau", "network", "is",      "down",
                                                    "\"again\"", "étage",      "3",      "\\o/",    "<floor>", "since",
                                                    "hier",      "\n",         "naïve",  "日本"};
        std::string out;
        for (auto left = dice_.between(1, 7); left > 0; --left)
            out.append(out.empty() ? "" : " ").append(dice_.pick(words));
        return out;
    }
    std::vector<custom_field> fields() {
        std::vector<custom_field> out;
        if (dice_.percent(50))
            out.push_back({"remark", field_value{sentence()}, 0});
        if (dice_.percent(40))
            out.push_back({"effort", field_value{static_cast<double>(dice_.between(-4, 20)) / 4}, 0});
        if (dice_.percent(30))
            out.push_back({"approved", field_value{dice_.percent(50)}, 0});
        if (dice_.percent(30))
            out.push_back({"building", field_value{dice_.pick(std::vector<std::string>{"north", "tower", "moon"})}, 0});
        if (dice_.percent(20))
            out.push_back({"asset", field_value{object_reference{"laptop", std::to_string(dice_.below(5))}}, 0});
        if (!out.empty() && dice_.percent(20))
            out.front().value = std::monostate{};
        return out;
    }
    instant somewhen() {
        return instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}} +
               std::chrono::minutes{dice_.between(0, 60 * 24 * 30)};
    }

    dice dice_;
};

} // namespace play
