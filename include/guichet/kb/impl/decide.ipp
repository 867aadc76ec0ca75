#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/kb/contents.hpp>
#include <guichet/kb/decide.hpp>
#include <guichet/kb/evolve.hpp>
#include <guichet/model/impl/checks.ipp>
#include <guichet/text/template.hpp>
#include <guichet/text/utf8.hpp>

#include <algorithm>

namespace guichet::inline v0::kb {
namespace detail {
using namespace checks;

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

    // --- what it says

    result<void> decide(write_article const& c) {
        article wanted;
        if (c.revision_of) {
            GUICHET_LET(wanted, revision(c));
        } else
            each_member([&](auto, auto const& member) { member(wanted) = member(c); });
        GUICHET_TRY(check_title(wanted.title));
        GUICHET_TRY(check_text("source", c.source, limits::subject_bytes_max));
        GUICHET_TRY(settle(wanted, wanted.translation_of && !c.translates));
        article_written b;
        b.source = c.source;
        b.revision_of = c.revision_of;
        std::uint32_t no = 0;
        each_text_member([&](auto, auto const& member) {
            if (!member(wanted).empty())
                member(b) = {++no, member(wanted)};
        });
        each_plain_member([&](auto, auto const& member) { member(b) = member(wanted); });
        each_clearable_member([&](auto, auto const& member) { member(b) = member(wanted); });
        emit(std::move(b));
        if (c.publish)
            emit(article_published{});
        return {};
    }

    /// It begins as what it revises, but for what is given.
    result<article> revision(write_article const& c) const {
        auto const* const original = known_.revised;
        if (!original)
            return error{reason::article_not_found, {{"article", to_string(c.revision_of)}}};
        if (original->state != article_state::published)
            return error{reason::article_not_published, {{"article", original->number}}};
        if (c.publish || !c.source.empty())
            return error{reason::bad_value,
                         {{"path", c.publish ? "publish" : "source"},
                          {"value", c.publish ? "true" : c.source},
                          {"hint", "a revision waits, and has no name of its own elsewhere"}}};
        article out;
        each_member(
            [&](auto, auto const& member) { member(out) = is_empty(member(c)) ? member(*original) : member(c); });
        out.revises = c.revises ? c.revises : original->edition;
        GUICHET_TRY(check_revises(out.revises));
        return out;
    }
    result<void> check_revises(std::uint32_t edition) const {
        if (!known_.revised || edition == 0 || edition > known_.revised->edition)
            return error{reason::edition_not_found, {{"edition", std::to_string(edition)}}};
        return {};
    }

    result<void> decide(revise_article const& c) {
        if (c.revises)
            GUICHET_TRY(check_revises(*c.revises));
        auto wanted = a();
        each_member([&](auto, auto const& member) {
            if (member(c))
                member(wanted) = *member(c);
        });
        for (std::size_t i = 0; i < c.clear.size(); ++i)
            GUICHET_TRY(clear("clear[" + std::to_string(i) + "]", c.clear[i], wanted));
        GUICHET_TRY(settle(wanted, c.translation_of && !c.translates));
        return revise_to(wanted, 0);
    }
    static result<void> clear(std::string path, std::string const& named, article& in) {
        std::string known;
        bool found = false;
        each_clearable_member([&](std::string_view name, auto const& member) {
            known.append(known.empty() ? "" : ", ").append(name);
            if (name != named)
                return;
            found = true;
            make_empty(member(in));
        });
        if (!found)
            return error{reason::unknown_value, {{"path", std::move(path)}, {"value", named}, {"known", known}}};
        return {};
    }

    result<void> decide(restore_article const& c) {
        if (!known_.saved)
            return error{reason::edition_not_found, {{"edition", std::to_string(c.edition)}}};
        auto wanted = a();
        each_member([&](auto, auto const& member) { member(wanted) = member(*known_.saved); });
        return revise_to(wanted, c.edition);
    }

