#pragma once

/// Every definition of the module `trends`. `<guichet/src.hpp>` includes it.

#include <guichet/trends/impl/alarm.ipp>
#include <guichet/trends/impl/detector.ipp>
#include <guichet/trends/impl/past.ipp>
#include <guichet/trends/impl/snapshot.ipp>
#include <guichet/trends/impl/tail.ipp>
#include <guichet/trends/impl/watch_set.ipp>
