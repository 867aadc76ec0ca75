#pragma once
#include <guichet/access/roles.hpp>

#include <memory>
#include <string>
#include <vector>

namespace guichet::inline v0::access {

/// Who reads articles, as the keys of `article::audience` that he goes by. Who writes articles reads all of his tenant,
/// drafts too; who is to review one reads that one.
struct readership {
    std::string tenant, person;
    bool writes = false;
    std::vector<std::string> audiences; ///< the first that names an audience of the article lets him in
};

/// The fields that the condition of an audience may ask: `person`, `role`, `side`, `organisation`, `tenant`, `teams`.
GUICHET_DECL expr::schema const& reader_schema();

/// Audiences that a condition on the reader describes: for whomever it holds, he goes by the key `audience:NAME`, so
/// that what an article is for can change without a change of the article. Immutable; share it between threads.
class audience_set {
public:
    /// At most `limits::audiences_max`.
    GUICHET_DECL static result<std::shared_ptr<audience_set const>> compile(
        std::vector<audience_document> const& documents);

    /// By which keys somebody reads, who is in these teams. Costs an evaluation of each condition.
    GUICHET_DECL readership of(viewer const& who, role const& as, std::vector<std::string> teams) const;

private:
    struct one {
        std::string key;
        expr::condition condition;
    };
    std::vector<one> all_;
};

/// The audiences that an article has: the staff where it names none.
GUICHET_DECL std::vector<std::string> audiences_of(article const& a);
GUICHET_DECL std::vector<std::string> audiences_of(std::vector<std::string> const& named);
/// Whether he goes by one of the keys, or writes articles.
GUICHET_DECL bool is_for(readership const& who, std::vector<std::string> const& audience);
/// Its audience sees an article only while its dates let it be read.
GUICHET_DECL bool sees(readership const& who, article const& a, instant now);

} // namespace guichet::inline v0::access

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/access/impl/audiences.ipp>
#endif
