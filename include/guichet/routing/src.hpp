#pragma once

/// Every definition of the module `routing`. `<guichet/src.hpp>` includes it.

#include <guichet/routing/impl/choose.ipp>
#include <guichet/routing/impl/decision.ipp>
#include <guichet/routing/impl/roster.ipp>
#include <guichet/routing/impl/workload.ipp>
