#pragma once
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/desk.ipp>
#include <guichet/engine/trends.hpp>
#include <guichet/model/codec.hpp>

#include <algorithm>

namespace guichet::inline v0 {

GUICHET_DECL result<trends_report> desk::trends(report_period const& period, viewer const& who) const {
    auto const in_force = config();
    GUICHET_LET(access::role const* const as, in_force->roles->require(who, access::see_internal));
    if (!access::sees_all(who, *as))
        return error{reason::right_missing,
                     {{"person", who.person}, {"role", as->name}, {"right", std::string{access::see_all}}}};
    trends_report out;
    out.watched = in_force->watched->of(who.tenant) != nullptr;
    {
        std::lock_guard const lock{impl_->watch_mutex};
        for (bool more = out.watched; more;) {
            GUICHET_LET(more, impl_->watch.read_on(*in_force->watched, env_.now(), limits::page_rows_max));
        }
        if (out.watched) {
            GUICHET_LET(out.growing, impl_->watch.growing(who.tenant));
        }
        if (auto const* by = out.watched ? impl_->watch.of(who.tenant) : nullptr) {
            out.traits = by->traits();
            out.bytes = by->memory_bytes();
        }
    }
    static auto const telling = type_number(trend_told{});
    for (std::uint64_t seq = 0;;) {
        GUICHET_LET(auto const events, store_->read_log(seq, limits::page_rows_max));
        if (events.empty())
            return out;
        seq = events.back().seq;
        for (auto const& e : events) {
            if (e.type != telling || e.tenant != who.tenant || e.at < period.from || e.at >= period.to)
                continue;
            GUICHET_LET(auto const texts, store_->read_texts_between(e.seq, e.seq));
            GUICHET_LET(auto told, detail::from_stored(e, texts));
            out.told.push_back(std::move(told));
        }
    }
}

/// Tells the news of trends as commands of the desk's own, each once: the ticket remembers what was told on it.
GUICHET_DECL result<void> desk::tell_trends(std::size_t events_max) {
    for (;;) {
        auto const in_force = config();
        if (in_force->watched->empty())
            return {};
        std::vector<detail::trend_news> news;
        bool more = false;
        {
            std::lock_guard const lock{impl_->watch_mutex};
            GUICHET_LET(more, impl_->watch.read_on(*in_force->watched, env_.now(), events_max));
            news = impl_->watch.news();
            if (news.empty())
                return more ? result<void>{} : impl_->watch.keep();
        }
        std::vector<result<outcome>> came_to;
        auto const done = impl_->within_one([&](detail::session& session) -> result<bool> {
            for (auto const& one : news) {
                command const wish{detail::system_actor(one.tenant), tell_trend{one.trend}, one.ticket};
                came_to.push_back(session.run(wish, {}, {"trend", one.trend.at}));
                bool const broken = !came_to.back() && !detail::is_refusal(came_to.back().error());
                if (session.poisoned() || broken)
                    return came_to.back().error(); // it is told next time
            }
            return true;
        });
        GUICHET_TRY(done);
        {
            std::lock_guard const lock{impl_->watch_mutex};
            impl_->watch.told(news);
        }
        for (auto const& one : came_to)
            impl_->tell(one);
        if (more)
            return {};
    }
}

} // namespace guichet::inline v0
