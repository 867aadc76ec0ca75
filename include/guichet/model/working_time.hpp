#pragma once
#include <guichet/expr/condition.hpp>
#include <guichet/time/calendar.hpp>

#include <functional>
#include <string_view>
#include <utility>

namespace guichet::inline v0 {

/// What conditions ask of calendars, answered by those that a function finds: null where there is none of that name.
/// Both must outlive what is asked. Threads may share it where they may share the function. Under a microsecond.
class calendar_answers final : public expr::calendars {
public:
    using finder = std::function<time::calendar const*(std::string_view)>;
    explicit calendar_answers(finder find) : find_{std::move(find)} {
        if (!find_)
            find_ = [](std::string_view) { return nullptr; };
    }

    GUICHET_DECL std::optional<instant> cutoff(std::string_view calendar, instant now, duration worked,
                                               end which) const noexcept override;
    GUICHET_DECL std::optional<instant> horizon(std::string_view calendar, instant now,
                                                duration worked) const noexcept override;
    GUICHET_DECL std::optional<duration> between(std::string_view calendar, instant from,
                                                 instant to) const noexcept override;
    GUICHET_DECL std::optional<bool> is_open(std::string_view calendar, instant at) const noexcept override;

private:
    finder find_;
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/model/impl/working_time.ipp>
#endif
