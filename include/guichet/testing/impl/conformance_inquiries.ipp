#pragma once
#include <guichet/testing/impl/conformance_world.ipp>

/// Inquiries stand beside the log until they are destroyed.
namespace guichet::inline v0::testing::conformance {

inline inquiry blank_inquiry(std::uint64_t n, std::string tenant = "main") {
    inquiry out;
    out.id.bytes = numbered_id(700 + n).bytes;
    out.tenant = std::move(tenant);
    out.person = n % 2 ? "chlo\u00e9" : "ana";
    out.side = n % 2 ? side::desk : side::requester;
    out.at = monday + std::chrono::minutes{n / 2};
    out.words = "\u00e9cran \"noir\" " + std::to_string(n);
    out.language = "fr";
    out.shown = {"KB-2026-000001", "INC-2026-000002"};
    return out;
}

inline void written(clerk& c, std::vector<inquiry> const& some) {
    auto const work = c.begin();
    for (auto const& one : some)
        work->put_inquiry(one).value();
    work->commit().value();
}
inline std::uint64_t dropped(clerk& c, storage::inquiries_of const& some) {
    auto const work = c.begin();
    auto const out = work->drop_inquiries(some).value();
    work->commit().value();
    return out;
}
inline std::vector<inquiry> inquiries_in(clerk& c, std::string_view tenant) {
    return c.store->inquiries(tenant, {}, 1'000).value();
}

inline void inquiries_come_back_whole(clerk& c, report& r) {
    auto const head = c.store->head().value();
    auto asked = blank_inquiry(1);
    auto const work = c.begin();
    work->put_inquiry(asked).value();
    r.check(work->load_inquiry("main", asked.id).value() == asked, "the unit does not see what it put");
    r.check(inquiries_in(c, "main").empty(), "an inquiry is seen before the commit");
    asked.opened = {"INC-2026-000002"};
    asked.helped = false;
    asked.ticket = numbered_id(1);
    work->put_inquiry(asked).value();
    work->commit().value();
    r.check(inquiries_in(c, "main") == std::vector{asked}, "the inquiry differs");
    auto const next = c.begin();
    r.check(next->load_inquiry("main", asked.id).value() == asked, "a later unit sees another one");
    r.check(!next->load_inquiry("other", asked.id).value(), "an inquiry is seen across the wall");
    r.check(!next->load_inquiry("main", blank_inquiry(2).id).value(), "there is an inquiry that nobody put");
    r.check(c.store->head().value() == head, "an inquiry is in the log");
}

inline void inquiries_are_listed_by_time(clerk& c, report& r) {
    std::vector<inquiry> all;
    for (std::uint64_t n = 0; n < 7; ++n)
        all.push_back(blank_inquiry(n));
    written(c, {all[5], all[0], all[3]});
    written(c, {all[6], all[1], all[4], all[2], blank_inquiry(3, "other")});
    std::vector<inquiry> listed;
    for (storage::inquiry_place after;;) {
        auto const page = c.store->inquiries("main", after, 2).value();
        if (page.empty())
            break;
        listed.insert(listed.end(), page.begin(), page.end());
        after = {page.back().at, page.back().id};
    }
    r.check(listed == all, "the list differs");
    auto const later = c.store->inquiries("main", {.at = all[2].at}, 100).value();
    r.check(later == std::vector(all.begin() + 2, all.end()), "a list from a time on differs");
    r.check(inquiries_in(c, "other") == std::vector{blank_inquiry(3, "other")}, "the other tenant's list differs");
    r.check(inquiries_in(c, "nobody").empty(), "a tenant without inquiries has some");
}

inline void inquiries_are_destroyed(clerk& c, report& r) {
    std::vector<inquiry> all;
    for (std::uint64_t n = 0; n < 6; ++n)
        all.push_back(blank_inquiry(n));
    written(c, all);
    written(c, {blank_inquiry(0, "other")});
    r.check(dropped(c, {.tenant = "nobody"}) == 0, "a tenant without inquiries lost some");
    r.check(dropped(c, {.tenant = "main", .person = "ana", .before = all[2].at}) == 1, "others were destroyed");
    r.check(inquiries_in(c, "main") == std::vector(all.begin() + 1, all.end()), "not that one is gone");
    r.check(inquiries_in(c, "other").size() == 1, "the other tenant lost one");
    r.check(dropped(c, {.before = all[4].at}) == 4, "not all before a time are gone");
    r.check(inquiries_in(c, "main") == std::vector(all.begin() + 4, all.end()), "those from a time on are not left");
    r.check(inquiries_in(c, "other").empty(), "the other tenant kept what is before a time");
    auto const work = c.begin();
    work->put_inquiry(blank_inquiry(9)).value();
    r.check(work->drop_inquiries({.tenant = "main"}).value() == 3, "a unit does not destroy what it put");
    r.check(!work->load_inquiry("main", all[5].id).value(), "a unit sees what it destroyed");
    work->put_inquiry(all[5]).value();
    work->commit().value();
    r.check(inquiries_in(c, "main") == std::vector{all[5]}, "what was put again is not there");
}

inline void inquiries_that_are_given_up_leave_no_trace(clerk& c, report& r) {
    written(c, {blank_inquiry(1), blank_inquiry(2)});
    auto const before = picture::of(*c.store);
    {
        auto const work = c.begin();
        work->put_inquiry(blank_inquiry(3)).value();
        work->drop_inquiries({.person = "ana"}).value();
    }
    auto const difference = picture::of(*c.store).difference(before);
    r.check(difference.empty(), "these differ:" + difference);
}

inline void receipts_without_events_are_kept(clerk& c, report& r) {
    c.open();
    auto const seq = c.store->head().value().seq;
    storage::receipt kept{{numbered_id(9).bytes}, "main", {}, {blank_inquiry(1).id.bytes}, seq + 1, seq};
    auto const work = c.begin();
    work->put_inquiry(blank_inquiry(1)).value();
    work->put_receipt(kept).value();
    work->commit().value();
    c.open();
    auto const later = c.begin();
    r.check(later->find_receipt("main", kept.id).value() == kept, "the receipt differs");
    r.check(later->read_log(kept.first_seq - 1, 0).value().empty(), "events are read though none are wanted");
}

} // namespace guichet::inline v0::testing::conformance
