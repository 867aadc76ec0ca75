#pragma once
#include <guichet/config.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace guichet::inline v0::search {

/// Which documents are asked for, by their attributes:
///
///     all_of({has("state", {"new", "open"}), none_of({has("queue", {"network"})})})
struct filter {
    enum class form : std::uint8_t {
        all,  ///< each of `parts` holds; without any, always
        any,  ///< one of `parts` holds; without any, never
        none, ///< none of `parts` holds
        has   ///< the document has the attribute `name` with one of `values`
    };
    form is = form::all;
    std::string name{};
    std::vector<std::string> values{};
    std::vector<filter> parts{};

    friend bool operator==(filter const&, filter const&) = default;
};
inline filter has(std::string name, std::vector<std::string> values) {
    return {filter::form::has, std::move(name), std::move(values), {}};
}
inline filter all_of(std::vector<filter> parts) { return {filter::form::all, {}, {}, std::move(parts)}; }
inline filter any_of(std::vector<filter> parts) { return {filter::form::any, {}, {}, std::move(parts)}; }
inline filter none_of(std::vector<filter> parts) { return {filter::form::none, {}, {}, std::move(parts)}; }

} // namespace guichet::inline v0::search
