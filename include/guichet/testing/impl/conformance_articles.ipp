#pragma once
#include <guichet/model/codec.hpp>
#include <guichet/testing/impl/conformance_world.ipp>

/// Articles stand beside tickets in one log.
namespace guichet::inline v0::testing::conformance {

inline article blank_article(std::uint64_t n, std::string tenant = "main") {
    article a;
    a.id = storage::article_in_log(numbered_id(500 + n));
    a.tenant = std::move(tenant);
    a.number = "KB-2026-" + std::to_string(100'000 + n);
    a.title = "L'imprimante \"bourre\" \u00e0 l'\u00e9tage " + std::to_string(n);
    a.symptom = "Une feuille reste prise";
    a.body = "# Bourrage\n\n1. *Ouvrir* le capot\n2. `tirer` la feuille\n";
    a.language = "fr";
    a.category = "hardware/printer";
    a.tags = {"bourrage", "papier"};
    a.audience = {"public", "team:\u00e9tage"};
    a.source = "imprimantes/" + std::to_string(n) + ".md";
    a.author = "chlo\u00e9";
    a.created_at = a.updated_at = monday + std::chrono::minutes{n};
    return a;
}

/// Writes an article with one event, which brings a text.
inline result<void> put_article(storage::unit_of_work& work, article const* before, article& after) {
    storage::stored_event e;
    auto const head = work.head();
    e.seq = head.seq + 1;
    e.tenant = after.tenant;
    e.ticket = storage::in_log(after.id);
    e.version = ++after.version;
    e.at = after.updated_at;
    e.type = static_cast<std::uint32_t>(before ? type_number(article_revised{}) : type_number(article_written{}));
    e.actor = after.author;
    e.body = "{}";
    e.hash = hasher{}.add(head.hash).add(e.seq).finish();
    storage::text_record text;
    text.ticket = e.ticket;
    text.no = ++after.texts;
    text.seq = e.seq;
    text.role = storage::text_role::body;
    text.at = e.at;
    text.author = e.actor;
    text.body = after.body;
    text.salt.fill(std::byte{7});
    return work.append(storage::article_change{before, std::make_shared<article const>(after), {&e, 1}, {&text, 1}});
}

inline article written(clerk& c, article a, article const* before = nullptr) {
    auto const work = c.begin();
    put_article(*work, before, a).value();
    work->commit().value();
    return a;
}

inline void articles_come_back_whole(clerk& c, report& r) {
    c.open();
    auto a = blank_article(1);
    auto const work = c.begin();
    put_article(*work, nullptr, a).value();
    auto const seen = work->load_article("main", a.id).value();
    r.check(seen && *seen == a, "the unit does not see the article that it wrote");
    r.check(work->find_article("main", a.number).value() == a.id, "the unit does not find its article by number");
    r.check(!c.store->load_article("main", a.id).value(), "an article is seen before the commit");
    auto const first = a;
    a.title = "Autrement";
    a.links = 2;
    a.tickets = {numbered_id(3), numbered_id(4)};
    a.state = article_state::published;
    put_article(*work, &first, a).value();
    work->commit().value();
    auto const kept = c.store->load_article("main", a.id).value();
    r.check(kept && *kept == a, "the article differs");
    c.open();
    auto const history = c.store->read_history(storage::in_log(a.id)).value();
    r.check(history.size() == 2 && history[0].version == 1 && history[1].version == 2 && history[1].tenant == "main" &&
                history[1].ticket == storage::in_log(a.id),
            "the history of the article differs");
    auto const texts = c.store->read_texts(storage::in_log(a.id)).value();
    r.check(texts.size() == 2 && texts[1].role == storage::text_role::body && texts[1].body == a.body &&
                texts[1].ticket == storage::in_log(a.id),
            "the texts of the article differ");
    auto const log = c.store->read_log(0, 100).value();
    r.check(log.size() == 4 && log[1] == history[0] && log[2] == history[1], "the log differs from the history");
    r.check(c.store->read_texts_between(2, 3).value() == texts, "the texts of the log differ");
    auto const sizes = c.store->stats().value();
    r.check(sizes.tickets == 2 && sizes.articles == 1 && sizes.events == 4, "the sizes differ");
    r.check(!c.store->load("main", storage::in_log(a.id)).value(), "an article is a ticket");
    r.check(c.store->check().has_value(), "the store is not sound");
}

inline void articles_are_listed_by_number(clerk& c, report& r) {
    std::vector<article> all;
    for (std::uint64_t n : {3, 1, 5, 2, 4})
        all.push_back(written(c, blank_article(n)));
    auto const theirs = written(c, [] {
        auto a = blank_article(9, "other");
        a.number = "KB-2026-100003";
        return a;
    }());
    std::sort(all.begin(), all.end(), [](article const& a, article const& b) { return a.number < b.number; });
    std::vector<article> listed;
    for (std::string after;;) {
        auto const page = c.store->articles("main", after, 2).value();
        if (page.empty())
            break;
        for (auto const& a : page)
            listed.push_back(*a);
        after = page.back()->number;
    }
    r.check(listed == all, "the list differs");
    auto const other = c.store->articles("other", "", 10).value();
    r.check(other.size() == 1 && *other[0] == theirs, "the list of the other tenant differs");
    r.check(c.store->articles("nobody", "", 10).value().empty(), "a tenant without articles has some");
    r.check(c.store->find_article("other", "KB-2026-100003").value() == theirs.id, "the number leads elsewhere");
    r.check(!c.store->find_article("nobody", "KB-2026-100003").value(), "a number is seen across the wall");
    r.check(!c.store->load_article("main", theirs.id).value(), "an article is seen across the wall");
}

inline void an_old_article_is_refused(clerk& c, report& r) {
    auto const first = written(c, blank_article(1));
    auto const second = written(c, first, &first);
    auto late = first;
    r.refused(put_article(*c.begin(), &first, late), reason::version_conflict);
    auto again = blank_article(1, "other");
    r.refused(put_article(*c.begin(), nullptr, again), reason::article_exists);
    auto none = blank_article(2);
    none.version = 1;
    auto const before = none;
    r.refused(put_article(*c.begin(), &before, none), reason::version_conflict);
    r.check(*c.store->load_article("main", first.id).value() == second, "a refused change was written");
}

inline void translations_are_found(clerk& c, report& r) {
    c.open();
    auto const original = written(c, blank_article(1));
    auto english = blank_article(3), dutch = blank_article(2), theirs = blank_article(4, "other");
    for (auto* one : {&english, &dutch, &theirs}) {
        one->translation_of = original.id;
        *one = written(c, *one);
    }
    auto const expect = [&](auto& from, std::vector<article> const& wanted, std::string const& what) {
        auto const found = from.translations("main", original.id).value();
        r.check(std::equal(found.begin(), found.end(), wanted.begin(), wanted.end(),
                           [](auto const& row, article const& a) { return *row == a; }),
                what);
    };
    expect(*c.store, {dutch, english}, "the translations are not those of the tenant, by number");
    auto const before = english;
    auto const work = c.begin();
    english.translation_of = {};
    put_article(*work, &before, english).value();
    expect(*work, {dutch}, "the unit takes for a translation what is none any more");
    expect(*c.store, {dutch, before}, "a translation is gone before the commit");
    work->commit().value();
    c.open();
    expect(*c.store, {dutch}, "what is no translation any more is found as one");
    r.check(c.store->translations("nobody", original.id).value().empty(), "translations are seen across the wall");
}

inline void an_article_that_is_given_up_leaves_no_trace(clerk& c, report& r) {
    c.open();
    auto const a = written(c, blank_article(1));
    auto const before = picture::of(*c.store);
    {
        auto const work = c.begin();
        auto other = blank_article(2), changed = a;
        put_article(*work, nullptr, other).value();
        changed.title = "Changed";
        put_article(*work, &a, changed).value();
    }
    r.check(picture::of(*c.store).difference(before).empty(), "something was written");
}

inline void a_text_of_an_article_is_erased(clerk& c, report& r) {
    c.open();
    auto a = blank_article(1);
    storage::receipt const given{command_number(1), "main", hash(bytes_of("content")), storage::in_log(a.id), 2, 2};
    {
        auto const work = c.begin();
        put_article(*work, nullptr, a).value();
        work->put_receipt(given).value();
        work->put_piece("words", std::vector<std::uint8_t>{1, 2}).value();
        work->commit().value();
    }
    auto const before = c.store->read_texts(storage::in_log(a.id)).value();
    auto const other = written(c, blank_article(2));
    {
        auto const work = c.begin();
        auto after = a;
        after.body.clear();
        after.version = 2;
        auto const head = work->head();
        storage::stored_event e;
        e.seq = head.seq + 1;
        e.tenant = "main";
        e.ticket = storage::in_log(a.id);
        e.version = 2;
        e.at = a.updated_at;
        e.type = static_cast<std::uint32_t>(type_number(article_redacted{}));
        e.actor = "eva";
        e.body = "{}";
        e.hash = hasher{}.add(head.hash).add(e.seq).finish();
        std::uint32_t const gone[] = {1};
        work->append(storage::article_change{&a, std::make_shared<article const>(after), {&e, 1}, {}, gone}).value();
        r.check(work->load_texts(storage::in_log(a.id)).value().front().erased, "the unit still reads what it erased");
        work->commit().value();
    }
    auto const texts = c.store->read_texts(storage::in_log(a.id)).value();
    r.check(texts.size() == 1 && texts[0].erased && texts[0].body.empty(), "the text is still there");
    r.check(texts.size() == 1 && texts[0].print == storage::text_print(before.at(0)), "its print changed");
    r.check(!c.store->read_texts(storage::in_log(other.id)).value().at(0).erased, "another article lost its text");
    r.check(c.begin()->find_receipt("main", given.id).value()->print == digest{}, "a receipt still has its print");
    r.check(c.store->piece_names().value().empty(), "a piece is left");
}

inline void receipts_of_articles_are_kept(clerk& c, report& r) {
    c.open();
    auto a = blank_article(1);
    storage::receipt const given{command_number(1), "main", hash(bytes_of("content")), storage::in_log(a.id), 2, 2};
    {
        auto const work = c.begin();
        put_article(*work, nullptr, a).value();
        work->put_receipt(given).value();
        work->commit().value();
    }
    r.check(c.begin()->find_receipt("main", given.id).value() == given, "the receipt differs");
}

} // namespace guichet::inline v0::testing::conformance
