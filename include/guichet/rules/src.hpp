#pragma once

/// Every definition of the module `rules`. `<guichet/src.hpp>` includes it.

#include <guichet/rules/impl/circles.ipp>
#include <guichet/rules/impl/dispatch.ipp>
#include <guichet/rules/impl/effects.ipp>
#include <guichet/rules/impl/files.ipp>
#include <guichet/rules/impl/lint.ipp>
#include <guichet/rules/impl/lint_words.ipp>
#include <guichet/rules/impl/requirements.ipp>
#include <guichet/rules/impl/rule_index.ipp>
#include <guichet/rules/impl/rule_set.ipp>
#include <guichet/rules/impl/wording.ipp>
