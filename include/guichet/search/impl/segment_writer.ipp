#pragma once
#include <guichet/base/read_soon.hpp>
#include <guichet/search/impl/segment.ipp>
#include <guichet/text/analyser.hpp>

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <unordered_map>

namespace guichet::inline v0::search::detail {

struct tally_hash {
    std::size_t operator()(tally const& t) const noexcept {
        std::uint64_t low;
        std::uint32_t high;
        std::memcpy(&low, t.data(), 8);
        std::memcpy(&high, t.data() + 4, 4);
        return (low ^ high * 0x9e3779b97f4a7c15U) * 0xbf58476d1ce4e5b9U >> 16;
    }
};

/// What a segment keeps of a document beside its postings.
struct record {
    std::string id;
    std::shared_ptr<document const> text; ///< null where texts are not kept
    std::uint32_t label = 0;
    lengths sizes{};
    detail::prior prior{};
};

/// Puts the parts of a segment together: documents first, then terms and surfaces in their order.
class segment_writer {
public:
    explicit segment_writer(ranking const& r) : ranking_{r} {}

    std::uint32_t documents() const noexcept { return static_cast<std::uint32_t>(records_.size()); }
    void add(record one) {
        sizes_.push_back(one.sizes);
        records_.push_back(std::move(one));
    }

    std::uint32_t label_number(label const& one) {
        auto const [at, fresh] = labels_.try_emplace(one, static_cast<std::uint32_t>(labels_.size()));
        return at->second;
    }

    std::uint32_t shape_number(tally const& t, std::uint64_t times = 1) {
        auto const [at, fresh] = shape_numbers_.try_emplace(t, static_cast<std::uint32_t>(shapes_.size()));
        if (fresh)
            shapes_.push_back({t, 0});
        shapes_[at->second].second += times;
        return at->second;
    }

    /// Ends the documents: from now on shapes have the numbers that this answers for the old ones.
    std::vector<std::uint32_t> end_documents() {
        std::vector<std::uint32_t> order(shapes_.size()), places(shapes_.size());
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::sort(order, [&](auto a, auto b) {
            return shapes_[a].second != shapes_[b].second ? shapes_[a].second > shapes_[b].second
                                                          : shapes_[a].first < shapes_[b].first;
        });
        // That of attributes stands in no field; the first is that of words, whose lists are split by it.
        if (order.size() > 1 && shapes_[order[0]].first == tally{})
            std::swap(order[0], order[1]);
        for (std::uint32_t i = 0; i < order.size(); ++i) {
            places[order[i]] = i;
            ordered_.push_back(shapes_[order[i]].first);
        }
        for (auto const& one : sizes_)
            detail::add(sums_, one);
        worth_.emplace(ranking_, sums_);
        values_.emplace(*worth_);
        for (auto const& one : ordered_)
            simple_.push_back(simple_shape(one));
        ordered_.resize(std::bit_ceil(std::max<std::size_t>(ordered_.size(), 1)));
        return places;
    }

    /// `own_form` is 1 more than the form that is written as the term, or 0.
    void add_term(std::string_view term, std::uint32_t own_form, std::span<posting const> list) {
        terms_.add(term, own_form);
        places_.add(static_cast<std::uint32_t>(postings_.size()));
        write_term(postings_, list, documents(), rooms_, [this](posting const& one) {
            auto const simple = simple_[one.shape];
            return simple != 0 ? (*values_)[simple][sizes_[one.doc][field_of(simple)]]
                               : worth_->value(ordered_[one.shape], sizes_[one.doc]);
        });
    }

    void add_surface(std::string_view surface, std::uint32_t term, std::uint32_t form) {
        surfaces_.add(surface, term << form_bits | form);
    }

