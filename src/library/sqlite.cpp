#include <guichet/sqlite/src.hpp>
