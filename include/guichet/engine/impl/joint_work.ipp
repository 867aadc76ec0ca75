#pragma once
#include <guichet/engine/impl/desk.ipp>
#include <guichet/engine/impl/internal.ipp>
#include <guichet/engine/joint_work.hpp>

namespace guichet::inline v0 {

struct joint_work::state {
    state(desk& on, std::unique_ptr<storage::guest_unit> unit)
        : impl{*on.impl_}, work{std::move(unit)}, in_force{impl.current()}, session{std::in_place, on.store(),
                                                                                    *work,         *in_force,
                                                                                    on.env(),      impl.kept,
                                                                                    impl.host,     &impl.decisions} {}

    desk::implementation& impl;
    std::unique_ptr<storage::guest_unit> work; ///< gone when it is over
    std::shared_ptr<configuration const> in_force;
    std::optional<detail::session> session;
    std::vector<result<outcome>> came_to; ///< for the hooks, should it be committed
    error over{reason::joined_over};      ///< why nothing more can be done
};

inline joint_work::joint_work(std::unique_ptr<state> begun) : state_{std::move(begun)} {}

GUICHET_DECL result<std::unique_ptr<joint_work>> joint_work::begin(desk& on,
                                                                   std::unique_ptr<storage::guest_unit> work) {
    return std::unique_ptr<joint_work>{new joint_work{std::make_unique<state>(on, std::move(work))}};
}

GUICHET_DECL joint_work::~joint_work() {
    if (state_->work)
        end(state_->work->leave());
}

GUICHET_DECL result<outcome> joint_work::execute(command const& wish) {
    auto& s = *state_;
    if (!s.work)
        return s.over;
    auto came_to = s.session->run(wish, s.impl.hooks);
    auto const flushed = came_to ? s.work->flush() : result<void>{};
    if (s.session->poisoned() || !flushed) {
        s.over = flushed ? came_to.error() : flushed.error();
        end(s.work->leave());
        return s.over;
    }
    if (came_to)
        s.came_to.push_back(came_to);
    s.impl.hide_internal(came_to, wish.by, [&](ticket_id id) { return s.session->look(wish.by.tenant, id); });
    return came_to;
}

GUICHET_DECL result<ticket> joint_work::find(ticket_id id, viewer const& who) {
    auto& s = *state_;
    if (!s.work)
        return s.over;
    GUICHET_LET(access::role const* const as, s.in_force->roles->find(who));
    GUICHET_LET(auto const found, s.session->look(who.tenant, id));
    if (!found || !access::sees(who, *as, *found))
        return error{reason::ticket_not_found, {{"ticket", to_string(id)}}};
    auto out = *found;
    detail::hide_internal(out, *as);
    return out;
}

GUICHET_DECL result<void> joint_work::commit() {
    auto& s = *state_;
    if (!s.work)
        return s.over;
    auto const done = s.work->commit();
    if (!done)
        s.over = done.error();
    end(done.has_value());
    return done;
}

/// Gives the writer back first, so that hooks may send commands of their own.
inline void joint_work::end(bool committed) {
    auto& s = *state_;
    if (committed)
        s.impl.decisions.add(s.session->decisions());
    else
        s.impl.kept.forget();
    s.session.reset();
    s.work.reset();
    if (committed)
        for (auto const& one : s.came_to)
            s.impl.tell(one);
}

} // namespace guichet::inline v0
