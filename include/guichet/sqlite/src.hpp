#pragma once

/// Every definition of the SQLite store. Include it in exactly one translation unit, or link `guichet::sqlite`, which
/// is that unit. Sorted from the bottom up.

#include <guichet/sqlite/impl/append.ipp>
#include <guichet/sqlite/impl/attach.ipp>
#include <guichet/sqlite/impl/conditions.ipp>
#include <guichet/sqlite/impl/connection.ipp>
#include <guichet/sqlite/impl/counters.ipp>
#include <guichet/sqlite/impl/find.ipp>
#include <guichet/sqlite/impl/functions.ipp>
#include <guichet/sqlite/impl/migrations.ipp>
#include <guichet/sqlite/impl/names.ipp>
#include <guichet/sqlite/impl/packing.ipp>
#include <guichet/sqlite/impl/reading.ipp>
#include <guichet/sqlite/impl/rows.ipp>
#include <guichet/sqlite/impl/schema.ipp>
#include <guichet/sqlite/impl/store.ipp>
#include <guichet/sqlite/impl/unit.ipp>
