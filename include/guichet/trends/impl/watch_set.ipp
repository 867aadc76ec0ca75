#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/time/iso8601.hpp>
#include <guichet/trends/watch_set.hpp>

#include <algorithm>
#include <cstring>

namespace guichet::inline v0::trends {
namespace detail {

/// Whether values of a field may be told: a name or a choice. Free text can be erased, and an alarm could not.
inline bool may_be_told(expr::field const& field) noexcept {
    static constexpr std::string_view free[] = {"id",      "number",     "tenant",     "participants",
                                                "subject", "resolution", "merged_into"};
    using enum expr::field_type;
    bool const own = field.name.starts_with("fields.");
    bool const named =
        field.type == choice || field.type == expr::field_type::list || (own ? field.type == id : field.type == text);
    return named && !field.related && std::find(std::begin(free), std::end(free), field.name) == std::end(free);
}

inline std::string fields_that_may_be_told(expr::schema const& schema) {
    std::string out{"all, word"};
    for (std::uint32_t i = 0; i < schema.size(); ++i)
        if (may_be_told(schema[i]))
            out.append(", ").append(schema[i].name);
    return out;
}

inline result<void> read_keys(trend_document const& written, expr::schema const& schema, std::string const& here,
                              watch& out) {
    out.options.whole = false;
    static std::vector<std::string> const standard{"category"};
    auto const& keys = written.keys.empty() ? standard : written.keys;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (keys[i] == word_key) {
            out.words = true;
            continue;
        }
        if (keys[i] == all_key) {
            out.options.whole = true;
            continue;
        }
        auto const field = schema.find(keys[i]);
        if (!field || !may_be_told(schema[*field]))
            return error{reason::unknown_value,
                         {{"path", here + ".keys[" + std::to_string(i) + "]"},
                          {"value", keys[i]},
                          {"known", fields_that_may_be_told(schema)}}};
        out.keys.push_back({keys[i], *field});
    }
    return {};
}

inline result<void> read_length(std::string const& text, std::string path, duration& into) {
    if (text.empty())
        return {};
    GUICHET_LET(into, time::parse_duration(text, path));
    return {};
}

inline result<watch> compile_watch(trend_document const& written, expr::schema const& schema) {
    auto const here = "trend." + written.name;
    watch out{written.name, written.tenants};
    out.language = text::tongue_of(written.language);
    GUICHET_TRY(read_keys(written, schema, here, out));
    auto& o = out.options;
    if (!written.tz.empty())
        o.tz = written.tz;
    o.false_alarms_a_week = written.false_alarms_a_week;
    o.tickets_min = written.tickets_min;
    o.half_life_weeks = written.half_life_weeks;
    o.traits_max = written.traits_max;
    GUICHET_TRY(read_length(written.learning, here + ".learning", o.learning));
    GUICHET_TRY(read_length(written.window, here + ".window", o.window_max));
    auto const fits = detector::make(o);
    if (fits)
        return out;
    auto const refused = fits.error();
    error named{refused.why()};
    for (auto const& [key, value] : refused.context())
        (void)std::move(named).with(key, key == "path" ? here + "." + value : value);
    return named;
}

} // namespace detail

GUICHET_DECL result<std::shared_ptr<watch_set const>> watch_set::compile(std::vector<trend_document> documents,
                                                                         expr::schema const& schema) {
    auto out = std::make_shared<watch_set>();
    out->schema_ = schema;
    hasher print;
    std::vector<std::string> named;
    std::sort(documents.begin(), documents.end(), [](auto const& a, auto const& b) { return a.name < b.name; });
    for (auto const& written : documents) {
        auto tenants = written.tenants.empty() ? std::vector<std::string>{"*"} : written.tenants;
        for (auto& tenant : tenants) {
            if (std::find(named.begin(), named.end(), tenant) != named.end())
                return error{reason::named_twice, {{"path", "trend." + written.name + ".tenants"}, {"value", tenant}}};
            named.push_back(std::move(tenant));
        }
        GUICHET_LET(auto one, detail::compile_watch(written, schema));
        out->watches_.push_back(std::move(one));
        print.add_sized(encode(written));
    }
    auto const sum = print.finish();
    std::memcpy(&out->print_, sum.data(), sizeof out->print_);
    return std::shared_ptr<watch_set const>{std::move(out)};
}

GUICHET_DECL watch const* watch_set::of(std::string_view tenant) const noexcept {
    watch const* any = nullptr;
    for (auto const& one : watches_) {
        if (std::find(one.tenants.begin(), one.tenants.end(), tenant) != one.tenants.end())
            return &one;
        if (one.tenants.empty())
            any = &one;
    }
    return any;
}

} // namespace guichet::inline v0::trends
