/// Sets of rules as files, and what became of them.
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/rules/files.hpp>

#include <doctest/doctest.h>

namespace {

using namespace guichet;
using rules::change_kind;

expr::schema const& schema() {
    static auto const out = ticket_schema(itil_lifecycle());
    return out;
}

rules_document desk_rules() {
    return decode_rules(R"({"position": 10, "rules": [
        {"name": "vip", "on": ["ticket_opened"],
         "when": {"all": [{"field": "tags", "op": "contains", "value": "vip"},
                          {"field": "priority", "op": "<", "value": "critical"}]},
         "actions": [{"raise_priority": 1}, {"command": "add_note", "text": "A person of importance, or so they say"}]},
        {"name": "odd", "when": {"field": "not there", "op": "=", "value": "x"}, "actions": [{"raise_priority": 1}]},
        {"name": "code", "kind": "guard", "on": ["ticket_resolved"], "when": "resolution_code is empty",
         "message_en": "A code is needed", "message_fr": "Un code est nécessaire"}]})")
        .value();
}

TEST_CASE("given a set, when it is written to a file, then conditions are text and what is usual is left out") {
    auto const file = rules::to_file(desk_rules(), schema());
    CHECK(file == R"({
  "position": 10,
  "rules": [
    {
      "name": "vip",
      "on": ["ticket_opened"],
      "when": "tags has \"vip\" and priority < critical",
      "actions": [
        {"raise_priority":1},
        {"command":"add_note","text":"A person of importance, or so they say"}
      ]
    },
    {
      "name": "odd",
      "when": {"field":"not there","op":"=","value":"x"},
      "actions": [{"raise_priority":1}]
    },
    {
      "name": "code",
      "kind": "guard",
      "on": ["ticket_resolved"],
      "when": "resolution_code empty",
      "message_en": "A code is needed",
      "message_fr": "Un code est nécessaire"
    }
  ]
}
)");
    auto const again = decode_rules(file).value();
    CHECK(rules::diff(desk_rules(), again, schema()).empty());
    CHECK(rules::to_file(again, schema()) == file);
    rules_document const nothing;
    CHECK(rules::diff(decode_rules(rules::to_file(nothing, schema())).value(), nothing, schema()).empty());
}

TEST_CASE("given two versions of a set, when they are compared, then what became of each rule is told") {
    auto const before = desk_rules();
    auto after = before;
    after.depth = 3;
    after.rules[0].when.text = R"("tags has vip and priority < high")";
    after.rules[0].stop = true;
    std::swap(after.rules[0], after.rules[2]);
    after.rules[1].name = "even";
    auto const changes = rules::diff(before, after, schema());
    std::vector<std::pair<change_kind, std::string>> short_form;
    for (auto const& c : changes)
        short_form.emplace_back(c.kind, c.rule);
    CHECK(short_form == std::vector<std::pair<change_kind, std::string>>{{change_kind::changed, ""},
                                                                         {change_kind::removed, "odd"},
                                                                         {change_kind::moved, "code"},
                                                                         {change_kind::added, "even"},
                                                                         {change_kind::changed, "vip"}});
    CHECK(rules::describe(changes) == R"(~ the set: changed
    + depth: 3
- odd: removed
> code: moved from place 3 to 1
+ even: new
~ vip: changed
    - when: tags has "vip" and priority < critical
    + when: tags has "vip" and priority < high
    + stop: true
)");
    CHECK(rules::describe(changes, language::fr).starts_with("~ le jeu : modifié\n"));
    CHECK(rules::encode(changes).find(
              R"({"change":"moved","rule":"code","from":3,"to":1,"members":[]},{"change":"added","rule":"even")") !=
          std::string::npos);
}

} // namespace
