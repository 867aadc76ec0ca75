#include <unit/engine/help_desk.hpp>

#include <chrono>

#include <doctest/doctest.h>

/// Nested HTML that a parser reads in quadratic time: 100 kB of <div> took seconds in a well-known one.
using namespace guichet;

namespace {

std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    out.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i)
        out += part;
    return out;
}

} // namespace

TEST_CASE("given HTML that is made to hang a parser, when it arrives, then it is read in the blink of an eye") {
    help_desk d;
    auto const id = d.opened(d.ana);
    for (auto const& html :
         {repeated("<div>", 190'000), repeated("<b><i>", 160'000), repeated("<table><tr><td>", 60'000),
          std::string(900'000, '<'), repeated("&amp;", 190'000), repeated("<!--", 200'000),
          repeated("<a href='", 100'000), "<script>" + std::string(900'000, 'x'),
          repeated("<svg><foreignObject>", 40'000), repeated("<template>", 90'000), repeated("</p>", 200'000)}) {
        auto const before = std::chrono::steady_clock::now();
        auto const r = d.act(d.ana, reply{.text = "", .html = html + "<p>end</p>"}, id);
        auto const took = std::chrono::steady_clock::now() - before;
        CAPTURE(html.substr(0, 20));
        CHECK(took < std::chrono::seconds{5});
        if (!r)
            CHECK(r.error().why() == reason::missing_field); // nothing was left to read
    }
    CHECK(d.sound());
}
