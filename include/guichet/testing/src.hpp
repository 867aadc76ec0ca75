#pragma once

/// Every definition of the test kit. Include it in exactly one translation unit, or link `guichet::testing`, which is
/// that unit.

#include <guichet/testing/impl/vectors.ipp>
