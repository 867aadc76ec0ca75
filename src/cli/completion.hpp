#pragma once
#include <CLI/CLI.hpp>

#include <string>
#include <string_view>

namespace guichet::cli {

/// A completion script for bash, zsh or fish, made from the commands and options as they are declared.
std::string completion_script(CLI::App const& app, std::string_view shell);

} // namespace guichet::cli
