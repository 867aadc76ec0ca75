#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/model/documents.hpp>
#include <guichet/model/ticket_fields.hpp>
#include <guichet/text/analyser.hpp>
#include <guichet/trends/detector.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::inline v0::trends {

inline constexpr std::string_view word_key = "word"; ///< the field of traits that are words of subjects
inline constexpr std::string_view all_key = "all";   ///< tickets of any kind

/// What is watched for some tenants: a trend document, checked.
struct watch {
    struct key {
        std::string field;
        std::uint32_t number = 0; ///< of the field in conditions
    };
    std::string name{};
    std::vector<std::string> tenants{};
    detector_options options{};
    std::vector<key> keys{};
    bool words = false; ///< of the subject are traits
    text::tongue language = text::tongue::neutral;
};

/// All trend documents of a desk. Immutable; share it between threads.
class watch_set {
public:
    /// Refused, with the path: a key that no ticket has or that is free text, a tenant that two documents name, and
    /// what `detector::make` refuses.
    GUICHET_DECL static result<std::shared_ptr<watch_set const>> compile(std::vector<trend_document> documents,
                                                                         expr::schema const& schema);

    /// What is watched for a tenant; null: nothing.
    GUICHET_DECL watch const* of(std::string_view tenant) const noexcept;
    bool empty() const noexcept { return watches_.empty(); }
    /// Differs where what is watched does.
    std::uint64_t print() const noexcept { return print_; }
    expr::schema const& schema() const noexcept { return schema_; }

private:
    std::vector<watch> watches_;
    std::uint64_t print_ = 0;
    expr::schema schema_;
};

/// Calls `take(field, value)` for each trait of a ticket but its words.
template <class Take>
void each_trait(watch const& of, ticket const& t, expr::schema const& schema, Take const& take) {
    ticket_record const record{t, schema};
    for (auto const& key : of.keys) {
        auto const value = record.get(key.number);
        if (auto const* text = std::get_if<std::string_view>(&value))
            take(key.field, *text);
        else if (auto const* list = std::get_if<std::span<std::string const>>(&value))
            for (auto const& member : *list)
                take(key.field, std::string_view{member});
    }
}

} // namespace guichet::inline v0::trends

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/trends/impl/watch_set.ipp>
#endif