    std::shared_ptr<segment const> finish(std::uint64_t made_with) {
        segment_head head;
        head.magic = segment_magic;
        head.made_with = made_with;
        head.documents = documents();
        head.terms = terms_.count;
        head.surfaces = surfaces_.count;
        head.shapes = static_cast<std::uint32_t>(ordered_.size());
        head.sums = sums_;
        std::vector<std::uint8_t> out(sizeof head);
        std::size_t next = 0;
        auto const put = [&](auto const& what) {
            head.begin[next++] = out.size();
            auto const* from = reinterpret_cast<std::uint8_t const*>(what.data());
            out.insert(out.end(), from, from + what.size() * sizeof what[0]);
            out.resize((out.size() + 7) / 8 * 8);
        };
        put(terms_.heads);
        put(terms_.bytes);
        put(places_.heads);
        put(places_.sizes);
        put(surfaces_.heads);
        put(surfaces_.bytes);
        postings_.resize(postings_.size() + 8);
        put(postings_);
        put(ordered_);
        put_documents(put);
        head.begin[next] = head.bytes = out.size();
        std::memcpy(out.data(), &head, sizeof head);
        head.checksum = checksum_of(std::span{out}.subspan(16));
        std::memcpy(out.data(), &head, sizeof head);
        out.shrink_to_fit();
        auto made = segment_reader{std::move(out)}.lay();
        if (std::ranges::any_of(records_, [](auto const& one) { return one.text != nullptr; }))
            for (auto& one : records_)
                made->texts.push_back(std::move(one.text));
        return made;
    }

private:
    template <class Put>
    void put_documents(Put put) {
        std::vector<std::uint8_t> columns;
        for (std::size_t f = 0; f < fields; ++f)
            for (std::uint32_t doc = 0; sums_[f].documents > 0 && doc < documents(); ++doc)
                columns.push_back(sizes_[doc][f]);
        std::vector<std::uint32_t> label_of, order(records_.size());
        dictionary_writer ids{true};
        for (auto const& one : records_) {
            label_of.push_back(one.label);
            ids.add(one.id);
        }
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::sort(order, {}, [this](std::uint32_t i) -> std::string const& { return records_[i].id; });
        put(columns);
        put(write_packed(label_of, width_below(labels_.size())));
        put(label_bytes());
        put(ids.heads);
        put(ids.bytes);
        put(write_packed(order, width_below(order.size())));
        std::vector<prior> priors;
        if (std::ranges::any_of(records_, [](record const& one) { return one.prior != prior{}; }))
            for (auto const& one : records_)
                priors.push_back(one.prior);
        put(priors);
    }

    std::vector<std::uint8_t> label_bytes() const {
        std::vector<label const*> in_order(labels_.size());
        for (auto const& [one, number] : labels_)
            in_order[number] = &one;
        std::vector<std::uint8_t> out;
        auto const text = [&](std::string_view t) {
            write_number(out, static_cast<std::uint32_t>(t.size()));
            out.insert(out.end(), t.begin(), t.end());
        };
        write_number(out, static_cast<std::uint32_t>(in_order.size()));
        for (auto const* one : in_order) {
            text(one->kind);
            write_number(out, static_cast<std::uint32_t>(one->audience.size()));
            for (auto const& key : one->audience)
                text(key);
        }
        return out;
    }

    ranking const& ranking_;
    std::vector<record> records_;
    std::vector<lengths> sizes_; ///< by document, apart because every posting asks for one
    std::map<label, std::uint32_t> labels_;
    std::unordered_map<tally, std::uint32_t, tally_hash> shape_numbers_;
    std::vector<std::pair<tally, std::uint64_t>> shapes_;
    std::vector<tally> ordered_;
    length_sums sums_{};
    std::vector<std::uint8_t> simple_; ///< by shape
    std::optional<field_worth> worth_;
    std::optional<simple_values> values_;
    dictionary_writer terms_, surfaces_;
    place_writer places_;
    std::vector<std::uint8_t> postings_;
    std::array<std::vector<posting>, 2> rooms_;
};

/// Collects documents and makes a segment of them.
class segment_builder {
public:
    explicit segment_builder(ranking const& r) : write_{r} {}

    /// Documents stand in the segment in the order in which they come.
    void add(document const& of, bool keeps_text, text::analysers& with) {
        record about{
            of.id, keeps_text ? std::make_shared<document const>(of) : nullptr, label_of(of), {}, prior_of(of)};
        auto& analyser = with.of(of.language);
        auto const lead =
            of[field::title].empty() ? of[field::symptom].empty() ? field::body : field::symptom : field::title;
        for (std::size_t f = 0; f < fields; ++f)
            if (!of.texts[f].empty())
                add_field(analyser, of.texts[f], f, f == static_cast<std::size_t>(lead), about.sizes);
        if (!of.kind.empty())
            touch(number(attribute_term("document", of.kind)));
        for (auto const& one : of.attributes)
            touch(number(attribute_term(one.name, one.value)));
        write_.add(std::move(about));
        if (seen_.empty() || seen_.back().size() + here_.size() > seen_.back().capacity()) {
            seen_room_ = std::min(seen_room_ * 2, seen_room_max);
            seen_.emplace_back().reserve(std::max(seen_room_, here_.size()));
        }
        for (auto const& one : here_)
            seen_.back().push_back({one.term, write_.shape_number(one.counts), one.forms});
        terms_of_.push_back(static_cast<std::uint32_t>(here_.size()));
        here_.clear();
    }

