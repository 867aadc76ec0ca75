#pragma once
#include <guichet/base/bytes.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/engine/configuration.hpp>
#include <guichet/engine/impl/log.ipp>
#include <guichet/engine/impl/piece_keeper.ipp>
#include <guichet/engine/impl/react.ipp>
#include <guichet/lifecycle/evolve.hpp>
#include <guichet/model/codec.hpp>
#include <guichet/storage/store.hpp>
#include <guichet/text/analyser.hpp>
#include <guichet/trends/detector.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace guichet::inline v0::detail {

inline constexpr std::uint64_t trend_pieces_version = 1;
inline constexpr duration trend_step = std::chrono::minutes{15}; ///< how often it is asked whether a trend ended
inline constexpr std::size_t trend_keep_tickets = 512;           ///< fed since what is known was kept
inline constexpr std::size_t trend_word_letters_min = 3;

/// Something to be told on a ticket.
struct trend_news {
    std::string tenant;
    ticket_id ticket;
    told_trend trend;
    friend bool operator==(trend_news const&, trend_news const&) = default;
};

/// Feeds the detectors of the tenants with the tickets that the log says were opened, and remembers what is to be told
/// of it. What it knows follows from the log and from the documents alone; it is kept in the store so that the log need
/// not be read again, and where it is lost the log is. Belongs to one thread at a time.
class trend_watch {
public:
    explicit trend_watch(storage::store& where) : store_{where} {}

    /// Reads on, at most so many events; whether there are more. News of long ago is no news.
    result<bool> read_on(trends::watch_set const& in_force, instant now, std::size_t events_max) {
        GUICHET_TRY(follow(in_force));
        for (std::size_t read = 0; read < events_max;) {
            GUICHET_LET(auto const events, store_.read_log(seq_, std::min(limits::page_rows_max, events_max - read)));
            if (events.empty()) {
                GUICHET_TRY(flush(in_force, now));
                for (auto& [tenant, one] : tenants_)
                    GUICHET_TRY(tick(tenant, one, now));
                return false;
            }
            read += events.size();
            for (auto const& e : events) {
                if (erases(e) && e.seq > clean_to_ && watches_words(in_force, e.tenant))
                    return begin_again();
                GUICHET_TRY(hear(in_force, e, now));
                seq_ = e.seq;
            }
        }
        return true;
    }

    std::vector<trend_news> const& news() const noexcept { return news_; }
    void told(std::vector<trend_news> const& some) {
        std::erase_if(news_, [&](auto const& n) { return std::find(some.begin(), some.end(), n) != some.end(); });
    }

    /// Puts what is known into the store when enough came to it. A store that cannot take it has nothing kept.
    result<void> keep() {
        if (fed_ < trend_keep_tickets || !group_.empty() || !news_.empty() || !kept_)
            return {};
        fed_ = 0;
        std::vector<search::piece> pieces{{seq_, std::make_shared<std::vector<std::uint8_t>>(bytes()), {}}};
        return kept_->keep(pieces, seq_, {});
    }

    /// When to look again, if that is sooner than the log goes on.
    std::optional<instant> next(trends::watch_set const& in_force, instant now) {
        if (in_force.empty())
            return {};
        auto const head = store_.head();
        if (head && (head->seq > seq_ || in_force.print() != print_ || !news_.empty()))
            return now;
        std::optional<instant> out;
        for (auto const& [tenant, one] : tenants_)
            if (!one.open.empty())
                out = std::min(out.value_or(instant::max()), one.ticked + trend_step);
        return out;
    }

    /// What goes on in a tenant and was told, or would have been in time.
    result<std::vector<told_trend>> growing(std::string const& tenant) {
        std::vector<told_trend> out;
        auto const found = tenants_.find(tenant);
        if (found == tenants_.end())
            return out;
        for (auto const& a : found->second.by.ongoing())
            if (auto const began = found->second.open.find(a.number); began != found->second.open.end()) {
                GUICHET_LET(auto trend, trend_of(found->second, a, began->second.on));
                out.push_back(std::move(trend));
            }
        return out;
    }
    trends::detector const* of(std::string const& tenant) const {
        auto const found = tenants_.find(tenant);
        return found == tenants_.end() ? nullptr : &found->second.by;
    }

private:
    struct beginning {
        ticket_id on;      ///< what raised the alarm
        bool told = false; ///< the log says so
    };
    struct of_tenant {
        trends::detector by;
        std::map<std::uint64_t, beginning> open{}; ///< the alarms that go on
        instant ticked{};                          ///< up to when it was asked what ended
    };

    /// Begins with what is kept under these documents, or from the start of the log.
    result<void> follow(trends::watch_set const& in_force) {
        if (kept_ && print_ == in_force.print())
            return {};
        print_ = in_force.print();
        kept_.emplace(store_, "trend/", print_ ^ trend_pieces_version);
        GUICHET_TRY(begin_again());
        kept_->open([&](piece_list&& found) {
            if (found.parts.size() != 1 || !take(in_force, *found.parts.front().bytes))
                return false;
            seq_ = clean_to_ = found.seq;
            return true;
        });
        return {};
    }

