#pragma once
#include <guichet/access/audiences.hpp>
#include <guichet/access/impl/roles.ipp>
#include <guichet/base/limits.hpp>
#include <guichet/json/path.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/impl/checks.ipp>

#include <boost/json/value.hpp>

#include <algorithm>

namespace guichet::inline v0::access {
namespace detail {

enum class reader_field : std::uint32_t { person, role, side, organisation, tenant, teams };

/// Somebody who reads, as conditions see him.
class reader_record final : public expr::record {
public:
    reader_record(viewer const& who, role const& as, std::vector<std::string> const& teams)
        : who_{who}, as_{as}, teams_{teams} {}

    expr::value get(std::uint32_t field) const noexcept override {
        switch (static_cast<reader_field>(field)) {
        case reader_field::person: return std::string_view{who_.person};
        case reader_field::role: return std::string_view{as_.name};
        case reader_field::side: return to_string(as_.side);
        case reader_field::organisation: return std::string_view{who_.organisation};
        case reader_field::tenant: return std::string_view{who_.tenant};
        case reader_field::teams: return std::span<std::string const>{teams_};
        }
        return {};
    }

private:
    viewer const& who_;
    role const& as_;
    std::vector<std::string> const& teams_;
};

} // namespace detail

GUICHET_DECL expr::schema const& reader_schema() {
    using expr::field_type;
    static expr::schema const known{
        {"person", field_type::id},
        {"role", field_type::id},
        {"side", field_type::choice, {std::string{to_string(side::requester)}, std::string{to_string(side::desk)}}},
        {"organisation", field_type::id},
        {"tenant", field_type::id},
        {"teams", field_type::list}};
    return known;
}

GUICHET_DECL result<std::shared_ptr<audience_set const>> audience_set::compile(
    std::vector<audience_document> const& documents) {
    GUICHET_TRY(checks::check_count("audience", documents.size(), limits::audiences_max));
    auto out = std::make_shared<audience_set>();
    for (auto const& written : documents) {
        auto const path = "audience." + written.name + ".condition";
        if (written.condition.empty())
            return error{reason::missing_field, {{"path", path}}};
        GUICHET_LET(auto const json, json::parse(written.condition.text));
        GUICHET_LET(auto condition, expr::condition::compile(json, reader_schema(), path));
        if (condition.asks_time() || condition.asks_change())
            return error{
                reason::bad_configuration,
                {{"path", path}, {"problem", "it is asked of who reads, when he reads: of no time, no change"}}};
        out->all_.push_back({"audience:" + written.name, std::move(condition)});
    }
    return std::shared_ptr<audience_set const>{std::move(out)};
}

GUICHET_DECL readership audience_set::of(viewer const& who, role const& as, std::vector<std::string> teams) const {
    readership out{who.tenant, who.person, as.has("write_article"), {"public"}};
    if (as.side != side::requester)
        out.audiences.push_back("staff");
    out.audiences.push_back("role:" + as.name);
    if (!who.organisation.empty())
        out.audiences.push_back("organisation:" + who.organisation);
    for (auto const& team : teams)
        out.audiences.push_back("team:" + team);
    if (!who.person.empty())
        out.audiences.push_back("person:" + who.person);
    detail::reader_record const reader{who, as, teams};
    for (auto const& one : all_)
        if (one.condition.evaluate(reader, {}))
            out.audiences.push_back(one.key);
    return out;
}

GUICHET_DECL std::vector<std::string> audiences_of(std::vector<std::string> const& named) {
    return named.empty() ? std::vector<std::string>{"staff"} : named;
}
GUICHET_DECL std::vector<std::string> audiences_of(article const& a) { return audiences_of(a.audience); }

GUICHET_DECL bool is_for(readership const& who, std::vector<std::string> const& audience) {
    return who.writes || std::any_of(audience.begin(), audience.end(),
                                     [&](std::string const& key) { return detail::holds(who.audiences, key); });
}

GUICHET_DECL bool sees(readership const& who, article const& a, instant now) {
    if (who.tenant != a.tenant)
        return false;
    if (who.writes || std::binary_search(a.reviewers.begin(), a.reviewers.end(), who.person))
        return true;
    return a.state == article_state::published && is_valid(a, now) && is_for(who, audiences_of(a));
}

} // namespace guichet::inline v0::access
