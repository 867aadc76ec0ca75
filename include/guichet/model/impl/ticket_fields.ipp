#pragma once
#include <guichet/json/describe.hpp>
#include <guichet/model/impl/ticket_labels.ipp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/text/fold.hpp>

#include <algorithm>

namespace guichet::inline v0 {
namespace detail {

inline constexpr std::uint32_t column_count =
    static_cast<std::uint32_t>(boost::mp11::mp_size<json::detail::members<ticket_row>>::value);

/// The type of a column in the condition language follows from its type in C++.
template <class T>
constexpr expr::field_type condition_type() {
    if constexpr (std::is_same_v<T, bool>)
        return expr::field_type::boolean;
    else if constexpr (std::is_integral_v<T>)
        return expr::field_type::number;
    else if constexpr (std::is_same_v<T, instant> || std::is_same_v<T, std::optional<instant>>)
        return expr::field_type::instant;
    else if constexpr (json::detail::is_id<T>)
        return expr::field_type::id;
    else if constexpr (std::is_enum_v<T>)
        return expr::field_type::choice;
    else
        return expr::field_type::text;
}

template <class E>
std::vector<std::string> words() {
    std::vector<std::string> out;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
        [&](auto d) { out.emplace_back(json::detail::plain(d.name)); });
    return out;
}

/// Ranked lists are written with the most severe first; the language ranks from the lowest.
inline std::vector<labelled> ranked(std::vector<labelled> const& severe_first) {
    return {severe_first.rbegin(), severe_first.rend()};
}

template <class Definitions>
std::vector<std::string> names_of(Definitions const& definitions) {
    std::vector<std::string> out;
    for (auto const& d : definitions)
        out.push_back(d.name);
    return out;
}

/// Makes a choice of the lifecycle's definitions, from the first to the last.
template <class Definitions>
void choose(expr::field& field, Definitions const& definitions) {
    field.type = expr::field_type::choice;
    field.choices = names_of(definitions);
    field.choices_called.clear();
    for (auto const& d : definitions)
        field.choices_called.push_back({in_sentence(d.label_en), in_sentence(d.label_fr)});
}

inline std::vector<expr::field> column_fields(lifecycle_document const& lifecycle) {
    std::vector<expr::field> out;
    boost::mp11::mp_for_each<json::detail::members<ticket_row>>([&](auto d) {
        using type = std::remove_cvref_t<decltype(std::declval<ticket_row>().*d.pointer)>;
        auto& field = out.emplace_back(expr::field{d.name, condition_type<type>()});
        if constexpr (std::is_enum_v<type>)
            field.choices = words<type>();
        call(field);
    });
    auto const at = [&](std::string_view name) -> expr::field& { return out[ticket_field(name)]; };
    choose(at("kind"), lifecycle.kinds);
    choose(at("state"), lifecycle.states);
    choose(at("impact"), ranked(lifecycle.impacts));
    choose(at("urgency"), ranked(lifecycle.urgencies));
    choose(at("priority"), ranked(lifecycle.priorities));
    for (auto const* sortable : {"priority", "created_at", "updated_at", "due_at", "resolved_at", "number"})
        at(sortable).sortable = true;
    return out;
}

inline expr::field custom_field_of(field_definition const& definition) {
    expr::field out{"fields." + definition.name};
    if (definition.type == "number")
        out.type = expr::field_type::number;
    else if (definition.type == "boolean")
        out.type = expr::field_type::boolean;
    else if (definition.type == "choice")
        out.type = expr::field_type::choice, out.choices = definition.choices;
    else if (definition.type == "reference")
        out.type = expr::field_type::id;
    if (!definition.label_en.empty())
        out.called.en = "the field \"" + definition.label_en + '"';
    if (!definition.label_fr.empty())
        out.called.fr = "le champ « " + definition.label_fr + " »";
    return out;
}

/// What conditions see of the trend that was last told on a ticket.
inline expr::value of_trend(ticket const& from, std::uint32_t which) {
    if (from.trends.empty())
        return {};
    auto const& told = from.trends.back();
    auto const text = [](std::string const& s) { return s.empty() ? expr::value{} : expr::value{std::string_view{s}}; };
    switch (which) {
    case 0: return json::to_text(told.stage);
    case 1: return text(told.field);
    case 2: return text(told.value);
    case 3: return std::int64_t{told.observed};
    case 4: return std::int64_t{std::chrono::ceil<std::chrono::minutes>(told.window).count()};
    case 5: return told.usual;
    case 6: return static_cast<std::int64_t>(told.count);
    case 7: return json::to_text(told.suggests);
    default: return bool{told.part_of};
    }
}

} // namespace detail