    std::shared_ptr<segment const> finish(std::uint64_t made_with) {
        auto const places = write_.end_documents();
        auto const sorted = in_order(numbers_);
        auto const [all, ends] = by_term(places);
        for (auto const* one : sorted) {
            auto const& [text, number] = *one;
            auto const& forms = forms_[number];
            auto const own = static_cast<std::size_t>(std::ranges::find(forms, text) - forms.begin());
            write_.add_term(text, own < forms.size() ? static_cast<std::uint32_t>(own) + 1 : 0,
                            std::span{all}.first(ends[number]).subspan(number == 0 ? 0 : ends[number - 1]));
        }
        add_surfaces(sorted);
        return write_.finish(made_with);
    }

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view t) const noexcept { return std::hash<std::string_view>{}(t); }
    };
    using numbers = std::unordered_map<std::string, std::uint32_t, hash, std::equal_to<>>;
    static constexpr std::size_t compound_bytes_min = 10; ///< of German and Dutch words that may be compounds
    static constexpr std::uint32_t many_documents = 64;   ///< from which on it pays to remember an analyser's words
    struct seen_term {
        std::uint32_t term, shape, forms;
    };
    static constexpr std::size_t seen_room_max = 1 << 16;

    /// A term of the document that is being added.
    struct term_here {
        std::uint32_t term, forms = 0;
        tally counts{};
    };

    /// All postings, those of a term together, and where those of each end.
    std::pair<std::vector<posting>, std::vector<std::size_t>> by_term(std::span<std::uint32_t const> places) {
        std::vector<std::size_t> ends(place_here_.size() + 1);
        for (auto const& some : seen_)
            for (auto const& one : some)
                ++ends[one.term + 1];
        std::partial_sum(ends.begin(), ends.end(), ends.begin());
        std::vector<posting> all(ends.back());
        std::uint32_t doc = 0, left = terms_of_.empty() ? 0 : terms_of_[0];
        for (auto& some : seen_) {
            for (auto const& one : some) {
                for (; left == 0; left = terms_of_[doc])
                    ++doc;
                --left;
                all[ends[one.term]++] = {doc, places[one.shape], one.forms};
            }
            some = {};
        }
        return {std::move(all), std::move(ends)};
    }

    /// The first bytes as a number that stands in the order of the texts: mostly it decides, and memory is not asked.
    static std::uint64_t first_eight(std::string_view text) noexcept {
        std::uint64_t out = 0;
        for (std::size_t i = 0; i < 8; ++i)
            out = out << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
        return out;
    }

    static std::vector<numbers::value_type const*> in_order(numbers const& of) {
        std::vector<numbers::value_type const*> out;
        out.reserve(of.size());
        std::vector<std::pair<std::uint64_t, numbers::value_type const*>> keyed;
        keyed.reserve(of.size());
        for (auto const& one : of)
            keyed.emplace_back(first_eight(one.first), &one);
        std::ranges::sort(keyed, [](auto const& a, auto const& b) {
            return a.first != b.first ? a.first < b.first : a.second->first < b.second->first;
        });
        for (auto const& [key, one] : keyed)
            out.push_back(one);
        return out;
    }

    static prior prior_of(document const& of) noexcept {
        auto const day = of.changed ? std::clamp<std::int64_t>(days_of(*of.changed), 0, 0xFFFF) : 0;
        return {static_cast<std::uint16_t>(day), length_byte(of.used)};
    }

    std::uint32_t label_of(document const& of) {
        label one{of.kind, of.audience};
        std::ranges::sort(one.audience);
        return write_.label_number(one);
    }

    /// Counts the terms of a field. Where it leads, its first words count as the title, unless it is the title.
    void add_field(text::analyser& with, std::string_view text, std::size_t f, bool leads, lengths& sizes) {
        bool const compounds = with.of() == text::tongue::de || with.of() == text::tongue::nl;
        std::uint32_t words = 0, led = 0;
        bool in_lead = false;
        auto const tokens = with.analyse(text);
        auto* const known = write_.documents() < many_documents ? nullptr : &known_words(with);
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            auto const& one = tokens[i];
            if (known)
                prefetch(*known, tokens, i);
            bool const gram = one.kind == text::token_kind::gram;
            if (!gram)
                in_lead = leads && (f == 0 || words < lead_words), ++words, led += in_lead;
            else if (!in_lead && !(compounds && one.surface.size() >= compound_bytes_min))
                continue;
            known_word const here = gram || one.word == none || !known ? place_of(one, gram) : known_place(*known, one);
            auto& counted = touch(here.term);
            count(counted, f);
            if (in_lead && f != 0)
                count(counted, 0);
            counted.forms |= here.form;
        }
        sizes[f] = length_byte(words);
        if (leads && f != 0)
            sizes[0] = length_byte(led);
    }

    /// The place of a term among those of the document is remembered, and believed only if the term stands there
    /// (a sparse set: Briggs and Torczon 1993).
    term_here& touch(std::uint32_t term) {
        auto& place = place_here_[term];
        if (place >= here_.size() || here_[place].term != term) {
            place = static_cast<std::uint32_t>(here_.size());
            here_.push_back({term});
        }
        return here_[place];
    }

    static void count(term_here& one, std::size_t f) noexcept {
        if (one.counts[f] < std::numeric_limits<std::uint16_t>::max())
            ++one.counts[f];
    }

    /// What became of a word of an analyser: its term, and the bit of its surface there.
    struct known_word {
        std::uint32_t term = none, form = 0;
    };
    struct known_words_of {
        std::uint32_t forgotten = 0;
        std::vector<known_word> all; ///< by the analyser's number
    };

    known_words_of& known_words(text::analyser const& with) {
        auto& out = known_[static_cast<std::size_t>(with.of())];
        if (out.forgotten != with.forgotten())
            out = {with.forgotten(), {}};
        return out;
    }

    /// Asks memory for what the next tokens are counted in.
    void prefetch(known_words_of const& known, std::span<text::token const> tokens, std::size_t i) const noexcept {
        if (i + 16 < tokens.size() && tokens[i + 16].word < known.all.size())
            read_soon(&known.all[tokens[i + 16].word]);
        if (i + 8 < tokens.size() && tokens[i + 8].word < known.all.size())
            if (auto const term = known.all[tokens[i + 8].word].term; term < place_here_.size())
                read_soon(&place_here_[term]);
    }

    known_word known_place(known_words_of& known, text::token const& one) {
        if (one.word >= known.all.size())
            known.all.resize(one.word + one.word / 2 + 64);
        auto& out = known.all[one.word];
        if (out.term == none)
            out = place_of(one, false);
        return out;
    }

    known_word place_of(text::token const& one, bool gram) {
        auto const term = number(one.term);
        return {term, gram ? 0 : form_of(forms_[term], one.surface)};
    }

    static std::uint32_t form_of(std::vector<std::string>& forms, std::string_view surface) {
        auto const at = std::ranges::find(forms, surface) - forms.begin();
        if (at == std::ssize(forms) && at < forms_max)
            forms.emplace_back(surface);
        return at < forms_max ? 1U << at : 0;
    }

    void add_surfaces(std::span<numbers::value_type const* const> terms) {
        struct surface {
            std::uint64_t key;
            std::string_view text;
            std::uint32_t term, form;
        };
        std::vector<surface> all;
        for (std::uint32_t i = 0; i < terms.size(); ++i) {
            auto const& forms = forms_[terms[i]->second];
            for (std::uint32_t form = 0; form < forms.size(); ++form)
                if (forms[form] != terms[i]->first)
                    all.push_back({first_eight(forms[form]), forms[form], i, form});
        }
        std::ranges::sort(all, [](surface const& a, surface const& b) {
            return a.key != b.key ? a.key < b.key : a.text != b.text ? a.text < b.text : a.term < b.term;
        });
        for (auto const& one : all)
            write_.add_surface(one.text, one.term, one.form);
    }

    std::uint32_t number(std::string_view term) {
        auto const at = numbers_.find(term);
        if (at != numbers_.end())
            return at->second;
        place_here_.push_back(0);
        forms_.emplace_back();
        return numbers_.emplace(term, static_cast<std::uint32_t>(place_here_.size() - 1)).first->second;
    }

    segment_writer write_;
    numbers numbers_;
    std::vector<term_here> here_;                 ///< the terms of the document that is being added
    std::vector<std::uint32_t> place_here_;       ///< by term: where it may stand in `here_`
    std::vector<std::vector<std::string>> forms_; ///< by term: its surfaces, as they come
    std::vector<std::vector<seen_term>> seen_;    ///< document after document, in pieces that never move
    std::size_t seen_room_ = 128;                 ///< of the next piece, until the greatest
    std::vector<std::uint32_t> terms_of_;         ///< by document: how many terms it has
    std::array<known_words_of, text::tongues> known_;
};

