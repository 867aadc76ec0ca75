#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/kb/decide.hpp>
#include <guichet/kb/evolve.hpp>
#include <guichet/model/impl/checks.ipp>

#include <algorithm>

namespace guichet::inline v0::kb {
namespace detail {
using namespace checks;

/// Keys that say who may read: a word of their own, or one with the name of somebody.
inline result<void> check_audience(std::vector<std::string> const& keys) {
    GUICHET_TRY(check_count("audience", keys.size(), limits::audiences_max));
    GUICHET_TRY(check_names("audience", keys));
    for (std::size_t i = 0; i < keys.size(); ++i) {
        auto const& key = keys[i];
        auto const names = [&](std::string_view prefix) {
            return key.size() > prefix.size() && key.starts_with(prefix);
        };
        if (key != "public" && key != "staff" && !names("role:") && !names("team:") && !names("organisation:"))
            return error{reason::unknown_value,
                         {{"path", "audience[" + std::to_string(i) + "]"},
                          {"value", key},
                          {"known", "public, staff, role:NAME, team:NAME, organisation:NAME"}}};
    }
    return {};
}

inline result<void> check_title(std::string const& title) {
    if (title.find_first_not_of(" \t\r\n") == std::string::npos)
        return error{reason::missing_field, {{"path", "title"}}};
    return check_text("title", title, limits::subject_bytes_max);
}

inline result<void> check_tags(std::vector<std::string> const& tags) {
    GUICHET_TRY(check_count("tags", tags.size(), limits::tags_max));
    return check_names("tags", tags);
}

/// Works out one command: one overload each, collecting events on a copy of the article.
class decider {
public:
    decider(article const* state, command const& wish, facts const& known)
        : wish_{wish}, known_{known}, now_{state ? std::max(known.now, state->updated_at) : known.now} {
        out_.after = state ? std::make_shared<article>(*state) : std::make_shared<article>();
    }

    result<decision> run() {
        GUICHET_TRY(admit());
        auto const outcome = std::visit([this](auto const& body) { return decide(body); }, wish_.body);
        if (!outcome)
            return outcome.error();
        GUICHET_TRY(check_count("texts", a().texts, limits::texts_max));
        return std::move(out_);
    }

private:
    article& a() { return *out_.after; }
    static error nothing() { return error{reason::nothing_to_do}; }

    result<void> admit() {
        GUICHET_TRY(check_text("by.person", wish_.by.person, limits::name_bytes_max));
        GUICHET_TRY(check_text("by.tenant", wish_.by.tenant, limits::name_bytes_max));
        if (wish_.expected_version && *wish_.expected_version != a().version)
            return error{
                reason::version_conflict,
                {{"expected", std::to_string(*wish_.expected_version)}, {"current", std::to_string(a().version)}}};
        return {};
    }

    void emit(event_body body) {
        auto& e = out_.events.emplace_back();
        e.tenant = wish_.by.tenant;
        e.article = a().version ? a().id : known_.fresh;
        e.version = a().version + 1;
        e.at = now_;
        e.actor = wish_.by.person;
        e.body = std::move(body);
        apply(a(), e);
    }

    result<void> decide(write_article const& c) {
        GUICHET_TRY(check_title(c.title));
        GUICHET_TRY(check_text("symptom", c.symptom, limits::message_bytes_max));
        GUICHET_TRY(check_text("body", c.body, limits::message_bytes_max));
        GUICHET_TRY(check_text("language", c.language, limits::name_bytes_max));
        GUICHET_TRY(check_text("category", c.category, limits::name_bytes_max));
        GUICHET_TRY(check_text("source", c.source, limits::subject_bytes_max));
        GUICHET_TRY(check_tags(c.tags));
        GUICHET_TRY(check_audience(c.audience));
        article_written b;
        std::uint32_t no = 0;
        auto const numbered = [&](std::string const& text) {
            return text.empty() ? personal_text{} : personal_text{++no, text};
        };
        b.title = numbered(c.title);
        b.symptom = numbered(c.symptom);
        b.body = numbered(c.body);
        b.language = c.language;
        b.category = c.category;
        b.tags = sorted_unique(c.tags);
        b.audience = sorted_unique(c.audience);
        b.source = c.source;
        emit(std::move(b));
        if (c.publish)
            emit(article_published{});
        return {};
    }

