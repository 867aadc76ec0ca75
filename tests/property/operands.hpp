#pragma once
#include <string>
#include <vector>

/// What random conditions on texts look for.
namespace play {

inline std::vector<std::string> const& patterns() {
    static std::vector<std::string> const all{"^is ", "(?i)R[eé]SEAU", "\\d{4}", "[^a-z]", "north|vip", "é$", "."};
    return all;
}
inline std::vector<std::string> const& text_operands() {
    static std::vector<std::string> const all{"network",    "printers", "luc",
                                              "noé",        "ana",      "vip",
                                              "ÉTÉ",        "hardware", "hardware/printer",
                                              "IMPRIMANTE", "reseau",   "is",
                                              "experts",    "north",    "INC-2026-000003",
                                              "日",         "%",        "_",
                                              "bakery",     "solved"};
    return all;
}

} // namespace play
