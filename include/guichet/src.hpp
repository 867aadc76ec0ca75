#pragma once

/// Every definition of the library, levels 0 to 5, module by module. Include it in exactly one translation unit, or
/// link `guichet::core`, which holds them compiled. Sorted by level.

// level 0
#include <guichet/base/src.hpp>

// level 1
#include <guichet/expr/src.hpp>
#include <guichet/json/src.hpp>
#include <guichet/text/src.hpp>
#include <guichet/time/src.hpp>

// level 2
#include <guichet/model/src.hpp>

// level 3
#include <guichet/access/src.hpp>
#include <guichet/escalation/src.hpp>
#include <guichet/kb/src.hpp>
#include <guichet/lifecycle/src.hpp>
#include <guichet/reporting/src.hpp>
#include <guichet/routing/src.hpp>
#include <guichet/rules/src.hpp>
#include <guichet/search/src.hpp>
#include <guichet/sla/src.hpp>
#include <guichet/trends/src.hpp>

// level 4
#include <guichet/storage/src.hpp>

// level 5
#include <guichet/engine/src.hpp>
