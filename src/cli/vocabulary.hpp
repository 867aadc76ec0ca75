#pragma once
#include "console.hpp"

#include <guichet/model/documents.hpp>
#include <guichet/model/event.hpp>

namespace guichet::cli {

/// The administrator's names in the words of the reader: labels of the lifecycle, and the program's own for the closed
/// vocabularies.
struct vocabulary {
    lifecycle_document const& lifecycle;
    speaker say;

    std::string state(std::string_view name) const;
    std::string priority(std::string_view name) const;
    std::string impact(std::string_view name) const;
    std::string urgency(std::string_view name) const;
    std::string kind(std::string_view name) const;
    std::string field(std::string_view name) const;
    std::string value(field_value const& of) const;
    std::string of(channel c) const;
    std::string of(link_kind k) const;
    std::string metric(std::string_view name) const;
};

style style_of(status s) noexcept;
/// By rank from the top: the most severe is red, the next yellow.
style style_of_priority(lifecycle_document const& d, std::string_view priority) noexcept;

} // namespace guichet::cli
