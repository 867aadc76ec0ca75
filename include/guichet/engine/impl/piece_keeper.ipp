#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/search/index.hpp>
#include <guichet/storage/store.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

/// What follows the log and would rather not read all of it again, as pieces in the store: those of an index (one for
/// each segment) or of statistics, each under its name, and a list of them. The list is written last, so that it never
/// names what is not there, whenever the writing stops.
namespace guichet::inline v0::detail {

inline bool erases(storage::stored_event const& e) noexcept {
    static auto const of_ticket = type_number(text_redacted{}), of_article = type_number(article_redacted{});
    return e.type == of_ticket || e.type == of_article;
}

/// Which pieces belong together.
struct piece_list {
    std::uint64_t seq = 0;                      ///< up to which the log is in them
    std::map<std::string, std::string> marks{}; ///< up to which the sources of the host are, by kind
    std::vector<search::piece> parts{};         ///< their bytes are null
};

inline constexpr std::uint64_t piece_list_version = 2;

/// A digest, then numbers of eight bytes, the low ones first; after each size so many bytes.
inline std::vector<std::uint8_t> encode(piece_list const& of, std::uint64_t made_for) {
    std::vector<std::uint8_t> out(sizeof(digest));
    auto const number = [&](std::uint64_t n) {
        for (unsigned shift = 0; shift < 64; shift += 8)
            out.push_back(static_cast<std::uint8_t>(n >> shift));
    };
    auto const bytes = [&](auto const& some) {
        number(some.size());
        out.insert(out.end(), some.begin(), some.end());
    };
    for (auto const n : {piece_list_version, made_for, of.seq, std::uint64_t{of.marks.size()}})
        number(n);
    for (auto const& [kind, mark] : of.marks) {
        bytes(kind);
        bytes(mark);
    }
    number(of.parts.size());
    for (auto const& one : of.parts) {
        number(one.name);
        bytes(one.gone);
    }
    auto const sum = hash(std::as_bytes(std::span{out}.subspan(sizeof(digest))));
    std::memcpy(out.data(), sum.data(), sum.size());
    return out;
}

/// Nothing where the bytes are damaged, of another version, or made for something else.
inline std::optional<piece_list> decode_piece_list(std::span<std::uint8_t const> bytes, std::uint64_t made_for) {
    if (bytes.size() < sizeof(digest))
        return {};
    auto const sum = hash(std::as_bytes(bytes.subspan(sizeof(digest))));
    if (std::memcmp(bytes.data(), sum.data(), sum.size()) != 0)
        return {};
    bytes = bytes.subspan(sizeof(digest));
    auto const number = [&] {
        std::uint64_t out = 0;
        auto const size = std::min<std::size_t>(8, bytes.size());
        for (std::size_t i = 0; i < size; ++i)
            out |= std::uint64_t{bytes[i]} << 8 * i;
        bytes = bytes.subspan(size);
        return out;
    };
    auto const some = [&] {
        auto const size = std::min<std::uint64_t>(number(), bytes.size());
        auto const out = bytes.first(size);
        bytes = bytes.subspan(size);
        return out;
    };
    auto const text = [&] {
        auto const out = some();
        return std::string{out.begin(), out.end()};
    };
    if (number() != piece_list_version || number() != made_for)
        return {};
    piece_list out{number()};
    for (auto count = number(); count > 0 && !bytes.empty(); --count) {
        auto kind = text();
        out.marks[std::move(kind)] = text();
    }
    for (auto count = number(); count > 0 && !bytes.empty(); --count) {
        auto& one = out.parts.emplace_back();
        one.name = number();
        auto const gone = some();
        one.gone.assign(gone.begin(), gone.end());
    }
    return out;
}

/// Puts pieces into a store and takes them out again. What is made differently (of another language, of another
/// version) has a prefix or a number of its own. `made_for` is the version of what the pieces hold.
class piece_keeper {
public:
    piece_keeper(storage::store& where, std::string prefix, std::uint64_t made_for)
        : store_{where}, prefix_{std::move(prefix)}, made_for_{made_for} {}

