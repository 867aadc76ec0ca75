#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/json/path.hpp>
#include <guichet/json/writer.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/model/forms.hpp>
#include <guichet/rules/files.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <map>

namespace guichet::inline v0::rules {
namespace detail {

/// The members of a set or of a rule as JSON, in their order, without those that are as they are anyhow.
inline boost::json::object given_members(boost::json::object const& all, boost::json::object const& usual) {
    boost::json::object out;
    for (auto const& [key, value] : all)
        if (auto const* other = usual.if_contains(key); !other || *other != value)
            out.emplace(key, value);
    return out;
}

/// A condition as people write it, where it fits the schema.
inline boost::json::value condition_text(boost::json::value const& written, expr::schema const& known) {
    auto const compiled = expr::condition::compile(written, known);
    return compiled ? boost::json::value(compiled->to_text()) : written;
}

/// A set as it is written into a file, whatever members sets and rules may have.
struct plain_set {
    boost::json::object head;
    std::vector<boost::json::object> rules;

    plain_set(rules_document const& set, expr::schema const& known) {
        rules_document usual;
        usual.rules.emplace_back();
        auto const usual_head = json_of(usual);
        auto const all = json_of(set);
        auto const& usual_rule = usual_head.at("rules").as_array()[0].as_object();
        head = given_members(all, usual_head);
        head.erase("name");
        head.erase("rules");
        for (auto const& one : all.at("rules").as_array()) {
            auto& r = rules.emplace_back(given_members(one.as_object(), usual_rule));
            if (auto* when = r.if_contains("when"))
                *when = condition_text(*when, known);
        }
    }

private:
    static boost::json::object json_of(rules_document const& set) {
        return std::move(json::parse(encode(set)).value().as_object());
    }
};

inline constexpr std::size_t file_columns = 100;

inline void put_json(std::string& out, boost::json::value const& value, std::size_t indent, std::size_t before);

/// A list of members or elements, one a line.
template <class List, class Put>
void put_lines(std::string& out, char open, char close, List const& list, std::size_t indent, Put const& put) {
    out += open;
    bool first = true;
    for (auto const& one : list) {
        out.append(first ? "\n" : ",\n").append(indent + 2, ' ');
        first = false;
        put(one);
    }
    out.append("\n").append(indent, ' ') += close;
}

inline void put_object(std::string& out, boost::json::object const& object, std::size_t indent) {
    put_lines(out, '{', '}', object, indent, [&](auto const& member) {
        auto const key = boost::json::serialize(boost::json::value(member.key())) + ": ";
        out += key;
        put_json(out, member.value(), indent + 2, key.size());
    });
}

/// On one line as far as that is not long.
inline void put_json(std::string& out, boost::json::value const& value, std::size_t indent, std::size_t before) {
    auto const line = boost::json::serialize(value);
    bool const fits = indent + before + line.size() <= file_columns;
    if (auto const* array = value.if_array(); array && !array->empty() && !fits)
        put_lines(out, '[', ']', *array, indent, [&](auto const& one) { put_json(out, one, indent + 2, 0); });
    else if (auto const* object = value.if_object(); object && !object->empty() && !fits)
        put_object(out, *object, indent);
    else
        out += line;
}

/// For each new place, the old one; which rules stay in order while the others move around them: a longest ascending
/// run of old places.
inline std::vector<bool> staying(std::vector<std::size_t> const& old_places) {
    std::vector<std::size_t> ends, before(old_places.size());
    constexpr auto none = static_cast<std::size_t>(-1);
    for (std::size_t i = 0; i < old_places.size(); ++i) {
        auto const place = std::lower_bound(ends.begin(), ends.end(), old_places[i],
                                            [&](std::size_t at, std::size_t old) { return old_places[at] < old; });
        before[i] = place == ends.begin() ? none : *(place - 1);
        place == ends.end() ? ends.push_back(i) : void(*place = i);
    }
    std::vector<bool> out(old_places.size());
    for (auto at = ends.empty() ? none : ends.back(); at != none; at = before[at])
        out[at] = true;
    return out;
}

inline std::string member_text(boost::json::object const& of, std::string_view key) {
    auto const* value = of.if_contains(key);
    auto const* text = value ? value->if_string() : nullptr;
    return text && key == "when" ? std::string{*text} : value ? boost::json::serialize(*value) : std::string{};
}

inline std::vector<member_change> differences(boost::json::object const& from, boost::json::object const& to) {
    std::vector<member_change> out;
    for (auto const* side : {&from, &to})
        for (auto const& member : *side) {
            std::string const key{member.key()};
            bool const seen = std::any_of(out.begin(), out.end(), [&](auto const& m) { return m.member == key; });
            if (auto was = member_text(from, key), is = member_text(to, key); !seen && was != is)
                out.push_back({key, std::move(was), std::move(is)});
        }
    return out;
}

inline std::map<std::string, std::size_t> places_of(rules_document const& set) {
    std::map<std::string, std::size_t> out;
    for (std::size_t i = 0; i < set.rules.size(); ++i)
        out.try_emplace(set.rules[i].name, i);
    return out;
}

} // namespace detail

GUICHET_DECL std::string to_file(rules_document const& set, expr::schema const& known) {
    detail::plain_set const plain{set, known};
    std::string out = "{\n";
    for (auto const& [key, value] : plain.head) {
        out += "  " + boost::json::serialize(boost::json::value(key)) + ": ";
        detail::put_json(out, value, 2, key.size() + 4);
        out += ",\n";
    }
    out += "  \"rules\": ";
    detail::put_lines(out, '[', ']', plain.rules, 2, [&](auto const& r) { detail::put_object(out, r, 4); });
    return out + "\n}\n";
}

GUICHET_DECL std::vector<rule_change> diff(rules_document const& from, rules_document const& to,
                                           expr::schema const& known) {
    detail::plain_set const was{from, known}, is{to, known};
    auto const old_places = detail::places_of(from), new_places = detail::places_of(to);
    std::vector<rule_change> out;
    if (auto members = detail::differences(was.head, is.head); !members.empty())
        out.push_back({change_kind::changed, {}, 0, 0, std::move(members)});
    for (std::size_t i = 0; i < from.rules.size(); ++i)
        if (!new_places.contains(from.rules[i].name))
            out.push_back({change_kind::removed, from.rules[i].name, i + 1, 0, {}});
    std::vector<std::size_t> common;
    for (auto const& r : to.rules)
        if (auto const old = old_places.find(r.name); old != old_places.end())
            common.push_back(old->second);
    auto const stays = detail::staying(common);
    for (std::size_t i = 0, at = 0; i < to.rules.size(); ++i) {
        auto const& name = to.rules[i].name;
        auto const old = old_places.find(name);
        if (old == old_places.end()) {
            out.push_back({change_kind::added, name, 0, i + 1, {}});
            continue;
        }
        auto const place = old->second;
        if (!stays[at++])
            out.push_back({change_kind::moved, name, place + 1, i + 1, {}});
        if (auto members = detail::differences(was.rules[place], is.rules[i]); !members.empty())
            out.push_back({change_kind::changed, name, place + 1, i + 1, std::move(members)});
    }
    return out;
}

GUICHET_DECL std::string describe(std::vector<rule_change> const& changes, language lang) {
    bool const french = lang == language::fr;
    auto const say = [&](char const* en, char const* fr) { return std::string{french ? fr : en}; };
    std::string out;
    for (auto const& c : changes) {
        auto const places = std::to_string(c.from) + say(" to ", " à ") + std::to_string(c.to);
        switch (c.kind) {
        case change_kind::added: out += "+ " + c.rule + say(": new", " : nouvelle"); break;
        case change_kind::removed: out += "- " + c.rule + say(": removed", " : retirée"); break;
        case change_kind::moved:
            out += "> " + c.rule + say(": moved from place ", " : déplacée de la place ") + places;
            break;
        case change_kind::changed:
            out += "~ " + (c.rule.empty() ? say("the set: changed", "le jeu : modifié")
                                          : c.rule + say(": changed", " : modifiée"));
        }
        out += "\n";
        for (auto const& m : c.members)
            for (auto const& [sign, text] : {std::pair{"- ", &m.from}, std::pair{"+ ", &m.to}})
                if (!text->empty())
                    out += "    " + std::string{sign} + m.member + ": " + *text + "\n";
    }
    return out;
}

GUICHET_DECL std::string encode(std::vector<rule_change> const& changes) {
    std::string out;
    json::writer w{out};
    auto const text = [&](std::string_view key, std::string_view value) {
        w.key(key);
        w.text(value);
    };
    auto const place = [&](std::string_view key, std::size_t at) {
        w.key(key);
        at ? w.number(std::uint64_t{at}) : w.null();
    };
    w.begin_array();
    for (auto const& c : changes) {
        w.begin_object();
        text("change", json::to_text(c.kind));
        text("rule", c.rule);
        place("from", c.from);
        place("to", c.to);
        w.key("members");
        w.begin_array();
        for (auto const& m : c.members) {
            w.begin_object();
            text("member", m.member);
            text("from", m.from);
            text("to", m.to);
            w.end_object();
        }
        w.end_array();
        w.end_object();
    }
    w.end_array();
    return out;
}

} // namespace guichet::inline v0::rules
