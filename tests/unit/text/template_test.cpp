#include <guichet/base/limits.hpp>
#include <guichet/text/template.hpp>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include <map>

namespace text = guichet::text;
namespace limits = guichet::limits;
using guichet::language;
using guichet::reason;
using text::escape;
using text::template_text;

namespace {

using values = std::map<std::string, std::string, std::less<>>;

std::vector<std::string> const& known() {
    static std::vector<std::string> const names{"ticket.number",   "ticket.subject",     "ticket.requester",
                                                "ticket.assignee", "fields.cost centre", "fields.r\u00E9gion"};
    return names;
}

guichet::result<template_text> compile(std::string_view source) {
    return template_text::compile(source, known(), "template.welcome.text");
}

guichet::error refused(std::string_view source) {
    auto const got = compile(source);
    REQUIRE_FALSE(got.has_value());
    return got.error();
}

/// What the requester reads.
std::string shown(std::string_view source, values const& of, escape kind = escape::plain) {
    auto const value_of = [&](std::string_view name) {
        auto const found = of.find(name);
        return found == of.end() ? std::string{} : found->second;
    };
    return compile(source).value().render(value_of, kind).value();
}

std::string escaped(std::string_view value, escape kind) {
    std::string out;
    text::append_escaped(out, value, kind);
    return out;
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string out;
    while (times-- > 0)
        out += part;
    return out;
}

} // namespace

TEST_CASE("given an acknowledgement, when it is rendered, then the ticket's values stand in it") {
    values const ticket{{"ticket.number", "INC-1"}, {"ticket.requester", "Marie"}, {"fields.cost centre", "C-100"}};
    CHECK(shown("Hello {{ticket.requester}}, this is {{ ticket.number }}.", ticket) == "Hello Marie, this is INC-1.");
    CHECK(shown("{{fields.cost centre}}{{fields.r\u00E9gion}}", ticket) == "C-100");
    CHECK(shown("", ticket).empty());
    CHECK(shown("a { brace } }} stays", ticket) == "a { brace } }} stays");
    CHECK(shown("{{ticket.number}}}", ticket) == "INC-1}");
    CHECK(template_text{}.render({}, escape::plain).value().empty());
    CHECK(template_text{}.empty());
    CHECK(template_text{}.names().empty());
}

TEST_CASE("given sections, when a value is there or not, then the right words are shown") {
    auto const source = "{{#ticket.assignee}}{{ticket.assignee}} works on it{{/ticket.assignee}}"
                        "{{^ticket.assignee}}nobody{{#ticket.number}} has {{ticket.number}}{{/ticket.number}} yet"
                        "{{/ticket.assignee}}.";
    CHECK(shown(source, {{"ticket.assignee", "Paul"}, {"ticket.number", "INC-1"}}) == "Paul works on it.");
    CHECK(shown(source, {{"ticket.number", "INC-1"}}) == "nobody has INC-1 yet.");
    CHECK(shown(source, {}) == "nobody yet.");
    CHECK(shown("{{#ticket.number}}{{^ticket.number}}never{{/ticket.number}}{{/ticket.number}}",
                {{"ticket.number", "INC-1"}})
              .empty());
}

TEST_CASE("given tags alone on their lines, when a template is rendered, then the lines go with them") {
    auto const source = "Hello,\n"
                        "  {{#ticket.assignee}}  \r\n"
                        "{{ticket.assignee}} works on it.\n"
                        "\t{{/ticket.assignee}}\n"
                        "{{! said by the legal department }}\n"
                        "  {{^ticket.assignee}}soon{{/ticket.assignee}}\n"
                        "Bye {{! inside }}now\n"
                        "{{! at the end }}";
    CHECK(shown(source, {{"ticket.assignee", "Paul"}}) == "Hello,\nPaul works on it.\n  \nBye now\n");
    CHECK(shown(source, {}) == "Hello,\n  soon\nBye now\n");
    CHECK(shown("{{! {{ticket.nothing}} \n", {}).empty());
    CHECK(shown("  {{ticket.number}}\n", {}) == "  \n");
}

TEST_CASE("given values that look like templates, when they are put in, then they stay values") {
    CHECK(shown("Re: {{ticket.subject}}",
                {{"ticket.subject", "{{ticket.requester}} {{#ticket.number}} {{{x"}, {"ticket.requester", "Marie"}}) ==
          "Re: {{ticket.requester}} {{#ticket.number}} {{{x");
    CHECK(shown("{{ticket.number}}{{ticket.subject}}",
                {{"ticket.number", "{{"}, {"ticket.subject", "ticket.number}}"}}) == "{{ticket.number}}");
}