    /// What becomes of it is an event only where it differs.
    result<void> revise_to(article const& wanted, std::uint32_t restores) {
        if (a().state == article_state::archived)
            return error{reason::article_archived};
        if (wanted.title != a().title)
            GUICHET_TRY(check_title(wanted.title));
        article_revised b;
        auto no = a().texts;
        bool changes = false;
        auto const where_it_differs = [&](auto const& put) {
            return [&, put](std::string_view name, auto const& member) {
                if (member(wanted) == member(a()))
                    return;
                changes = true;
                put(name, member);
            };
        };
        each_text_member(where_it_differs([&](auto, auto const& member) {
            auto const& words = member(wanted);
            member(b) = words.empty() ? personal_text{} : personal_text{++no, words};
        }));
        each_plain_member(where_it_differs([&](auto, auto const& member) { member(b) = member(wanted); }));
        each_clearable_member(where_it_differs([&](std::string_view name, auto const& member) {
            if (is_empty(member(wanted)))
                b.cleared.emplace_back(name);
            else
                member(b) = member(wanted);
        }));
        if (!changes)
            return nothing();
        b.restores = restores;
        emit(std::move(b));
        return {};
    }
    template <class T>
    static bool is_empty(T const& value) {
        return value == T{};
    }

    /// Whether an article may say this; its lists come into order, and a translation learns the edition that it says.
    result<void> settle(article& wanted, bool present_edition) const {
        GUICHET_TRY(check_text("symptom", wanted.symptom, limits::message_bytes_max));
        GUICHET_TRY(check_text("body", wanted.body, limits::message_bytes_max));
        GUICHET_TRY(check_text("cause", wanted.cause, limits::message_bytes_max));
        GUICHET_TRY(check_text("workaround", wanted.workaround, limits::message_bytes_max));
        GUICHET_TRY(check_text("attached", wanted.attached, limits::message_bytes_max));
        GUICHET_TRY(check_text("language", wanted.language, limits::name_bytes_max));
        GUICHET_TRY(check_text("category", wanted.category, limits::name_bytes_max));
        GUICHET_TRY(check_text("fix_version", wanted.fix_version, limits::name_bytes_max));
        GUICHET_TRY(check_tags(wanted.tags));
        GUICHET_TRY(check_audience(wanted.audience));
        GUICHET_TRY(check_count("assets", wanted.assets.size(), limits::tags_max));
        GUICHET_TRY(check_names("assets", wanted.assets));
        GUICHET_TRY(check_count("see_also", wanted.see_also.size(), limits::tags_max));
        if (is_canned(wanted.kind))
            GUICHET_TRY(text::template_text::compile(wanted.body, known_.template_names, "body"));
        if (wanted.valid_from && wanted.valid_until && *wanted.valid_until <= *wanted.valid_from)
            return error{reason::validity_backwards};
        for (auto* names : {&wanted.tags, &wanted.audience, &wanted.assets})
            *names = sorted_unique(std::move(*names));
        std::sort(wanted.see_also.begin(), wanted.see_also.end());
        wanted.see_also.erase(std::unique(wanted.see_also.begin(), wanted.see_also.end()), wanted.see_also.end());
        return settle_translation(wanted, present_edition);
    }
    result<void> settle_translation(article& wanted, bool present_edition) const {
        auto const& before = *out_.after;
        if (!present_edition && wanted.translation_of == before.translation_of &&
            wanted.translates == before.translates)
            return {};
        if (!wanted.translation_of) {
            wanted.translates = 0;
            return {};
        }
        auto const* const original = known_.original;
        if (!original)
            return error{reason::article_not_found, {{"article", to_string(wanted.translation_of)}}};
        if (original->translation_of || original->id == out_.after->id)
            return error{reason::not_an_original, {{"article", original->number}}};
        if (present_edition)
            wanted.translates = original->edition;
        if (wanted.translates == 0 || wanted.translates > original->edition)
            return error{reason::edition_not_found, {{"edition", std::to_string(wanted.translates)}}};
        return {};
    }

    // --- its way to its readers

    result<void> decide(submit_article const& c) {
        if (a().state != article_state::draft && a().state != article_state::review)
            return error{reason::article_not_draft};
        if (c.reviewers.empty())
            return error{reason::missing_field, {{"path", "reviewers"}}};
        GUICHET_TRY(check_count("reviewers", c.reviewers.size(), limits::audiences_max));
        GUICHET_TRY(check_names("reviewers", c.reviewers));
        article_submitted b{sorted_unique(c.reviewers)};
        if (std::binary_search(b.reviewers.begin(), b.reviewers.end(), wish_.by.person))
            return error{reason::own_reviewer, {{"person", wish_.by.person}}};
        if (a().state == article_state::review && b.reviewers == a().reviewers)
            return nothing();
        emit(std::move(b));
        return {};
    }

