#pragma once
#include <guichet/storage/records.hpp>

#include <boost/describe/enum.hpp>

/// The names of what a store keeps, for whoever writes records as values. No part of the umbrella.
namespace guichet::inline v0::storage {

/// As in `each_text`.
BOOST_DESCRIBE_ENUM(text_role, subject, message, resolution, attachment, field, title, symptom, body, cause, workaround,
                    remark, word, attached)

} // namespace guichet::inline v0::storage
