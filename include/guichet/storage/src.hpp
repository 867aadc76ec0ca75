#pragma once

/// Every definition of the module `storage`. `<guichet/src.hpp>` includes it.

#include <guichet/storage/impl/blob_store.ipp>
#include <guichet/storage/impl/facets.ipp>
#include <guichet/storage/impl/memory_contents.ipp>
#include <guichet/storage/impl/memory_reading.ipp>
#include <guichet/storage/impl/memory_store.ipp>
#include <guichet/storage/impl/memory_unit.ipp>
#include <guichet/storage/impl/scan.ipp>
#include <guichet/storage/impl/writer_gate.ipp>
