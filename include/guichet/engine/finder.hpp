#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/document_source.hpp>
#include <guichet/engine/reports.hpp>
#include <guichet/search/index.hpp>
#include <guichet/search/vectors.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0 {

/// A ticket, an article or a document of the host that was found, as its viewer sees it.
struct search_result {
    ticket_id ticket;                   ///< or none, and `article` or `document`
    std::string number, subject, state; ///< the subject is the title of what is no ticket; a document has no state
    double score = 0;                   ///< to be compared within one answer
    std::string snippet;                ///< HTML: the place that fits best, with `<mark>` around the words found
    std::vector<std::string> because;   ///< the words that told most, as the ticket has them; at most five
    article_id article{};
    article_id translation_of{};        ///< of an article
    std::string language{};             ///< of an article, as it says
    std::string document{};             ///< the host's own id, which is the number, too
    std::string kind{};                 ///< "ticket", "article" or that of a source
    std::optional<double> similarity{}; ///< of its vector to that of what was asked, where that is why it was found
};
struct search_results {
    std::vector<search_result> hits;
    std::string did_you_mean;          ///< what was typed with its unknown words corrected; empty: nothing to correct
    std::vector<search::facet> facets; ///< those asked for: how many have each value
};
GUICHET_DECL std::string encode(search_results const& found);

struct find_request {
    /// Never an error; see `search::parse_query`. What ends as the number of a ticket or an article does, from a hyphen
    /// on, or is `#` and its last digits, finds these first, the newest before the others.
    std::string_view typed;
    std::optional<text::tongue> language{}; ///< of what is typed; none: the finder's
    std::size_t top = 10;
    bool as_you_type = false; ///< the last word may be but a beginning
    /// A condition on tickets, as text or JSON, as in a `view`. What it says of state, status, open, kind, priority,
    /// queue, team, tier, assignee, category, channel, organisation, requester and tags the index answers; for the rest
    /// each ticket that would be found is read.
    std::string where{};
    std::vector<std::string> facets{}; ///< names of these fields, of `document` (the kind) or of attributes such as
                                       ///< `product.vendor`, to be counted among all that fits
    std::vector<std::string> kinds{};  ///< "ticket", "article", those of sources; none: all
    search::filter having{};           ///< by such names, `search::has("product.vendor", {"HP"})`
};

/// What may help with a ticket.
struct suggestions {
    std::vector<search_result> articles{};  ///< published, that its words find
    std::vector<search_result> solved;      ///< alike, and resolved or closed
    std::vector<search_result> duplicates;  ///< alike, and still open
    std::vector<search_result> documents{}; ///< of the host, that its words find
};
GUICHET_DECL std::string encode(suggestions const& some);

struct finder_options {
    text::tongue language = text::tongue::neutral; ///< of tickets whose field `language` says none, and of who asks
    search::synonyms synonym{};
    std::size_t merge_documents = 50'000; ///< that one `catch_up` merges at most, beside what it adds
    std::size_t keep_tickets = 256;       ///< changed since the index was kept, before `catch_up` keeps it again
    double likeness_min = 0.1; ///< of the score that a ticket gives itself: what has less is not called like it
    /// The host's knowledge of what texts mean; none: words alone are searched. With it the ranks by words and by
    /// vectors are fused (`search::fuse`), but for what is still being typed and for queries with syntax.
    search::embedding embed{};
    std::size_t embeds_max = 256; ///< documents that one `catch_up` lets it read at most
    double similarity_min = 0.3;  ///< what is less similar is not found by its vector; each model has its own
    /// What the host lets be found beside tickets and articles, by its kind: a word of a-z, 0-9, _ and -.
    std::map<std::string, std::shared_ptr<document_source>> sources{};
};

/// Whether an article still speaks as its tickets do: the share of a ticket's own score that its words give the
/// article, on average over the older and over the later half of the tickets that it helped.
struct article_drift {
    article_id article{};
    double before = 0, lately = 0;
};

