// A little ERP with a help desk inside: a day of it, told with a simulated clock. docs/guides/embed-in-an-erp.md
// explains it; ./dev example erp-host [--lang fr] runs it.
#include "day.hpp"

#include <cstring>
#include <filesystem>
#include <iostream>
#include <unistd.h>

namespace {

/// Where the day's database is: a new file that goes with the program, unless --keep names one.
class place {
public:
    explicit place(std::string kept) : path_{std::move(kept)}, goes_{path_.empty()} {
        if (goes_) {
            auto pattern = (std::filesystem::temp_directory_path() / "guichet-erp-XXXXXX").string();
            if (!::mkdtemp(pattern.data()))
                throw std::runtime_error{"no folder for the database in " + pattern};
            path_ = pattern + "/erp.db";
        }
    }
    place(place const&) = delete;
    place& operator=(place const&) = delete;
    ~place() {
        std::error_code ignored;
        if (goes_)
            std::filesystem::remove_all(std::filesystem::path{path_}.parent_path(), ignored);
    }
    std::string const& path() const noexcept { return path_; }

private:
    std::string path_;
    bool goes_;
};

} // namespace

int main(int count, char** words) try {
    auto lang = guichet::language::en;
    std::string keep;
    for (int i = 1; i + 1 < count; i += 2) {
        if (std::strcmp(words[i], "--lang") == 0)
            lang = std::strcmp(words[i + 1], "fr") == 0 ? guichet::language::fr : guichet::language::en;
        else if (std::strcmp(words[i], "--keep") == 0)
            keep = words[i + 1];
    }
    place const where{keep};
    guichet::testing::simulated_environment clock;
    erp firm{where.path()};
    service_desk desk{firm, clock};
    day{firm, desk, clock, lang, std::cout}.play();
} catch (std::exception const& failed) {
    std::cerr << "example-erp-host: " << failed.what() << '\n';
    return 1;
}
