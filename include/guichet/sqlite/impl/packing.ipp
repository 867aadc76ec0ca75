#pragma once
#include <guichet/base/error.hpp>
#include <guichet/base/ids.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A shorter form of the JSON that every event and every ticket holds: what recurs is one byte or two, long numbers are
/// binary, ids are 16 bytes. A third of the size, in 0.3 us. Any text comes back as it was.
namespace guichet::inline v0::sqlite {
namespace packing {

/// Bytes that never occur in JSON text (RFC 8259) of valid UTF-8: they are the codes.
inline constexpr bool is_code(unsigned char c) noexcept { return c < 0x20 || c == 0xc0 || c == 0xc1 || c >= 0xf5; }
inline constexpr unsigned char escape = 0, number = 1, uuid = 2, second_page = 3, first_word = 4;

/// Stored files depend on it: append only, never change. The first 41 are one byte, the others two.
inline constexpr std::string_view words[] = {
    // one byte
    R"({"number":")",
    R"(","kind":")",
    R"(","state":")",
    R"("state":"new","subject":)",
    R"(,"requester":")",
    R"(","organisation":")",
    R"(","impact":")",
    R"(","urgency":")",
    R"(","priority":")",
    R"(","priority_rank":)",
    R"(,"category":")",
    R"(","queue":")",
    R"(","team":")",
    R"({"assignee":")",
    R"({"text":)",
    R"(,"author":")",
    R"(,"side":"desk","author":")",
    R"({"from":")",
    R"(","to":")",
    R"(","status":")",
    R"({"metric":"first_response")",
    R"({"metric":"resolution")",
    R"(,"policy":"standard")",
    R"(,"policy":")",
    R"(","policy_version":)",
    R"(,"due":)",
    R"("})",
    R"({"spans":[["new","new",)",
    R"(],["open","open",)",
    R"(],["resolved","resolved",)",
    R"(]],"clocks":[["first_response",")",
    R"(],["resolution",")",
    R"(,"met",)",
    R"(]],"timers":[["sla_breach","resolution",)",
    R"(]],"subject_text":)",
    R"(","tier":")",
    R"(","assignee":")",
    R"(","from":")",
    R"(,"policy_version":1)",
    R"({"tags":[")",
    R"(],["closed","closed",)",
    // two bytes
    "incident",
    "service_request",
    "problem",
    "task",
    R"(INC-20)",
    R"(SR-20)",
    R"(PRB-20)",
    R"(TSK-20)",
    "low",
    "medium",
    "high",
    "normal",
    "critical",
    "new",
    "open",
    "pending",
    "on_hold",
    "resolved",
    "closed",
    "first_response",
    "resolution",
    "standard",
    R"(],["pending","pending",)",
    R"(],["on_hold","on_hold",)",
    R"(,"breached",)",
    R"(],["first_response",")",
    R"(]],"timers":[["auto_close","",)",
    R"(]],"timers":[["sla_breach","first_response",)",
    R"(],["sla_breach","resolution",)",
    R"(]],"timers":[["pending_return","",)",
    R"(],["auto_close","",)",
    R"(],["pending_return","",)",
    R"("],"watchers":[")",
    R"({"watchers":[")",
    R"("],"spans":[["new","new",)",
    R"(]],"clocks":[["resolution",")",
    R"(,"resolution_text":)",
    R"(,"audience":"internal")",
    R"(,"channel":"mail")",
    R"(,"channel":"phone")",
    R"(,"channel":"chat")",
    R"(,"channel":"api")",
    R"(,"channel":"monitoring")",
    R"(,"side":"system")",
    R"(","channel":"mail")",
    R"(","channel":"phone")",
    R"(","channel":"chat")",
    R"(","channel":"api")",
    R"(","channel":"monitoring")",
    R"(","contact":")",
    R"(","code":")",
    R"(","until":)",
    R"(","text":)",
    R"(,"policy_version":)",
    R"(","tags":[")",
    R"("],"removed":[")",
    R"({"added":[")",
    R"({"removed":[")",
    R"({"impact":")",
    R"({"queue":")",
    R"({"team":")",
    R"({"tier":")",
    R"(","from_queue":")",
    R"(","from_team":")",
    R"(","from_tier":")",
    R"(","from_assignee":")",
    R"({"fields":[{"name":")",
    R"(,"fields":[{"name":")",
    R"(","value":")",
    R"("},{"name":")",
    R"("value":)",
    R"("name":")",
    R"({"type":")",
    R"("id":")",
    R"({"category":")",
    R"({"subject":)",
    R"(,"links":[[")",
    R"("],"links":[[")",
    R"(]],"spans":[["new","new",)",
    R"(child_of)",
    R"(parent_of)",
    R"(relates_to)",
    R"(duplicate_of)",
    R"(duplicated_by)",
    R"(caused_by)",
    R"(causes)",
    R"(blocked_by)",
    R"(blocks)",
    R"("merged":[")",
    R"({"kind":")",
    R"(","other":")",
    R"({"into":")",
    R"(","into":")",
    R"(,"into":")",
    R"("state_before_merge":")",
    R"({"person":")",
    R"(","seconds":)",
    R"("time_entries":[[")",
    R"({"texts":[)",
    R"({"message":)",
    R"({"name":)",
    R"(,"message":)",
    R"(,"type":")",
    R"(,"size_bytes":)",
    R"(,"digest":")",
    R"("attachments":[{"no":)",
    R"(},{"no":)",
    R"("split_from":")",
    R"(":"")",
    R"(",")",
    R"("],")",
    R"(null)",
    R"(true)",
    R"(false)",
    R"("subject_text":)",
    R"(true})",
    R"(]]})",
    R"("]})",
    R"(}]})",
    R"("}]})",
    R"(],[")",
    R"(]],")",
    R"(]],"contacts":[[)",
    R"(,"requester"],[)",
    R"(,"requester"]],"owned_at":)",
    R"(,"requester"]],"clocks":[["first_response","standard",1,"met",)",
    R"(,"requester"]],")",
    R"(,"desk"],[)",
    R"(,"desk"]],"owned_at":)",
    R"(,"desk"]],"clocks":[["first_response","standard",1,"met",)",
    R"(,"desk"]],")",
    R"(,"requester"]],"holdings":[[")",
    R"(]],"holdings":[[")",
    R"(,"owned_at":)",
    R"(,"clocks":[["first_response","standard",1,"met",)",
    R"(,"clocks":[["first_response","standard",1,"breached",)",
    R"(,"clocks":[["first_response",")",
    R"(,1],["resolution","standard",1,"met",)",
    R"(,1],["resolution","standard",1,"breached",)",
    R"(,1],["resolution",")",
    R"(,1]],"timers":[["sla_breach","resolution",)",
    R"(,1]],"timers":[["sla_breach","first_response",)",
    R"(,1]],"subject_text":)",
    R"(,"timers":[["sla_breach","first_response",)",
    R"(]],"subject_text":1})",
    R"(,1]],"subject_text":1})",
    R"(]],"thresholds":[[")",
    R"(],["sla_threshold",")",
    R"({"metric":"next_response")",
    R"({"metric":"time_to_own")",
    R"({"metric":"periodic_update")",
    R"(,"threshold":")",
    R"(,"cycle":)",
    R"(,"later":[["sla_breach","resolution",)",
    R"(,"later":[["sla_breach",")",
    R"(,"later":[["sla_threshold","resolution/)",
    R"(],["sla_threshold","resolution/)",
    R"(]],"later":[["sla_breach","resolution",)",
};
inline constexpr std::size_t short_words = 41;
static_assert(std::size(words) <= short_words + 256);

