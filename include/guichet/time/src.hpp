#pragma once

/// Every definition of the module `time`. `<guichet/src.hpp>` includes it.

#include <guichet/time/impl/calendar.ipp>
#include <guichet/time/impl/calendar_lint.ipp>
#include <guichet/time/impl/holidays.ipp>
#include <guichet/time/impl/icalendar.ipp>
#include <guichet/time/impl/iso8601.ipp>
#include <guichet/time/impl/stretches.ipp>
#include <guichet/time/impl/zone.ipp>
