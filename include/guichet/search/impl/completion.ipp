#pragma once
#include <guichet/base/read_soon.hpp>
#include <guichet/search/impl/part.ipp>

#include <algorithm>
#include <map>
#include <set>

namespace guichet::inline v0::search::detail {

struct completion {
    std::string surface, term;
    std::uint32_t having = 0;
};

inline constexpr std::size_t beginning_bytes_min = 2; ///< of a word that is completed

/// Words of what a viewer sees that begin so, one of each stem, the commonest first. Each part gives its candidates by
/// the count of all documents, which bounds the count of those that are seen, until no further one can be better (the
/// threshold algorithm: Fagin, Lotem, Naor 2003); so what is hidden changes nothing.
class completer {
public:
    completer(view const& of, std::string_view beginning) : of_{of}, beginning_{beginning} {}

    std::vector<completion> run(std::size_t top) {
        if (beginning_.size() < beginning_bytes_min || top == 0)
            return {};
        for (auto const& p : of_.parts)
            for (auto const& words : p.of->surfaces())
                collect(p, words);
        for (;;) {
            std::uint64_t bound = 0;
            list* first = nullptr;
            for (auto& one : lists_)
                if (!one.heap.empty()) {
                    bound += one.heap.front().raw;
                    if (!first || one.heap.front().raw > first->heap.front().raw)
                        first = &one;
                }
            if (!first || enough(top, bound))
                break;
            std::ranges::pop_heap(first->heap, {}, &candidate::raw);
            weigh(first->words[first->heap.back().number]);
            first->heap.pop_back();
        }
        return best(top);
    }

private:
    struct candidate {
        std::uint32_t raw, number;
    };
    struct list {
        dictionary const& words;
        std::vector<candidate> heap;
    };

    void collect(view::one const& p, surface_list const& from) {
        list out{from.words, {}};
        place_list::reader places{p.of->places};
        for (dictionary::walker at{from.words, from.words.lower_bound(beginning_)};
             !at.ended() && at.text().starts_with(beginning_); at.next())
            if (auto const surface = from.at(at); surface != none) {
                auto const place = places[p.of->term_of(surface)];
                if (place < p.of->postings.bytes.size())
                    read_soon(p.of->postings.bytes.data() + place);
                out.heap.push_back({place, at.number()});
            }
        for (auto& one : out.heap)
            one.raw = count_of(p.of->postings, one.raw);
        std::ranges::make_heap(out.heap, {}, &candidate::raw);
        lists_.push_back(std::move(out));
    }

    void weigh(std::string surface) {
        if (!known_.insert(surface).second)
            return;
        completion out{surface, {}, 0};
        for (auto const& p : of_.parts)
            for (auto const& list : p.of->surfaces())
                for (dictionary::walker at{list.words, list.words.lower_bound(surface)};
                     !at.ended() && at.text() == surface; at.next())
                    if (auto const number = list.at(at); number != none && p.seen->sees_surface(number)) {
                        out.having += p.seen->having(p.of->term_of(number));
                        auto term = p.of->terms[p.of->term_of(number)];
                        if (out.term.empty() || term < out.term)
                            out.term = std::move(term);
                    }
        if (out.having > 0)
            found_.push_back(std::move(out));
    }

    std::vector<completion> best(std::size_t top) {
        std::ranges::sort(found_, [](completion const& a, completion const& b) {
            return a.having != b.having ? a.having > b.having : a.surface < b.surface;
        });
        std::vector<completion> out;
        std::set<std::string_view> terms;
        for (auto const& one : found_)
            if (out.size() < top && terms.insert(one.term).second)
                out.push_back(one);
        return out;
    }

    bool enough(std::size_t top, std::uint64_t bound) {
        if (found_.size() < top)
            return false;
        auto const now = best(top);
        return now.size() == top && now.back().having > bound;
    }

    view const& of_;
    std::string_view beginning_;
    std::vector<list> lists_;
    std::set<std::string> known_;
    std::vector<completion> found_;
};

} // namespace guichet::inline v0::search::detail