/// One of the segments that are merged.
struct merge_source {
    segment const* from = nullptr;
    bits const* dead = nullptr;             ///< null: none
    std::vector<std::uint32_t> documents{}; ///< the new number of each, or `none`
    std::vector<std::uint32_t> shapes{};    ///< the new number of each
};

/// Segments as one, without what is gone; documents keep their order.
class segment_merger {
public:
    segment_merger(std::vector<merge_source> sources, ranking const& r) : sources_{std::move(sources)}, write_{r} {}

    std::shared_ptr<segment const> run(std::uint64_t made_with) {
        for (auto& one : sources_)
            take_documents(one);
        auto const places = write_.end_documents();
        for (auto& one : sources_)
            for (auto& shape : one.shapes)
                shape = places[shape];
        number_terms();
        renumber_forms();
        merge_terms();
        merge_surfaces();
        return write_.finish(made_with);
    }

private:
    void take_documents(merge_source& one) {
        std::vector<std::uint32_t> labels;
        for (auto const& l : one.from->labels)
            labels.push_back(write_.label_number(l));
        dictionary::walker id{one.from->ids};
        for (std::uint32_t doc = 0; doc < one.from->size(); ++doc, id.next()) {
            bool const gone = one.dead && has(*one.dead, doc);
            one.documents.push_back(gone ? none : write_.documents());
            if (!gone)
                write_.add({std::string{id.text()}, one.from->texts.empty() ? nullptr : one.from->texts[doc],
                            labels[one.from->label_of(doc)], one.from->sizes_of(doc), one.from->prior_of(doc)});
        }
        for (std::size_t i = 0; i < one.from->shapes.size(); ++i) // the commonest first: they stay so, nearly
            one.shapes.push_back(write_.shape_number(one.from->shapes[i], one.from->shapes.size() - i));
    }