TEST_CASE("given a subject with markup, when it is put into HTML, then it is no markup") {
    CHECK(shown("<p title='{{ticket.subject}}'>{{ticket.subject}}</p>", {{"ticket.subject", "<script>'\"&\r\n\x01"}},
                escape::html) == "<p title='&lt;script&gt;&#39;&quot;&amp;\n'>&lt;script&gt;&#39;&quot;&amp;\n</p>");
    CHECK(escaped("\xC3\xA9 \xF0\x9F\x96\xA8 \x80", escape::html) == "\u00E9 \U0001F5A8 \uFFFD");
}

TEST_CASE("given a subject with line ends, when it is put into a header, then the header stays one line") {
    CHECK(shown("[{{ticket.number}}] {{ticket.subject}}\n",
                {{"ticket.number", "INC-1"}, {"ticket.subject", "VPN\r\nBcc: all@example.org\n\n\tx"}},
                escape::header) == "[INC-1] VPN Bcc: all@example.org x ");
    for (std::string_view const end : {"\r", "\n", "\r\n", "\x0B", "\x0C", "\u0085", "\u2028", "\u2029", "\x7F"})
        CHECK(escaped("a" + std::string{end} + "b", escape::header) == "a b");
    CHECK(escaped(std::string_view{"a\0b", 3}, escape::header) == "a b");
    CHECK(escaped("r\u00E9seau \U0001F5A8 \xFF", escape::header) == "r\u00E9seau \U0001F5A8 \uFFFD");
}

TEST_CASE("given any text, when it is put into a string of JSON, then a parser reads the same text") {
    for (std::string_view const value :
         {std::string_view{"say \"no\" \\ / <b>\r\n\t\b\f \x01\x1F\x7F", 26}, std::string_view{"a\0b", 3},
          std::string_view{"\u2028\u2029\u0085 r\u00E9seau \U0001F5A8"}, std::string_view{"\",\"by\":\"root"}}) {
        auto const json =
            shown(R"({"text":"{{ticket.subject}}"})", {{"ticket.subject", std::string{value}}}, escape::json);
        CHECK(boost::json::parse(json).at("text").as_string() == boost::json::string_view{value.data(), value.size()});
        CHECK(json.find('\n') == std::string::npos);
    }
    CHECK(escaped("\u2028\x7F", escape::json) == "\\u2028\\u007f");
}

TEST_CASE("given any text, when it is put into an address, then nothing in it ends its part") {
    CHECK(shown("https://desk/?q={{ticket.subject}}&x=1", {{"ticket.subject", "a b&c=d/e?#%\r\n\u00E9\xFF~.-_"}},
                escape::url) == "https://desk/?q=a%20b%26c%3Dd%2Fe%3F%23%25%0D%0A%C3%A9%EF%BF%BD~.-_&x=1");
}

TEST_CASE("given a note as text, when it is put in, then lines and tabs stay and other controls go") {
    CHECK(escaped("a\r\nb\rc\nd\te\x1B[31m\x7F\u0085\x07", escape::plain) == "a\nb\nc\nd\te[31m");
    CHECK(escaped("<b> & \"x\" {{y}}", escape::plain) == "<b> & \"x\" {{y}}");
}

TEST_CASE("given a template with a slip, when it is compiled, then its place and the way out are told") {
    CHECK(refused("Hello,\n\u00E9t\u00E9 {{ticket.numbr}}").describe() ==
          "template.welcome.text, line 2, column 5: there is no \"ticket.numbr\" to put in here; did you mean "
          "\"ticket.number\"? known here: ticket.number, ticket.subject, ticket.requester, ticket.assignee, "
          "fields.cost centre, fields.r\u00E9gion");
    CHECK(refused("Hello {{ticket.number").describe() ==
          "template.welcome.text, line 1, column 7: {{ begins a tag that has no end; end it with }}");
    CHECK(refused("{{ticket.number\n{{ticket.subject}}").why() == reason::template_tag_unclosed);
    CHECK(refused("{{! never ends").why() == reason::template_tag_unclosed);
    CHECK(refused("{{#ticket.number}}\n{{#ticket.subject}}\n x{{/ticket.number}}").describe() ==
          "template.welcome.text, line 3, column 3: {{/ticket.number}} ends a section while another one is open; write "
          "{{/ticket.subject}} first");
    CHECK(refused("\n{{^ticket.number}}x").describe(language::fr) ==
          "template.welcome.text, ligne 2, colonne 1 : la section {{^ticket.number}} n'a pas de fin ; \u00E9crivez "
          "{{/ticket.number}} \u00E0 la suite");
    CHECK(refused("{{/ticket.number}}").describe() ==
          "template.welcome.text, line 1, column 1: {{/ticket.number}} ends a section that has no beginning; take it "
          "out, or write {{#ticket.number}} before it");
    CHECK(refused("{{something.else.entirely}}").why() == reason::template_name_unknown);
    CHECK(refused("{{ }}").why() == reason::template_name_missing);
    CHECK(refused("{{#}}").why() == reason::template_name_missing);
    CHECK(refused("{{reason}}").why() == reason::template_name_unknown);
    CHECK(refused("a\xFF").why() == reason::not_utf8);
    CHECK(refused("{{#ticket.number}}").operator[]("line") == "1");
}

