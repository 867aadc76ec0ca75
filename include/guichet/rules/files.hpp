#pragma once
#include <guichet/base/error.hpp>
#include <guichet/expr/schema.hpp>
#include <guichet/model/documents.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Sets of rules as files that a host keeps beside its sources, and what became of them from one version to the next.
namespace guichet::inline v0::rules {

/// The one way to write a set: indented JSON without what is as it is anyhow, a member a line, conditions as text, so
/// that two versions differ in the lines that differ. `decode_rules` reads it as an equal set (`diff` finds nothing).
/// The name is that of the file and not in it. A condition that does not fit the schema stays as it was written.
GUICHET_DECL std::string to_file(rules_document const& set, expr::schema const& known);

enum class change_kind : std::uint8_t { added, removed, moved, changed };
BOOST_DESCRIBE_ENUM(change_kind, added, removed, moved, changed)

/// One member of a rule, or of the set, as JSON; a condition in its text form. Empty: it was not, or is not, given.
struct member_change {
    std::string member, from, to;
    friend bool operator==(member_change const&, member_change const&) = default;
};
/// What became of a rule. One that moved and changed is told twice.
struct rule_change {
    change_kind kind = change_kind::changed;
    std::string rule{};           ///< empty: of the set itself
    std::size_t from = 0, to = 0; ///< its places, from 1; 0: it was not, or is not, there
    std::vector<member_change> members{};
    friend bool operator==(rule_change const&, rule_change const&) = default;
};

/// What makes one set the other: by name, as few moves as there can be, members as they differ; conditions as they are
/// meant, not as they are written. The set first, then removed rules, then the others in their new order.
GUICHET_DECL std::vector<rule_change> diff(rules_document const& from, rules_document const& to,
                                           expr::schema const& known);
/// A line a change, and one a member that differs.
GUICHET_DECL std::string describe(std::vector<rule_change> const& changes, language lang = language::en);
/// `[{"change":"changed","rule":"vip","from":1,"to":1,"members":[{"member":"when","from":"...","to":"..."}]}]`
GUICHET_DECL std::string encode(std::vector<rule_change> const& changes);

} // namespace guichet::inline v0::rules

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/rules/impl/files.ipp>
#endif
