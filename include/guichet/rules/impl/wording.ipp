#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/rules/wording.hpp>
#include <guichet/text/html.hpp>
#include <guichet/text/language_tag.hpp>
#include <guichet/text/utf8.hpp>
#include <guichet/time/iso8601.hpp>

#include <algorithm>
#include <array>
#include <unordered_set>

namespace guichet::inline v0::rules {
namespace detail {

/// Fields of tickets that say nothing to who reads a message, or too much about others.
inline constexpr std::array unoffered{"tenant",   "priority_rank", "merged_into", "version", "texts",
                                      "watchers", "participants",  "age",         "idle"};

inline language spoken(std::string_view tag) {
    auto const known = text::lower_tag(tag);
    return known == "fr" || known.starts_with("fr-") ? language::fr : language::en;
}

template <class Definitions>
std::string_view label_of(Definitions const& definitions, std::string_view name, language lang) noexcept {
    for (auto const& d : definitions)
        if (d.name == name) {
            auto const& label = lang == language::fr ? d.label_fr : d.label_en;
            return label.empty() ? name : std::string_view{label};
        }
    return name;
}

inline error too_many(std::string path, std::size_t found, std::size_t limit) {
    return error{reason::limit_passed,
                 {{"path", std::move(path)}, {"found", std::to_string(found)}, {"limit", std::to_string(limit)}}};
}

/// Compiles one template document.
class template_compiler {
public:
    template_compiler(template_document const& written, std::span<std::string const> known)
        : written_{written}, known_{known}, here_{"template." + written.name} {}

    result<message_template> run() {
        message_template out{written_.name, {}};
        if (written_.languages.empty())
            return error{reason::missing_field, {{"path", here_ + ".languages"}}};
        if (written_.languages.size() > limits::languages_max)
            return too_many(here_ + ".languages", written_.languages.size(), limits::languages_max);
        for (std::size_t i = 0; i < written_.languages.size(); ++i) {
            GUICHET_LET(auto words, words_of(written_.languages[i], here_ + ".languages[" + std::to_string(i) + "]"));
            out.languages.push_back(std::move(words));
        }
        return out;
    }

private:
    result<template_words> words_of(template_language const& written, std::string const& at) {
        GUICHET_TRY(check_language(written.language, at + ".language"));
        if (written.text.empty() && written.html.empty())
            return error{reason::template_without_text, {{"path", at}}};
        template_words out{written.language, {}, {}, {}};
        GUICHET_LET(out.subject, text::template_text::compile(written.subject, known_, at + ".subject"));
        GUICHET_LET(out.text, text::template_text::compile(written.text, known_, at + ".text"));
        GUICHET_LET(out.html, text::template_text::compile(written.html, known_, at + ".html"));
        return out;
    }
    result<void> check_language(std::string const& language, std::string path) {
        if (language.empty())
            return error{reason::empty_text, {{"path", std::move(path)}}};
        if (language.size() > limits::name_bytes_max)
            return too_many(std::move(path), language.size(), limits::name_bytes_max);
        if (!languages_.insert(text::lower_tag(language)).second)
            return error{reason::named_twice, {{"path", std::move(path)}, {"value", language}}};
        return {};
    }

    template_document const& written_;
    std::span<std::string const> known_;
    std::string here_;
    std::unordered_set<std::string> languages_;
};

} // namespace detail

/// Writes the values of one ticket for one reader.
class template_set::filler {
public:
    filler(template_set const& set, ticket const& of, language lang, instant now, time::zone const& where)
        : set_{set}, record_{of, set.schema_}, lang_{lang}, now_{now}, where_{where} {}

    std::string value(std::string_view name) const {
        auto const found = set_.origins_.find(std::string{name});
        if (found == set_.origins_.end())
            return {};
        auto const [field, written] = found->second;
        if (written == form::now)
            return time::print_local(now_, where_, lang_);
        auto const shown = record_.get(field);
        if (auto const* text = std::get_if<std::string_view>(&shown))
            return words(field, *text, written);
        if (auto const* at = std::get_if<instant>(&shown))
            return time::print_local(*at, where_, lang_);
        if (auto const* truth = std::get_if<bool>(&shown))
            return *truth ? lang_ == language::fr ? "oui" : "yes" : "";
        if (auto const* list = std::get_if<std::span<std::string const>>(&shown))
            return joined(*list);
        return shown.index() == 0 ? std::string{} : expr::to_text(expr::to_literal(shown));
    }

private:
    std::string words(std::uint32_t field, std::string_view text, form written) const {
        if (written == form::label)
            return std::string{label(set_.schema_[field].name, text)};
        if (written == form::date)
            if (auto const date = time::read_date(text))
                return time::print_date(*date, lang_);
        auto const& known = set_.schema_[field];
        auto const at = std::find(known.choices.begin(), known.choices.end(), text) - known.choices.begin();
        if (static_cast<std::size_t>(at) >= known.choices_called.size())
            return std::string{text};
        auto const& called = known.choices_called[static_cast<std::size_t>(at)];
        return lang_ == language::fr ? called.fr : called.en;
    }
    /// As the lifecycle has it, not as it stands within a sentence.
    std::string_view label(std::string_view field, std::string_view name) const noexcept {
        auto const& l = set_.lifecycle_;
        return field == "kind"      ? detail::label_of(l.kinds, name, lang_)
               : field == "state"   ? detail::label_of(l.states, name, lang_)
               : field == "impact"  ? detail::label_of(l.impacts, name, lang_)
               : field == "urgency" ? detail::label_of(l.urgencies, name, lang_)
                                    : detail::label_of(l.priorities, name, lang_);
    }
    static std::string joined(std::span<std::string const> members) {
        std::string out;
        for (auto const& member : members)
            out.append(out.empty() ? "" : ", ").append(member);
        return out;
    }