TEST_CASE("given tags that would go round the escaping or run code, when they are compiled, then they are refused") {
    for (std::string_view const source : {"{{{ticket.subject}}}", "{{&ticket.subject}}", "{{ & ticket.subject }}",
                                          "{{>footer}}", "{{=<% %>=}}", "{{<parent}}", "{{$block}}", "{{*dynamic}}"})
        CHECK(refused(source).why() == reason::template_tag_unknown);
    CHECK(refused("{{{ticket.subject}}}").describe() ==
          "template.welcome.text, line 1, column 1: {{{ is not offered; values are always escaped, and there are no "
          "parts, loops or code: write {{name}}, {{#name}}, {{^name}}, {{/name}}, {{! comment }}");
}

TEST_CASE("given a template at the limits and one past them, when it is compiled, then the second is refused") {
    CHECK(compile(std::string(limits::template_bytes_max, 'a')).has_value());
    CHECK(refused(std::string(limits::template_bytes_max + 1, 'a')).why() == reason::limit_passed);
    auto const nested = [](std::size_t depth) {
        return repeated("{{#ticket.number}}", depth) + "x" + repeated("{{/ticket.number}}", depth);
    };
    CHECK(shown(nested(limits::template_depth_max), {{"ticket.number", "INC-1"}}) == "x");
    auto const deep = refused(nested(limits::template_depth_max + 1));
    CHECK(deep.why() == reason::limit_passed);
    CHECK(deep["path"] == "template.welcome.text, line 1, column 289 (depth)");
}

TEST_CASE("given values at the limit of a rendered text and one past it, when they are put in, then the second fails") {
    auto const made = compile("{{ticket.subject}}{{ticket.subject}}").value();
    for (auto const kind : {escape::plain, escape::header, escape::url, escape::json, escape::html}) {
        auto const of = [&](std::size_t bytes) {
            return made.render([&](std::string_view) { return std::string(bytes, 'a'); }, kind, "welcome");
        };
        CHECK(of(limits::rendered_bytes_max / 2).value().size() == limits::rendered_bytes_max);
        CHECK(of(limits::rendered_bytes_max / 2 + 1).error().why() == reason::limit_passed);
        CHECK(of(limits::rendered_bytes_max / 2 + 1).error()["path"] == "welcome");
    }
    CHECK_FALSE(
        made.render([](std::string_view) { return std::string(limits::rendered_bytes_max / 8 + 1, '<'); }, escape::html)
            .has_value());
}

TEST_CASE("given a name that is used often, when a template is rendered, then it is asked once, and only where shown") {
    auto const made =
        compile("{{ticket.number}} {{ticket.number}}{{#ticket.assignee}}{{ticket.subject}}{{/ticket.assignee}}")
            .value();
    CHECK(made.names() == std::vector<std::string>{"ticket.number", "ticket.assignee", "ticket.subject"});
    std::vector<std::string> asked;
    auto const out = made.render(
        [&](std::string_view name) {
            asked.emplace_back(name);
            return name == "ticket.number" ? std::string{"INC-1"} : std::string{};
        },
        escape::plain);
    CHECK(out.value() == "INC-1 INC-1");
    CHECK(asked == std::vector<std::string>{"ticket.number", "ticket.assignee"});
    CHECK(made == compile(std::string{made.source()}).value());
    CHECK_FALSE(made == template_text{});
}

TEST_CASE("given many tags and long blanks, when a template is compiled and rendered, then it takes linear time") {
    auto const source = repeated("{{#ticket.number}} \t \n{{/ticket.number}}\n", limits::template_bytes_max / 45);
    CHECK(shown(source, {}).empty());
    CHECK(compile("{{#ticket.number}}" + std::string(99'000, ' ') + "{{/ticket.number}}").has_value());
    CHECK(compile(repeated("}} { {", 10'000)).has_value());
}
