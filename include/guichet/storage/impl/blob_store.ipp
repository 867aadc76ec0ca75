#pragma once
#include <guichet/storage/blob_store.hpp>
#include <guichet/storage/forwarding_store.hpp>

#include <algorithm>
#include <array>
#include <mutex>
#include <string_view>

namespace guichet::inline v0::storage {
namespace detail {

/// What stands in the rows for a blob that lies elsewhere: bytes that say so, and its digest.
struct blob_token {
    static constexpr std::string_view label = "guichet: a blob that lies elsewhere\n";
    std::array<std::byte, label.size() + sizeof(digest)> bytes{};

    explicit blob_token(digest const& of) {
        auto const said = std::as_bytes(std::span{label.data(), label.size()});
        std::copy(of.begin(), of.end(), std::copy(said.begin(), said.end(), bytes.begin()));
    }
    digest address() const noexcept { return hash(bytes); }
};

inline error wrong_blob(digest const& address, std::string_view what) {
    return {reason::store_corrupt, {{"problem", "the blob " + to_hex(address) + " " + std::string{what}}}};
}

/// The blobs, and the turn to put or destroy some. Who puts holds it until his unit ends, so that nobody destroys
/// meanwhile what is about to be named again.
struct blobs_elsewhere {
    std::shared_ptr<blob_store> bytes;
    std::shared_ptr<store> rows;
    std::mutex turn;

    /// Whether the rows, as committed, have its token.
    result<bool> named(digest const& address) const {
        auto const token = rows->read_blob(blob_token{address}.address());
        if (token)
            return true;
        if (token.error().why() != reason::blob_not_found)
            return token.error();
        return false;
    }
};

class unit_with_blobs final : public forwarding_unit {
public:
    unit_with_blobs(std::unique_ptr<unit_of_work> over, std::shared_ptr<blobs_elsewhere> shared)
        : forwarding_unit{std::move(over)}, shared_{std::move(shared)} {}
    unit_with_blobs(unit_with_blobs const&) = delete;
    unit_with_blobs& operator=(unit_with_blobs const&) = delete;
    ~unit_with_blobs() override {
        over_.reset();
        tidy();
    }

    result<digest> put_blob(std::span<std::byte const> bytes) override {
        auto const address = hash(bytes);
        return guard([&]() -> result<digest> {
            GUICHET_TRY(over_->put_blob(blob_token{address}.bytes));
            if (!turn_)
                turn_ = std::unique_lock{shared_->turn};
            touched_.push_back(address);
            GUICHET_TRY(shared_->bytes->put(address, bytes));
            return address;
        });
    }
    result<std::optional<std::uint64_t>> find_blob(digest const& address) override {
        return guard([&]() -> result<std::optional<std::uint64_t>> {
            GUICHET_LET(auto const token, over_->find_blob(blob_token{address}.address()));
            if (!token)
                return over_->find_blob(address);
            GUICHET_LET(auto const size, shared_->bytes->size(address));
            if (!size)
                return wrong_blob(address, "is gone");
            return size;
        });
    }
    result<void> use_blob(digest const& address) override {
        return guard([&]() -> result<void> {
            GUICHET_LET(auto const at, place_of(address));
            return over_->use_blob(at);
        });
    }
    result<void> drop_blob(digest const& address) override {
        return guard([&]() -> result<void> {
            GUICHET_LET(auto const at, place_of(address));
            if (at != address)
                touched_.push_back(address);
            return over_->drop_blob(at);
        });
    }
    result<void> commit() override {
        auto out = forwarding_unit::commit();
        if (!out && out.error().why() == reason::commit_in_doubt)
            touched_.clear(); // whether they are named, nobody knows
        else if (out)
            tidy();
        return out;
    }

private:
    /// Where the rows count its uses.
    result<digest> place_of(digest const& address) {
        auto const token = blob_token{address}.address();
        GUICHET_LET(auto const known, over_->find_blob(token));
        return known ? token : address;
    }
    /// Destroys those of this unit that the rows do not name. What fails leaves bytes too many.
    void tidy() noexcept {
        if (touched_.empty())
            return;
        if (!turn_)
            turn_ = std::unique_lock{shared_->turn};
        for (auto const& address : touched_)
            if (auto const named = shared_->named(address); named && !*named)
                static_cast<void>(shared_->bytes->drop(address));
        touched_.clear();
        turn_.unlock();
    }

    std::shared_ptr<blobs_elsewhere> shared_;
    std::unique_lock<std::mutex> turn_;
    std::vector<digest> touched_;
};

class store_with_blobs final : public forwarding_store {
public:
    store_with_blobs(std::shared_ptr<store> rows, std::shared_ptr<blob_store> blobs)
        : forwarding_store{rows}, shared_{std::make_shared<blobs_elsewhere>()} {
        shared_->bytes = std::move(blobs);
        shared_->rows = std::move(rows);
    }

    result<std::unique_ptr<unit_of_work>> begin() override {
        GUICHET_LET(auto inner, over_->begin());
        return std::unique_ptr<unit_of_work>{std::make_unique<unit_with_blobs>(std::move(inner), shared_)};
    }
    result<std::vector<std::byte>> read_blob(digest const& address) override {
        GUICHET_LET(auto const named, shared_->named(address));
        if (!named)
            return over_->read_blob(address);
        GUICHET_LET(auto bytes, shared_->bytes->get(address));
        if (!bytes)
            return wrong_blob(address, "is gone");
        if (hash(*bytes) != address)
            return wrong_blob(address, "came back as other bytes");
        return std::move(*bytes);
    }

private:
    std::shared_ptr<blobs_elsewhere> shared_;
};

} // namespace detail

GUICHET_DECL std::shared_ptr<store> with_blobs(std::shared_ptr<store> rows, std::shared_ptr<blob_store> blobs) {
    return std::make_shared<detail::store_with_blobs>(std::move(rows), std::move(blobs));
}

} // namespace guichet::inline v0::storage
