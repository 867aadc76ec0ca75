#include "vocabulary.hpp"

namespace guichet::cli {
namespace {

template <class Definitions>
std::string label_in(Definitions const& definitions, std::string_view name, language lang) {
    for (auto const& d : definitions)
        if (d.name == name) {
            auto const& label = lang == language::fr ? d.label_fr : d.label_en;
            return label.empty() ? d.name : label;
        }
    return std::string{name};
}

} // namespace

std::string vocabulary::state(std::string_view name) const { return label_in(lifecycle.states, name, say.lang); }
std::string vocabulary::priority(std::string_view name) const { return label_in(lifecycle.priorities, name, say.lang); }
std::string vocabulary::impact(std::string_view name) const { return label_in(lifecycle.impacts, name, say.lang); }
std::string vocabulary::urgency(std::string_view name) const { return label_in(lifecycle.urgencies, name, say.lang); }
std::string vocabulary::kind(std::string_view name) const { return label_in(lifecycle.kinds, name, say.lang); }
std::string vocabulary::field(std::string_view name) const { return label_in(lifecycle.fields, name, say.lang); }

std::string vocabulary::value(field_value const& of) const {
    if (auto const* text = std::get_if<std::string>(&of))
        return *text;
    if (auto const* number = std::get_if<double>(&of))
        return fmt::format("{}", *number);
    if (auto const* flag = std::get_if<bool>(&of))
        return say(*flag ? msg::yes : msg::no);
    if (auto const* object = std::get_if<object_reference>(&of))
        return object->type + ":" + object->id;
    return {};
}

std::string vocabulary::of(channel c) const {
    static constexpr msg names[] = {msg::channel_portal, msg::channel_phone, msg::channel_mail,
                                    msg::channel_chat,   msg::channel_api,   msg::channel_monitoring};
    return say(names[static_cast<std::size_t>(c)]);
}

std::string vocabulary::of(link_kind k) const {
    static constexpr msg names[] = {msg::link_relates_to, msg::link_duplicate_of, msg::link_duplicated_by,
                                    msg::link_blocks,     msg::link_blocked_by,   msg::link_caused_by,
                                    msg::link_causes,     msg::link_child_of,     msg::link_parent_of};
    return say(names[static_cast<std::size_t>(k)]);
}

std::string vocabulary::metric(std::string_view key) const {
    struct row {
        std::string_view name;
        msg text;
    };
    static constexpr row rows[]{{"first_response", msg::first_response},   {"next_response", msg::next_response},
                                {"periodic_update", msg::periodic_update}, {"time_to_own", msg::time_to_own},
                                {"handover", msg::handover_clock},         {"resolution", msg::resolution_clock}};
    auto const slash = key.rfind('/');
    auto const name = slash == std::string_view::npos ? key : key.substr(slash + 1);
    for (auto const& r : rows)
        if (r.name == name)
            return slash == std::string_view::npos ? say(r.text)
                                                   : say(r.text) + " (" + std::string{key.substr(0, slash)} + ")";
    return std::string{key};
}

style style_of(status s) noexcept {
    switch (s) {
    case status::new_: return style::magenta;
    case status::open: return style::blue;
    case status::pending:
    case status::on_hold: return style::yellow;
    case status::resolved: return style::green;
    case status::closed: return style::dim;
    }
    return style::plain;
}

style style_of_priority(lifecycle_document const& d, std::string_view priority) noexcept {
    if (d.priorities.size() > 1 && d.priorities[0].name == priority)
        return style::red;
    if (d.priorities.size() > 2 && d.priorities[1].name == priority)
        return style::yellow;
    return style::plain;
}

} // namespace guichet::cli