/// The code of a short word, and back.
inline constexpr unsigned char code_of(std::size_t word) noexcept {
    constexpr unsigned char high[] = {0xc0, 0xc1, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff};
    return word < 28 ? static_cast<unsigned char>(first_word + word) : high[word - 28];
}
inline constexpr std::size_t word_of(unsigned char code) noexcept {
    return code < 0x20 ? code - first_word : code < 0xc2 ? code - 0xc0U + 28 : code - 0xf5U + 30;
}

/// All words as a tree of bytes, to find the longest one that a text begins with.
class tree {
public:
    tree() {
        nodes_.emplace_back();
        for (std::size_t word = 0; word < std::size(words); ++word) {
            std::uint16_t at = 0;
            for (char const c : words[word])
                at = child(at, c);
            nodes_[at].word = static_cast<std::uint16_t>(word + 1);
        }
    }
    /// The number of the word plus one, 0 when there is none.
    std::size_t longest(std::string_view text) const noexcept {
        std::size_t found = 0;
        std::uint16_t at = first_[static_cast<unsigned char>(text[0])];
        for (std::size_t i = 1; at != 0; ++i) {
            if (nodes_[at].word)
                found = nodes_[at].word;
            if (i == text.size())
                break;
            at = nodes_[at].down;
            while (at != 0 && nodes_[at].byte != text[i])
                at = nodes_[at].next;
        }
        return found;
    }

private:
    struct node {
        char byte = 0;
        std::uint16_t word = 0, down = 0, next = 0;
    };
    std::uint16_t child(std::uint16_t of, char byte) {
        for (auto at = nodes_[of].down; at != 0; at = nodes_[at].next)
            if (nodes_[at].byte == byte)
                return at;
        auto const made = static_cast<std::uint16_t>(nodes_.size());
        nodes_.push_back({byte, 0, 0, nodes_[of].down});
        nodes_[of].down = made;
        if (of == 0)
            first_[static_cast<unsigned char>(byte)] = made;
        return made;
    }

