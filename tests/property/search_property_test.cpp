/// The index against a scan that knows nothing of segments, blocks and bounds: the same documents, in the same order,
/// with the same scores, whatever was added, replaced, removed and merged, and whoever looks.
#include "property/dice.hpp"

#include <guichet/search/impl/segment.ipp>
#include <guichet/search/index.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace {

using namespace guichet;
using namespace play;
using search::fields;

/// The score of every visible document, by the formulas of BM25F.
class scan {
public:
    std::map<std::string, search::document> all;

    std::vector<search::hit> find(std::vector<std::string> const& words, search::viewer const& who, std::size_t top) {
        collect(who);
        std::map<std::string, double> weights;
        for (auto const& word : words)
            weights[word] += weights.contains(word) ? 0.5 : 1;
        std::vector<search::hit> out;
        for (auto const& [id, seen] : seen_) {
            std::uint64_t score = 0;
            for (auto const& [word, weight] : weights)
                score += points(seen, word, weight);
            if (score > 0)
                out.push_back(
                    {id, all[id].kind, std::floor(static_cast<double>(score) * prior(all[id]) + 0.5) / (1 << 20)});
        }
        std::ranges::sort(out, [](search::hit const& a, search::hit const& b) {
            return a.score != b.score ? a.score > b.score : a.id < b.id;
        });
        if (out.size() > top)
            out.resize(top);
        return out;
    }

    std::optional<instant> now;

private:
    double prior(search::document const& of) const {
        using std::chrono::days;
        auto const used = static_cast<double>(search::length_of(search::length_byte(of.used)));
        double fresh = 0;
        if (of.changed && now) {
            auto const age = std::chrono::floor<days>(*now) - std::chrono::floor<days>(*of.changed);
            fresh = rank_.fresh *
                    std::exp2(-static_cast<double>(std::max<std::int64_t>(age.count(), 0)) / rank_.fresh_days);
        }
        return 1 + fresh + (used > 0 ? rank_.helpful * used / (used + rank_.helpful_half) : 0);
    }

    struct seen_document {
        std::map<std::string, std::array<int, fields>> counts;
        std::array<double, fields> lengths{};
    };

    void collect(search::viewer const& who) {
        text::analyser analyser{text::tongue::neutral};
        seen_.clear();
        having_.clear();
        averages_ = have_ = {};
        for (auto const& [id, one] : all) {
            bool sees = who.sees_all;
            for (auto const& key : who.keys)
                sees = sees || std::ranges::find(one.audience, key) != one.audience.end();
            if (!sees)
                continue;
            auto& seen = seen_[id];
            auto const lead = !one.texts[0].empty() ? 0U : !one.texts[1].empty() ? 1U : 2U;
            std::array<std::uint32_t, fields> length{};
            for (std::size_t f = 0; f < fields; ++f)
                for (auto const& t : analyser.analyse(one.texts[f])) {
                    ++seen.counts[std::string{t.term}][f], ++length[f];
                    if (f > 0 && f == lead && length[f] <= search::lead_words)
                        ++seen.counts[std::string{t.term}][0], ++length[0];
                }
            for (std::size_t f = 0; f < fields; ++f) {
                seen.lengths[f] = search::length_of(search::length_byte(length[f]));
                averages_[f] += seen.lengths[f];
                have_[f] += seen.lengths[f] > 0;
            }
            for (auto const& [term, counts] : seen.counts)
                ++having_[term];
        }
        for (std::size_t f = 0; f < fields; ++f)
            averages_[f] /= std::max(have_[f], 1.0);
    }

