#pragma once
#include <guichet/access/audiences.hpp>
#include <guichet/engine/document_source.hpp>
#include <guichet/engine/impl/article_documents.ipp>
#include <guichet/engine/impl/ticket_documents.ipp>
#include <guichet/model/impl/checks.ipp>

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

/// Documents of a host as what a search finds, and who may find them.
namespace guichet::inline v0::detail {

/// The id of a document, which says whose it is. No other document's id has a line's end.
inline std::string host_document_id(std::string_view kind, std::string_view tenant, std::string_view id) {
    return std::string{kind} + '\n' + std::string{tenant} + '\n' + std::string{id};
}
inline bool is_host_document(std::string_view id) noexcept { return id.find('\n') != id.npos; }

/// Kind, tenant and the host's own id.
inline std::array<std::string_view, 3> host_document_parts(std::string_view id) noexcept {
    auto const first = id.find('\n'), second = id.find('\n', first + 1);
    return {id.substr(0, first), id.substr(first + 1, second - first - 1), id.substr(second + 1)};
}

inline std::string host_document_key(std::string_view kind, std::string_view tenant, std::string_view audience) {
    return "document\n" + std::string{kind} + '\n' + std::string{tenant} + '\n' + std::string{audience};
}

/// As whom somebody finds documents: as a reader of articles.
inline void add_document_keys(std::string_view kind, access::readership const& who, std::vector<std::string>& out) {
    for (auto const& audience : who.audiences)
        out.push_back(host_document_key(kind, who.tenant, audience));
}

/// A kind is a word of its own: small letters, digits, `_` and `-`.
inline result<void> check_kind(std::string_view kind) {
    auto const known = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
    if (kind == ticket_kind || kind == article_kind || kind.empty() || !std::all_of(kind.begin(), kind.end(), known))
        return error{reason::bad_value,
                     {{"path", "sources"},
                      {"value", std::string{kind}},
                      {"hint", "name the kind with a-z, 0-9, _ and -, and neither ticket nor article"}}};
    return {};
}

/// Any bytes are text, but not too many.
inline result<void> check_host_document(host_document const& d) {
    using namespace checks;
    if (d.id.empty())
        return error{reason::empty_text, {{"path", "id"}}};
    for (auto const& [path, name] : {std::pair{"id", &d.id}, {"tenant", &d.tenant}}) {
        GUICHET_TRY(check_text(path, *name, limits::name_bytes_max));
        if (name->find('\n') != name->npos)
            return error{reason::bad_value, {{"path", path}, {"value", *name}, {"hint", "write it on one line"}}};
    }
    for (auto const& [path, text] : {std::pair{"title", &d.title}, {"symptom", &d.symptom}, {"body", &d.body}})
        GUICHET_TRY(check_count(path, text->size(), limits::message_bytes_max));
    GUICHET_TRY(check_count("tags", d.tags.size(), limits::tags_max));
    GUICHET_TRY(check_count("attributes", d.attributes.size(), limits::tags_max));
    return check_audience(d.audience);
}

inline search::document document_of(std::string_view kind, host_document const& d, text::tongue usual) {
    search::document out{.id = host_document_id(kind, d.tenant, d.id)};
    out.kind = kind;
    out.language = tongue_or(d.language, usual);
    out.changed = d.changed;
    out[search::field::title] = d.title;
    out[search::field::symptom] = d.symptom;
    out[search::field::body] = d.body;
    add_text(out[search::field::tags], d.id);
    for (auto const& tag : d.tags)
        add_text(out[search::field::tags], tag);
    for (auto const& one : d.attributes)
        out.attributes.push_back({std::string{kind} + '.' + one.name, one.value});
    for (auto const& audience : d.audience.empty() ? std::vector<std::string>{"staff"} : d.audience)
        out.audience.push_back(host_document_key(kind, d.tenant, audience));
    return out;
}

/// Whether the viewer has a key of a document.
inline bool opens(search::document const& d, search::viewer const& who) {
    return std::any_of(d.audience.begin(), d.audience.end(), [&](std::string const& key) {
        return std::find(who.keys.begin(), who.keys.end(), key) != who.keys.end();
    });
}

inline error no_document(std::array<std::string_view, 3> const& parts) {
    return {reason::document_not_found, {{"kind", std::string{parts[0]}}, {"document", std::string{parts[2]}}}};
}

/// What a source says, also where it throws.
template <class Ask>
auto heard_of(std::string_view kind, Ask const& ask) -> decltype(ask()) {
    auto const failed = [&](std::string problem) {
        return error{reason::source_failed, {{"kind", std::string{kind}}, {"problem", std::move(problem)}}};
    };
    try {
        auto out = ask();
        if (out)
            return out;
        return failed(out.error().describe()).with("problem.fr", out.error().describe(language::fr));
    } catch (std::exception const& e) {
        return failed(e.what());
    } catch (...) {
        return failed("?");
    }
}

} // namespace guichet::inline v0::detail
