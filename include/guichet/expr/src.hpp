#pragma once

/// Every definition of the module `expr`. `<guichet/src.hpp>` includes it.

#include <guichet/expr/impl/checking.ipp>
#include <guichet/expr/impl/condition.ipp>
#include <guichet/expr/impl/evaluation.ipp>
#include <guichet/expr/impl/pattern.ipp>
#include <guichet/expr/impl/schema.ipp>
#include <guichet/expr/impl/sentences.ipp>
#include <guichet/expr/impl/text_form.ipp>
#include <guichet/expr/impl/text_writing.ipp>
#include <guichet/expr/impl/value.ipp>
