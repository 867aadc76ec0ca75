#pragma once
#include <guichet/base/call_host.hpp>
#include <guichet/base/limits.hpp>
#include <guichet/engine/desk.hpp>
#include <guichet/engine/impl/desk.ipp>

#include <algorithm>

namespace guichet::inline v0 {
namespace detail {

/// When an attempt that fails now is repeated: half a minute, then twice as long each time, an hour at most.
inline duration put_off(std::uint32_t attempts) noexcept {
    return std::min(duration{std::chrono::seconds{30}} * (std::int64_t{1} << std::min(attempts, 7u)),
                    duration{std::chrono::hours{1}});
}

} // namespace detail

GUICHET_DECL result<delivery_report> desk::deliver(sender const& send, std::size_t limit) {
    auto const now = env_.now();
    GUICHET_LET(auto due, store_->due_outbox(now, limit));
    delivery_report out;
    if (due.empty())
        return out;
    { // Put off before it is tried: whoever else delivers leaves it alone, and so does a desk that dies meanwhile.
        GUICHET_LET(auto const work, store_->begin());
        GUICHET_LET(due, store_->due_outbox(now, limit)); // once nobody else can take them
        for (auto const& entry : due) {
            bool const last = entry.attempts + 1 >= limits::outbox_attempts_max;
            GUICHET_TRY(work->retry_outbox(entry.id, last ? instant::max() : now + detail::put_off(entry.attempts)));
        }
        GUICHET_TRY(work->commit());
    }
    std::vector<std::uint64_t> sent;
    for (auto const& entry : due) {
        auto const done = detail::call_host([&] { return send(entry); });
        if (done)
            sent.push_back(entry.id);
        else
            out.parked += entry.attempts + 1 >= limits::outbox_attempts_max;
    }
    GUICHET_LET(auto const work, store_->begin());
    for (auto const id : sent)
        GUICHET_TRY(work->ack_outbox(id));
    GUICHET_TRY(work->commit());
    out.sent = sent.size();
    out.failed = due.size() - sent.size();
    return out;
}

} // namespace guichet::inline v0
