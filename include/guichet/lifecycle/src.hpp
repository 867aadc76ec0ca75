#pragma once

/// Every definition of the module `lifecycle`. `<guichet/src.hpp>` includes it.

#include <guichet/lifecycle/impl/custom_fields.ipp>
#include <guichet/lifecycle/impl/decide.ipp>
#include <guichet/lifecycle/impl/evolve.ipp>
#include <guichet/lifecycle/impl/gathering.ipp>
#include <guichet/lifecycle/impl/machine.ipp>
#include <guichet/lifecycle/impl/mover.ipp>
#include <guichet/lifecycle/impl/scribe.ipp>
#include <guichet/lifecycle/impl/splitting.ipp>
