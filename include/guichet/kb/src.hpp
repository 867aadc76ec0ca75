#pragma once

/// Every definition of the module `kb`. `<guichet/src.hpp>` includes it.

#include <guichet/kb/impl/article_files.ipp>
#include <guichet/kb/impl/compare.ipp>
#include <guichet/kb/impl/decide.ipp>
#include <guichet/kb/impl/evolve.ipp>
#include <guichet/kb/impl/guide.ipp>
#include <guichet/kb/impl/inquire.ipp>
