#pragma once
#include "context.hpp"

#include <guichet/engine/document_source.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace guichet::cli {

/// Documents of a host in JSON lines files, to be found beside tickets: `KIND=FILE` each. A line has the names of an
/// imported article, with `id` and `title`; each other name that has a text or a number is an attribute.
result<std::map<std::string, std::shared_ptr<document_source>>> read_documents(
    std::vector<std::string> const& kinds_and_files, std::string const& tenant);

} // namespace guichet::cli
