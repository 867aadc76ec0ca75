#pragma once
#include <guichet/engine/desk.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The host's own people and things: who somebody is, what he may see and do, and what `customer:4711` is called.
/// Guichet asks, and keeps the answers in memory for a while; the host's tables stay the only ones.
namespace guichet::inline v0 {

/// What a host says of one of its people.
struct host_person {
    std::string label{}; ///< how people call him
    std::string role{};  ///< empty: requester
    std::string organisation{};
    std::vector<std::string> queues{};
    std::vector<std::string> also{}, except{}; ///< rights beside those of the role, and without some
    /// Tickets that are not so do not exist for him: a set (`where("fields.document", op::in, {...})`) or any other
    /// condition that asks for neither time nor change. Checked inside each query, so that pages are full and counters
    /// right.
    std::optional<expr::draft> sees_only{};
};

/// What a host answers. Asked on the thread that asks `host_people`, without a lock; what it throws is an error.
class host_directory {
public:
    virtual ~host_directory() = default;
    /// Somebody of a tenant; nothing when the host does not know him.
    virtual result<std::optional<host_person>> person(std::string_view tenant, std::string_view id) = 0;
    /// What objects of the host's are called in a language ("fr", "en"), each at its place; empty where there is none.
    virtual result<std::vector<std::string>> labels(std::string_view tenant, std::span<object_reference const> of,
                                                    std::string_view language) = 0;
};

struct host_people_options {
    std::size_t persons_max = 1'000; ///< kept, the latest asked for
    std::size_t labels_max = 10'000;
    /// After which an answer is asked for anew: what the host takes away from somebody he has no longer than this.
    std::chrono::seconds age_max{60};
};

/// Makes actors of the host's people, for `execute` and for queries. Any thread.
///
///     guichet::host_people people{*desk, directory};
///     auto luc = people.actor_of("", "luc").value();
///     desk->query({.where = "open"}, luc);
class host_people {
public:
    /// Of a desk and a directory that live longer.
    GUICHET_DECL host_people(desk const& of, host_directory& directory, host_people_options const& options = {});
    GUICHET_DECL ~host_people();

    /// Who somebody is to the desk. `person_unknown` when the host does not know him; `unknown_role`; a `sees_only`
    /// that the desk's fields do not fit names its path.
    GUICHET_DECL result<actor> actor_of(std::string_view tenant, std::string_view id);
    /// How people call somebody; his id where the host has no label.
    GUICHET_DECL result<std::string> label_of(std::string_view tenant, std::string_view id);
    /// What objects are called, each at its place, as `type:id` where the host has no label. One question to the host
    /// for all that are not kept.
    GUICHET_DECL result<std::vector<std::string>> labels(std::string_view tenant, std::span<object_reference const> of,
                                                         std::string_view language);
    /// The host changed something about somebody, or about anybody: the next question goes to the host.
    GUICHET_DECL void forget(std::string_view tenant, std::string_view id);
    GUICHET_DECL void forget();

private:
    struct implementation;
    std::unique_ptr<implementation> impl_;
};

} // namespace guichet::inline v0

#if defined(GUICHET_HEADER_ONLY)
#include <guichet/engine/impl/host_people.ipp>
#endif
