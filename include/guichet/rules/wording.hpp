#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/expr/schema.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/ticket.hpp>
#include <guichet/text/template.hpp>
#include <guichet/time/zone.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// What rules and people of the desk write again and again: templates, filled in for a ticket and a reader.
namespace guichet::inline v0::rules {

/// A template in one language, compiled.
struct template_words {
    std::string language;
    text::template_text subject, text, html;
};

/// A template, compiled: the first language is the default.
struct message_template {
    std::string name;
    std::vector<template_words> languages;
};

/// What somebody gets to read.
struct wording {
    std::string language; ///< of the template, as its document has it
    std::string subject;  ///< one line of at most `subject_bytes_max`, without blanks at its ends
    std::string text;     ///< plain text; of a template that has html alone, made of it
    std::string html;     ///< empty where the template has none
    friend bool operator==(wording const&, wording const&) = default;
};

/// All templates of a desk, checked against the names that its tickets offer. Immutable; share it between threads.
///
/// Names are `ticket.<field>` for what tickets hold (`ticket.number`, `ticket.state`, `ticket.due_at`, `ticket.tags`,
/// ...), `fields.<name>` for the administrator's own fields, and `now`. Values are written for people: kinds, states,
/// impacts, urgencies and priorities by their label in the lifecycle, instants and dates in words, lists with commas,
/// and what is true or false as "yes" ("oui") or nothing at all, so that a section can ask for it.
class template_set {
public:
    /// Errors have a path such as `template.welcome.languages[1].text, line 2, column 7`. At most `templates_max`, of
    /// `languages_max` languages each.
    GUICHET_DECL static result<std::shared_ptr<template_set const>> compile(std::vector<template_document> documents,
                                                                            lifecycle_document const& lifecycle);

    GUICHET_DECL message_template const* find(std::string_view name) const noexcept;
    std::span<message_template const> templates() const noexcept { return templates_; }
    /// The names that templates may use.
    std::vector<std::string> const& names() const noexcept { return names_; }

    /// The template in a language: exactly that one, else without its last subtag ("fr-CA", then "fr"), else the
    /// template's first. Case does not matter.
    GUICHET_DECL static template_words const& in(message_template const& which, std::string_view language);

    /// What the names say of a ticket, in French for French (`fr`, `fr-CA`) and else in English. Points to the set, the
    /// ticket and the zone: keep them as long.
    GUICHET_DECL text::template_text::lookup values(ticket const& of, std::string_view language, instant now,
                                                    time::zone const& where) const;

    /// Fills a template of this set in for a ticket; `where` is the zone of the dates. French words for French
    /// (`fr`, `fr-CA`), English ones for all other languages. `limit_passed` at `template.<name>.text` and its like
    /// beyond `rendered_bytes_max`. Linear in what comes out.
    GUICHET_DECL result<wording> render(message_template const& which, ticket const& of, std::string_view language,
                                        instant now, time::zone const& where = {}) const;

private:
    enum class form : std::uint8_t { of_type, label, date, now };
    /// Where the value of a name comes from.
    struct origin {
        std::uint32_t field = 0; ///< in the schema
        form written = form::of_type;
    };
    class filler;

    GUICHET_DECL void offer();

    std::vector<message_template> templates_;
    std::unordered_map<std::string, std::size_t> by_name_;
    std::vector<std::string> names_;
    std::unordered_map<std::string, origin> origins_;
    lifecycle_document lifecycle_;
    expr::schema schema_;
};

} // namespace guichet::inline v0::rules

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/rules/impl/wording.ipp>
#endif