    std::uint32_t points(seen_document const& in, std::string const& word, double weight) {
        auto const at = in.counts.find(word);
        if (at == in.counts.end())
            return 0;
        auto const n = static_cast<double>(seen_.size()), df = static_cast<double>(having_[word]);
        std::array<double, fields> share{};
        double strength = 0;
        for (std::size_t f = 0; f < fields; ++f)
            if (at->second[f] > 0) {
                share[f] = averages_[f] > 0 ? 1 / (1 - rank_.b[f] + rank_.b[f] * in.lengths[f] / averages_[f]) : 1;
                strength += at->second[f] * (rank_.weight[f] * share[f]);
            }
        auto value = strength / (rank_.k1 + strength);
        if (at->second[0] > 0)
            value += rank_.title * (at->second[0] * share[0]) / (rank_.k_title + at->second[0] * share[0]);
        auto const w = weight * std::log(1 + (n - df + 0.5) / (df + 0.5));
        return static_cast<std::uint32_t>(w * (value / (1 + rank_.title)) * (1 << 20) + 0.5);
    }

    search::ranking rank_;
    std::map<std::string, seen_document> seen_;
    std::map<std::string, int> having_;
    std::array<double, fields> averages_{}, have_{}; ///< of the documents that have the field, and how many do
};

std::string word(dice& chance) {
    // Some words are common, most are rare.
    auto const number = chance.below(1 + chance.below(chance.percent(50) ? 8 : 60));
    return "w" + std::string(1, static_cast<char>('a' + number % 26)) + std::string(number / 26, 'x');
}

std::string words(dice& chance, int most) {
    std::string out;
    for (int i = chance.between(0, most); i > 0; --i)
        out += word(chance) + " ";
    return out;
}

search::document any_document(dice& chance, std::size_t ids) {
    search::document out{.id = "d" + std::to_string(chance.below(ids)), .kind = "article"};
    for (std::size_t f = 0; f < fields; ++f)
        if (chance.percent(60))
            out.texts[f] = words(chance, f == 2 ? 40 : 6);
    for (auto const* key : {"a", "b", "c"})
        if (chance.percent(50))
            out.audience.emplace_back(key);
    for (auto const* name : {"state", "tag", "tag", "tagged"})
        if (chance.percent(60))
            out.attributes.push_back({name, std::to_string(chance.below(4))});
    if (chance.percent(40))
        out.changed = instant{std::chrono::days{20'000 + chance.below(900)}};
    if (chance.percent(40))
        out.used = static_cast<std::uint32_t>(chance.below(1 + chance.below(300)));
    return out;
}

search::filter any_filter(dice& chance, int depth) {
    if (depth == 0 || chance.percent(40)) {
        std::vector<std::string> values;
        for (int i = chance.between(0, 2); i > 0; --i)
            values.push_back(std::to_string(chance.below(5)));
        static std::vector<std::string> const names{"state", "tag", "tagged", "document", "none"};
        return search::has(chance.pick(names), chance.percent(5) ? std::vector<std::string>{"article"} : values);
    }
    std::vector<search::filter> parts;
    for (int i = chance.between(0, 3); i > 0; --i)
        parts.push_back(any_filter(chance, depth - 1));
    auto const form = chance.below(3);
    return form == 0 ? search::all_of(parts) : form == 1 ? search::any_of(parts) : search::none_of(parts);
}

bool holds(search::filter const& of, search::document const& one) {
    auto const each = [&](search::filter const& part) { return holds(part, one); };
    switch (of.is) {
    case search::filter::form::all: return std::ranges::all_of(of.parts, each);
    case search::filter::form::any: return std::ranges::any_of(of.parts, each);
    case search::filter::form::none: return std::ranges::none_of(of.parts, each);
    case search::filter::form::has: break;
    }
    return std::ranges::any_of(of.values, [&](std::string const& value) {
        return std::ranges::find(one.attributes, search::attribute{of.name, value}) != one.attributes.end() ||
               (of.name == "document" && value == one.kind);
    });
}

void compare(search::index const& in, scan& naive, dice& chance) {
    static std::vector<search::viewer> const viewers{{{}, true}, {{"a"}}, {{"b", "c"}}, {{"nobody"}}};
    auto const now = in.now();
    auto const& who = chance.pick(viewers);
    std::vector<std::string> asked;
    std::string typed;
    for (int i = chance.between(1, 6); i > 0; --i)
        typed += (asked.emplace_back(word(chance))) + " ";
    auto const top = chance.percent(30) ? 1'000 : 1 + chance.below(12);
    naive.now =
        chance.percent(70) ? std::optional{instant{std::chrono::days{20'000 + chance.below(1'000)}}} : std::nullopt;
    auto const want = naive.find(asked, who, top);
    for (bool const prunes : {true, false}) {
        auto const got =
            now.find({.text = typed, .who = who, .top = top, .now = naive.now, .fuzzy = false, .prunes = prunes}).hits;
        CAPTURE(typed);
        REQUIRE(got.size() == want.size());
        for (std::size_t i = 0; i < want.size(); ++i) {
            REQUIRE(got[i].id == want[i].id);
            REQUIRE(got[i].score == want[i].score);
        }
    }
    std::vector<search::filter> lists;
    for (int i = chance.between(1, 3); i > 0; --i)
        lists.push_back(any_filter(chance, 1));
    double const least = want.empty() || chance.percent(50) ? 0 : chance.pick(want).score;
    auto const read = now.read({.text = typed, .who = who, .now = naive.now, .fuzzy = false});
    auto const lists_got = read.find(top, lists, least);
    REQUIRE(lists_got.size() == lists.size());
    for (std::size_t n = 0; n < lists.size(); ++n) {
        auto rest = naive.find(asked, who, naive.all.size());
        std::erase_if(rest, [&](auto const& one) { return one.score < least || !holds(lists[n], naive.all[one.id]); });
        auto const& got = lists_got[n].hits;
        REQUIRE(got.size() == std::min(rest.size(), top));
        for (std::size_t i = 0; i < got.size(); ++i) {
            REQUIRE(got[i].id == rest[i].id);
            REQUIRE(got[i].score == rest[i].score);
            REQUIRE(read.explain(got[i].id)->score == got[i].score);
        }
    }
    if (!want.empty()) {
        auto const why =
            now.explain({.text = typed, .who = who, .top = top, .now = naive.now, .fuzzy = false}, want[0].id);
        REQUIRE(why);
        REQUIRE(why->score == want[0].score);
    }
}

} // namespace

