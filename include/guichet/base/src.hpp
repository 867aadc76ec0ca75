#pragma once

/// Every definition of the module `base`. `<guichet/src.hpp>` includes it.

#include <guichet/base/impl/environment.ipp>
#include <guichet/base/impl/error.ipp>
#include <guichet/base/impl/hash.ipp>
#include <guichet/base/impl/ids.ipp>
#include <guichet/base/impl/spelling.ipp>
