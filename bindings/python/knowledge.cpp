#include "queries.hpp"

namespace guichet::python {
namespace {

void add_articles(desk_class& to) {
    auto const about = [&](char const* name, auto ask, char const* help) {
        to.def(name, of_article(ask), py::arg("article"), py::kw_only(), viewer_argument(), help);
    };
    about(
        "find_article",
        [](living_desk& in, article_id id, viewer const& who) { return in.core->find_article(id, who); },
        "An article that the viewer may read, by its number or id.");
    about(
        "article_history",
        [](living_desk& in, article_id id, viewer const& who) { return in.core->article_history(id, who); },
        "The events of an article, oldest first.");
    to.def(
          "article_edition",
          [](desk_handle const& d, py::object const& article, std::uint32_t edition, py::object const& viewer) {
              return of_article([edition](living_desk& in, article_id id, guichet::viewer const& who) {
                  return in.core->article_edition(id, edition, who);
              })(d, article, viewer);
          },
          py::arg("article"), py::arg("edition"), py::kw_only(), viewer_argument(),
          "An article as it was when an edition of it was written (from 1).")
        .def(
            "articles",
            [](desk_handle const& d, std::string const& after, std::size_t limit, py::object const& wanted,
               py::object const& viewer) {
                article_list which{};
                unwrap(from_python(wanted, which, json::path("wanted")));
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->articles(who, after, limit, which); });
            },
            py::kw_only(), py::arg("after") = "", py::arg("limit") = 100, py::arg("wanted") = "all", viewer_argument(),
            "The articles that the viewer may read, by number.")
        .def(
            "guides",
            [](desk_handle const& d, py::object const& viewer) {
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->guides(who); });
            },
            py::kw_only(), viewer_argument(), "The diagnostic guides in force that the viewer may walk.")
        .def(
            "find_guide",
            [](desk_handle const& d, std::string const& name, py::object const& viewer) {
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->find_guide(name, who); });
            },
            py::arg("name"), py::kw_only(), viewer_argument(), "One guide.")
        .def(
            "render",
            [](desk_handle const& d, py::object const& article, py::object const& ticket, std::string const& language,
               py::object const& viewer) {
                auto const canned = reference::of(article, "article").text();
                auto const on = reference::of(ticket, "ticket").text();
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->render(canned, on, who, language); });
            },
            py::arg("article"), py::arg("ticket"), py::kw_only(), py::arg("language") = "", viewer_argument(),
            "What a canned reply or a question says on a ticket, in the requester's language where it can.");
}

find_request make_request(std::string const& typed, std::size_t top, bool as_you_type, py::handle where,
                          py::handle facets, py::handle kinds, std::string const& language) {
    find_request out;
    out.typed = typed;
    out.top = top;
    out.as_you_type = as_you_type;
    out.where = condition_text(where);
    out.facets = texts(facets, "facets");
    out.kinds = texts(kinds, "kinds");
    if (!language.empty())
        out.language = text::tongue_of(language);
    return out;
}

