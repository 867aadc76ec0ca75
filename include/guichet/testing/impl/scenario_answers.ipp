#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/finder.hpp>
#include <guichet/engine/knowledge.hpp>
#include <guichet/kb/compare.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <vector>

/// The steps of scenarios that ask a desk: why, what rules did and would do, where a ticket was, who would get it; what
/// an article says, and who finds it.
namespace guichet::inline v0::testing::detail {

class asker {
public:
    asker(desk const& d, viewer const& who, std::span<document const> documents)
        : desk_{d}, who_{who}, documents_{documents} {}

    /// The answer to a step as JSON; nothing when the step asks for something else.
    std::optional<result<boost::json::value>> answer(boost::json::object const& step) const {
        using function = result<boost::json::value> (asker::*)(std::string const&, boost::json::object const&) const;
        static constexpr std::pair<std::string_view, function> known[] = {
            {"journey", &asker::journey},     {"why", &asker::why},
            {"why_not", &asker::why_not},     {"dry_run", &asker::dry_run},
            {"back_test", &asker::back_test}, {"route", &asker::route},
            {"leaves", &asker::leaves},       {"article", &asker::article_itself},
            {"articles", &asker::articles},   {"search", &asker::search},
            {"suggest", &asker::suggest},     {"inquiries", &asker::inquiries},
            {"knowledge", &asker::knowledge}, {"trends", &asker::trends}};
        for (auto const& [name, ask] : known)
            if (auto const* about = step.if_contains(name))
                return (this->*ask)(about->is_string() ? std::string{std::string_view{about->get_string()}} : "", step);
        return {};
    }

private:
    static std::string text(boost::json::object const& from, std::string_view name) {
        auto const* v = from.if_contains(name);
        return v && v->is_string() ? std::string{std::string_view{v->get_string()}} : std::string{};
    }

    result<boost::json::value> journey(std::string const& ticket, boost::json::object const&) const {
        GUICHET_LET(auto const t, desk_.find(ticket, who_));
        GUICHET_LET(auto const way, desk_.journey(t.id, who_));
        return boost::json::parse(encode(way));
    }

    /// `{"origins": [{"from", "to", "actor", "cause"}]}` of `field`.
    result<boost::json::value> why(std::string const& ticket, boost::json::object const& step) const {
        GUICHET_LET(auto const t, desk_.find(ticket, who_));
        GUICHET_LET(auto const origins, desk_.why(t.id, text(step, "field"), who_));
        boost::json::array out;
        for (auto const& o : origins)
            out.push_back(boost::json::parse(guichet::encode(o)));
        return boost::json::object{{"origins", std::move(out)}};
    }

    result<boost::json::value> why_not(std::string const& ticket, boost::json::object const& step) const {
        GUICHET_LET(auto const t, desk_.find(ticket, who_));
        auto const* version = step.if_contains("version");
        GUICHET_LET(auto const d,
                    desk_.why_not(t.id, text(step, "rule"), who_, version ? version->to_number<std::uint64_t>() : 0));
        auto out = boost::json::parse(guichet::encode(d));
        out.as_object()["says"] = expr::describe(d.why);
        out.as_object()["dit"] = expr::describe(d.why, language::fr);
        return out;
    }

    /// What the rules of `documents` (those in force where there are none) would do about the last change.
    result<boost::json::value> dry_run(std::string const& ticket, boost::json::object const&) const {
        GUICHET_LET(auto const t, desk_.find(ticket, who_));
        GUICHET_LET(auto would, desk_.dry_run(documents_, t.id, who_));
        return boost::json::parse(guichet::encode(dry_run_of_ticket{t.id, t.number, std::move(would)}));
    }

    result<boost::json::value> back_test(std::string const&, boost::json::object const&) const {
        GUICHET_LET(auto const report, desk_.back_test(documents_, {}, who_));
        return boost::json::parse(guichet::encode(report));
    }

    result<boost::json::value> route(std::string const& ticket, boost::json::object const& step) const {
        GUICHET_LET(auto const t, desk_.find(ticket, who_));
        GUICHET_LET(auto const d, desk_.route(t.id, who_, {text(step, "team"), text(step, "exclude")}));
        auto out = boost::json::parse(routing::encode(d));
        out.as_object()["says"] = routing::describe(d);
        out.as_object()["dit"] = routing::describe(d, language::fr);
        return out;
    }

