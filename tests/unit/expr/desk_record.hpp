#pragma once
#include <guichet/expr/condition.hpp>

#include <boost/json.hpp>

#include <array>
#include <cstdlib>
#include <random>

/// A ticket as these tests see it: values by field number, and what they were before the change.
namespace desk {

namespace expr = guichet::expr;
using expr::field_type;

enum field : std::uint32_t { subject, effort, vip, opened_at, priority, assignee, tags, cost_centre, field_count };

inline expr::schema const& known() {
    static expr::schema const schema{
        {.name = "subject", .type = field_type::text},
        {.name = "effort", .type = field_type::number, .sortable = true},
        {.name = "vip", .type = field_type::boolean},
        {.name = "opened_at", .type = field_type::instant, .sortable = true},
        {.name = "priority", .type = field_type::choice, .choices = {"low", "normal", "high", "critical"}},
        {.name = "assignee", .type = field_type::id},
        {.name = "tags", .type = field_type::list},
        {.name = "fields.cost_centre", .type = field_type::text},
    };
    return schema;
}

struct ticket final : expr::record {
    std::array<expr::value, field_count> now{}, was{};

    expr::value get(std::uint32_t field) const noexcept override { return now[field]; }
    expr::value before(std::uint32_t field) const noexcept override { return was[field]; }
    bool changed(std::uint32_t field) const noexcept override {
        return expr::to_literal(now[field]) != expr::to_literal(was[field]);
    }
    /// Sets a field as it is and as it was.
    template <class T>
    ticket& with(field which, T shown) {
        now[which] = was[which] = shown;
        return *this;
    }
};

inline guichet::result<expr::condition> compile(std::string_view json) {
    boost::json::parse_options deep;
    deep.max_depth = 200;
    return expr::condition::compile(boost::json::parse(boost::json::string_view{json.data(), json.size()}, {}, deep),
                                    known(), "guard");
}

inline guichet::instant at(std::string_view text) { return expr::parse_instant(text).value(); }

inline bool holds(std::string_view json, expr::record const& about, guichet::instant now = at("2026-01-05T12:00:00Z")) {
    return compile(json).value().evaluate(about, {.now = now});
}

/// What a person reads when the condition is refused; "accepted" when it is not.
inline std::string refusal(std::string_view json, guichet::language lang = guichet::language::en) {
    auto const got = compile(json);
    return got ? "accepted" : got.error().describe(lang);
}

inline std::uint64_t seed() {
    auto const given = std::getenv("GUICHET_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

} // namespace desk
