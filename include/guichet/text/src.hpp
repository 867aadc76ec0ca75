#pragma once

/// Every definition of the module `text`. `<guichet/src.hpp>` includes it.

#include <guichet/text/impl/analyser.ipp>
#include <guichet/text/impl/fold.ipp>
#include <guichet/text/impl/html.ipp>
#include <guichet/text/impl/line_diff.ipp>
#include <guichet/text/impl/markdown.ipp>
#include <guichet/text/impl/markdown_html.ipp>
#include <guichet/text/impl/markdown_walker.ipp>
#include <guichet/text/impl/safe_name.ipp>
#include <guichet/text/impl/stop_words.ipp>
#include <guichet/text/impl/template.ipp>
#include <guichet/text/impl/utf8.ipp>
