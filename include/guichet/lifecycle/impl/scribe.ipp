#pragma once
#include <guichet/base/limits.hpp>
#include <guichet/lifecycle/impl/mover.ipp>
#include <guichet/text/html.hpp>
#include <guichet/text/safe_name.hpp>

#include <string>
#include <utility>
#include <vector>

namespace guichet::inline v0::lifecycle::detail {

/// What commands add to the conversation.
class scribe : protected mover {
protected:
    using mover::mover;

    result<void> add_message(std::string text, std::string const& html, audience who, channel by,
                             std::vector<new_attachment> const& files, std::string author, bool automatic = false,
                             article_id canned = {}) {
        GUICHET_TRY(check_text("html", html, limits::message_bytes_max));
        if (text.empty() && !html.empty()) {
            GUICHET_LET(text, text::plain_text(html));
        }
        GUICHET_TRY(check_text("text", text, limits::message_bytes_max));
        if (text.empty())
            return error{reason::missing_field, {{"path", "text"}}};
        bool const by_requester = author == t().requester || known_.acting_side == side::requester;
        message_added b;
        b.text = numbered(std::move(text));
        b.html = html;
        b.audience = who;
        b.side = by_requester ? side::requester : known_.acting_side;
        b.channel = by;
        b.author = std::move(author);
        b.automatic = automatic;
        b.canned = canned;
        auto const message = b.text.no;
        emit(std::move(b));
        return add_attachments(files, message, who);
    }

    /// Its own words, else those of the canned reply that it names.
    result<void> add_reply(reply const& c) {
        auto const* const ready = known_.canned;
        bool const as_it_is = ready && c.text.empty() && c.html.empty();
        return add_message(as_it_is ? ready->text : c.text, as_it_is ? ready->html : c.html, audience::public_,
                           c.channel, c.attachments, wish_.by.person, c.automatic,
                           ready ? ready->article : article_id{});
    }

    result<void> add_attachments(std::vector<new_attachment> const& files, std::uint32_t message, audience who) {
        for (std::size_t i = 0; i < files.size(); ++i) {
            auto const& f = files[i];
            auto const here = "attachments[" + std::to_string(i) + "]";
            if (f.digest == digest{})
                return error{reason::missing_field, {{"path", here + ".digest"}}};
            GUICHET_TRY(check_text(here + ".type", f.type, limits::name_bytes_max));
            attachment_added b;
            b.name = numbered(text::safe_name(f.name));
            b.message = message;
            b.audience = who;
            b.type = f.type.empty() ? "application/octet-stream" : f.type;
            b.size_bytes = f.size_bytes;
            b.digest = f.digest;
            emit(std::move(b));
        }
        return {};
    }

    /// A public message of who acts, if there is anything to say.
    result<void> tell(std::string const& text) {
        if (text.empty())
            return {};
        return add_message(text, {}, audience::public_, channel::portal, {}, wish_.by.person);
    }
};

} // namespace guichet::inline v0::lifecycle::detail
