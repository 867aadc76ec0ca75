#include <guichet/testing/src.hpp>