    /// Who would get the tickets of a person who leaves: `{"transfers": [{"number", "to"}]}`.
    result<boost::json::value> leaves(std::string const& person, boost::json::object const&) const {
        GUICHET_LET(auto const plan, desk_.redistribute(person, who_));
        boost::json::array out;
        for (auto const& one : plan)
            out.push_back(boost::json::object{{"number", one.number}, {"to", one.to.person}});
        return boost::json::object{{"transfers", std::move(out)}};
    }

    /// `{"article": ..., "history": [types of events]}`; the history is null for who may not read it. With `edition`,
    /// the article as it was in that one, and the `differences` of what it says now.
    result<boost::json::value> article_itself(std::string const& named, boost::json::object const& step) const {
        GUICHET_LET(auto const a, desk_.find_article(named, who_));
        if (auto const* edition = step.if_contains("edition")) {
            GUICHET_LET(auto const then, desk_.article_edition(a.id, edition->to_number<std::uint32_t>(), who_));
            return boost::json::object{{"article", boost::json::parse(guichet::encode(then))},
                                       {"differences", boost::json::parse(kb::encode(kb::compare(then, a)))}};
        }
        boost::json::object out{{"article", boost::json::parse(guichet::encode(a))}};
        if (auto const past = desk_.article_history(a.id, who_); past) {
            auto& types = out["history"].emplace_array();
            for (auto const& e : *past)
                types.emplace_back(name_of(e.body));
        }
        return out;
    }
    result<boost::json::value> articles(std::string const& which, boost::json::object const&) const {
        auto const wanted = which == "outdated"     ? article_list::outdated
                            : which == "review_due" ? article_list::review_due
                                                    : article_list::all;
        GUICHET_LET(auto const page, desk_.articles(who_, {}, limits::page_rows_max, wanted));
        boost::json::array numbers;
        for (auto const& a : page.articles)
            numbers.emplace_back(a.number);
        return boost::json::object{{"numbers", std::move(numbers)}};
    }

    static boost::json::array numbers_of(std::vector<search_result> const& hits) {
        boost::json::array out;
        for (auto const& hit : hits)
            out.emplace_back(hit.number);
        return out;
    }
    finder make_finder(boost::json::object const& step) const {
        return finder{desk_, {.language = text::tongue_of(text(step, "language"))}};
    }
    /// What grows now, and what was told; each with `says`.
    result<boost::json::value> trends(std::string const&, boost::json::object const&) const {
        GUICHET_LET(auto const found, desk_.trends({}, who_));
        auto out = boost::json::parse(guichet::encode(found));
        auto& growing = out.at("growing").as_array();
        for (std::size_t i = 0; i < growing.size(); ++i)
            growing[i].as_object()["says"] = describe(found.growing[i]);
        return out;
    }

    /// What is found of the words, and how the last of them is completed.
    result<boost::json::value> search(std::string const& words, boost::json::object const& step) const {
        auto const in = make_finder(step);
        GUICHET_LET(auto const found, in.find({.typed = words}, who_));
        GUICHET_LET(auto const completed, in.complete(words, who_));
        return boost::json::object{{"found", numbers_of(found.hits)},
                                   {"completed", boost::json::array(completed.begin(), completed.end())}};
    }
    result<boost::json::value> suggest(std::string const& ticket, boost::json::object const& step) const {
        GUICHET_LET(auto const t, desk_.find(ticket, who_));
        GUICHET_LET(auto const some, make_finder(step).suggest(t.id, who_));
        return boost::json::object{{"articles", numbers_of(some.articles)},
                                   {"solved", numbers_of(some.solved)},
                                   {"duplicates", numbers_of(some.duplicates)}};
    }

    /// `{"inquiries": [...]}`, oldest first.
    result<boost::json::value> inquiries(std::string const&, boost::json::object const&) const {
        GUICHET_LET(auto const all, desk_.inquiries(who_));
        boost::json::array out;
        for (auto const& one : all)
            out.push_back(boost::json::parse(guichet::encode(one)));
        return boost::json::object{{"inquiries", std::move(out)}};
    }
    /// What the knowledge base is worth and what it lacks.
    result<boost::json::value> knowledge(std::string const&, boost::json::object const& step) const {
        GUICHET_LET(auto const told, report_knowledge(desk_, make_finder(step), who_,
                                                      {.language = text::tongue_of(text(step, "language"))}));
        return boost::json::parse(guichet::encode(told));
    }

    desk const& desk_;
    viewer const& who_;
    std::span<document const> documents_;
};

} // namespace guichet::inline v0::testing::detail