    result<bool> begin_again() {
        GUICHET_LET(auto const head, store_.head());
        tenants_.clear();
        group_.clear();
        news_.clear();
        seq_ = fed_ = 0;
        told_to_ = seen_;
        clean_to_ = head.seq;
        return true;
    }

    static bool watches_words(trends::watch_set const& in_force, std::string_view tenant) noexcept {
        auto const* watched = in_force.of(tenant);
        return watched && watched->words;
    }

    // --- the log

    /// A ticket comes with what its opener and the rules said at once: the events right after the first that are of the
    /// same command.
    result<void> hear(trends::watch_set const& in_force, storage::stored_event const& e, instant now) {
        if (!group_.empty() && !belongs(e))
            GUICHET_TRY(flush(in_force, now));
        static auto const opening = type_number(ticket_opened{}), telling = type_number(trend_told{});
        if (e.type == telling)
            return hear_told(e);
        bool const begins = e.type == opening && deed_by(e.cause).empty() && in_force.of(e.tenant) != nullptr;
        if (begins || !group_.empty())
            group_.push_back(e);
        return {};
    }
    bool belongs(storage::stored_event const& e) const {
        auto const& first = group_.front();
        bool const same = e.actor == first.actor && e.cause == first.cause;
        return e.ticket == first.ticket && e.at == first.at && (same || e.cause.what.starts_with(by_rule));
    }

    result<void> flush(trends::watch_set const& in_force, instant now) {
        auto const events = std::exchange(group_, {});
        auto const* watched = events.empty() ? nullptr : in_force.of(events.front().tenant);
        if (!watched)
            return {};
        std::vector<storage::text_record> texts;
        if (watched->words) {
            GUICHET_LET(texts, store_.read_texts_between(events.front().seq, events.back().seq));
        }
        ticket t;
        for (auto const& stored : events) {
            GUICHET_LET(auto const e, from_stored(stored, texts));
            lifecycle::apply(t, e);
        }
        bool const gathers = std::any_of(t.links.begin(), t.links.end(),
                                         [](ticket_link const& l) { return l.kind == link_kind::parent_of; });
        return gathers ? result<void>{} : feed(*watched, in_force.schema(), t, events.front(), now);
    }

    result<void> feed(trends::watch const& watched, expr::schema const& schema, ticket const& t,
                      storage::stored_event const& opened, instant now) {
        auto found = tenants_.find(opened.tenant);
        if (found == tenants_.end()) {
            GUICHET_LET(auto by, trends::detector::make(watched.options));
            found = tenants_.emplace(opened.tenant, of_tenant{std::move(by)}).first;
        }
        auto& one = found->second;
        GUICHET_TRY(tick(opened.tenant, one, opened.at));
        std::vector<trends::trait> traits;
        trends::each_trait(watched, t, schema, [&](std::string_view field, std::string_view value) {
            traits.push_back({field, value});
        });
        std::vector<std::string> words;
        if (watched.words) {
            words = words_of(t, watched.language);
            for (auto const& word : words)
                traits.push_back({trends::word_key, word});
        }
        ++fed_;
        for (auto const& a : one.by.observe({opened.at, opened.seq, traits}))
            GUICHET_TRY(take_note(opened, one, a, now));
        return {};
    }

    /// The telling words of a subject, once each: no stop words, no bare numbers.
    std::vector<std::string> words_of(ticket const& t, text::tongue otherwise) {
        std::vector<std::string> out;
        auto const code = t.field_text("language");
        for (auto const& token : analysers_.of(code.empty() ? otherwise : text::tongue_of(code)).analyse(t.subject)) {
            bool const telling = !token.stop && token.kind == text::token_kind::word &&
                                 token.surface.size() >= trend_word_letters_min &&
                                 token.surface.find_first_not_of("0123456789.,-") != std::string_view::npos;
            if (telling && std::find(out.begin(), out.end(), token.surface) == out.end())
                out.emplace_back(token.surface);
        }
        return out;
    }

    // --- alarms

    /// Asks what ended at fixed instants, so that the answers do not depend on who asks when.
    result<void> tick(std::string const& tenant, of_tenant& one, instant until) {
        seen_ = std::max(seen_, until);
        auto const last = instant{until.time_since_epoch() / trend_step * trend_step};
        while (!one.open.empty() && one.ticked < last) {
            one.ticked += trend_step;
            for (auto const& a : one.by.advance(one.ticked))
                GUICHET_TRY(end(tenant, one, a));
        }
        one.ticked = std::max(one.ticked, last);
        return {};
    }

    /// On the ticket that raised it, late as it may be, if anything was told.
    result<void> end(std::string const& tenant, of_tenant& one, trends::alarm const& a) {
        auto const began = one.open.extract(a.number);
        if (began.empty() || !(began.mapped().told || awaits(tenant, began.mapped().on)))
            return {};
        GUICHET_LET(auto trend, trend_of(one, a, began.mapped().on));
        news_.push_back({tenant, began.mapped().on, std::move(trend)});
        return {};
    }

