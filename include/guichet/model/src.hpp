#pragma once

/// Every definition of the module `model`. `<guichet/src.hpp>` includes it.

#include <guichet/model/impl/calendar_document.ipp>
#include <guichet/model/impl/checks.ipp>
#include <guichet/model/impl/codec.ipp>
#include <guichet/model/impl/ticket_fields.ipp>
#include <guichet/model/impl/ticket_labels.ipp>
#include <guichet/model/impl/working_time.ipp>
