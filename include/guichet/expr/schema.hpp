#pragma once
#include <guichet/config.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::expr {

/// `choice` is a text out of a ranked list, `id` a text compared as a whole, `list` a set of texts. Of an `age` the
/// record shows an instant, and conditions compare how long ago it is.
enum class field_type : std::uint8_t { text, number, boolean, instant, choice, id, list, age };
GUICHET_DECL std::string_view to_string(field_type type) noexcept;

/// How people call something in the middle of a sentence, a field with its article: "the priority", "the tags"; a
/// choice without: "high". Empty: by its name.
struct label {
    std::string en{}, fr{};
    bool plural = false; ///< "the tags are ..."

    friend bool operator==(label const&, label const&) = default;
};

/// One thing that a condition can speak of.
struct field {
    std::string name;
    field_type type = field_type::text;
    /// Of a choice: the allowed values from the lowest rank to the highest; `<` and `>` compare ranks, and without any,
    /// every text is allowed and nothing is ranked. Of a list: the allowed members; without any, all texts are.
    std::vector<std::string> choices = {};
    /// Whether a view may be ordered by it.
    bool sortable = false;
    /// For sentences. Those of the choices lie as the choices do; a boolean field may have two, which are whole
    /// sentences: where it is false ("the ticket is closed") and where it is true ("the ticket is open").
    label called = {};
    std::vector<label> choices_called = {};
    /// Not a value of the record itself but of others that it is related to: only who has them at hand can ask, and a
    /// query of a store cannot.
    bool related = false;

    friend bool operator==(field const&, field const&) = default;
};

/// The fields that conditions of one kind may use, numbered from 0 in the order given. A field's number is how records
/// and backends know it. Immutable and cheap to copy; copies share the fields, and threads may too.
class schema {
public:
    schema() : schema{std::vector<field>{}} {}
    /// Of two fields with the same name, the first is found.
    GUICHET_DECL explicit schema(std::vector<field> fields);
    schema(std::initializer_list<field> fields) : schema{std::vector<field>{fields}} {}
    schema(schema const&) = default;
    schema& operator=(schema const&) = default;
    ~schema() = default;

    /// The number of the field of that name. A binary search.
    GUICHET_DECL std::optional<std::uint32_t> find(std::string_view name) const noexcept;
    field const& operator[](std::uint32_t number) const noexcept { return body_->fields[number]; }
    std::size_t size() const noexcept { return body_->fields.size(); }
    std::vector<field> const& fields() const noexcept { return body_->fields; }

    /// The same fields, and the calendars that conditions may name, or none at all; without, they may name any.
    GUICHET_DECL schema with_calendars(std::vector<std::string> names) const;
    /// The same fields, where conditions may not ask the related ones: for queries of a store, and
    /// wherever else only the ticket itself is at hand.
    GUICHET_DECL schema stored() const;
    /// Those given to `with_calendars`, else none.
    std::vector<std::string> const* calendars() const noexcept { return calendars_.get(); }
    bool stored_only() const noexcept { return stored_only_; }

    /// The names, for an error message: "state, priority, ...". A very long list is cut.
    GUICHET_DECL std::string known() const;
    /// The name most like `name` if one is like enough to be meant (Damerau-Levenshtein distance, restricted), else an
    /// empty view.
    GUICHET_DECL std::string_view closest(std::string_view name) const;

private:
    struct body {
        std::vector<field> fields;
        std::vector<std::uint32_t> by_name;
    };
    std::shared_ptr<body const> body_; ///< never null: a schema is copied, not moved
    std::shared_ptr<std::vector<std::string> const> calendars_;
    bool stored_only_ = false;
};

} // namespace guichet::inline v0::expr

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/expr/impl/schema.ipp>
#endif
