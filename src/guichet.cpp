#include <guichet/src.hpp>
