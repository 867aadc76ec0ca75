/// An article is written by one and shown in the browsers of many: a script in it acts in the name of every reader. The
/// snippets follow the ideas of the OWASP sheet on evading filters; each is tried bare and inside of other Markdown.
#include <guichet/text/markdown.hpp>
#include <guichet/text/utf8.hpp>
#include <security/repeated.hpp>

#include <doctest/doctest.h>
#include <gumbo.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using guichet::text::html_of_markdown;

namespace {

using names = std::set<std::string>;

std::map<std::string, names> const& allowed() {
    static names const none;
    static std::map<std::string, names> const all{{"p", none},
                                                  {"h1", none},
                                                  {"h2", none},
                                                  {"h3", none},
                                                  {"h4", none},
                                                  {"h5", none},
                                                  {"h6", none},
                                                  {"ul", none},
                                                  {"ol", {"start"}},
                                                  {"li", none},
                                                  {"pre", none},
                                                  {"code", none},
                                                  {"em", none},
                                                  {"strong", none},
                                                  {"blockquote", none},
                                                  {"del", none},
                                                  {"br", none},
                                                  {"hr", none},
                                                  {"table", none},
                                                  {"thead", none},
                                                  {"tbody", none},
                                                  {"tr", none},
                                                  {"html", none},
                                                  {"th", {"align"}},
                                                  {"td", {"align"}},
                                                  {"head", none},
                                                  {"body", none},
                                                  {"a", {"href", "title", "rel"}},
                                                  {"img", {"src", "alt", "title"}}};
    return all;
}

/// Where a browser would go: it passes over control characters and blanks that we would not.
std::string scheme_for_a_browser(std::string_view target) {
    std::string out;
    for (char const c : target) {
        if (static_cast<unsigned char>(c) <= 0x20)
            continue;
        if (c == ':')
            return out;
        if (c == '/' || c == '?' || c == '#' || c == '\\')
            return {};
        out += static_cast<char>(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    return {};
}

std::string problem_in(GumboNode const& node) {
    if (node.type == GUMBO_NODE_COMMENT || node.type == GUMBO_NODE_CDATA || node.type == GUMBO_NODE_TEMPLATE)
        return "a comment or a template";
    if (node.type != GUMBO_NODE_ELEMENT)
        return {};
    auto const& element = node.v.element;
    std::string const name = gumbo_normalized_tagname(element.tag);
    auto const known = allowed().find(name);
    if (known == allowed().end())
        return "<" + name + ">";
    for (unsigned i = 0; i < element.attributes.length; ++i) {
        auto const& attribute = *static_cast<GumboAttribute const*>(element.attributes.data[i]);
        if (!known->second.contains(attribute.name))
            return name + " " + attribute.name;
        std::string const which = attribute.name;
        if (which != "href" && which != "src")
            continue;
        static names const schemes{"", "http", "https", "mailto", "tel"};
        if (auto const scheme = scheme_for_a_browser(attribute.value); !schemes.contains(scheme))
            return which + " to " + scheme;
    }
    for (unsigned i = 0; i < element.children.length; ++i)
        if (auto found = problem_in(*static_cast<GumboNode const*>(element.children.data[i])); !found.empty())
            return found;
    return {};
}

/// What of it is not allowed, as a parser of HTML reads it; empty when nothing is.
std::string problem_in(std::string const& html) {
    auto const page = "<!DOCTYPE html><html><head></head><body>" + html + "</body></html>";
    auto* const parsed = gumbo_parse_with_options(&kGumboDefaultOptions, page.data(), page.size());
    auto out = problem_in(*parsed->root);
    gumbo_destroy_output(&kGumboDefaultOptions, parsed);
    return out;
}

std::vector<std::string> const hostile{
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<<script>alert(1);//<</script>",
    "<script src=//evil.example/.j",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"javascript:alert(1);\">",
    "<IMG SRC=`javascript:alert(\"x\")`>",
    "<img \"\"\"><script>alert(1)</script>\">",
    "<img src=\"jav\tascript:alert(1);\">",
    "<img src=\" &#14; javascript:alert(1);\">",
    "<img src=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    "<img/src/onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<math href=\"javascript:alert(1)\">x</math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=\"javascript:alert(1)\"></iframe>",
    "<iframe srcdoc=\"&lt;script>alert(1)&lt;/script>\">",
    "<object data=\"data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==\">",
    "<embed src=\"data:image/svg+xml;base64,PHN2Zy8+\">",
    "<link rel=stylesheet href=\"javascript:alert(1)\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<base href=\"javascript:alert(1);//\">",
    "<form action=\"javascript:alert(1)\"><input type=submit></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<div style=\"background:url(javascript:alert(1))\">x</div>",
    "<div style=\"width:expression(alert(1))\">x</div>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href=\"javascript:alert(1)\"?>",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<p onclick=alert(1)>x</p>",
    "<br onmouseover=alert(1)>",
    "<br/onmouseover=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](<java\tscript:alert(1)>)",
    "[x](java&Tab;script:alert(1))",
    "[x](java&NewLine;script:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](\xC2\xA0javascript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](DATA:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://evil.example/1)",
    "[x](view-source:javascript:alert(1))",
    "[x](feed:javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zy8+)",
    "![x\" onerror=\"alert(1)](https://example.org/a.png)",
    "![x](https://example.org/a.png\"onerror=\"alert(1))",
    "![<script>alert(1)</script>](x.png)",
    "![[y](javascript:alert(1))](javascript:alert(2))",
    "[x](https://example.org/\"onmouseover=\"alert(1))",
    "[x](https://example.org 'a\" onmouseover=\"alert(1)')",
    "[x](https://example.org \"&quot; onmouseover=&quot;alert(1)\")",
    "[a](/b\"><script>alert(1)</script>)",
    "`<script>alert(1)</script>`",
    "```\"><script>alert(1)</script>\n</code></pre><script>alert(1)</script>\n```",
    "    </pre><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "|a|\n|-|\n|<script>alert(1)</script>|",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\xC0\xBCscript\xC0\xBE"
    "alert(1)",
};

} // namespace

TEST_CASE("given Markdown with a script in it, when it is shown, then nothing but allowed elements comes out") {
    CHECK(hostile.size() >= 60);
    for (auto const& snippet : hostile)
        for (auto const& [before, after] : std::map<std::string, std::string>{{"", ""},
                                                                              {"> - ", "\n"},
                                                                              {"**a ", " b**"},
                                                                              {"[see ", "](https://example.org)"},
                                                                              {"![see ", "](/a.png \"t\")"},
                                                                              {"| a |\n|---|\n| ", " |"},
                                                                              {"<div title=\"", "\">"}}) {
            auto const html = html_of_markdown(before + snippet + after);
            CAPTURE(snippet);
            CAPTURE(html);
            CHECK(problem_in(html) == "");
        }
}

TEST_CASE("given pages that a script may enter by, when they are looked at, then the test itself finds them") {
    for (std::string const html :
         {"<script>1</script>", "<p onclick=x>", "<a href='javascript:x'>", "<a href=' java\tscript:x'>", "<!-- x -->",
          "<a href='https://a' style='x'>", "<svg>", "<img src='data:x'>", "<p><b>x</b></p>"})
        CHECK(problem_in(html) != "");
}

TEST_CASE("given whatever is typed, when it is shown, then nothing but allowed elements comes out") {
    static std::vector<std::string> const parts{"<",
                                                ">",
                                                "script",
                                                "</script>",
                                                "<img src=",
                                                "onerror=alert(1)",
                                                "\"",
                                                "'",
                                                "[",
                                                "]",
                                                "(",
                                                ")",
                                                "![",
                                                "](",
                                                "javascript:",
                                                "data:",
                                                "https://example.org/",
                                                "&colon;",
                                                "&#58;",
                                                "&lt;",
                                                "*",
                                                "**",
                                                "_",
                                                "~~",
                                                "`",
                                                "```",
                                                "\n",
                                                "\n\n",
                                                "    ",
                                                "\t",
                                                "> ",
                                                "- ",
                                                "1. ",
                                                "# ",
                                                "|",
                                                "\n|-|-|\n",
                                                "\\",
                                                "<br>",
                                                "<!--",
                                                "-->",
                                                "a",
                                                "é",
                                                "\xFF",
                                                std::string(1, '\0'),
                                                ":",
                                                "/",
                                                "[x]: ",
                                                "\xEE\x83\xB0",
                                                "%"};
    CHECK(rc::check("of parts", [] {
        auto const picked = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(parts));
        std::string markdown;
        for (auto const& part : picked)
            markdown += part;
        auto const html = html_of_markdown(markdown);
        RC_ASSERT(problem_in(html) == "");
        RC_ASSERT(!guichet::text::first_bad_byte(html));
    }));
    CHECK(rc::check("of bytes",
                    [](std::string const& markdown) { RC_ASSERT(problem_in(html_of_markdown(markdown)) == ""); }));
}

TEST_CASE("given Markdown that is made to be dear, when it is shown, then it comes, at a size in measure") {
    auto const links = "[a]: https://example.org/" + repeated("x", 10'000) + "\n\n" + repeated("[a] ", 1'000);
    for (auto const& markdown :
         {repeated("> ", 50'000) + "capot", repeated("- ", 20'000) + "capot", links, repeated("*a **b ", 20'000),
          repeated("[", 50'000),
          repeated("|a", 20'000) + "\n" + repeated("|-", 20'000) + "\n" + repeated("|x\n", 9'000)}) {
        auto const html = html_of_markdown(markdown);
        CHECK(html.size() <= 33 * markdown.size());
        CHECK(problem_in(html) == "");
    }
    CHECK(html_of_markdown(links).starts_with("<pre>"));
}
