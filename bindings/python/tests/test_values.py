"""Values feel like Python."""

import copy
import pickle
from datetime import datetime, timedelta, timezone

import pytest

import guichet

VALUES = [getattr(guichet, name) for name in dir(guichet) if hasattr(getattr(guichet, name), "__match_args__")]


@pytest.mark.parametrize("of", VALUES, ids=lambda of: of.__name__)
def test_every_value_is_equal_hashed_copied_and_read_back(of):
    value = of()
    assert value == of() and not value != of() and value != 1
    assert hash(value) == hash(of())
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value
    assert of.from_dict(value.to_dict()) == value
    assert value.replace() == value
    assert repr(value) == f"{of.__name__}()"


def test_a_ticket_of_a_desk_survives_pickle_and_dict(desk, ticket):
    desk.tag_ticket(ticket, add=["vip"])
    desk.log_time(ticket, timedelta(minutes=5))
    found = desk.find(ticket)
    assert pickle.loads(pickle.dumps(found)) == found
    assert guichet.Ticket.from_dict(found.to_dict()) == found
    assert hash(pickle.loads(pickle.dumps(found))) == hash(found)


def test_events_of_a_desk_survive_pickle_and_dict(desk, ticket):
    desk.reply(ticket, "Is the light on?")
    desk.wait_until(ticket, datetime(2026, 2, 1, tzinfo=timezone.utc))
    desk.resolve_ticket(ticket, "solved", "The cable.")
    for event in desk.history(ticket):
        assert pickle.loads(pickle.dumps(event)) == event
        assert guichet.Event.from_dict(event.to_dict()) == event


def test_repr_shows_what_is_set():
    assert repr(guichet.Reply(text="Hello")) == "Reply(text='Hello')"


def test_replace_changes_one_member():
    wish = guichet.OpenTicket(subject="A", priority="high")
    assert wish.replace(subject="B") == guichet.OpenTicket(subject="B", priority="high")
    assert wish.subject == "A"


def test_values_cannot_be_changed(desk, ticket):
    with pytest.raises(AttributeError):
        desk.find(ticket).subject = "other"
    with pytest.raises(AttributeError):
        ticket.colour = "red"


def test_by_place_and_by_name():
    assert guichet.Reply("Hello") == guichet.Reply(text="Hello")
    with pytest.raises(guichet.InvalidArgument, match="given twice"):
        guichet.Reply("Hello", text="Hello")
    with pytest.raises(guichet.InvalidArgument, match="at most 1"):
        guichet.AssignTicket("luc", "ana")


def test_an_unknown_keyword_names_the_known_ones():
    with pytest.raises(guichet.InvalidArgument) as caught:
        guichet.OpenTicket(sbject="x")
    assert caught.value.context["path"] == "sbject"
    assert "subject" in caught.value.context["known"]


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: guichet.OpenTicket(subject=1), "subject: expected a text, found int"),
        (lambda: guichet.OpenTicket(tags="vip"), "tags: expected a list, found str"),
        (lambda: guichet.OpenTicket(tags=["vip", 3]), r"tags\[1\]: expected a text, found int"),
        (lambda: guichet.OpenTicket(channel="fax"), "channel: unknown value"),
        (lambda: guichet.SplitMessage(message=-1), "message: .* whole number"),
        (lambda: guichet.SplitMessage(message=True), "message: expected a whole number, found bool"),
        (lambda: guichet.LinkTicket(other="INC-1"), "other: .* UUID"),
        (lambda: guichet.WaitUntil(until=datetime(2026, 1, 1)), "until: .*no zone"),
        (lambda: guichet.WaitUntil(until="tomorrow"), "until"),
        (lambda: guichet.OpenTicket(subject="\ud800"), "subject: the text is not valid UTF-8"),
    ],
)
def test_a_wrong_value_is_told_by_field_reason_and_way_out(make, words):
    with pytest.raises(guichet.InvalidArgument, match=words):
        make()
    with pytest.raises(ValueError):
        make()


def test_words_are_enumerations_and_texts():
    wish = guichet.OpenTicket(channel="phone")
    assert wish.channel is guichet.Channel.PHONE and wish.channel == "phone"
    assert f"{wish.channel}" == str(wish.channel) == "phone"
    assert guichet.OpenTicket(channel=guichet.Channel.PHONE) == wish
    assert {"phone": 1}[wish.channel] == 1
    assert pickle.loads(pickle.dumps(wish.channel)) is guichet.Channel.PHONE


def test_times_have_zones():
    paris = timezone(timedelta(hours=1))
    wish = guichet.WaitUntil(until=datetime(2026, 1, 5, 10, 0, 0, 125000, tzinfo=paris))
    assert wish.until == datetime(2026, 1, 5, 9, 0, 0, 125000, tzinfo=timezone.utc)
    assert wish.until.tzinfo is timezone.utc
    assert wish.to_dict()["until"] == "2026-01-05T09:00:00.125Z"
    before = datetime(1969, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
    assert guichet.WaitUntil(until=before).until == before


def test_lengths_of_time_are_timedeltas():
    assert guichet.LogTime(seconds=timedelta(minutes=5)).seconds == timedelta(seconds=300)
    assert guichet.LogTime(seconds=300) == guichet.LogTime(seconds=timedelta(minutes=5))
    assert guichet.LogTime(seconds=300).to_dict()["seconds"] == 300


def test_a_word_of_python_gets_an_underscore():
    event = guichet.TicketAssigned(assignee="luc", from_="ana")
    assert event.from_ == "ana" and event.to_dict()["from"] == "ana"
    assert guichet.TicketAssigned.from_dict({"assignee": "luc", "from": "ana"}) == event


def test_match_args_follow_the_declaration():
    assert guichet.SetPriority.__match_args__ == ("impact", "urgency", "priority")


def test_values_within_values():
    command = guichet.Command(by="luc:agent", body=guichet.Reply("Hello"), number="INC-1", expected_version=3)
    assert command.by == guichet.Actor(person="luc", role="agent")
    assert command.type == "reply"
    assert command.body.to_dict()["command"] == "reply"
    assert guichet.Command.from_dict(command.to_dict()) == command
    assert pickle.loads(pickle.dumps(command)) == command


def test_json_within_values():
    rule = guichet.RuleDefinition(name="vip", when={"field": "tags", "op": "contains", "value": "vip"}, actions=[
        guichet.AssignTicket("luc")])
    assert rule.when["op"] == "contains"
    assert rule.actions == ({"command": "assign_ticket", "assignee": "luc"},)
    assert hash(rule) == hash(pickle.loads(pickle.dumps(rule)))


def test_a_member_outlives_its_value(desk, ticket):
    events = desk.history(ticket)
    body = events[0].body
    del events
    assert body.subject.body == "No network"