GUICHET_DECL derived_fields const& derived_ticket_fields() noexcept {
    static constexpr std::uint32_t first = detail::column_count;
    static constexpr derived_fields numbers{first,      first + 1,  first + 2,  first + 3,  first + 4,
                                            first + 5,  first + 6,  first + 7,  first + 8,  first + 9,
                                            first + 10, first + 11, first + 12, first + 13, first + 14,
                                            first + 15, first + 16, first + 17, first + 26};
    return numbers;
}

GUICHET_DECL std::uint32_t ticket_field(std::string_view column) noexcept {
    std::uint32_t number = 0, found = detail::column_count;
    boost::mp11::mp_for_each<json::detail::members<ticket_row>>([&](auto d) {
        if (column == d.name)
            found = number;
        ++number;
    });
    return found;
}

GUICHET_DECL expr::schema ticket_schema(lifecycle_document const& lifecycle, std::vector<expr::field> related) {
    auto fields = detail::column_fields(lifecycle);
    using enum expr::field_type;
    for (auto const& [name, type] : {std::pair{"tags", list},
                                     {"watchers", list},
                                     {"participants", list},
                                     {"open", boolean},
                                     {"age", age},
                                     {"idle", age},
                                     {"last_contact_by", choice},
                                     {"last_contact_at", expr::field_type::instant},
                                     {"unanswered", boolean},
                                     {"links.children", number},
                                     {"links.duplicates", number},
                                     {"links.open_children", number},
                                     {"links.parent_open", boolean},
                                     {"satisfaction", number},
                                     {"satisfaction_text", text},
                                     {"major", boolean},
                                     {"major_updated_at", expr::field_type::instant},
                                     {"trend.stage", choice},
                                     {"trend.field", text},
                                     {"trend.value", text},
                                     {"trend.observed", number},
                                     {"trend.minutes", number},
                                     {"trend.usual", number},
                                     {"trend.count", number},
                                     {"trend.suggests", choice},
                                     {"trend.part", boolean}})
        detail::call(fields.emplace_back(expr::field{name, type}));
    fields[derived_ticket_fields().last_contact_by].choices = detail::words<side>();
    fields[derived_ticket_fields().first_trend].choices = detail::words<trend_stage>();
    fields[derived_ticket_fields().first_trend + 7].choices = detail::words<trend_proposal>();
    for (auto const& definition : lifecycle.fields)
        fields.push_back(detail::custom_field_of(definition));
    auto const& derived = derived_ticket_fields();
    for (auto const field : {derived.open_children, derived.parent_open})
        fields[field].related = true;
    for (auto field = derived.first_trend; field < derived.first_custom; ++field)
        fields[field].related = true;
    for (auto const& definition : lifecycle.related) {
        auto& field = related.emplace_back(detail::custom_field_of(definition));
        field.name.replace(0, std::string_view{"fields"}.size(), "related");
    }
    for (auto& field : related) {
        field.related = true;
        field.sortable = false;
        field.name.insert(0, field.name.starts_with("related.") ? "" : "related.");
        fields.push_back(std::move(field));
    }
    return expr::schema{std::move(fields)};
}

