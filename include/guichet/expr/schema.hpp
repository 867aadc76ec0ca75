#pragma once
#include <guichet/config.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::expr {

/// `choice` is a text out of a ranked list, `id` a text compared as a whole, `list` a set of texts.
enum class field_type : std::uint8_t { text, number, boolean, instant, choice, id, list };
GUICHET_DECL std::string_view to_string(field_type type) noexcept;

/// One thing that a condition can speak of.
struct field {
    std::string name;
    field_type type = field_type::text;
    /// Of a choice: the allowed values from the lowest rank to the highest; `<` and `>` compare ranks, and without any,
    /// every text is allowed and nothing is ranked. Of a list: the allowed members; without any, all texts are.
    std::vector<std::string> choices = {};
    /// Whether a view may be ordered by it.
    bool sortable = false;

    friend bool operator==(field const&, field const&) = default;
};

/// The fields that conditions of one kind may use, numbered from 0 in the order given. A field's number is how records
/// and backends know it. Immutable, so it may be shared by threads.
class schema {
public:
    schema() = default;
    /// Of two fields with the same name, the first is found.
    GUICHET_DECL explicit schema(std::vector<field> fields);
    schema(std::initializer_list<field> fields) : schema{std::vector<field>{fields}} {}

    /// The number of the field of that name. A binary search.
    GUICHET_DECL std::optional<std::uint32_t> find(std::string_view name) const noexcept;
    field const& operator[](std::uint32_t number) const noexcept { return fields_[number]; }
    std::size_t size() const noexcept { return fields_.size(); }
    std::vector<field> const& fields() const noexcept { return fields_; }

    /// The names, for an error message: "state, priority, ...". A very long list is cut.
    GUICHET_DECL std::string known() const;
    /// The name most like `name` if one is like enough to be meant (Damerau-Levenshtein distance, restricted), else an
    /// empty view.
    GUICHET_DECL std::string_view closest(std::string_view name) const;

private:
    std::vector<field> fields_;
    std::vector<std::uint32_t> by_name_;
};

} // namespace guichet::inline v0::expr

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/expr/impl/schema.ipp>
#endif
