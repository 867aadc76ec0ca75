#pragma once
#include <guichet/base/ids.hpp>
#include <guichet/model/article.hpp>
#include <guichet/text/lines.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The articles that an index must read anew because a date comes, though nothing happens to them.
namespace guichet::inline v0::detail {

class dated_articles {
public:
    using whose = std::pair<std::string, article_id>; ///< tenant and article

    /// Notes when it begins or ends to be found next.
    void await(article const& a, instant now) {
        whose const one{a.tenant, a.id};
        dates_.erase(one);
        if (a.state == article_state::published)
            for (auto const& date : {a.valid_until, a.valid_from}) // the earlier one last
                if (date && *date > now)
                    put(one, *date);
    }
    /// Those whose date has come: each is to be awaited again.
    std::vector<whose> due(instant now) {
        std::vector<whose> out;
        if (now < next_)
            return out;
        next_ = instant::max();
        for (auto const& [one, at] : dates_) {
            if (at <= now)
                out.push_back(one);
            next_ = std::min(next_, at); // also of those: where reading one fails, it is due again
        }
        return out;
    }

    bool empty() const noexcept { return dates_.empty(); }
    /// All of them as a text, to be kept with the index, and back.
    std::string told() const {
        std::string out;
        for (auto const& [one, at] : dates_)
            out += std::to_string(at.time_since_epoch().count()) + ' ' + to_string(one.second) + ' ' + one.first + '\n';
        return out;
    }
    void recall(std::string_view told) {
        while (!told.empty()) {
            auto const line = text::take_line(told);
            auto const id_at = line.find(' ') + 1, tenant_at = line.find(' ', id_at) + 1;
            std::int64_t ticks = 0;
            std::from_chars(line.data(), line.data() + line.size(), ticks);
            if (auto const id = parse_id<article_id>(line.substr(id_at, tenant_at - 1 - id_at)); id)
                put({std::string{line.substr(tenant_at)}, *id}, instant{instant::duration{ticks}});
        }
    }
    /// Under which it is kept beside the marks of sources: no kind of those has a space.
    static constexpr char mark[] = "article dates";

private:
    void put(whose const& one, instant at) {
        dates_[one] = at;
        next_ = std::min(next_, at);
    }

    std::map<whose, instant> dates_;
    instant next_ = instant::max(); ///< none of them is before it
};

} // namespace guichet::inline v0::detail
