#include "article_import.hpp"

#include <guichet/kb/article_files.hpp>
#include <guichet/kb/decide.hpp>
#include <guichet/text/lines.hpp>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace guichet::cli {
namespace {

namespace fs = std::filesystem;

/// A file of articles, and the name under which what it holds is known again.
struct article_file {
    fs::path path;
    std::string name;
};

bool holds_articles(fs::path const& path) {
    auto const kind = path.extension();
    return kind == ".md" || kind == ".jsonl" || kind == ".json";
}

result<std::vector<article_file>> files_of(std::string const& given) {
    std::error_code failed;
    auto const path = fs::absolute(given, failed).lexically_normal();
    std::vector<article_file> out;
    if (!fs::is_directory(path, failed)) {
        out.push_back({given, path.lexically_relative(path.parent_path().parent_path()).generic_string()});
        return out;
    }
    auto const root = path.has_filename() ? path : path.parent_path();
    for (fs::recursive_directory_iterator at{root, failed}, end; !failed && at != end; at.increment(failed))
        if (at->is_regular_file() && holds_articles(at->path()))
            out.push_back({at->path(), at->path().lexically_relative(root.parent_path()).generic_string()});
    if (failed)
        return error{reason::file_unreadable, {{"path", given}, {"problem", failed.message()}}};
    std::sort(out.begin(), out.end(), [](article_file const& a, article_file const& b) { return a.path < b.path; });
    return out;
}

class importer {
public:
    importer(desk& into, actor const& by, bool publish) : desk_{into}, by_{by}, publish_{publish} {}

    result<void> read(article_file const& file) {
        GUICHET_LET(auto const text, read_all(file.path.string()));
        if (file.path.extension() == ".md")
            return take(kb::read_markdown_article(text), file.path.string(), file.name);
        std::size_t number = 0;
        for (std::string_view rest = text; !rest.empty();) {
            auto const line = text::take_line(rest);
            ++number;
            if (line.find_first_not_of(" \t") == std::string_view::npos)
                continue;
            auto const digits = std::to_string(number);
            GUICHET_TRY(take(kb::read_json_article(line), file.path.string() + ":" + digits, file.name + "#" + digits));
        }
        return {};
    }

    result<import_report> finish() && {
        GUICHET_TRY(flush());
        return std::move(report_);
    }

private:
    static constexpr std::size_t batch_max = 100;

    result<void> take(result<write_article> read, std::string place, std::string const& name) {
        if (!read) {
            auto const line = read.error()["line"];
            report_.problems.push_back({line.empty() ? place : place + ":" + std::string{line}, read.error()});
            return {};
        }
        if (read->source.empty())
            read->source = name;
        read->publish = publish_;
        auto& wish = wishes_.emplace_back();
        wish.by = by_;
        auto const id = kb::id_of_source(by_.tenant, read->source);
        if (desk_.find_article(id, by_)) {
            wish.article = id;
            wish.body = revision_of(std::move(*read));
        } else {
            wish.body = std::move(*read);
        }
        places_.push_back(std::move(place));
        return wishes_.size() < batch_max ? result<void>{} : flush();
    }
    static revise_article revision_of(write_article a) {
        revise_article out;
        out.title = std::move(a.title);
        out.symptom = std::move(a.symptom);
        out.body = std::move(a.body);
        out.language = std::move(a.language);
        out.category = std::move(a.category);
        out.tags = std::move(a.tags);
        out.audience = std::move(a.audience);
        return out;
    }

    result<void> flush() {
        if (wishes_.empty())
            return {};
        GUICHET_LET(auto const came_to, desk_.execute(std::span<command const>{wishes_}));
        for (std::size_t i = 0; i < came_to.size(); ++i) {
            if (came_to[i])
                ++(std::holds_alternative<write_article>(wishes_[i].body) ? report_.fresh : report_.revised);
            else if (came_to[i].error().why() == reason::nothing_to_do)
                ++report_.unchanged;
            else
                report_.problems.push_back({places_[i], came_to[i].error()});
        }
        wishes_.clear();
        places_.clear();
        return {};
    }

    desk& desk_;
    actor const& by_;
    bool publish_;
    std::vector<command> wishes_;
    std::vector<std::string> places_;
    import_report report_;
};

} // namespace

result<import_report> import_articles(desk& into, actor const& by, std::vector<std::string> const& paths,
                                      bool publish) {
    importer work{into, by, publish};
    for (auto const& path : paths) {
        GUICHET_LET(auto const files, files_of(path));
        for (auto const& file : files)
            GUICHET_TRY(work.read(file));
    }
    return std::move(work).finish();
}

} // namespace guichet::cli
