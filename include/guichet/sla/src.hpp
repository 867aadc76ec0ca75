#pragma once

/// Every definition of the module `sla`. `<guichet/src.hpp>` includes it.

#include <guichet/sla/impl/clock.ipp>
#include <guichet/sla/impl/policy.ipp>
#include <guichet/sla/impl/proof.ipp>