    /// Calls `use` with each string of the dictionaries, in order, and who has it at which number as which surface.
    struct having {
        std::size_t source;
        std::uint32_t number, surface;
        bool own; ///< the surface is written as its term
    };
    struct place {
        std::size_t source;
        surface_list words;
        dictionary::walker at;
    };
    template <class Use>
    static void in_order(std::vector<place> places, Use use) {
        auto const later = [&](std::size_t a, std::size_t b) {
            auto const order = places[a].at.text().compare(places[b].at.text());
            return order != 0 ? order > 0 : a > b;
        };
        std::vector<std::size_t> left; ///< a heap of those that have not ended
        for (std::size_t i = 0; i < places.size(); ++i)
            if (!places[i].at.ended())
                left.push_back(i);
        std::ranges::make_heap(left, later);
        std::vector<having> all;
        for (std::string text; !left.empty(); use(std::string_view{text}, all)) {
            text = places[left.front()].at.text();
            all.clear();
            while (!left.empty() && places[left.front()].at.text() == text) {
                std::ranges::pop_heap(left, later);
                auto& one = places[left.back()];
                for (; !one.at.ended() && one.at.text() == text; one.at.next())
                    all.push_back({one.source, one.at.number(), one.words.at(one.at), one.words.are_terms});
                if (one.at.ended())
                    left.pop_back();
                else
                    std::ranges::push_heap(left, later);
            }
        }
    }

    std::vector<place> places(std::size_t lists) const {
        std::vector<place> out;
        for (std::size_t i = 0; i < sources_.size(); ++i)
            for (std::size_t n = 0; n < lists; ++n) {
                auto const words = sources_[i].from->surfaces()[n];
                out.push_back({i, words, dictionary::walker{words.words}});
            }
        return out;
    }
    std::vector<place> terms() const { return places(1); }
    std::vector<place> surfaces() const { return places(2); }

