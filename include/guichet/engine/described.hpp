#pragma once
#include <guichet/engine/desk.hpp>

#include <boost/describe/enum.hpp>

/// The words of what queries of the desk are told, for those who read them: JSON, Python. No part of the umbrella.
namespace guichet::inline v0 {

BOOST_DESCRIBE_ENUM(article_list, all, outdated, review_due)
BOOST_DESCRIBE_ENUM(decision_policy::which, none, fired, sampled, all)

} // namespace guichet::inline v0
