#pragma once
#include "property/script.hpp"

#include <string>
#include <vector>

namespace play {

/// Stores a file and names it in a command, if that can carry one.
inline void bring(guichet::desk& desk, std::string const& bytes, command& wish) {
    std::visit(
        [&](auto& body) {
            if constexpr (requires { body.attachments; })
                body.attachments.push_back(desk.put_file(std::as_bytes(std::span{bytes.data(), bytes.size()}),
                                                         "../" + bytes + ".txt", "text/plain")
                                               .value());
        },
        wish.body);
}

/// Plays a step; the outcomes as text, one line a command, so that two desks are compared by comparing what they said.
inline std::vector<std::string> play_step(world& w, step const& s, script* pupil) {
    std::vector<std::string> said;
    auto const note = [&](command const& wish, result<outcome> const& came_to) {
        said.push_back(came_to ? encode(*came_to) : came_to.error().describe());
        if (came_to && pupil)
            pupil->learn(wish, *came_to);
    };
    if (auto const* one = std::get_if<one_command>(&s)) {
        auto wish = one->wish;
        if (!one->file.empty())
            bring(*w.desk, one->file, wish);
        note(wish, w.desk->execute(wish));
    } else if (auto const* many = std::get_if<many_commands>(&s)) {
        auto const came_to = w.desk->execute(many->wishes, many->mode);
        if (came_to)
            for (std::size_t i = 0; i < came_to->size(); ++i)
                note(many->wishes[i], (*came_to)[i]);
        else
            said.push_back(came_to.error().describe());
    } else if (auto const* move = std::get_if<clock_moves>(&s))
        w.env.advance(move->by);
    else if (auto const* pump = std::get_if<pump_runs>(&s)) {
        auto const report = w.desk->pump(pump->budget);
        if (pupil)
            pupil->read(*w.store);
        said.push_back(report ? std::to_string(report->timers_fired) + " fired, " +
                                    std::to_string(report->timers_fenced) + " fenced"
                              : report.error().describe());
    } else if (auto const* change = std::get_if<new_documents>(&s)) {
        auto const done = w.desk->configure(change->documents, administrator(tenants[0]));
        said.push_back(done ? "configured" : done.error().describe());
    }
    return said;
}

} // namespace play
