#pragma once
#include <guichet/engine/alike.hpp>
#include <guichet/engine/finder.hpp>
#include <guichet/engine/reports.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// What a knowledge base is worth and what it lacks, from what became of tickets and of inquiries.
namespace guichet::inline v0 {

struct knowledge_request {
    report_period period{}; ///< of inquiries, by when they were asked; of tickets, by when they were resolved
    std::size_t top = 10;   ///< rows of each list
    text::tongue language = text::tongue::neutral; ///< of tickets and articles that say none
    double least = alike_least;                    ///< likeness of what is called alike
    /// The latest tickets without an article, and the latest articles, that are compared with each other; at most
    /// `limits::alike_tickets_max`.
    std::size_t compared_max = 1'000;
    std::size_t judged_max = 1'000; ///< tickets by which the suggestions are judged
};

/// What became of inquiries.
struct inquiry_figures {
    std::uint64_t asked = 0, found_nothing = 0, opened_nothing = 0; ///< `opened_nothing`: though something was found
    std::uint64_t helped = 0, helped_not = 0;                       ///< as they said
    std::uint64_t became_ticket = 0;
    /// Without a ticket, and it helped, or something was opened of which nobody said that it did not help.
    std::uint64_t deflected = 0;
    double deflection = 0; ///< their share of `asked`
};
BOOST_DESCRIBE_STRUCT(inquiry_figures, (),
                      (asked, found_nothing, opened_nothing, helped, helped_not, became_ticket, deflected, deflection))

/// Words for which nothing was found, without regard to case, accents and spaces.
struct unanswered_words {
    std::string words{}; ///< as they were typed last
    std::uint64_t asked = 0, persons = 0;
};
BOOST_DESCRIBE_STRUCT(unanswered_words, (), (words, asked, persons))

struct rank_figures {
    std::uint64_t rank = 0, shown = 0, opened = 0;
};
BOOST_DESCRIBE_STRUCT(rank_figures, (), (rank, shown, opened))

struct judged_suggestions {
    std::uint64_t judged = 0, first = 0, in_ten = 0; ///< see `suggestion_quality`
    double ndcg = 0;
};
BOOST_DESCRIBE_STRUCT(judged_suggestions, (), (judged, first, in_ten, ndcg))

/// Resolved tickets that are alike, none of which has an article.
struct wanted_article {
    std::vector<std::string> tickets{}, words{}; ///< numbers, the oldest ticket first; the words that they share
    std::string subject{};                       ///< of the first
    std::chrono::seconds spent{};                ///< logged on them
};
BOOST_DESCRIBE_STRUCT(wanted_article, (), (tickets, words, subject, spent))

/// A published article that somebody is to look at.
struct stale_article {
    std::string article{}, title{}; ///< its number
    bool review_due = false;
    std::uint32_t helped = 0, helped_not = 0;
    double before = 0, lately = 0;  ///< see `article_drift`; 0 where too few tickets tell
    std::vector<std::string> why{}; ///< "review_due", "helped_not", "drifted"
};
BOOST_DESCRIBE_STRUCT(stale_article, (), (article, title, review_due, helped, helped_not, before, lately, why))

/// Two published articles that say much the same, and are no translations of each other.
struct duplicate_articles {
    std::string article{}, title{}, other{}, other_title{};
    double likeness = 0;
    std::vector<std::string> because{};
};
BOOST_DESCRIBE_STRUCT(duplicate_articles, (), (article, title, other, other_title, likeness, because))

struct knowledge_report {
    inquiry_figures portal{}, desk{};
    std::vector<unanswered_words> unanswered{}; ///< the most frequent first
    std::vector<rank_figures> ranks{};          ///< as far as anything was shown, ten at most
    judged_suggestions suggestions{};
    std::vector<wanted_article> wanted{}; ///< by tickets times hours spent; those without logged time by tickets
    std::vector<stale_article> stale{};
    std::vector<duplicate_articles> duplicates{}; ///< the likest first
};
BOOST_DESCRIBE_STRUCT(knowledge_report, (), (portal, desk, unanswered, ranks, suggestions, wanted, stale, duplicates))
GUICHET_DECL std::string encode(knowledge_report const& of);

/// The report for a viewer with the right `audit`, of what he sees. Reads the inquiries of the period and the resolved
/// tickets, the latest first, until `compared_max` without an article are found; some milliseconds for each ticket that
/// is judged or compared and for each article.
GUICHET_DECL result<knowledge_report> report_knowledge(desk const& of, finder const& in, viewer const& who,
                                                       knowledge_request const& asked = {});

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/knowledge.ipp>
#endif
