#pragma once
#include "help_desk.hpp"
#include "sla_desk.hpp"

#include <initializer_list>
#include <string>

/// What tests of rules share: a set of triggers, in the words of the rules' own form.

/// A trigger: the events it answers, its condition, its actions; JSON, empty for none.
inline guichet::rule_definition trigger(std::string name, std::vector<std::string> on, std::string when,
                                        std::vector<std::string> actions) {
    guichet::rule_definition out;
    out.name = std::move(name);
    out.on = std::move(on);
    out.when = {std::move(when)};
    for (auto& one : actions)
        out.actions.push_back({std::move(one)});
    return out;
}
inline guichet::rules_document the_rules(std::vector<guichet::rule_definition> list) {
    guichet::rules_document out;
    out.name = "desk";
    out.rules = std::move(list);
    return out;
}
inline guichet::result<void> put(help_desk& d, guichet::rules_document const& set) {
    return d.configure("rules", set.name, encode(set));
}

inline std::string is(std::string const& field, std::string const& value) {
    return R"({"field":")" + field + R"(","op":"=","value":")" + value + R"("})";
}
inline std::string both(std::string const& a, std::string const& b) { return R"({"all":[)" + a + "," + b + "]}"; }
inline std::string priority(std::string const& name) {
    return R"({"command":"set_priority","priority":")" + name + R"("})";
}
inline std::string state(std::string const& name) { return R"({"command":"set_state","state":")" + name + R"("})"; }
inline std::vector<std::string> const created{"ticket_opened"};
