#pragma once

/// Every definition of the module `search`. `<guichet/src.hpp>` includes it.

#include <guichet/search/impl/analyser_pool.ipp>
#include <guichet/search/impl/completion.ipp>
#include <guichet/search/impl/dictionary.ipp>
#include <guichet/search/impl/fusion.ipp>
#include <guichet/search/impl/fuzzy.ipp>
#include <guichet/search/impl/index.ipp>
#include <guichet/search/impl/likelihood.ipp>
#include <guichet/search/impl/neighbourhood.ipp>
#include <guichet/search/impl/part.ipp>
#include <guichet/search/impl/plan.ipp>
#include <guichet/search/impl/postings.ipp>
#include <guichet/search/impl/query.ipp>
#include <guichet/search/impl/request_words.ipp>
#include <guichet/search/impl/segment.ipp>
#include <guichet/search/impl/segment_writer.ipp>
#include <guichet/search/impl/snapshot.ipp>
#include <guichet/search/impl/snippet.ipp>
#include <guichet/search/impl/telling.ipp>
#include <guichet/search/impl/top.ipp>
#include <guichet/search/impl/vector_graph.ipp>
#include <guichet/search/impl/vectors.ipp>
#include <guichet/search/impl/word_trie.ipp>
