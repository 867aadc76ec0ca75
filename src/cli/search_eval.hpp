#pragma once
#include <guichet/base/error.hpp>

#include <string>

namespace guichet::cli {

struct search_eval_options {
    std::string folder;
    bool link_train = false; ///< the training queries count as tickets that their document resolved
    int passes = 3;          ///< the latency of a query is the least of so many
};

/// Reads a collection (corpus.jsonl, queries.jsonl, qrels.tsv, queries_typo.tsv, queries_long.tsv, qrels.train.tsv,
/// lang) and measures the search on it: one JSON object with `plain`, `typo` and `long` where there are such queries,
/// each with `ndcg@10`, `recall@100`, `mrr@10`, `p50_ms` and `p99_ms`, and `index` with `docs`, `docs_per_s`, `bytes`.
/// Nothing depends on the collection but its language.
result<std::string> evaluate_search(search_eval_options const& given);

} // namespace guichet::cli
