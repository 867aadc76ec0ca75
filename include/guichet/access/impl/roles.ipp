#pragma once
#include <guichet/access/roles.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/ticket_fields.hpp>

#include <boost/json.hpp>

#include <algorithm>

namespace guichet::inline v0::access {
namespace detail {

inline result<void> collect(std::map<std::string, role_document, std::less<>> const& documents, std::string_view name,
                            role& into, std::size_t depth) {
    auto const found = documents.find(name);
    if (found == documents.end() || depth > documents.size())
        return error{reason::bad_configuration,
                     {{"path", "role." + into.name + ".extends"},
                      {"problem", found == documents.end() ? "there is no role \"" + std::string{name} + "\""
                                                           : "the roles extend each other in a circle"}}};
    into.rights.insert(found->second.rights.begin(), found->second.rights.end());
    return found->second.extends.empty() ? result<void>{} : collect(documents, found->second.extends, into, depth + 1);
}

/// The rights that members of a command ask for, beside the command's own.
inline std::vector<std::string_view> rights_of_members(actor const& who, command_body const& wish) {
    std::vector<std::string_view> out;
    auto const need = [&](bool when, std::string_view right) {
        if (when)
            out.push_back(right);
    };
    if (auto const* c = std::get_if<open_ticket>(&wish)) {
        need(!c->requester.empty() && c->requester != who.person, open_for_others);
        need(!c->state.empty(), "set_state");
        need(!c->priority.empty(), "set_priority");
        need(!c->assignee.empty(), "assign_ticket");
        need(bool{c->parent}, "link_ticket");
    } else if (auto const* r = std::get_if<reply>(&wish)) {
        need(!r->state.empty(), "set_state");
        need(!r->canned.empty(), "use_article");
    } else if (auto const* g = std::get_if<gather_tickets>(&wish)) {
        need(!g->priority.empty(), "set_priority");
        need(!g->assignee.empty(), "assign_ticket");
    } else if (auto const* a = std::get_if<write_article>(&wish))
        need(a->publish, "publish_article");
    return out;
}

inline bool takes_part(viewer const& who, ticket const& t) noexcept {
    return t.requester == who.person || t.contact == who.person ||
           std::binary_search(t.watchers.begin(), t.watchers.end(), who.person);
}

inline bool sees_all_by_rights(viewer const& who, role const& as) noexcept {
    return as.has(see_all) || (as.has(see_queues) && who.queues.empty());
}

inline bool holds(std::vector<std::string> const& names, std::string const& name) noexcept {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace detail

GUICHET_DECL std::vector<role_document> standard_roles() {
    return {
        {"requester",
         "",
         side::requester,
         {"open_ticket", "reply", "attach_file", "reopen_ticket", "answer_guide", "rate_article", "rate_ticket",
          "record_inquiry", "follow_inquiry", "see_own"}},
        {"agent",
         "",
         side::desk,
         {"open_ticket",
          "reply",
          "add_note",
          "assign_ticket",
          "hand_over_ticket",
          "set_priority",
          "set_fields",
          "tag_ticket",
          "watch_ticket",
          "set_state",
          "hold_ticket",
          "wait_until",
          "resolve_ticket",
          "reopen_ticket",
          "close_ticket",
          "link_ticket",
          "unlink_ticket",
          "merge_ticket",
          "unmerge_ticket",
          "split_message",
          "log_time",
          "attach_file",
          "follow_up_ticket",
          "run_macro",
          "route_ticket",
          "escalate_ticket",
          "acknowledge_escalation",
          "write_article",
          "revise_article",
          "link_article",
          "unlink_article",
          "answer_guide",
          "submit_article",
          "restore_article",
          "rate_article",
          "use_article",
          "draft_article",
          "resolve_family",
          "undo_family",
          "post_update",
          "ask_rating",
          "rate_ticket",
          "record_inquiry",
          "follow_inquiry",
          "gather_tickets",
          "see_own",
          "see_queues",
          "see_internal",
          "open_for_others"}},
        {"supervisor",
         "agent",
         side::desk,
         {"see_all", "redact_ticket", "publish_article", "archive_article", "redact_article", "return_article",
          "declare_major", "end_major"}},
        {"administrator", "", side::desk, {std::string{everything}}},
    };
}

GUICHET_DECL result<std::shared_ptr<role_set const>> role_set::compile(std::vector<role_document> const& documents) {
    std::map<std::string, role_document, std::less<>> all;
    for (auto const& d : standard_roles())
        all[d.name] = d;
    for (auto const& d : documents) {
        if (d.name.empty() || d.name == system_person)
            return error{reason::bad_configuration,
                         {{"path", "role.name"}, {"problem", "\"" + d.name + "\" cannot be a role"}}};
        all[d.name] = d;
    }
    auto out = std::make_shared<role_set>();
    for (auto const& [name, d] : all) {
        role r{name, d.side, {}, {}};
        GUICHET_TRY(detail::collect(all, name, r, 0));
        out->roles_.emplace(name, std::move(r));
    }
    return std::shared_ptr<role_set const>{std::move(out)};
}

GUICHET_DECL result<role const*> role_set::find(actor const& who) const {
    if (who.person.empty())
        return error{reason::actor_missing};
    if (who.own)
        return who.own.get();
    auto const found = roles_.find(who.role.empty() ? std::string_view{"requester"} : std::string_view{who.role});
    if (found == roles_.end())
        return error{reason::unknown_role, {{"person", who.person}, {"role", who.role}}};
    return &found->second;
}

GUICHET_DECL role const& role_set::system() noexcept {
    static role const only{system_person, side::system, {std::string{everything}}, {}};
    return only;
}

GUICHET_DECL result<role const*> role_set::require(actor const& who, std::string_view right) const {
    GUICHET_LET(role const* const as, find(who));
    if (!as->has(right))
        return error{reason::right_missing,
                     {{"person", who.person}, {"role", as->name}, {"right", std::string{right}}}};
    return as;
}

GUICHET_DECL result<role const*> role_set::authorise(actor const& who, command_body const& wish,
                                                     ticket const* on) const {
    GUICHET_LET(role const* const as, find(who));
    auto needed = detail::rights_of_members(who, wish);
    needed.insert(needed.begin(), name_of(wish));
    bool const own = is_any<fire_timer, tell_trend>(wish); // the desk's own
    for (auto const right : needed)
        if (!as->has(right) || own)
            return error{reason::right_missing,
                         {{"person", who.person}, {"role", as->name}, {"right", std::string{right}}}};
    if (on && !sees(who, *as, *on))
        return error{reason::ticket_not_found, {{"ticket", to_string(on->id)}}};
    return as;
}

GUICHET_DECL bool sees(viewer const& who, role const& as, ticket const& t) noexcept {
    if (who.tenant != t.tenant)
        return false;
    if (!as.only.always() && !as.only.evaluate(ticket_record{t, as.only.known()}, ticket_context({})))
        return false;
    if (as.has(see_all))
        return true;
    if (as.has(see_queues) && (who.queues.empty() || detail::holds(who.queues, t.queue) || t.assignee == who.person))
        return true;
    if (as.has(see_organisation) && !who.organisation.empty() && t.organisation == who.organisation)
        return true;
    return as.has(see_own) && detail::takes_part(who, t);
}

GUICHET_DECL bool sees_all(viewer const& who, role const& as) noexcept {
    return detail::sees_all_by_rights(who, as) && as.only.always();
}

namespace detail {

/// What he sees by his rights.
inline expr::draft by_rights(viewer const& who, role const& as) {
    using namespace expr;
    if (sees_all_by_rights(who, as))
        return all_of({});
    std::vector<draft> ways;
    if (as.has(see_queues)) {
        ways.push_back(where("queue", op::in, std::vector<literal>(who.queues.begin(), who.queues.end())));
        ways.push_back(where("assignee", op::equal, who.person));
    }
    if (as.has(see_organisation) && !who.organisation.empty())
        ways.push_back(where("organisation", op::equal, who.organisation));
    if (as.has(see_own))
        ways.push_back(where("participants", op::contains, who.person));
    return any_of(std::move(ways));
}

} // namespace detail

GUICHET_DECL result<expr::condition> visibility(viewer const& who, role const& as, expr::schema const& schema) {
    GUICHET_LET(auto seen, expr::condition::compile(detail::by_rights(who, as), schema, "visible"));
    if (as.only.always())
        return seen;
    boost::json::array both{as.only.to_json()};
    if (!seen.always())
        both.push_back(seen.to_json());
    return expr::condition::compile(boost::json::object{{"all", std::move(both)}}, schema, "visible");
}

} // namespace guichet::inline v0::access