TEST_CASE("given any changes and merges, when anybody searches, then the index answers as a scan does") {
    for (auto const seed : seeds(12)) {
        CAPTURE(seed);
        dice chance{seed};
        search::index_options options;
        options.keeps_texts = chance.percent(50);
        search::index in{std::move(options)};
        scan naive;
        auto const ids = std::size_t{10} << chance.below(8);
        for (int step = 0; step < 60; ++step) {
            auto const deed = chance.below(10);
            if (deed < 6) {
                std::vector<search::document> some(chance.percent(20) ? 300 : 1 + chance.below(3));
                for (auto& one : some)
                    naive.all[(one = any_document(chance, ids)).id] = one;
                in.add(some);
            } else if (deed < 8) {
                auto const id = "d" + std::to_string(chance.below(ids));
                REQUIRE(in.remove(id) == (naive.all.erase(id) > 0));
            } else {
                in.merge(chance.below(3'000));
            }
            compare(in, naive, chance);
        }
        while (in.merge(1'000'000)) {
        }
        for (int i = 0; i < 20; ++i)
            compare(in, naive, chance);
        REQUIRE(in.now().size({{}, true}).documents == naive.all.size());
    }
}

TEST_CASE("given any text, when it is searched, then there is an answer and never an error") {
    static std::vector<std::string> const pieces{"\"",       "-",
                                                 "title:",   "body:",
                                                 " ",        "\n",
                                                 "--",       "tags:\"",
                                                 "wa",       "wbx",
                                                 "\xC3",     "\xFF",
                                                 "'",        "l'",
                                                 "qu\u2019", "\u65E5\u672C",
                                                 "/etc",     "C++",
                                                 "0x80",     ":",
                                                 "AbCd",     "\xE2\x80",
                                                 "*",        "(",
                                                 "AND",      std::string(1, '\0'),
                                                 " OR ",     " NOT ",
                                                 " SAUF ",   ")",
                                                 "+",        " ET ("};
    for (auto const seed : seeds(20)) {
        CAPTURE(seed);
        dice chance{seed};
        search::index in;
        std::vector<search::document> some(40);
        for (auto& one : some) {
            one = any_document(chance, 100);
            one.language = static_cast<text::tongue>(chance.below(text::tongues));
            for (int i = chance.between(0, 20); i > 0; --i)
                one.texts[0] += chance.pick(pieces);
        }
        in.add(some);
        auto const now = in.now();
        for (int i = 0; i < 60; ++i) {
            std::string typed;
            for (int n = chance.between(0, 12); n > 0; --n)
                typed +=
                    chance.percent(10) ? std::string(1, static_cast<char>(chance.below(256))) : chance.pick(pieces);
            search::viewer const who{{"a"}, chance.percent(50)};
            search::request const asked{.text = typed,
                                        .who = who,
                                        .language = static_cast<text::tongue>(chance.below(text::tongues)),
                                        .as_you_type = chance.percent(50)};
            auto const got = now.find(asked);
            for (auto const& hit : got.hits)
                CHECK(now.explain(asked, hit.id)->score == hit.score);
            now.suggest(typed, who);
        }
    }
}

namespace {

/// All that somebody gets.
std::string everything(search::snapshot const& now, search::viewer const& who, std::string const& typed) {
    std::string out;
    search::request const asked{.text = typed, .who = who, .top = 20, .as_you_type = true};
    auto const got = now.find(asked);
    for (auto const& hit : got.hits) {
        out += hit.id + ' ' + hit.kind + ' ' + std::to_string(hit.score) + '\n';
        auto const why = now.explain(asked, hit.id);
        for (auto const& share : why ? why->shares : std::vector<search::share>{})
            out += share.term + ' ' + std::to_string(share.having) + ' ' + std::to_string(share.documents) + '\n';
    }
    out += got.did_you_mean + '\n';
    for (auto const& one : now.suggest(typed, who))
        out += one + ' ';
    static std::vector<std::string> const names{"document", "state", "secret"};
    for (auto const& one : now.facets(asked, names))
        for (auto const& [value, documents] : one.values)
            out += one.name + value + std::to_string(documents);
    auto closed = asked;
    closed.where = search::none_of({search::has("state", {"open", "hidden"})});
    for (auto const& hit : now.find(closed).hits)
        out += hit.id;
    search::document like{.id = "new", .kind = "ticket"};
    like.texts[2] = typed;
    for (auto const& hit : now.similar(like, who).hits)
        out += hit.id;
    return out + std::to_string(now.size(who).documents);
}

} // namespace

TEST_CASE("given documents that a viewer may not see, when they come, change and go, then nothing he gets changes") {
    for (auto const seed : seeds(10)) {
        CAPTURE(seed);
        dice chance{seed};
        search::index seen, all;
        search::viewer const who{{"a"}};
        for (int step = 0; step < 40; ++step) {
            std::vector<search::document> open, hidden;
            for (int i = chance.between(1, 6); i > 0; --i) {
                auto one = any_document(chance, 40);
                bool const may = std::ranges::find(one.audience, "a") != one.audience.end();
                one.language = chance.percent(50) ? text::tongue::en : text::tongue::fr;
                one.id += may ? "" : "-hidden";
                one.attributes = {{"state", may ? chance.percent(50) ? "open" : "closed" : "hidden"}};
                if (!may)
                    one.attributes.push_back({"secret", word(chance)});
                if (chance.percent(30))
                    one.texts[2] += may ? " printing" : " printer prints secretly";
                (may ? open : hidden).push_back(one);
            }
            seen.add(open);
            all.add(hidden);
            all.add(open);
            if (chance.percent(30))
                all.remove("d" + std::to_string(chance.below(40)) + "-hidden");
            if (chance.percent(20))
                all.merge(1'000);
            auto const typed = words(chance, 4) + (chance.percent(50) ? "prin" : "secretyl");
            REQUIRE(everything(seen.now(), who, typed) == everything(all.now(), who, typed));
        }
    }
}

TEST_CASE("given an index as bytes, when any of them changes, then it is found or nothing breaks") {
    for (auto const seed : seeds(6)) {
        CAPTURE(seed);
        dice chance{seed};
        search::index in;
        std::vector<search::document> some(300);
        for (auto& one : some)
            one = any_document(chance, 1'000);
        in.add(some);
        in.remove(some[0].id);
        auto const pieces = in.now().pieces();
        REQUIRE(search::index::open({}, pieces).has_value());
        for (int i = 0; i < 200; ++i) {
            auto bytes = *pieces[0].bytes;
            auto gone = pieces[0].gone;
            bool const in_gone = chance.percent(10);
            if (chance.percent(10))
                bytes.resize(chance.below(bytes.size()));
            else if (in_gone)
                gone[chance.below(gone.size())] ^= static_cast<std::uint8_t>(1 + chance.below(255));
            else
                bytes[chance.below(bytes.size())] ^= static_cast<std::uint8_t>(1 + chance.below(255));
            auto const held = std::make_shared<std::vector<std::uint8_t>>(bytes);
            REQUIRE_FALSE(search::index::open({}, {{pieces[0].name, held, gone}}).has_value());
            // With a checksum that was made to fit, it is refused or read with care.
            if (bytes.size() < 16)
                continue;
            for (int more = chance.between(0, 5); more > 0; --more)
                bytes[16 + chance.below(bytes.size() - 16)] = static_cast<std::uint8_t>(chance.below(256));
            auto const sum = search::detail::checksum_of(std::span{bytes}.subspan(16));
            std::memcpy(bytes.data() + 8, &sum, 8);
            auto forged =
                search::index::open({}, {{0, std::make_shared<std::vector<std::uint8_t>>(bytes), pieces[0].gone}});
            if (!forged)
                continue;
            everything(forged->now(), search::viewer{{"a"}}, words(chance, 5) + "w");
            everything(forged->now(), search::viewer{{}, true}, words(chance, 5) + "wa");
            forged->add(some[1]);
            while (forged->merge(100'000)) {
            }
        }
    }
}

TEST_CASE(
    "given a small index as bytes, when any one byte is flipped, then it is refused, or read with care if forged") {
    search::index in;
    std::vector<search::document> some;
    for (int i = 0; i < 5; ++i) {
        auto& one = some.emplace_back(search::document{
            .id = "ticket-" + std::to_string(i), .kind = i % 2 ? "ticket" : "article", .audience = {"a"}});
        one.language = i % 2 ? text::tongue::en : text::tongue::fr;
        one[search::field::title] = "printing printers print " + std::string(i % 2 ? "HDFS-1234" : "imprimante");
        one[search::field::body] = "the printer of the network prints nothing, imprimer ne marche pas";
        one.attributes = {{"state", i % 2 ? "open" : "closed"}};
        one.used = static_cast<std::uint32_t>(i);
    }
    in.add(some);
    auto const whole = in.now().pieces().at(0);
    for (std::size_t at = 0; at < whole.bytes->size(); ++at)
        for (unsigned const flip : {1U << at % 8, 0xFFU}) {
            CAPTURE(at);
            CAPTURE(flip);
            auto bytes = *whole.bytes;
            bytes[at] ^= static_cast<std::uint8_t>(flip);
            auto const as_piece = [&] {
                return search::piece{whole.name, std::make_shared<std::vector<std::uint8_t>>(bytes), {}};
            };
            REQUIRE_FALSE(search::index::open({}, {as_piece()}).has_value());
            if (at < 16)
                continue;
            auto const sum = search::detail::checksum_of(std::span{bytes}.subspan(16));
            std::memcpy(bytes.data() + 8, &sum, 8);
            auto forged = search::index::open({}, {as_piece()});
            if (!forged)
                continue;
            everything(forged->now(), search::viewer{{"a"}}, "imprimante HDFS-1234 pritner pri");
            forged->add(some[1]);
            while (forged->merge(100)) {
            }
            everything(forged->now(), search::viewer{{}, true}, "imprimer prints");
        }
}

namespace {

/// A query with operators, and what it says of a document, by its own account.
struct question {
    enum class form { word, group, all, any } is = form::word;
    std::string text{};
    char sign = ' '; ///< '+', '-' or none
    std::vector<question> parts{};

    std::string typed() const {
        std::string out = sign == ' ' ? "" : std::string(1, sign);
        if (is == form::word)
            return out + text;
        std::string inner;
        for (auto const& part : parts)
            inner += (inner.empty() ? "" : is == form::all ? " AND " : is == form::any ? " OU " : " ") + part.typed();
        return is == form::group ? inner : out + '(' + inner + ')';
    }

    void wanted(std::vector<std::string>& out) const {
        if (sign == '-')
            return;
        if (is == form::word)
            out.push_back(text);
        for (auto const& part : parts)
            part.wanted(out);
    }

    bool holds(std::set<std::string> const& words, bool outermost) const {
        auto const each = [&](question const& part) { return part.holds(words, false); };
        bool out = true;
        if (is == form::word)
            out = words.contains(text);
        else if (is == form::all)
            out = std::ranges::all_of(parts, each);
        else if (is == form::any)
            out = std::ranges::any_of(parts, each);
        else
            out = group_holds(words, outermost);
        return sign == '-' ? !out : out;
    }

private:
    bool group_holds(std::set<std::string> const& words, bool outermost) const {
        bool positive = outermost, any_loose = false, has_loose = false;
        for (auto const& part : parts) {
            bool const binds = part.is != form::word || part.sign != ' ';
            if (binds && !part.holds(words, false))
                return false;
            positive = positive || (binds && part.sign != '-');
            has_loose = has_loose || !binds;
            any_loose = any_loose || (!binds && words.contains(part.text));
        }
        return positive || !has_loose || any_loose;
    }
};

question any_group(dice& chance, int depth);

/// With AND somewhere, so that it binds wherever it stands.
question any_all(dice& chance, int depth) {
    question out{.is = question::form::all};
    for (int i = chance.between(2, 3); i > 0; --i)
        out.parts.push_back(any_group(chance, depth - 1));
    if (chance.percent(30)) {
        question other{.is = question::form::any};
        other.parts = {any_group(chance, depth - 1), std::move(out)};
        return other;
    }
    return out;
}

question any_group(dice& chance, int depth) {
    question out{.is = question::form::group};
    for (int i = chance.between(1, 3); i > 0; --i) {
        auto part = depth > 0 && chance.percent(25) ? any_all(chance, depth) : question{.text = word(chance)};
        part.sign = " +-  "[chance.below(5)];
        out.parts.push_back(std::move(part));
    }
    return out;
}

/// The facets are those of the hits.
void count_all(std::vector<search::facet> const& facets, std::vector<search::hit> const& hits,
               std::map<std::string, search::document>& all) {
    for (auto const& facet : facets) {
        std::map<std::string, std::size_t> want, got;
        for (auto const& hit : hits) {
            std::set<std::string> values;
            for (auto const& [name, value] : all[hit.id].attributes)
                if (name == facet.name && values.insert(value).second)
                    ++want[value];
        }
        for (auto const& [value, documents] : facet.values)
            got[value] = documents;
        REQUIRE(got == want);
    }
}

std::set<std::string> words_in(search::document const& of) {
    std::set<std::string> out;
    text::analyser analyser{text::tongue::neutral};
    for (auto const& one : of.texts)
        for (auto const& t : analyser.analyse(one))
            out.emplace(t.term);
    return out;
}

} // namespace

TEST_CASE(
    "given operators, signs, groups and filters, when they are searched, then what a scan lets through is found") {
    std::size_t some = 0;
    for (auto const seed : seeds(12)) {
        CAPTURE(seed);
        dice chance{seed};
        search::index in;
        scan naive;
        for (int i = 0; i < 6; ++i) {
            std::vector<search::document> more(1 + chance.below(120));
            for (auto& one : more)
                naive.all[(one = any_document(chance, 400)).id] = one;
            in.add(more);
        }
        std::map<std::string, std::set<std::string>> terms;
        for (auto const& [id, one] : naive.all)
            terms[id] = words_in(one);
        search::viewer const who{{"a"}, chance.percent(30)};
        for (int i = 0; i < 40; ++i) {
            auto const asked = chance.percent(80) ? any_all(chance, 2) : any_group(chance, 2);
            std::vector<std::string> wanted;
            asked.wanted(wanted);
            if (wanted.size() > 18)
                continue;
            auto typed = asked.typed();
            if (asked.is != question::form::group)
                typed = typed.substr(1, typed.size() - 2);
            else if (typed.find(" AND ") == std::string::npos)
                continue; // signs alone: see the sentences of the unit tests
            CAPTURE(typed);
            auto const where = chance.percent(50) ? any_filter(chance, 2) : search::filter{};
            auto const odd = [](std::string_view id) { return id.back() % 2 == 1; };
            bool const picks = chance.percent(20);
            auto want = naive.find(wanted, who, 1'000'000);
            std::erase_if(want, [&](search::hit const& one) {
                return !asked.holds(terms[one.id], true) || !holds(where, naive.all[one.id]) || (picks && !odd(one.id));
            });
            search::request wish{.text = typed, .who = who, .where = where, .fuzzy = false};
            if (picks)
                wish.accepts = odd;
            count_all(in.now().facets(wish, std::vector<std::string>{"state", "tag"}), want, naive.all);
            auto const top = chance.percent(30) ? 1'000 : 1 + chance.below(12);
            if (want.size() > top)
                want.resize(top);
            some += want.size();
            wish.top = top;
            for (bool const prunes : {true, false}) {
                wish.prunes = prunes;
                auto const got = in.now().find(wish).hits;
                REQUIRE(got.size() == want.size());
                for (std::size_t k = 0; k < want.size(); ++k) {
                    REQUIRE(got[k].id == want[k].id);
                    REQUIRE(got[k].score == want[k].score);
                }
            }
        }
    }
    CHECK(some > 1'000);
}

TEST_CASE("given any postings of a term, when they are written and read, then they are the same wherever one looks") {
    namespace detail = search::detail;
    auto const value = [](detail::posting const& one) { return (one.shape % 7 + 1) / 8.0; };
    for (auto const seed : seeds(40)) {
        CAPTURE(seed);
        dice chance{seed};
        auto const documents = static_cast<std::uint32_t>(1 + chance.below(10'000));
        auto const share = chance.between(1, 100);
        std::vector<detail::posting> want;
        for (std::uint32_t doc = 0; doc < documents; ++doc)
            if (doc + 1 == documents || chance.percent(share))
                want.push_back({doc, chance.percent(70) ? 0U : static_cast<std::uint32_t>(chance.below(1'000)),
                                static_cast<std::uint32_t>(chance.below(chance.percent(80) ? 3 : 1U << 24))});
        std::vector<std::uint8_t> bytes(chance.below(5));
        auto const offset = static_cast<std::uint32_t>(bytes.size());
        std::array<std::vector<detail::posting>, 2> rooms;
        detail::write_term(bytes, want, documents, rooms, value);
        bytes.resize(bytes.size() + 8);
        detail::posting_store const store{bytes, documents, 1'023};
        auto const term = detail::read_term(store, offset);
        REQUIRE(term.count == want.size());
        REQUIRE(detail::count_of(store, offset) == want.size());
        detail::cursor all{store, term}, some{store, term};
        for (auto const& one : want) {
            REQUIRE(all.doc() == one.doc);
            REQUIRE(all.shape() == one.shape);
            REQUIRE(all.forms() == one.forms);
            all.advance();
        }
        REQUIRE(all.ended());
        for (std::size_t i = 0; i < want.size(); i += 1 + chance.below(300)) {
            some.seek(want[i].doc);
            REQUIRE(some.doc() == want[i].doc);
            REQUIRE(some.forms() == want[i].forms);
        }
        for (auto const& list : {term.others, term.plain})
            for (detail::list_cursor c{store, list}; c.doc() != detail::none; c.advance()) {
                auto const here = value({c.doc(), c.shape()});
                REQUIRE(here <= c.value_within(c.doc(), c.doc() + 1));
                REQUIRE(here <= c.value_max());
            }
    }
}
