"""Functions of the host within the desk."""

import pytest

import guichet


def test_before_refuses_and_keeps_the_cause(desk):
    @desk.before
    def no_vowels(command, ticket):
        assert ticket is None
        raise KeyError("vowels")

    with pytest.raises(guichet.Cancelled, match="vowels") as caught:
        desk.open_ticket(subject="A", requester="ana")
    assert isinstance(caught.value.__cause__, KeyError)
    assert desk.query().tickets == () and desk.verify().problems == ()


def test_an_error_of_the_library_passes_through(desk):
    @desk.guard("open_ticket")
    def only_known(command, ticket):
        desk.find("INC-0000-000000")

    with pytest.raises(guichet.NotFound) as caught:
        desk.open_ticket(subject="A", requester="ana")
    assert isinstance(caught.value.__cause__, guichet.NotFound)


def test_a_guard_sees_the_ticket_and_answers(desk, ticket):
    @desk.guard("resolve_ticket", "close_ticket")
    def never_high(command, on):
        return on.priority != "high"

    desk.add_note(ticket, "not guarded")
    with pytest.raises(guichet.Cancelled):
        desk.resolve_ticket(ticket)
    with pytest.raises(ValueError, match="known: open_ticket"):
        desk.guard("resolve")


def test_around_goes_on_once(desk, ticket):
    seen = []

    @desk.around
    def measure(command, proceed):
        seen.append(("begin", command.type))
        proceed()
        seen.append(("end", command.type))

    desk.add_note(ticket, "x")
    assert seen == [("begin", "add_note"), ("end", "add_note")]


def test_around_cannot_hide_a_refusal(desk, ticket):
    @desk.around
    def hide(command, proceed):
        try:
            proceed()
        except guichet.Error:
            pass

    with pytest.raises(guichet.Error):
        desk.set_state(ticket, "no such state")


def test_around_without_going_on_refuses(desk, ticket):
    @desk.around
    def forget(command, proceed):
        pass

    with pytest.raises(guichet.Cancelled):
        desk.add_note(ticket, "x")


def test_on_hears_after_the_commit_and_may_use_the_desk(desk, ticket):
    @desk.on("ticket_resolved")
    def thank(event):
        desk.add_note(event.ticket, "Well done.")

    desk.resolve_ticket(ticket)
    assert desk.conversation(ticket)[-1].text == "Well done."


def test_what_fails_after_the_commit_is_recorded(desk, ticket):
    @desk.after
    def broken(outcome):
        raise RuntimeError("no printer")

    desk.add_note(ticket, "x")
    function, raised = desk.failures[0]
    assert function is broken and str(raised) == "no printer"


def test_a_hook_that_decides_cannot_write(desk, ticket):
    @desk.before
    def write(command, on):
        desk.add_note(on, "within")

    with pytest.raises(guichet.Cancelled, match="cannot write"):
        desk.add_note(ticket, "x")


RULES = guichet.RulesDocument(
    name="host",
    rules=[
        {
            "name": "toner",
            "on": ["ticket_opened"],
            "when": {"field": "related.toner", "op": "=", "value": 0},
            "actions": [{"call": {"name": "order_toner", "arguments": {"colour": "black"}}}],
        }
    ],
)


def with_rules(desk):
    lifecycle = guichet.itil_lifecycle().replace(related=[{"name": "toner", "type": "number"}])
    desk.configure([lifecycle, RULES])


def test_conditions_and_actions_of_the_host(desk):
    left = {"value": 0}
    ordered = []

    @desk.condition("toner")
    def toner(ticket):
        return left["value"]

    @desk.action("order_toner")
    def order(call):
        ordered.append(call)

    with_rules(desk)
    desk.keep_decisions("all")
    ticket = desk.open_ticket(subject="Printer", requester="ana")
    assert "notice_queued" in [event.type for event in ticket.events]
    (kept,) = desk.decisions(ticket)
    assert kept.what.verdict == "fired" and kept.what.why["seen"] == 0
    assert desk.deliver().sent == 1
    assert ordered[0]["function"] == "order_toner" and ordered[0]["arguments"] == {"colour": "black"}
    left["value"] = 5
    full = desk.open_ticket(subject="Printer", requester="ana")
    assert "notice_queued" not in [event.type for event in full.events]


def test_a_router_chooses_and_is_told_what_was_proposed(desk, ticket):
    desk.configure([{"kind": "person", "id": name, "body": {}} for name in ("anne", "paul")])
    seen = []
    said = ["paul", None, "", "zoe", 7]

    @desk.router
    def choose(about, proposed):
        seen.append((about.number, proposed.person, proposed.how))
        return said.pop(0)

    assert [event.type for event in desk.route_ticket(ticket).events][0] == "ticket_routed"
    assert desk.find(ticket).assignee == "paul"
    other = desk.open_ticket(subject="No phone", requester="ana")
    assert desk.route(other).person == "anne"
    assert desk.route(other).person == ""
    decided = desk.route(other)
    assert (decided.person, decided.how) == ("zoe", "host")
    with pytest.raises(guichet.Error) as raised:
        desk.route(other)
    assert raised.value.reason == "wrong_type"
    assert seen[0] == (desk.find(ticket).number, "anne", "least_loaded")

    @desk.router
    def broken(about, proposed):
        raise KeyError("no rota")

    with pytest.raises(guichet.Cancelled) as raised:
        desk.route_ticket(other)
    assert isinstance(raised.value.__cause__, KeyError)


def test_an_action_that_fails_is_tried_again(desk, clock):
    calls = []

    @desk.condition("toner")
    def toner(ticket):
        return 0

    @desk.action("order_toner")
    def order(call):
        calls.append(call["key"])
        if len(calls) == 1:
            raise ConnectionError("no line")

    with_rules(desk)
    desk.open_ticket(subject="Printer", requester="ana")
    assert desk.deliver().failed == 1
    clock.advance(3600)
    assert desk.deliver().sent == 1
    assert calls[0] == calls[1]


def test_a_condition_that_fails_is_no_answer(desk):
    @desk.condition("toner")
    def toner(ticket):
        raise OSError("no line")

    with_rules(desk)
    ticket = desk.open_ticket(subject="Printer", requester="ana")
    assert "notice_queued" not in [event.type for event in ticket.events]
    assert isinstance(desk.failures[0][1], OSError)
