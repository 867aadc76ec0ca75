#include <guichet/base/src.hpp>
#include <guichet/expr/src.hpp>
#include <guichet/json/src.hpp>
#include <guichet/model/src.hpp>
#include <guichet/text/src.hpp>
#include <guichet/time/src.hpp>