    result<void> decide(revise_article const& c) {
        if (a().state == article_state::archived)
            return error{reason::article_archived};
        if (c.title)
            GUICHET_TRY(check_title(*c.title));
        GUICHET_TRY(check_text("symptom", c.symptom.value_or(""), limits::message_bytes_max));
        GUICHET_TRY(check_text("body", c.body.value_or(""), limits::message_bytes_max));
        GUICHET_TRY(check_text("language", c.language.value_or(""), limits::name_bytes_max));
        GUICHET_TRY(check_text("category", c.category.value_or(""), limits::name_bytes_max));
        if (c.tags)
            GUICHET_TRY(check_tags(*c.tags));
        if (c.audience)
            GUICHET_TRY(check_audience(*c.audience));
        article_revised b;
        auto no = a().texts;
        bool changes = false;
        auto const reword = [&](std::optional<personal_text>& into, std::optional<std::string> const& wanted,
                                std::string const& present) {
            if (!wanted || *wanted == present)
                return;
            into = wanted->empty() ? personal_text{} : personal_text{++no, *wanted};
            changes = true;
        };
        auto const change = [&](auto& into, auto const& wanted, auto const& present) {
            if (!wanted || *wanted == present)
                return;
            into = wanted;
            changes = true;
        };
        auto const sorted = [](std::optional<std::vector<std::string>> const& names) {
            return names ? std::optional{sorted_unique(*names)} : std::nullopt;
        };
        reword(b.title, c.title, a().title);
        reword(b.symptom, c.symptom, a().symptom);
        reword(b.body, c.body, a().body);
        change(b.language, c.language, a().language);
        change(b.category, c.category, a().category);
        change(b.tags, sorted(c.tags), a().tags);
        change(b.audience, sorted(c.audience), a().audience);
        if (!changes)
            return nothing();
        emit(std::move(b));
        return {};
    }

    result<void> decide(publish_article const&) {
        if (a().state == article_state::published)
            return nothing();
        emit(article_published{});
        return {};
    }

    result<void> decide(archive_article const&) {
        if (a().state == article_state::archived)
            return nothing();
        emit(article_archived{});
        return {};
    }

    result<void> decide(redact_article const& c) {
        if (c.field.empty() && c.person.empty() && !c.earlier)
            return error{reason::missing_field, {{"path", "field"}}};
        if (!c.field.empty() && !text_of(a(), c.field))
            return error{reason::unknown_value,
                         {{"path", "field"}, {"value", c.field}, {"known", "title, symptom, body"}}};
        article_redacted b;
        for (auto const& text : known_.texts) {
            bool const present = is_present(text);
            if (text.erased || (!c.field.empty() && text.field != c.field) ||
                (!c.person.empty() && text.author != c.person) || (c.earlier && present))
                continue;
            b.texts.push_back(text.no);
            if (present)
                b.fields.emplace_back(text.field);
        }
        if (b.texts.empty())
            return error{reason::already_redacted};
        emit(std::move(b));
        return {};
    }
    /// Whether it is what the article says now: the latest of its field, unless that was emptied.
    bool is_present(known_text const& text) {
        auto const* said = text_of(a(), text.field);
        return said && !said->empty() && std::none_of(known_.texts.begin(), known_.texts.end(), [&](auto const& other) {
                   return other.field == text.field && other.no > text.no;
               });
    }

    /// Of a ticket; `lifecycle::decide` decides these.
    template <class Wish>
        requires(!article_command<Wish>)
    result<void> decide(Wish const&) { return nothing(); }

    command const& wish_;
    facts const& known_;
    instant now_;
    decision out_;
};

} // namespace detail

GUICHET_DECL result<decision> decide(article const* state, command const& wish, facts const& known) {
    return detail::decider{state, wish, known}.run();
}

GUICHET_DECL article_id id_of_source(std::string_view tenant, std::string_view source) {
    auto const print = hasher{}.add_sized("article").add_sized(tenant).add_sized(source).finish();
    article_id out;
    std::copy_n(print.begin(), out.bytes.size(), out.bytes.begin());
    out.bytes[6] = (out.bytes[6] & std::byte{0x0f}) | std::byte{0x80}; // version 8 of RFC 9562: made otherwise
    out.bytes[8] = (out.bytes[8] & std::byte{0x3f}) | std::byte{0x80};
    return out;
}

} // namespace guichet::inline v0::kb
