#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/reporting/report.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace guichet::inline v0 {

struct statistics_options {
    /// Changed since they were kept, before `catch_up` keeps the statistics again; an eighth of all tickets where that
    /// is more, so that writing costs a change about the same however many tickets there are.
    std::size_t keep_tickets = 1'024;
};

/// A report that somebody asks for; `reporting::request` tells of the same members more.
struct report_request {
    std::string what{};
    std::vector<std::string> by{};
    report_period period{};
    std::string where{};      ///< a condition on tickets as they are now, as text or JSON
    std::string calendar{};   ///< of `time`: whose working time is counted, too
    double hourly_rate = 0;   ///< of `cost`
    bool all_tenants = false; ///< needs the right `audit_tenants`
    std::size_t top = 0;      ///< rows at most; 0: all
};

/// Reports of a desk from columns in memory. It follows the log of the store, so that it counts everything that was
/// committed, whoever wrote it. Any thread; one at a time.
///
/// `catch_up` keeps the columns in the store, and the next statistics begin with what is kept and read on in the log;
/// where nothing is kept, or anything of it is damaged or of another version, they read the whole log, for the same
/// answers.
class statistics {
public:
    /// Of a desk that lives longer.
    GUICHET_DECL explicit statistics(desk const& of, statistics_options options = {});
    GUICHET_DECL ~statistics();
    GUICHET_DECL statistics(statistics&&) noexcept;
    GUICHET_DECL statistics& operator=(statistics&&) noexcept;

    /// Reads what was written since, of all tenants, each changed ticket once, and keeps the columns in the store when
    /// enough changed; call it where `pump` is called. How many tickets changed. In a store that is read only nothing
    /// is kept.
    GUICHET_DECL result<std::size_t> catch_up();
    /// A report on the tickets of the viewer's tenant, or of all; he needs the right `audit`. Reads what was written
    /// since, but keeps nothing.
    GUICHET_DECL result<reporting::table> report(report_request const& asked, viewer const& who);
    /// Of all tickets.
    GUICHET_DECL std::size_t memory_bytes() const;

private:
    struct implementation;
    std::unique_ptr<implementation> impl_;
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/statistics.ipp>
#endif
