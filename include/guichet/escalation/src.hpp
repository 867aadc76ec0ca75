#pragma once

/// Every definition of the module `escalation`. `<guichet/src.hpp>` includes it.

#include <guichet/escalation/impl/journey.ipp>
#include <guichet/escalation/impl/ladder.ipp>
