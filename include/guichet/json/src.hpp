#pragma once

/// Every definition of the module `json`. `<guichet/src.hpp>` includes it.

#include <guichet/json/impl/path.ipp>
