#include <guichet/search/index.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace search = guichet::search;
namespace text = guichet::text;
using search::clause;

namespace {

/// A query as it was understood: (a b) beside each other, [and a b], [or a b].
std::string shown(clause const& one, bool outermost = true) {
    std::string out = one.excluded ? "-" : one.required ? "+" : "";
    if (one.in)
        out += std::string{search::field_names[static_cast<std::size_t>(*one.in)]} + ':';
    if (one.is == clause::form::words)
        return out + (one.phrase ? '"' + one.text + '"' : one.text);
    std::string inner = one.is == clause::form::all ? "and" : one.is == clause::form::any ? "or" : "";
    for (auto const& part : one.parts)
        inner += (inner.empty() ? "" : " ") + shown(part, false);
    if (one.is == clause::form::group)
        return outermost && out.empty() ? inner : out + '(' + inner + ')';
    return out + '[' + inner + ']';
}

std::string read(std::string_view typed) { return shown(search::parse_query(typed)); }

std::string found(search::index const& in, std::string_view typed) {
    static search::viewer const all{{}, true};
    std::string out;
    for (auto const& hit : in.now().find({.text = typed, .who = all, .language = text::tongue::fr}).hits)
        out += (out.empty() ? "" : " ") + hit.id;
    return out;
}

search::index desk() {
    search::index out;
    for (auto const& [id, title] : {std::pair{"jam", "Imprimante bloquée par un bourrage"},
                                    {"net", "Imprimante absente du réseau"},
                                    {"vpn", "Le réseau privé VPN est lent"},
                                    {"scan", "Le scanner ne numérise plus"}}) {
        search::document one{.id = id, .kind = "article", .language = text::tongue::fr};
        one[search::field::title] = title;
        out.add(one);
    }
    return out;
}

} // namespace

TEST_CASE("given operators in capitals, when a query is read, then they bind: OR least, words side by side most") {
    CHECK(read("vpn AND lent") == "[and (vpn) (lent)]");
    CHECK(read("vpn ET lent") == "[and (vpn) (lent)]");
    CHECK(read("vpn AND lent OR wifi") == "[or [and (vpn) (lent)] (wifi)]");
    CHECK(read("vpn AND (lent OU coupé net)") == "[and (vpn) (lent coupé net)]");
    CHECK(read("imprimante SAUF réseau") == "[and (imprimante) -(réseau)]");
    CHECK(read("imprimante AND NOT réseau wifi") == "[and (imprimante) -(réseau wifi)]");
    CHECK(read("a OR -title:b OR \"c d\"") == "[or (a) (-title:b) (\"c d\")]");
    CHECK(read("a AND -(b OR c)") == "[and (a) (-(b c))]");
    CHECK(read("+vpn lent") == "+vpn lent");
    CHECK(read("+(a AND b) -(c d) e") == "+[and (a) (b)] -(c d) e");
}

TEST_CASE("given a sentence, when a query is read, then nothing binds by accident") {
    CHECK(read("impression ou numérisation impossible") == "impression ou numérisation impossible");
    CHECK(read("pas de son - ni d'image -sauf ici") == "pas de son - ni d'image sauf ici");
    CHECK(read("le \"gros\" bouton rouge (celui du bas) +1") == "le gros bouton rouge celui du bas 1");
    CHECK(read("imprimante(s) et scanner(s)") == "imprimante(s) et scanner(s)");
    CHECK(read("il affiche FILE NOT FOUND") == "il affiche FILE NOT FOUND");
    CHECK(read("IMPRIMANTE ET SCANNER NE MARCHENT PLUS") == "IMPRIMANTE ET SCANNER NE MARCHENT PLUS");
    CHECK(read("VPN AND DNS") == "[and (VPN) (DNS)]");
    CHECK(read("NOT FOUND") == "NOT FOUND");
}

TEST_CASE("given what makes no sense, when a query is read, then it is text") {
    CHECK(read("").empty());
    CHECK(read("AND").substr(0, 3) == "AND");
    CHECK(read("vpn AND") == "vpn AND");
    CHECK(read("OR vpn") == "OR vpn");
    CHECK(read("vpn AND OR lent") == "vpn AND lent");
    CHECK(read("a AND NOT") == "[and (a) (NOT)]");
    CHECK(read("a AND ()") == "[and (a) ()]");
    CHECK(read("((((").empty());
    CHECK(read(")) a (b") == "a b");
    CHECK(read("- + -- ++ a") == "- + -- ++ a");
    CHECK(read("title: a") == "title: a");
    CHECK(read("\"a b") == "\"a b\"");
    CHECK(read(std::string(100'000, '(') + "a" + std::string(100'000, ')')) == "a");
}

TEST_CASE("given articles, when operators are searched, then what binds decides and the rest gives the order") {
    auto const in = desk();
    CHECK(found(in, "imprimante ET réseau") == "net");
    CHECK(found(in, "imprimante SAUF réseau") == "jam");
    CHECK(found(in, "réseau AND NOT (imprimante OU scanner)") == "vpn");
    CHECK(found(in, "(imprimante ET bourrage) OU scanner") == "jam scan");
    CHECK(found(in, "+réseau imprimante") == "net vpn");
    CHECK(found(in, "imprimante ET chaise").empty());
    CHECK(found(in, "imprimnate OU scannre") == "scan net jam"); // OR binds nothing, so slips are mended
    CHECK(found(in, "réseau ET le") == "vpn net");               // a stop word demands nothing
}
