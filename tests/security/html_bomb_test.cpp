#include <security/repeated.hpp>
#include <unit/engine/help_desk.hpp>

#include <doctest/doctest.h>

#include <sys/resource.h>

/// Nested HTML that a parser reads in quadratic time: 100 kB of <div> took seconds in a well-known one.
using namespace guichet;

namespace {

/// While it lives, the system ends the program (SIGXCPU) that works for so many seconds. What is counted is the work
/// of the processor for this program: the wall clock, and whatever else the machine does, play no part.
class work_bound {
public:
    explicit work_bound(rlim_t seconds_max) {
        rusage spent{};
        ::getrusage(RUSAGE_SELF, &spent);
        ::getrlimit(RLIMIT_CPU, &before_);
        auto bound = before_;
        bound.rlim_cur = static_cast<rlim_t>(spent.ru_utime.tv_sec + spent.ru_stime.tv_sec) + 1 + seconds_max;
        REQUIRE(::setrlimit(RLIMIT_CPU, &bound) == 0);
    }
    work_bound(work_bound const&) = delete;
    work_bound& operator=(work_bound const&) = delete;
    ~work_bound() { ::setrlimit(RLIMIT_CPU, &before_); }

private:
    rlimit before_{};
};

} // namespace

TEST_CASE("given HTML that is made to hang a parser, when it arrives, then it is read in the blink of an eye") {
    help_desk d;
    auto const id = d.opened(d.ana);
    for (auto const& html :
         {repeated("<div>", 190'000), repeated("<b><i>", 160'000), repeated("<table><tr><td>", 60'000),
          std::string(900'000, '<'), repeated("&amp;", 190'000), repeated("<!--", 200'000),
          repeated("<a href='", 100'000), "<script>" + std::string(900'000, 'x'),
          repeated("<svg><foreignObject>", 40'000), repeated("<template>", 90'000), repeated("</p>", 200'000)}) {
        CAPTURE(html.substr(0, 20));
        work_bound const blink{3};
        auto const r = d.act(d.ana, reply{.text = "", .html = html + "<p>end</p>"}, id);
        if (!r)
            CHECK(r.error().why() == reason::missing_field); // nothing was left to read
    }
    CHECK(d.sound());
}
