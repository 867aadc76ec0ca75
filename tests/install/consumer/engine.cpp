#include <guichet/sqlite/src.hpp>
#include <guichet/src.hpp>
