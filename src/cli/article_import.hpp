#pragma once
#include "context.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace guichet::cli {

/// What an import of articles came to.
struct import_report {
    std::size_t fresh = 0, revised = 0, unchanged = 0;
    struct problem {
        std::string place; ///< file, and line where it is known
        error what;
    };
    std::vector<problem> problems;
};

/// Reads the Markdown (.md) and JSON lines (.jsonl, .json) files of these paths, folders with all below them, and
/// writes what is new, revises what differs. An article is known again by its `id`, else by its file's name from the
/// folder on that was given, or that the file is in. A hundred articles to a transaction; what is wrong with one stops
/// no other.
result<import_report> import_articles(desk& into, actor const& by, std::vector<std::string> const& paths, bool publish);

} // namespace guichet::cli
