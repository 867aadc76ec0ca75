#pragma once
#include <guichet/config.hpp>
#include <guichet/model/article.hpp>
#include <guichet/model/event.hpp>

namespace guichet::inline v0::kb {

/// Folds one event into an article, in place: the only code that changes one. Pure, and nothing is refused.
GUICHET_DECL void apply(article& state, event const& e);

} // namespace guichet::inline v0::kb

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/kb/impl/evolve.ipp>
#endif
