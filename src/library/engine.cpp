#include <guichet/engine/src.hpp>
