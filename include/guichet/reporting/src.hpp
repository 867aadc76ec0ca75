#pragma once

/// Every definition of the module `reporting`. `<guichet/src.hpp>` includes it.

#include <guichet/reporting/impl/chart.ipp>
#include <guichet/reporting/impl/ledger.ipp>
#include <guichet/reporting/impl/output.ipp>
#include <guichet/reporting/impl/report.ipp>
#include <guichet/reporting/impl/row_filter.ipp>
#include <guichet/reporting/impl/timeline.ipp>
