#pragma once

/// Every definition of the module `access`. `<guichet/src.hpp>` includes it.

#include <guichet/access/impl/audiences.ipp>
#include <guichet/access/impl/roles.ipp>