/// How well articles are suggested, judged by the desk's own outcomes.
struct suggestion_quality {
    std::uint64_t judged = 0;           ///< tickets
    std::uint64_t first = 0;            ///< of these, with an article that helped in the first place
    std::uint64_t in_ten = 0;           ///< with one among the first ten
    double ndcg = 0;                    ///< nDCG@10 (Jarvelin and Kekalainen 2002), the mean of all that were judged
    std::vector<article_drift> drift{}; ///< of articles with at least ten of these tickets
};

/// How the part of a finder fares that rests on the host.
struct finder_health {
    std::size_t vectors = 0; ///< documents that have one
    std::size_t waiting = 0; ///< documents without one yet, found by their words alone
    /// Texts whose embedding threw or gave a vector that does not fit, documents that were refused, and questions that
    /// a source did not answer.
    std::size_t failures = 0;
    std::optional<error> last_failure{};
};

/// Finds the tickets of a desk by their words: subjects, conversations, resolutions and tags; and the published
/// articles by theirs, and by what was said in resolved tickets that they helped. It follows the log of the store, so
/// that it knows of everything that was committed, whoever wrote it. Everybody finds what he may see: the same tickets
/// as in a view, in internal notes only with the right `see_internal`, the articles of his audience, and these by words
/// of tickets only who sees all of those, and the documents of the host by their audience; what he may not see changes
/// neither scores nor suggestions (`search::snapshot`). Any thread.
///
/// The index is in memory. `catch_up` keeps it in the store, and the next finder of the same language begins with what
/// is kept and reads on in the log; where nothing is kept, or anything of it is damaged or of another version, it reads
/// the whole log, for the same answers. Texts that were erased are not kept: no byte of them is left.
class finder {
public:
    /// Of a desk that lives longer.
    GUICHET_DECL explicit finder(desk const& of, finder_options options = {});
    GUICHET_DECL ~finder();
    GUICHET_DECL finder(finder&&) noexcept;
    GUICHET_DECL finder& operator=(finder&&) noexcept;

    /// Reads what was written since, of all tenants, merges, and keeps the index in the store when enough changed; call
    /// it where `pump` is called, so that nobody waits for it. How many tickets and articles changed. Every search does
    /// the reading, but nothing else, by itself. In a store that is read only nothing is kept.
    /// Also embeds what waits for it, holding no lock meanwhile; after one failure the rest waits for the next call,
    /// and a document that failed three times until its text changes.
    GUICHET_DECL result<std::size_t> catch_up();
    GUICHET_DECL finder_health health() const;

    /// The tickets, articles and documents that fit best. Costs a read of each that is found.
    GUICHET_DECL result<search_results> find(find_request const& asked, viewer const& who) const;
    /// Words that begin as the text ends, of what the viewer sees.
    GUICHET_DECL result<std::vector<std::string>> complete(std::string_view typed, viewer const& who,
                                                           std::size_t top = 8) const;
    /// The tickets that are most like one: by its subject, what was said first, and its tags.
    GUICHET_DECL result<search_results> similar(ticket_id to, viewer const& who, std::size_t top = 10) const;
    /// What may help with a ticket: articles, and similar tickets by what became of them. `top` of each.
    GUICHET_DECL result<suggestions> suggest(ticket_id to, viewer const& who, std::size_t top = 5) const;

    /// What `suggest` would have said of tickets that an article helped: each resolved ticket of a period that is
    /// linked to published articles, the latest `tickets_max`, is asked for as it was when it was new, with these
    /// articles as the right answer. The index is as it stands, but without what the link itself gave the article: the
    /// ticket's words and one use. An article that was drafted from the ticket is no answer to it, and vectors are not
    /// asked. Needs the right `audit`. Costs some milliseconds a ticket, in a copy of the index that shares its bytes.
    GUICHET_DECL result<suggestion_quality> judge(viewer const& who, report_period const& period = {},
                                                  std::size_t tickets_max = 1'000) const;

private:
    struct implementation;
    struct judgement;
    std::unique_ptr<implementation> impl_;
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/finder.ipp>
#include <guichet/engine/impl/judge.ipp>
#endif
