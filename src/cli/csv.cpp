#include "csv.hpp"

#include <zlib.h>

#include <cerrno>
#include <memory>
#include <system_error>

namespace guichet::cli {

result<std::string> read_unpacked(std::string const& path) {
    errno = 0;
    std::unique_ptr<gzFile_s, int (*)(gzFile)> const file{gzopen(path.c_str(), "rb"), &gzclose};
    if (!file)
        return error{reason::file_unreadable, {{"path", path}, {"problem", std::generic_category().message(errno)}}};
    std::string out;
    std::vector<char> room(1 << 20);
    int got = 0;
    while ((got = gzread(file.get(), room.data(), static_cast<unsigned>(room.size()))) > 0)
        out.append(room.data(), static_cast<std::size_t>(got));
    int number = 0;
    char const* const problem = gzerror(file.get(), &number);
    if (got < 0 || number != Z_OK)
        return error{
            reason::file_unreadable,
            {{"path", path}, {"problem", number == Z_ERRNO ? std::generic_category().message(errno) : problem}}};
    return out;
}

result<bool> csv_reader::next(std::vector<std::string_view>& fields) {
    fields.clear();
    while (rest_.starts_with('\n') || rest_.starts_with("\r\n")) {
        rest_.remove_prefix(rest_.find('\n') + 1);
        ++next_line_;
    }
    if (rest_.empty())
        return false;
    line_ = next_line_;
    for (;;) {
        if (rest_.starts_with('"')) {
            GUICHET_LET(auto const field, quoted_field());
            fields.push_back(field);
        } else {
            auto const end = std::min(rest_.find_first_of(",\n"), rest_.size());
            auto field = rest_.substr(0, end);
            if (field.ends_with('\r'))
                field.remove_suffix(1);
            fields.push_back(field);
            rest_.remove_prefix(end);
        }
        if (!rest_.starts_with(','))
            break;
        rest_.remove_prefix(1);
    }
    auto const end = rest_.find('\n');
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    ++next_line_;
    return true;
}

result<std::string_view> csv_reader::quoted_field() {
    auto& out = unquoted_.emplace_back();
    for (std::size_t at = 1; at < rest_.size(); ++at) {
        auto const c = rest_[at];
        if (c == '\n')
            ++next_line_;
        if (c != '"') {
            out += c;
            continue;
        }
        if (at + 1 < rest_.size() && rest_[at + 1] == '"') {
            out += '"';
            ++at;
            continue;
        }
        rest_.remove_prefix(at + 1);
        return std::string_view{out};
    }
    return error{reason::not_csv, {{"line", std::to_string(line_)}, {"problem", "a quote is never closed"}}};
}

} // namespace guichet::cli
