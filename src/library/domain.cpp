#include <guichet/access/src.hpp>
#include <guichet/escalation/src.hpp>
#include <guichet/kb/src.hpp>
#include <guichet/lifecycle/src.hpp>
#include <guichet/routing/src.hpp>
#include <guichet/rules/src.hpp>
#include <guichet/sla/src.hpp>
#include <guichet/storage/src.hpp>
