#pragma once
#include "console.hpp"

#include <string>
#include <vector>

namespace guichet::cli {

/// One cell: its text, and how it looks.
struct cell {
    std::string text;
    style look = style::plain;
};

/// Rows of aligned columns under a header. The widest flexible column gives way when the line is too long.
class table {
public:
    struct column {
        std::string title;
        bool right = false;
        bool flexible = false;
    };
    explicit table(std::vector<column> columns) : columns_{std::move(columns)} {}
    void add(std::vector<cell> row) { rows_.push_back(std::move(row)); }
    bool empty() const noexcept { return rows_.empty(); }
    std::string print(console const& out, std::size_t indent = 0) const;

private:
    std::vector<std::size_t> widths(std::size_t room) const;

    std::vector<column> columns_;
    std::vector<std::vector<cell>> rows_;
};

} // namespace guichet::cli