    template_set const& set_;
    ticket_record record_;
    language lang_;
    instant now_;
    time::zone const& where_;
};

GUICHET_DECL void template_set::offer() {
    static constexpr std::array labelled{"kind", "state", "impact", "urgency", "priority"};
    auto const is_in = [](auto const& names, std::string_view name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    auto const put = [&](std::string name, origin from) {
        if (origins_.emplace(name, from).second)
            names_.push_back(std::move(name));
    };
    auto const [first_trend, first_custom] =
        std::pair{derived_ticket_fields().first_trend, derived_ticket_fields().first_custom};
    for (std::uint32_t i = 0; i < first_custom; ++i)
        if (auto const& name = schema_[i].name;
            !is_in(detail::unoffered, name) && (!schema_[i].related || i >= first_trend))
            put("ticket." + name, {i, is_in(labelled, name) ? form::label : form::of_type});
    for (std::uint32_t i = 0; i < lifecycle_.fields.size(); ++i)
        put("fields." + lifecycle_.fields[i].name,
            {first_custom + i, lifecycle_.fields[i].type == "date" ? form::date : form::of_type});
    put("now", {0, form::now});
}

GUICHET_DECL result<std::shared_ptr<template_set const>> template_set::compile(std::vector<template_document> documents,
                                                                               lifecycle_document const& lifecycle) {
    auto out = std::make_shared<template_set>();
    out->lifecycle_ = lifecycle;
    out->schema_ = ticket_schema(lifecycle);
    out->offer();
    if (documents.size() > limits::templates_max)
        return detail::too_many("template", documents.size(), limits::templates_max);
    for (auto const& written : documents) {
        GUICHET_LET(auto compiled, detail::template_compiler(written, out->names_).run());
        if (!out->by_name_.emplace(written.name, out->templates_.size()).second)
            return error{reason::named_twice, {{"path", "template"}, {"value", written.name}}};
        out->templates_.push_back(std::move(compiled));
    }
    return std::shared_ptr<template_set const>{std::move(out)};
}

GUICHET_DECL message_template const* template_set::find(std::string_view name) const noexcept {
    auto const found = by_name_.find(std::string{name});
    return found == by_name_.end() ? nullptr : &templates_[found->second];
}

GUICHET_DECL template_words const& template_set::in(message_template const& which, std::string_view language) {
    auto const& all = which.languages;
    auto const found = text::closest_language(all, language, [](auto const& words) { return words.language; });
    return found == all.end() ? all.front() : *found;
}

GUICHET_DECL text::template_text::lookup template_set::values(ticket const& of, std::string_view language, instant now,
                                                              time::zone const& where) const {
    return [fill = std::make_shared<filler>(*this, of, detail::spoken(language), now, where)](std::string_view name) {
        return fill->value(name);
    };
}

GUICHET_DECL result<wording> template_set::render(message_template const& which, ticket const& of,
                                                  std::string_view language, instant now,
                                                  time::zone const& where) const {
    auto const& words = in(which, language);
    auto const value_of = values(of, words.language, now, where);
    auto const here = "template." + which.name;
    wording out{words.language, {}, {}, {}};
    GUICHET_LET(auto subject, words.subject.render(value_of, text::escape::header, here + ".subject"));
    subject.erase(0, std::min(subject.find_first_not_of(' '), subject.size()));
    subject.resize(text::truncate(subject, limits::subject_bytes_max).size());
    subject.erase(subject.find_last_not_of(' ') + 1); // npos + 1 is 0
    out.subject = std::move(subject);
    GUICHET_LET(out.html, words.html.render(value_of, text::escape::html, here + ".html"));
    if (words.text.empty()) {
        GUICHET_LET(out.text, text::plain_text(out.html, here + ".html"));
    } else {
        GUICHET_LET(out.text, words.text.render(value_of, text::escape::plain, here + ".text"));
    }
    return out;
}

} // namespace guichet::inline v0::rules