    /// Numbers all terms, those too of which nothing will be left.
    void number_terms() {
        for (auto const& one : sources_)
            numbers_.emplace_back(one.from->terms.size(), none);
        in_order(terms(), [&](std::string_view, std::vector<having> const& all) {
            for (auto const& one : all)
                numbers_[one.source][one.number] = terms_;
            ++terms_;
        });
    }

    /// Calls `use` with each surface of each term: the text, the number of the term, the new form, and who has it.
    template <class Use>
    void each_surface(Use use) const {
        std::vector<std::uint8_t> forms(terms_, 0);
        in_order(surfaces(), [&](std::string_view text, std::vector<having>& all) {
            std::erase_if(all, [](having const& one) { return one.surface == none; });
            auto const term_of = [&](having const& one) {
                return numbers_[one.source][sources_[one.source].from->term_of(one.surface)];
            };
            std::ranges::stable_sort(all, {}, term_of);
            for (auto from = all.begin(); from != all.end();) {
                auto const term = term_of(*from);
                auto to = from;
                while (to != all.end() && term_of(*to) == term)
                    ++to;
                auto const form = forms[term] < forms_max ? forms[term]++ : std::uint8_t{forms_max};
                use(text, term, form, std::span{from, to});
                from = to;
            }
        });
    }

    void renumber_forms() {
        own_.assign(terms_, 0);
        each_surface([&](std::string_view, std::uint32_t term, std::uint8_t form, std::span<having const> all) {
            for (auto const& one : all) {
                if ((one.surface & form_mask) != form)
                    forms_[key(one.source, one.surface)] = form;
                if (one.own && form < forms_max)
                    own_[term] = static_cast<std::uint8_t>(form + 1);
            }
        });
    }

    static std::uint64_t key(std::size_t source, std::uint32_t surface) noexcept {
        return std::uint64_t{source} << 32 | surface;
    }

    std::uint32_t forms_of(having const& at, std::uint32_t old) const {
        std::uint32_t out = 0;
        for (; old != 0; old &= old - 1) {
            auto const bit = static_cast<std::uint32_t>(std::countr_zero(old));
            auto const found = forms_.find(key(at.source, at.number << form_bits | bit));
            auto const form = found == forms_.end() ? bit : found->second;
            if (form < forms_max)
                out |= 1U << form;
        }
        return out;
    }

    void merge_terms() {
        std::vector<posting> list;
        std::uint32_t now = 0, next = 0;
        kept_.assign(terms_, none);
        living_.assign(terms_, 0);
        in_order(terms(), [&](std::string_view text, std::vector<having> const& all) {
            list.clear();
            for (auto const& one : all)
                take_postings(one, list);
            for (auto const& one : list)
                living_[now] |= one.forms;
            if (!list.empty()) {
                auto const own = own_[now];
                write_.add_term(text, own > 0 && living_[now] >> (own - 1) & 1 ? own : 0U, list);
                kept_[now] = next++;
            }
            ++now;
        });
    }

    void take_postings(having const& one, std::vector<posting>& into) const {
        auto const& source = sources_[one.source];
        std::uint32_t last = 0, last_new = forms_of(one, 0);
        for (auto c = source.from->postings_of(one.number); !c.ended(); c.advance())
            if (auto const doc = source.documents[c.doc()]; doc != none) {
                if (c.forms() != last)
                    last = c.forms(), last_new = forms_of(one, last);
                into.push_back({doc, source.shapes[c.shape()], last_new});
            }
    }

    void merge_surfaces() {
        each_surface([&](std::string_view text, std::uint32_t term, std::uint8_t form, std::span<having const> all) {
            bool const own = std::ranges::any_of(all, &having::own);
            if (kept_[term] != none && !own && form < forms_max && living_[term] >> form & 1)
                write_.add_surface(text, kept_[term], form);
        });
    }

    std::vector<merge_source> sources_;
    std::vector<std::vector<std::uint32_t>> numbers_; ///< by source and old number: the number among all terms
    std::uint32_t terms_ = 0;
    std::vector<std::uint32_t> kept_, living_;              ///< by that number: the new one; the forms that are left
    std::vector<std::uint8_t> own_;                         ///< by that number: 1 more than the form of its own text
    std::unordered_map<std::uint64_t, std::uint8_t> forms_; ///< those that have another number now
    segment_writer write_;
};

} // namespace guichet::inline v0::search::detail
