#pragma once
#include <guichet/engine/impl/alike.ipp>
#include <guichet/engine/impl/article_documents.ipp>
#include <guichet/engine/knowledge.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/search/neighbourhood.hpp>
#include <guichet/text/fold.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace guichet::inline v0 {
namespace detail {

inline constexpr double drifted_below = 0.5; ///< of what the older tickets' words gave the article

// --- what was asked

inline std::string plain_words(std::string_view typed) {
    std::string out;
    for (char const c : text::fold(typed)) {
        bool const space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!space)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    if (out.ends_with(' '))
        out.pop_back();
    return out;
}

class inquiry_book {
public:
    void hear(inquiry const& i) {
        auto& on = i.side == side::requester ? portal : desk;
        ++on.asked;
        on.found_nothing += i.shown.empty();
        on.opened_nothing += !i.shown.empty() && i.opened.empty();
        on.helped += i.helped == true;
        on.helped_not += i.helped == false;
        on.became_ticket += static_cast<bool>(i.ticket);
        on.deflected += !i.ticket && i.helped != false && (i.helped || !i.opened.empty());
        if (i.shown.empty()) {
            auto& row = unanswered_[plain_words(i.words)];
            row.words = i.words;
            ++row.asked;
            row.by.insert(i.person);
        }
        for (std::size_t at = 0; at < std::min(i.shown.size(), ranks_max); ++at) {
            if (ranks.size() == at)
                ranks.push_back({.rank = at + 1});
            ++ranks[at].shown;
            ranks[at].opened += std::find(i.opened.begin(), i.opened.end(), i.shown[at]) != i.opened.end();
        }
    }

    std::vector<unanswered_words> unanswered(std::size_t top) const {
        std::vector<unanswered_words> out;
        for (auto const& [plain, row] : unanswered_)
            out.push_back({row.words, row.asked, row.by.size()});
        std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.asked > b.asked; });
        out.resize(std::min(out.size(), top));
        return out;
    }

    inquiry_figures portal{}, desk{};
    std::vector<rank_figures> ranks{};

private:
    static constexpr std::size_t ranks_max = 10;
    struct row {
        std::string words{};
        std::uint64_t asked = 0;
        std::set<std::string> by{};
    };
    std::map<std::string, row> unanswered_;
};

inline result<void> hear_inquiries(desk const& of, viewer const& who, report_period const& period, inquiry_book& into) {
    storage::inquiry_place after{.at = period.from};
    for (;;) {
        GUICHET_LET(auto const page, of.inquiries(who, after));
        for (auto const& one : page) {
            if (one.at >= period.to)
                return {};
            into.hear(one);
        }
        if (page.empty())
            return {};
        after = {page.back().at, page.back().id};
    }
}

// --- what is missing

/// Those resolved last in a period without an article.
inline result<std::vector<ticket>> resolved_alone(desk const& of, viewer const& who, knowledge_request const& asked) {
    std::vector<ticket> out;
    view resolved;
    resolved.matching = expr::all_of({expr::where("open", expr::op::equal, false),
                                      expr::where("resolved_at", expr::op::greater_equal, asked.period.from),
                                      expr::where("resolved_at", expr::op::less, asked.period.to)});
    resolved.order = {"-resolved_at"};
    resolved.limit = limits::page_rows_max;
    do {
        GUICHET_LET(auto found, of.query(resolved, who));
        for (auto& t : found.tickets)
            if (t.articles.empty() && !t.merged_into && out.size() < asked.compared_max)
                out.push_back(std::move(t));
        resolved.cursor = std::move(found.next);
    } while (!resolved.cursor.empty() && out.size() < asked.compared_max);
    return out;
}

inline std::chrono::seconds spent_on(ticket const& t) {
    std::chrono::seconds out{};
    for (auto const& one : t.time_entries)
        out += one.seconds;
    return out;
}

inline wanted_article wanted_of(ticket_cluster const& from, std::map<ticket_id, ticket> const& known) {
    wanted_article out;
    out.words = from.words;
    auto all = from.others;
    all.push_back(from.master);
    std::sort(all.begin(), all.end(), [](alike_ticket const& a, alike_ticket const& b) {
        return std::pair{a.created_at, a.ticket} < std::pair{b.created_at, b.ticket};
    });
    for (auto const& one : all) {
        out.tickets.push_back(one.number);
        out.spent += spent_on(known.at(one.ticket));
    }
    out.subject = all.front().subject;
    return out;
}

