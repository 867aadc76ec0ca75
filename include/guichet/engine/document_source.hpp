#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/hash.hpp>
#include <guichet/base/instant.hpp>
#include <guichet/search/document.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a host lets be found beside tickets and articles: its products, the documents of its archive. The host keeps
/// them; a `finder` keeps no more than their index.
namespace guichet::inline v0 {

/// Something of the host's, as plain text.
struct host_document {
    std::string tenant{};
    std::string id; ///< unique among those of its source and tenant
    std::string title{}, symptom{}, body{};
    std::vector<std::string> tags{};
    std::string language{}; ///< such as "fr"; none: the finder's
    std::vector<search::attribute>
        attributes{}; ///< {"vendor", "HP"} of a product is found and counted as `product.vendor`
    /// Who finds it, one key is enough: `public`, `staff`, `role:NAME`, `team:NAME`, `organisation:NAME`,
    /// `person:NAME`, `audience:NAME`; none: the staff.
    std::vector<std::string> audience{};
    std::optional<instant> changed{};
    friend bool operator==(host_document const&, host_document const&) = default;
};

/// What a source tells a finder.
struct document_changes {
    std::vector<host_document> put{};                           ///< new, or to be replaced
    std::vector<std::pair<std::string, std::string>> removed{}; ///< tenant and id
    std::string mark{};                                         ///< how far this goes; what the finder asks with next
    bool all = false;      ///< this begins a list of all that there is: what it does not name is gone
    bool more = false;     ///< ask on at once
    bool destroys = false; ///< of what is replaced or removed no byte may be left in what is kept
};

/// Documents of one kind. A finder asks what changed before each answer, as it reads on in the log of the store, so
/// that what the host committed is found and nothing has to be told twice, whatever stops between.
class document_source {
public:
    virtual ~document_source() = default;

    /// What changed since a mark that this gave earlier, perhaps to another program and before the host stopped; some
    /// hundred at a time. An empty mark, or one that says nothing any more: `all`. Where nothing changed, the same mark
    /// and nothing else, quickly. An error or what it throws leaves the finder with what it knows; it asks again.
    /// Called under a lock of the finder: it must not ask the finder.
    virtual result<document_changes> changes(std::string_view mark) = 0;

    /// A document as it is now, to be shown; nothing where it is gone. Any thread.
    virtual result<std::optional<host_document>> find(std::string_view tenant, std::string_view id) = 0;
};

/// A source for documents that the host keeps in memory, or reads from a file when it starts. Its mark follows from
/// what it holds, so that a finder whose index was kept reads nothing anew while nothing changed. Any thread.
class document_shelf : public document_source {
public:
    GUICHET_DECL explicit document_shelf(std::vector<host_document> some = {});

    /// Adds a document, or replaces it.
    GUICHET_DECL void put(host_document one);
    /// Whether there was such a document.
    GUICHET_DECL bool remove(std::string_view tenant, std::string_view id);
    GUICHET_DECL std::size_t size() const;

    GUICHET_DECL result<document_changes> changes(std::string_view mark) override;
    GUICHET_DECL result<std::optional<host_document>> find(std::string_view tenant, std::string_view id) override;

private:
    using name = std::pair<std::string, std::string>; ///< tenant and id

    GUICHET_DECL void replace(name const& of, std::unique_ptr<host_document> by);
    GUICHET_DECL std::string mark() const;

    mutable std::mutex mutex_;
    std::map<name, std::unique_ptr<host_document>> held_;
    digest sum_{};                                      ///< of what is held, in any order
    std::vector<std::pair<std::string, name>> changed_; ///< the latest, each with the mark before it
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/document_shelf.ipp>
#endif