    /// Lets `take`, which tells whether it could use them, have the pieces that are kept. False where none are, or not
    /// all of them, or where they are damaged or of another version.
    bool open(std::function<bool(piece_list&&)> const& take) {
        auto const bytes = store_.read_piece(list_name());
        if (!bytes || !*bytes)
            return false;
        auto list = decode_piece_list(**bytes, made_for_);
        auto const head = store_.head();
        if (!list || !head || head->seq < list->seq)
            return false;
        std::set<std::uint64_t> sound;
        for (auto& one : list->parts) {
            auto part = store_.read_piece(name_of(one.name));
            if (!part || !*part)
                return false;
            one.bytes = std::make_shared<std::vector<std::uint8_t>>(std::move(**part));
            sound.insert(one.name);
        }
        if (!take(std::move(*list)))
            return false;
        sound_ = std::move(sound);
        return true;
    }

    /// Those that need not be written again.
    result<std::set<std::uint64_t>> sound() const {
        GUICHET_LET(auto const there, store_.piece_names());
        std::set<std::string> const known{there.begin(), there.end()};
        auto out = sound_;
        std::erase_if(out, [&](std::uint64_t name) { return !known.contains(name_of(name)); });
        return out;
    }

    /// Each piece in a unit of work of its own, so that nobody waits long for the store. Gives up without an error
    /// where something was erased since `seq`, for the pieces may have its words, or where a sound piece is gone that
    /// came without bytes.
    result<void> keep(std::span<search::piece const> pieces, std::uint64_t seq,
                      std::map<std::string, std::string> marks) {
        GUICHET_LET(auto const there, store_.piece_names());
        GUICHET_LET(auto const written_before, this->sound());
        std::set<std::string> wanted{list_name()};
        std::set<std::uint64_t> sound;
        piece_list list{seq, std::move(marks), {}};
        for (auto const& one : pieces) {
            auto const name = name_of(one.name);
            wanted.insert(name);
            sound.insert(one.name);
            list.parts.push_back({one.name, nullptr, one.gone});
            if (written_before.contains(one.name))
                continue;
            if (!one.bytes)
                return {};
            GUICHET_LET(bool const written,
                        write(seq, [&](storage::unit_of_work& work) { return work.put_piece(name, *one.bytes); }));
            if (!written)
                return {};
        }
        GUICHET_LET(bool const written, write(seq, [&](storage::unit_of_work& work) -> result<void> {
                        for (auto const& name : there)
                            if (name.starts_with(prefix_) && !wanted.contains(name))
                                GUICHET_TRY(work.drop_piece(name));
                        return work.put_piece(list_name(), encode(list, made_for_));
                    }));
        if (written)
            sound_ = std::move(sound);
        return {};
    }

private:
    std::string list_name() const { return prefix_ + "list"; }
    std::string name_of(std::uint64_t name) const { return prefix_ + std::to_string(name); }

    /// Whether it was written: not where something was erased after `seq`.
    template <class Work>
    result<bool> write(std::uint64_t seq, Work const& act) {
        GUICHET_LET(auto const work, store_.begin());
        for (auto at = seq; at < work->head().seq;) {
            GUICHET_LET(auto const events, work->read_log(at, limits::page_rows_max));
            if (std::any_of(events.begin(), events.end(), erases))
                return false;
            if (events.empty())
                break;
            at = events.back().seq;
        }
        GUICHET_TRY(act(*work));
        GUICHET_TRY(work->commit());
        return true;
    }

    storage::store& store_;
    std::string prefix_;
    std::uint64_t made_for_;
    std::set<std::uint64_t> sound_{}; ///< pieces that were read or written without a fault
};

} // namespace guichet::inline v0::detail