inline result<std::vector<wanted_article>> wanted_articles(desk const& of, viewer const& who,
                                                           knowledge_request const& asked) {
    GUICHET_LET(auto const alone, resolved_alone(of, who, asked));
    GUICHET_LET(auto const alike, clusters_among(of, alone, who, {.language = asked.language, .least = asked.least}));
    std::map<ticket_id, ticket> known;
    for (auto const& t : alone)
        known.emplace(t.id, t);
    std::vector<wanted_article> out;
    for (auto const& one : alike)
        out.push_back(wanted_of(one, known));
    auto const weight = [](wanted_article const& w) {
        auto const tickets = static_cast<std::int64_t>(w.tickets.size());
        return std::pair{tickets * w.spent.count(), tickets};
    };
    std::stable_sort(out.begin(), out.end(), [&](auto const& a, auto const& b) { return weight(a) > weight(b); });
    out.resize(std::min(out.size(), asked.top));
    return out;
}

// --- what is there

inline result<std::vector<article>> published_articles(desk const& of, viewer const& who) {
    std::vector<article> out;
    for (std::string after;;) {
        GUICHET_LET(auto page, of.articles(who, after, limits::page_rows_max));
        for (auto& a : page.articles)
            if (a.state == article_state::published && is_valid(a, of.env().now()))
                out.push_back(std::move(a));
        if (page.next.empty())
            return out;
        after = page.next;
    }
}

inline std::vector<stale_article> stale_articles(std::vector<article> const& all,
                                                 std::vector<article_drift> const& drift, instant now) {
    std::vector<stale_article> out;
    for (auto const& a : all) {
        stale_article one{a.number, a.title, a.review_by && *a.review_by <= now, a.helped, a.helped_not};
        auto const moved =
            std::find_if(drift.begin(), drift.end(), [&](article_drift const& d) { return d.article == a.id; });
        if (moved != drift.end()) {
            one.before = moved->before;
            one.lately = moved->lately;
        }
        if (one.review_due)
            one.why.emplace_back("review_due");
        if (a.helped < a.helped_not)
            one.why.emplace_back("helped_not");
        if (one.lately < drifted_below * one.before)
            one.why.emplace_back("drifted");
        if (!one.why.empty())
            out.push_back(std::move(one));
    }
    std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.why.size() > b.why.size(); });
    return out;
}

inline std::vector<duplicate_articles> duplicates_among(std::vector<article> const& all, instant now,
                                                        knowledge_request const& asked) {
    std::map<std::string, article const*> known;
    search::neighbourhood near;
    auto const latest = std::span{all}.last(std::min(all.size(), asked.compared_max));
    std::vector<search::document> documents;
    for (auto const& a : latest) {
        auto one = documents_of(a, {}, asked.language, now).own;
        one[search::field::tags].clear(); // its number is of no use here
        known.emplace(one.id, &a);
        documents.push_back(std::move(one));
    }
    near.put(documents);
    std::vector<duplicate_articles> out;
    auto const original = [](article const& a) { return a.translation_of ? a.translation_of : a.id; };
    for (auto const& [id, a] : known)
        for (auto const& like : near.like(id, asked.least, asked.top)) {
            auto const& b = *known.at(like.id);
            if (a->number < b.number && original(*a) != original(b))
                out.push_back({a->number, a->title, b.number, b.title, like.likeness, like.because});
        }
    std::stable_sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.likeness > b.likeness; });
    return out;
}

} // namespace detail

GUICHET_DECL result<knowledge_report> report_knowledge(desk const& of, finder const& in, viewer const& who,
                                                       knowledge_request const& asked) {
    GUICHET_TRY(of.config()->roles->require(who, access::audit));
    GUICHET_TRY(detail::check_alike_tickets(asked.compared_max));
    auto const now = of.env().now();
    knowledge_report out;
    detail::inquiry_book book;
    GUICHET_TRY(detail::hear_inquiries(of, who, asked.period, book));
    for (auto* one : {&book.portal, &book.desk})
        one->deflection = one->asked ? static_cast<double>(one->deflected) / static_cast<double>(one->asked) : 0;
    out.portal = book.portal;
    out.desk = book.desk;
    out.ranks = std::move(book.ranks);
    out.unanswered = book.unanswered(asked.top);
    GUICHET_LET(auto const quality, in.judge(who, asked.period, asked.judged_max));
    out.suggestions = {quality.judged, quality.first, quality.in_ten, quality.ndcg};
    GUICHET_LET(out.wanted, detail::wanted_articles(of, who, asked));
    GUICHET_LET(auto const articles, detail::published_articles(of, who));
    out.stale = detail::stale_articles(articles, quality.drift, now);
    out.stale.resize(std::min(out.stale.size(), asked.top));
    out.duplicates = detail::duplicates_among(articles, now, asked);
    out.duplicates.resize(std::min(out.duplicates.size(), asked.top));
    return out;
}

GUICHET_DECL std::string encode(knowledge_report const& of) {
    std::string out;
    json::writer w{out};
    json::write(w, of, json::fullness::full);
    return out;
}

} // namespace guichet::inline v0
