#pragma once
#include <guichet/base/error.hpp>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace guichet::cli {

/// The text of a file, plain or gzip-compressed.
result<std::string> read_unpacked(std::string const& path);

/// Walks through comma-separated values (RFC 4180): quoted fields may hold commas, line ends and doubled quotes. Fields
/// are views into the text, or into the reader where quotes had to be taken away: both must outlive them.
class csv_reader {
public:
    explicit csv_reader(std::string_view text) : rest_{text} {
        if (rest_.starts_with("\xef\xbb\xbf"))
            rest_.remove_prefix(3);
    }
    /// The next record; false at the end. Blank lines are passed over.
    result<bool> next(std::vector<std::string_view>& fields);
    /// The line on which the last record began, from 1.
    std::size_t line() const noexcept { return line_; }

private:
    result<std::string_view> quoted_field();

    std::string_view rest_;
    std::size_t line_ = 0, next_line_ = 1;
    std::deque<std::string> unquoted_;
};

} // namespace guichet::cli
