// article submit, return, rate, use, diff, restore, draft.

#include "commands_article.hpp"

#include <guichet/kb/compare.hpp>

#include <cstdint>

namespace guichet::cli {
namespace {

msg label_of(std::string_view member) {
    static constexpr std::pair<std::string_view, msg> known[] = {{"title", msg::article_title},
                                                                 {"symptom", msg::article_symptom},
                                                                 {"body", msg::article_body},
                                                                 {"cause", msg::article_cause},
                                                                 {"workaround", msg::article_workaround},
                                                                 {"attached", msg::article_attached},
                                                                 {"language", msg::article_language},
                                                                 {"category", msg::article_category},
                                                                 {"tags", msg::article_tags},
                                                                 {"audience", msg::article_audience},
                                                                 {"kind", msg::kind},
                                                                 {"fix_version", msg::article_fix_version},
                                                                 {"assets", msg::article_assets},
                                                                 {"see_also", msg::article_see_also},
                                                                 {"translates", msg::article_translates},
                                                                 {"revises", msg::article_revises},
                                                                 {"problem", msg::article_problem},
                                                                 {"valid_from", msg::article_valid_from},
                                                                 {"valid_until", msg::article_valid_until},
                                                                 {"review_by", msg::article_review_by}};
    for (auto const& [name, label] : known)
        if (name == member)
            return label;
    return msg::article_translation_of;
}

struct editions {
    std::uint32_t from = 0, to = 0; ///< 0: the one before, and the present one
};

result<int> run_diff(context& c, std::string const& named, editions asked) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const present, d->find_article(named, c.who()));
    auto const to = asked.to ? asked.to : present.edition;
    bool const waits = present.revision_of && !asked.from && !asked.to; // beside what it would change
    auto const from = asked.from ? asked.from : std::max(to, 2U) - 1;
    GUICHET_LET(auto const before,
                waits ? d->find_article(present.revision_of, c.who()) : d->article_edition(present.id, from, c.who()));
    GUICHET_LET(auto const after, d->article_edition(present.id, to, c.who()));
    auto const found = kb::compare(before, after);
    if (c.opt().json) {
        print_line(kb::encode(found));
        return 0;
    }
    auto const& out = c.out();
    print_line(out.paint(style::bold, waits ? c.say()(msg::article_compared_with, present.number, before.number)
                                            : c.say()(msg::article_compared, present.number, from, to)));
    for (auto const& one : found) {
        print_line("\n" + out.paint(style::cyan, c.say()(label_of(one.member))));
        for (auto const& [fate, line] : one.lines)
            switch (fate) {
            case text::line_fate::same: print_line("  " + harmless(line)); break;
            case text::line_fate::removed: print_line(out.paint(style::red, "- " + harmless(line))); break;
            case text::line_fate::added: print_line(out.paint(style::green, "+ " + harmless(line))); break;
            }
    }
    return 0;
}

result<int> run_draft(context& c, std::string const& named, draft_article const& as) {
    GUICHET_LET(desk* const d, c.open_desk());
    GUICHET_LET(auto const came_to, d->execute(c.wish(as, named)));
    std::string number;
    for (auto const& e : came_to.events)
        if (auto const* written = std::get_if<article_written>(&e.body))
            number = written->number;
    print_line(c.opt().json ? guichet::encode(came_to)
                            : c.say()(msg::article_drafted_now, c.out().paint(style::bold, number), came_to.number));
    return 0;
}

} // namespace

void add_review_commands(article_family const& to) {
    auto const submitted = std::make_shared<submit_article>();
    auto* submit =
        to.executes("submit", msg::help_article_submit, msg::article_submitted_now, [submitted] { return *submitted; });
    to.to.option(submit, "--reviewer", submitted->reviewers, msg::help_article_reviewer)->required();

    auto const returned = std::make_shared<return_article>();
    auto* give_back =
        to.executes("return", msg::help_article_return, msg::article_returned_now, [returned] { return *returned; });
    to.to.option(give_back, "--reason", returned->reason, msg::help_article_reason);

    auto const failed = std::make_shared<bool>(false);
    auto const why = std::make_shared<std::string>();
    auto* rate = to.executes("rate", msg::help_article_rate, msg::article_rated_now, [failed, why] {
        return rate_article{!*failed, *why};
    });
    to.to.flag(rate, "--not", *failed, msg::help_article_rate_not);
    to.to.option(rate, "--why", *why, msg::help_article_why);

    to.executes("use", msg::help_article_use, msg::article_used_now, [] { return use_article{}; });
}

void add_edition_commands(article_family const& to) {
    auto const asked = std::make_shared<editions>();
    auto* diff = to.add("diff", msg::help_article_diff,
                        [article = to.named, asked](context& c) { return run_diff(c, *article, *asked); });
    to.to.option(diff, "--from", asked->from, msg::help_article_diff_from);
    to.to.option(diff, "--to", asked->to, msg::help_article_diff_to);

    auto const edition = std::make_shared<std::uint32_t>(0);
    auto* restore = to.executes("restore", msg::help_article_restore, msg::article_restored_now,
                                [edition] { return restore_article{*edition}; });
    to.to.option(restore, "--edition", *edition, msg::help_article_edition)->required();

    auto const ticket = std::make_shared<std::string>();
    auto const as = std::make_shared<draft_article>();
    auto* draft = to.to.add(to.under, msg::group_articles, "draft", msg::help_article_draft_from,
                            [ticket, as](context& c) { return run_draft(c, *ticket, *as); });
    draft->add_option("TICKET", *ticket, to.to.say(msg::help_ticket))->required();
    to.to.option(draft, "--language", as->language, msg::help_article_language);
}

} // namespace guichet::cli