    std::vector<node> nodes_;
    std::array<std::uint16_t, 256> first_{};
};

inline bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// How many digits of a number that is worth its binary form; 0 when none begins here.
inline std::size_t digits_at(std::string_view text) noexcept {
    if (text[0] < '1' || text[0] > '9')
        return 0;
    std::size_t count = 1;
    while (count < text.size() && is_digit(text[count]))
        ++count;
    return count >= 4 && count <= 18 ? count : 0;
}

inline void put_number(std::string& out, std::string_view digits) {
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    out += static_cast<char>(number);
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

/// Packs an id in its canonical form; false where none begins.
inline bool put_uuid(std::string& out, std::string_view text) {
    if (text.size() < 36 || text[8] != '-' || text[13] != '-')
        return false;
    std::array<std::byte, 16> bytes;
    if (!guichet::detail::uuid_parse(text.substr(0, 36), bytes) ||
        guichet::detail::uuid_text(bytes) != text.substr(0, 36))
        return false;
    out += static_cast<char>(uuid);
    out.append(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    return true;
}

} // namespace packing

/// Appends the packed form of `text`.
inline void pack(std::string_view text, std::string& out) {
    static packing::tree const known;
    char before = 0;
    while (!text.empty()) {
        std::size_t taken = 1;
        if (auto const word = known.longest(text)) {
            taken = packing::words[word - 1].size();
            if (word <= packing::short_words) {
                out += static_cast<char>(packing::code_of(word - 1));
            } else {
                out += static_cast<char>(packing::second_page);
                out += static_cast<char>(word - 1 - packing::short_words);
            }
        } else if (before == '"' && packing::put_uuid(out, text)) {
            taken = 36;
        } else if (auto const digits = packing::is_digit(before) ? 0 : packing::digits_at(text)) {
            packing::put_number(out, text.substr(0, digits));
            taken = digits;
        } else {
            if (packing::is_code(static_cast<unsigned char>(text[0])))
                out += static_cast<char>(packing::escape);
            out += text[0];
        }
        before = text[taken - 1];
        text.remove_prefix(taken);
    }
}

/// Appends what `pack` was given; false when `packed` is none of its results.
inline bool unpack(std::string_view packed, std::string& out) {
    std::size_t at = 0;
    auto const left = [&] { return packed.size() - at; };
    while (at < packed.size()) {
        auto const c = static_cast<unsigned char>(packed[at++]);
        if (!packing::is_code(c)) {
            out += static_cast<char>(c);
        } else if (c == packing::uuid) {
            std::array<std::byte, 16> bytes;
            if (left() < bytes.size())
                return false;
            std::copy_n(reinterpret_cast<std::byte const*>(packed.data() + at), bytes.size(), bytes.begin());
            out += guichet::detail::uuid_text(bytes);
            at += bytes.size();
        } else if (c == packing::number) {
            std::uint64_t value = 0;
            unsigned shift = 0;
            unsigned char part = 0x80;
            for (; part & 0x80; shift += 7) {
                if (!left() || shift > 56)
                    return false;
                part = static_cast<unsigned char>(packed[at++]);
                value |= std::uint64_t{part & 0x7fU} << shift;
            }
            char room[24];
            out.append(room, std::to_chars(room, room + sizeof room, value).ptr);
        } else if (c == packing::escape || c == packing::second_page) {
            if (!left())
                return false;
            auto const next = static_cast<unsigned char>(packed[at++]);
            if (c == packing::escape)
                out += static_cast<char>(next);
            else if (packing::short_words + next < std::size(packing::words))
                out += packing::words[packing::short_words + next];
            else
                return false;
        } else {
            out += packing::words[packing::word_of(c)];
        }
    }
    return true;
}

} // namespace guichet::inline v0::sqlite
