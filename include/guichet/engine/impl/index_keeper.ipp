#pragma once
#include <guichet/base/hash.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/engine/impl/ticket_documents.ipp>
#include <guichet/model/codec.hpp>
#include <guichet/search/index.hpp>
#include <guichet/storage/store.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <utility>

/// The index of a finder as pieces in the store: one for each segment, under the segment's name, and a list of them.
/// The list is written last, so that it never names what is not there, whenever the writing stops.
namespace guichet::inline v0::detail {

inline bool erases(storage::stored_event const& e) noexcept {
    static auto const of_ticket = type_number(text_redacted{}), of_article = type_number(article_redacted{});
    return e.type == of_ticket || e.type == of_article;
}

/// What is kept of the index, without the segments.
struct index_list {
    std::uint64_t seq = 0;                      ///< up to which the log is in it
    std::map<std::string, std::string> marks{}; ///< up to which the sources of the host are, by kind
    std::vector<search::piece> parts{};         ///< their bytes are null
};

inline constexpr std::uint64_t index_list_version = 2;

/// A digest, then numbers of eight bytes, the low ones first; after each size so many bytes.
inline std::vector<std::uint8_t> encode(index_list const& of, std::uint64_t made_for) {
    std::vector<std::uint8_t> out(sizeof(digest));
    auto const number = [&](std::uint64_t n) {
        for (unsigned shift = 0; shift < 64; shift += 8)
            out.push_back(static_cast<std::uint8_t>(n >> shift));
    };
    auto const bytes = [&](auto const& some) {
        number(some.size());
        out.insert(out.end(), some.begin(), some.end());
    };
    for (auto const n : {index_list_version, made_for, of.seq, std::uint64_t{of.marks.size()}})
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
inline std::optional<index_list> decode_index_list(std::span<std::uint8_t const> bytes, std::uint64_t made_for) {
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
    if (number() != index_list_version || number() != made_for)
        return {};
    index_list out{number()};
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

/// Puts an index into a store and takes it out again. Finders of different languages have different documents, and so
/// different pieces.
class index_keeper {
public:
    index_keeper(storage::store& where, text::tongue language)
        : store_{where}, prefix_{"search/" + std::string{text::code_of(language)} + '/'} {}

    struct found {
        search::index index;
        std::uint64_t seq;
        std::map<std::string, std::string> marks;
    };

    /// The index that is kept; nothing where none is, or not all of it, or where it is damaged or of another version.
    std::optional<found> open(search::index_options options) {
        auto const bytes = store_.read_piece(list_name());
        if (!bytes || !*bytes)
            return {};
        auto list = decode_index_list(**bytes, documents_version);
        auto const head = store_.head();
        if (!list || !head || head->seq < list->seq)
            return {};
        std::set<std::uint64_t> sound;
        for (auto& one : list->parts) {
            auto part = store_.read_piece(name_of(one.name));
            if (!part || !*part)
                return {};
            one.bytes = std::make_shared<std::vector<std::uint8_t>>(std::move(**part));
            sound.insert(one.name);
        }
        auto made = search::index::open(std::move(options), std::move(list->parts));
        if (!made)
            return {};
        sound_ = std::move(sound);
        return found{std::move(*made), list->seq, std::move(list->marks)};
    }

    /// Each piece in a unit of work of its own, so that nobody waits long for the store. Gives up without an error
    /// where something was erased since `seq`: the pieces may have its words, and the log brings it to the index.
    result<void> keep(std::span<search::piece const> pieces, std::uint64_t seq,
                      std::map<std::string, std::string> marks) {
        GUICHET_LET(auto const there, store_.piece_names());
        std::set<std::string> const known{there.begin(), there.end()};
        std::set<std::string> wanted{list_name()};
        std::set<std::uint64_t> sound;
        index_list list{seq, std::move(marks), {}};
        for (auto const& one : pieces) {
            auto const name = name_of(one.name);
            wanted.insert(name);
            sound.insert(one.name);
            list.parts.push_back({one.name, nullptr, one.gone});
            if (known.contains(name) && sound_.contains(one.name))
                continue;
            GUICHET_LET(bool const written,
                        write(seq, [&](storage::unit_of_work& work) { return work.put_piece(name, *one.bytes); }));
            if (!written)
                return {};
        }
        GUICHET_LET(bool const written, write(seq, [&](storage::unit_of_work& work) -> result<void> {
                        for (auto const& name : there)
                            if (name.starts_with(prefix_) && !wanted.contains(name))
                                GUICHET_TRY(work.drop_piece(name));
                        return work.put_piece(list_name(), encode(list, documents_version));
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
    std::set<std::uint64_t> sound_{}; ///< pieces that were read or written without a fault
};

} // namespace guichet::inline v0::detail