void add_search(desk_class& to) {
    to.def(
          "search",
          [](desk_handle const& d, std::string const& typed, std::size_t top, bool as_you_type, py::object const& where,
             py::object const& facets, py::object const& kinds, std::string const& language, py::object const& viewer) {
              auto const asked = make_request(typed, top, as_you_type, where, facets, kinds, language);
              auto const who = d.who(viewer, "viewer");
              return d.ask([&](living_desk& in) { return in.found->find(asked, who); });
          },
          py::arg("typed"), py::kw_only(), py::arg("top") = 10, py::arg("as_you_type") = false,
          py::arg("where") = py::none(), py::arg("facets") = py::none(), py::arg("kinds") = py::none(),
          py::arg("language") = "", viewer_argument(), "The tickets and articles that fit best.")
        .def(
            "complete",
            [](desk_handle const& d, std::string const& typed, std::size_t top, py::object const& viewer) {
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.found->complete(typed, who, top); });
            },
            py::arg("typed"), py::kw_only(), py::arg("top") = 8, viewer_argument(),
            "Words that begin as the text ends.")
        .def(
            "similar",
            [](desk_handle const& d, py::object const& ticket, std::size_t top, py::object const& viewer) {
                return of_ticket([top](living_desk& in, ticket_id id, guichet::viewer const& who) {
                    return in.found->similar(id, who, top);
                })(d, ticket, viewer);
            },
            py::arg("ticket"), py::kw_only(), py::arg("top") = 10, viewer_argument(),
            "The tickets that are most like one.")
        .def(
            "suggest",
            [](desk_handle const& d, py::object const& ticket, std::size_t top, py::object const& viewer) {
                return of_ticket([top](living_desk& in, ticket_id id, guichet::viewer const& who) {
                    return in.found->suggest(id, who, top);
                })(d, ticket, viewer);
            },
            py::arg("ticket"), py::kw_only(), py::arg("top") = 5, viewer_argument(),
            "What may help with a ticket: articles, and similar tickets by what became of them.")
        .def(
            "health",
            [](desk_handle const& d) {
                return d.ask([](living_desk& in) -> result<finder_health> { return in.found->health(); });
            },
            "How the part of the search fares that rests on the host.");
}

void add_likeness(desk_class& to) {
    to.def(
          "clusters",
          [](desk_handle const& d, py::object const& where, py::object const& order, std::string const& language,
             double least, std::size_t tickets_max, py::object const& viewer) {
              auto const among = make_view(where, order, 50, {});
              alike_options const how{text::tongue_of(language), least, tickets_max};
              auto const who = d.who(viewer, "viewer");
              return d.ask([&](living_desk& in) { return clusters(*in.core, among, who, how); });
          },
          py::arg("where") = py::none(), py::kw_only(), py::arg("order") = py::none(), py::arg("language") = "",
          py::arg("least") = alike_least, py::arg("tickets_max") = 1'000, viewer_argument(),
          "Tickets of a view that may be one incident, the greatest cluster first, each with a master proposed.")
        .def(
            "judge",
            [](desk_handle const& d, py::object const& start, py::object const& end, std::size_t tickets_max,
               py::object const& viewer) {
                auto const period = make_period(start, end);
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.found->judge(who, period, tickets_max); });
            },
            py::kw_only(), py::arg("start") = py::none(), py::arg("end") = py::none(), py::arg("tickets_max") = 1'000,
            viewer_argument(), "How well articles are suggested, judged by the tickets that articles helped.")
        .def(
            "inquiries",
            [](desk_handle const& d, py::object const& after, std::size_t limit, py::object const& viewer) {
                std::optional<inquiry> last;
                unwrap(from_python(after, last, json::path("after")));
                auto const place = last ? storage::inquiry_place{last->at, last->id} : storage::inquiry_place{};
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return in.core->inquiries(who, place, limit); });
            },
            py::arg("after") = py::none(), py::kw_only(), py::arg("limit") = 1'000, viewer_argument(),
            "What was asked of the knowledge base, oldest first; from after an Inquiry on.")
        .def(
            "knowledge_report",
            [](desk_handle const& d, py::object const& start, py::object const& end, std::size_t top,
               std::string const& language, double least, std::size_t compared_max, std::size_t judged_max,
               py::object const& viewer) {
                knowledge_request const asked{
                    make_period(start, end), top, text::tongue_of(language), least, compared_max, judged_max};
                auto const who = d.who(viewer, "viewer");
                return d.ask([&](living_desk& in) { return report_knowledge(*in.core, *in.found, who, asked); });
            },
            py::kw_only(), py::arg("start") = py::none(), py::arg("end") = py::none(), py::arg("top") = 10,
            py::arg("language") = "", py::arg("least") = alike_least, py::arg("compared_max") = 1'000,
            py::arg("judged_max") = 1'000, viewer_argument(),
            "What the knowledge base is worth and what it lacks. Needs the right audit.");
}

} // namespace

void add_knowledge(desk_class& to) {
    add_articles(to);
    add_search(to);
    add_likeness(to);
}

} // namespace guichet::python
