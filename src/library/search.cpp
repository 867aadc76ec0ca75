#include <guichet/search/src.hpp>