    /// On the ticket that came.
    result<void> take_note(storage::stored_event const& opened, of_tenant& one, trends::alarm const& a, instant now) {
        if (a.what == trends::stage::ended)
            return end(opened.tenant, one, a);
        auto const began = one.open.try_emplace(a.number, beginning{opened.ticket}).first->second.on;
        GUICHET_LET(auto trend, trend_of(one, a, began));
        announce(opened.tenant, opened.ticket, std::move(trend), now);
        return {};
    }

    /// What is to be told of a trend that began there is still to be told.
    bool awaits(std::string const& tenant, ticket_id began_on) const {
        return std::any_of(news_.begin(), news_.end(),
                           [&](trend_news const& n) { return n.tenant == tenant && n.trend.began_on == began_on; });
    }
    void announce(std::string const& tenant, ticket_id on, told_trend trend, instant now) {
        if (trend.at > told_to_ && trend.at + limits::trend_late_max >= now)
            news_.push_back({tenant, on, std::move(trend)});
    }
    result<void> hear_told(storage::stored_event const& e) {
        auto const found = tenants_.find(e.tenant);
        if (found == tenants_.end())
            return {};
        GUICHET_LET(auto const body, decode_body(type_name(e.type), e.body));
        for (auto& [number, began] : found->second.open)
            began.told = began.told || began.on == std::get<trend_told>(body).trend.began_on;
        return {};
    }

    result<told_trend> trend_of(of_tenant const& one, trends::alarm const& a, ticket_id began) {
        told_trend out;
        out.stage = a.what;
        out.field = a.field;
        out.value = a.value;
        out.since = a.since;
        out.at = a.at;
        out.observed = a.observed;
        out.window = std::chrono::ceil<std::chrono::seconds>(a.window);
        out.usual = std::round(a.expected * 100) / 100;
        out.count = a.count;
        out.suggests = a.suggests;
        out.began_on = began;
        if (auto const wider = one.open.find(a.part_of); wider != one.open.end())
            out.part_of = wider->second.on;
        for (auto const seq : a.tickets) { // a detector knows a ticket by the event that opened it
            GUICHET_LET(auto const at, store_.read_log(seq - 1, 1));
            if (!at.empty())
                out.tickets.push_back(at.front().ticket);
        }
        return out;
    }

    // --- what is kept

    template <class Bytes, class Tenant>
    static void describe(Bytes& as, Tenant& one) {
        as(one.ticked);
        std::vector<std::pair<std::uint64_t, beginning>> open{one.open.begin(), one.open.end()};
        open.resize(as.count(open.size(), 25));
        for (auto& [number, began] : open) {
            as(number);
            for (auto& byte : began.on.bytes)
                as(byte);
            as(began.told);
        }
        if constexpr (Bytes::reads)
            one.open = {open.begin(), open.end()};
    }

    std::vector<std::uint8_t> bytes() const {
        byte_writer as;
        as.count(tenants_.size(), 1);
        for (auto const& [tenant, one] : tenants_) {
            as(tenant);
            describe(as, one);
            auto const known = one.by.bytes();
            as(std::string{known.begin(), known.end()});
        }
        return std::move(as.bytes);
    }

    bool take(trends::watch_set const& in_force, std::span<std::uint8_t const> bytes) {
        byte_reader as{bytes};
        std::map<std::string, of_tenant> all;
        for (auto left = as.count(0, 8); left > 0 && as.good; --left) {
            std::string tenant, known;
            as(tenant);
            auto const* watched = in_force.of(tenant);
            auto by = watched ? trends::detector::make(watched->options) : result<trends::detector>{error{}};
            if (!by)
                return false;
            of_tenant one{std::move(*by)};
            describe(as, one);
            as(known);
            auto opened = trends::detector::open(
                watched->options, std::span{reinterpret_cast<std::uint8_t const*>(known.data()), known.size()});
            if (!opened)
                return false;
            one.by = std::move(*opened);
            all.emplace(std::move(tenant), std::move(one));
        }
        if (!as.good || !as.ended())
            return false;
        tenants_ = std::move(all);
        return true;
    }

    storage::store& store_;
    std::optional<piece_keeper> kept_{};
    std::uint64_t print_ = 0;
    std::map<std::string, of_tenant> tenants_{};
    std::vector<storage::stored_event> group_{}; ///< of a ticket that is being opened
    std::vector<trend_news> news_{};
    std::uint64_t seq_ = 0;            ///< read so far
    std::uint64_t clean_to_ = 0;       ///< what was erased up to here was never read
    instant seen_ = instant::min();    ///< up to when it was looked
    instant told_to_ = instant::min(); ///< what was so by then was told before it began again
    std::size_t fed_ = 0;              ///< tickets, since what is known was kept
    text::analysers analysers_{};
};

} // namespace guichet::inline v0::detail