    result<void> decide(return_article const& c) {
        if (a().state != article_state::review)
            return error{reason::article_not_in_review};
        GUICHET_LET(auto said, remark("reason", c.reason));
        emit(article_returned{std::move(said)});
        return {};
    }

    result<void> decide(publish_article const&) {
        if (a().revision_of)
            return publish_revision();
        if (a().state == article_state::published)
            return nothing();
        emit(article_published{});
        return {};
    }
    /// What it revises says what it says; itself it is done with.
    result<void> publish_revision() {
        auto const* const original = known_.revised;
        if (!original)
            return error{reason::article_not_found, {{"article", to_string(a().revision_of)}}};
        if (original->edition != a().revises)
            return error{reason::revision_outdated,
                         {{"article", original->number}, {"edition", std::to_string(original->edition)}}};
        auto wanted = *original;
        each_member([&](auto, auto const& member) { member(wanted) = member(a()); });
        wanted.revises = original->revises;
        decider on_original{original, wish_, known_};
        GUICHET_TRY(on_original.revise_to(wanted, 0));
        GUICHET_TRY(check_count("texts", on_original.a().texts, limits::texts_max));
        out_.revising = std::move(on_original.out_.events);
        out_.revised = std::move(on_original.out_.after);
        emit(article_archived{});
        return {};
    }

    result<void> decide(archive_article const&) {
        if (a().state == article_state::archived)
            return nothing();
        emit(article_archived{});
        return {};
    }

    // --- what readers say of it

    result<void> decide(rate_article const& c) {
        if (known_.rated == c.helped && c.why.empty())
            return nothing();
        GUICHET_LET(auto said, remark("why", c.why));
        emit(article_rated{c.helped, known_.rated, std::move(said)});
        return {};
    }
    result<void> decide(use_article const&) {
        emit(article_used{});
        return {};
    }
    result<personal_text> remark(std::string_view path, std::string const& words) {
        GUICHET_TRY(check_text(path, words, limits::text_field_bytes_max));
        return words.empty() ? personal_text{} : personal_text{a().texts + 1, words};
    }

    result<void> decide(redact_article const& c) {
        if (c.field.empty() && c.person.empty() && !c.earlier)
            return error{reason::missing_field, {{"path", "field"}}};
        if (!c.field.empty() && c.field != "remark" && !text_of(a(), c.field))
            return error{reason::unknown_value,
                         {{"path", "field"},
                          {"value", c.field},
                          {"known", "title, symptom, body, cause, workaround, attached, remark"}}};
        article_redacted b;
        for (auto const& text : known_.texts) {
            bool const present = is_present(text);
            if (text.erased || (!c.field.empty() && text.field != c.field) || spares(c, text) ||
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
    /// What others remarked is no part of what it said: only who names it, or its author, means it.
    static bool spares(redact_article const& c, known_text const& text) {
        return text.field == "remark" && c.field.empty() && c.person.empty();
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

GUICHET_DECL write_article article_of(ticket const& t, std::span<said const> conversation, draft_article const& wish) {
    write_article out;
    out.title = t.subject.empty() ? t.number : t.subject;
    out.category = t.category;
    out.tags = t.tags;
    out.language = wish.language;
    out.kind = wish.kind;
    out.body = t.resolution;
    out.cause = t.field_text("cause");
    out.workaround = t.field_text("workaround");
    if (!out.cause.empty() || !out.workaround.empty())
        out.problem = t.id;
    for (auto const& one : conversation) {
        if (one.text.empty())
            continue;
        if (one.side == side::requester && out.symptom.empty())
            out.symptom = one.text;
        else if (one.side == side::desk)
            out.body.append(out.body.empty() ? "" : "\n\n").append(one.text);
    }
    out.body = text::truncate(out.body, limits::message_bytes_max);
    return out;
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