GUICHET_DECL expr::value ticket_record::read(ticket const& from, std::uint32_t field, made& room) const {
    auto const& derived = derived_ticket_fields();
    if (field < detail::column_count) {
        expr::value out;
        boost::mp11::mp_with_index<detail::column_count>(field, [&](auto number) {
            using description = boost::mp11::mp_at<json::detail::members<ticket_row>, decltype(number)>;
            auto const& member = from.*description::pointer;
            using type = std::remove_cvref_t<decltype(member)>;
            if constexpr (std::is_same_v<type, bool> || std::is_same_v<type, instant>)
                out = member;
            else if constexpr (std::is_integral_v<type>)
                out = static_cast<std::int64_t>(member);
            else if constexpr (std::is_same_v<type, std::optional<instant>>)
                member ? void(out = *member) : void();
            else if constexpr (std::is_enum_v<type>)
                out = json::to_text(member);
            else if constexpr (json::detail::is_id<type>) {
                auto& text = room.ids[std::is_same_v<decltype(number), boost::mp11::mp_size_t<0>> ? 0 : 1];
                if (member)
                    out = std::string_view{text = to_string(member)};
            } else if (!member.empty())
                out = std::string_view{member};
        });
        return out;
    }
    if (field == derived.tags)
        return std::span<std::string const>{from.tags};
    if (field == derived.watchers)
        return std::span<std::string const>{from.watchers};
    if (field == derived.open)
        return from.open();
    if (field == derived.age)
        return from.created_at;
    if (field == derived.idle)
        return from.updated_at;
    if (field == derived.unanswered)
        return !from.contacts.empty() && from.contacts.back().by == side::requester;
    if (field == derived.last_contact_at || field == derived.last_contact_by) {
        if (from.contacts.empty())
            return {};
        auto const& last = from.contacts.back();
        return field == derived.last_contact_at ? expr::value{last.at} : expr::value{json::to_text(last.by)};
    }
    if (field == derived.participants) {
        room.participants = from.watchers;
        room.participants.push_back(from.requester);
        if (!from.contact.empty())
            room.participants.push_back(from.contact);
        return std::span<std::string const>{room.participants};
    }
    if (field == derived.children || field == derived.duplicates) {
        auto const kind = field == derived.children ? link_kind::parent_of : link_kind::duplicated_by;
        return static_cast<std::int64_t>(
            std::count_if(from.links.begin(), from.links.end(), [&](ticket_link const& l) { return l.kind == kind; }));
    }
    if (field == derived.satisfaction)
        return from.rating ? expr::value{std::int64_t{from.rating->score}} : expr::value{};
    if (field == derived.satisfaction_text)
        return from.rating && !from.rating->text.empty() ? expr::value{std::string_view{from.rating->text}}
                                                         : expr::value{};
    if (field == derived.major)
        return from.is_major();
    if (field == derived.major_updated_at)
        return from.major && from.major->updated_at ? expr::value{*from.major->updated_at} : expr::value{};
    if (field >= derived.first_trend && field < derived.first_custom)
        return detail::of_trend(from, field - derived.first_trend);
    if (schema_[field].related)
        return related_ ? related_->get(now_, field) : expr::value{};
    auto const* own = from.field(std::string_view{schema_[field].name}.substr(std::string_view{"fields."}.size()));
    if (!own)
        return {};
    if (auto const* text = std::get_if<std::string>(&own->value))
        return std::string_view{*text};
    if (auto const* number = std::get_if<double>(&own->value))
        return *number;
    if (auto const* flag = std::get_if<bool>(&own->value))
        return *flag;
    if (auto const* object = std::get_if<object_reference>(&own->value))
        return std::string_view{object->id};
    return {};
}

GUICHET_DECL expr::value ticket_record::get(std::uint32_t field) const noexcept { return read(now_, field, made_now_); }

GUICHET_DECL expr::value ticket_record::before(std::uint32_t field) const noexcept {
    return before_ ? read(*before_, field, made_before_) : get(field);
}

GUICHET_DECL bool ticket_record::changed(std::uint32_t field) const noexcept {
    if (!before_)
        return false;
    auto const now = get(field), then = before(field);
    if (auto const* list = std::get_if<std::span<std::string const>>(&now)) {
        auto const* old = std::get_if<std::span<std::string const>>(&then);
        return !old || !std::equal(list->begin(), list->end(), old->begin(), old->end());
    }
    if (now.index() != then.index())
        return true;
    return std::visit(
        [&](auto const& value) {
            using type = std::remove_cvref_t<decltype(value)>;
            if constexpr (std::is_same_v<type, std::span<std::string const>>)
                return false;
            else
                return value != std::get<type>(then);
        },
        now);
}

GUICHET_DECL expr::context ticket_context(instant now, expr::calendars const* calendars) noexcept {
    return {now, &text::contains_folded, &text::contains_word, &text::starts_with_folded, calendars};
}

} // namespace guichet::inline v0
