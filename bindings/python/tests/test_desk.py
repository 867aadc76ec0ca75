"""The desk: commands, queries, errors."""

import copy
import os
import pickle
import sqlite3
from datetime import timedelta

import pytest

import guichet


def test_the_first_example(tmp_path):
    with guichet.open(tmp_path / "desk.db") as desk:
        ticket = desk.open_ticket(
            subject="L'imprimante du 3e ne répond plus", requester="ana@example.org", priority="high"
        )
        answer = desk.reply(ticket, "Avez-vous redémarré ?", by="luc")
        assert answer.version > ticket.version and answer.ticket == ticket.ticket
    with guichet.open(tmp_path / "desk.db", create=False, by="luc") as desk:
        found = desk.find(ticket.number)
        assert (found.requester, found.priority, found.replies) == ("ana@example.org", "high", 1)
        assert [message.text for message in desk.conversation(found)] == ["Avez-vous redémarré ?"]
        assert desk.verify().problems == ()


def test_a_desk_in_the_file_of_its_host(tmp_path):
    erp = sqlite3.connect(tmp_path / "erp.db")
    erp.execute("pragma journal_mode=wal")
    erp.execute("create table orders (id integer primary key, ticket text)")
    with guichet.open(tmp_path / "erp.db", prefix="desk_", by="luc") as desk:
        ticket = desk.open_ticket(subject="Machine 4 stands still", requester="ana")
        with erp:
            erp.execute("insert into orders (ticket) values (?)", (ticket.number,))
        assert desk.find(ticket).subject == "Machine 4 stands still"
    names = {name for (name,) in erp.execute("select name from sqlite_master where type = 'table'")}
    assert "orders" in names and "desk_tickets" in names and "tickets" not in names
    for elsewhere in (":memory:", tmp_path / "none.db"):
        with pytest.raises(guichet.Error):
            guichet.open(elsewhere, prefix="desk_")
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(guichet.NotFound):
        guichet.open(tmp_path / "none.db", create=False)


def test_what_a_ticket_may_be_named_by(desk, ticket):
    found = desk.find(ticket)
    for name in (ticket, found, ticket.number, ticket.ticket):
        assert desk.find(name).id == found.id
        assert desk.add_note(name, "seen").ticket == found.id
    with pytest.raises(guichet.InvalidArgument, match="ticket: expected its number"):
        desk.find(17)
    with pytest.raises(guichet.InvalidArgument, match="ticket: this field is required"):
        desk.reply()


def test_who_acts():
    with guichet.open(":memory:") as desk:
        with pytest.raises(guichet.InvalidArgument, match='by="luc"'):
            desk.open_ticket(subject="No network")
        ticket = desk.open_ticket(subject="No network", requester="ana")
        assert ticket.events[0].actor == "ana"
        with pytest.raises(guichet.InvalidArgument, match='viewer="luc"'):
            desk.find(ticket)
        with pytest.raises(guichet.NotFound):
            desk.find(ticket, viewer="bob:requester")
        assert desk.find(ticket, viewer=guichet.Actor(person="ana")).requester == "ana"


def test_roles_of_the_host():
    with guichet.open(":memory:", roles={"luc": "agent"}) as desk:
        ticket = desk.open_ticket(subject="No network", requester="ana")
        desk.reply(ticket, "Hello", by="luc")
        with pytest.raises(guichet.NotFound):
            desk.find(ticket, viewer="bob")
    with guichet.open(":memory:", roles=lambda name: "administrator") as desk:
        assert desk.read_log(viewer="anybody") == ()


def test_a_command_id_makes_a_retry_harmless(desk):
    import uuid

    key = uuid.uuid4()
    first = desk.open_ticket(subject="No network", requester="ana", command_id=key)
    again = desk.open_ticket(subject="No network", requester="ana", command_id=str(key))
    assert again.repeated and again.ticket == first.ticket


def test_an_expected_version(desk, ticket):
    desk.add_note(ticket, "one")
    with pytest.raises(guichet.Conflict) as caught:
        desk.add_note(ticket, "two", expected_version=ticket.version)
    assert caught.value.retry == "after_reload" and caught.value.http_status == 409
    assert isinstance(caught.value, RuntimeError)


def test_errors_say_everything(desk):
    with pytest.raises(LookupError) as caught:
        desk.find("INC-0000-000000")
    error = caught.value
    assert isinstance(error, guichet.Error) and type(error) is guichet.NotFound
    assert error.code == "not_found" and error.reason and error.detail == str(error)
    assert error.detail_fr != error.detail and isinstance(error.context, dict)
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.context, str(again)) == (error.code, error.context, str(error))


def test_each_code_is_a_class_and_a_builtin(source):
    import builtins
    import re

    rows = re.findall(r"^GUICHET_ERRC\((\w+), \d+, \d+, (\w+),", (source / "include/guichet/base/errc.def").read_text(),
                      re.M)
    assert len(rows) > 10
    for code, builtin in rows:
        made = getattr(guichet, code.title().replace("_", ""))
        assert issubclass(made, guichet.Error) and issubclass(made, getattr(builtins, builtin))


def test_commands_as_values(desk, ticket):
    assert desk.execute(guichet.AddNote("by value"), ticket=ticket).events[0].type == "message_added"
    assert desk.execute({"command": "add_note", "ticket": ticket.number, "text": "by JSON"}).version > ticket.version
    command = guichet.Command(by="eva:agent", body=guichet.AddNote("whole"), ticket=ticket)
    assert desk.execute(command).events[0].actor == "eva"
    with pytest.raises(guichet.InvalidArgument):
        desk.execute({"command": "dance"})


def test_many_in_one_transaction(desk, ticket):
    good = guichet.Command(body=guichet.AddNote("one"), ticket=ticket)
    bad = guichet.Command(body=guichet.AddNote("two"), number="INC-0000-000000")
    first, second = desk.execute_many([good, bad])
    assert isinstance(first, guichet.Outcome) and isinstance(second, guichet.NotFound)
    before = desk.find(ticket).version
    with pytest.raises(guichet.NotFound):
        desk.execute_many([good, bad], all_or_none=True)
    assert desk.find(ticket).version == before


def test_a_batch_is_nothing_when_its_block_fails(desk):
    with pytest.raises(ZeroDivisionError):
        with desk.batch() as batch:
            batch.open_ticket(subject="No network", requester="ana")
            1 / 0
    assert desk.query().tickets == ()
    with desk.batch() as batch:
        for n in range(3):
            batch.open_ticket(subject=f"No network {n}", requester="ana")
    assert [outcome.version for outcome in batch.outcomes] == [1, 1, 1]
    assert len(list(desk.tickets("open = true", page=2))) == 3


def test_queries(desk, ticket, clock):
    desk.reply(ticket, "Is the light on?")
    assert [one.id for one in desk.query('priority = "high"', order=["-created_at"]).tickets] == [ticket.ticket]
    assert desk.query({"field": "priority", "op": "=", "value": "low"}).tickets == ()
    assert desk.count(["open = true", None])[0] == guichet.Counter(count=1, exact=True)
    assert [event.type for event in desk.history(ticket)][0] == "ticket_opened"
    assert desk.as_of(ticket, clock.now()).version == desk.find(ticket).version
    assert desk.journey(ticket).stays
    assert desk.why(ticket, "priority")[0].to == "high"
    assert desk.read_log(after=0, limit=1)[0].seq == 1
    assert desk.search("network").hits[0].ticket == ticket.ticket
    assert desk.complete("netw") == ("network",)
    assert desk.suggest(ticket).articles == ()
    assert desk.similar(ticket).hits == ()
    assert desk.stats().tickets == 1
    assert desk.verify().problems == ()
    with pytest.raises(guichet.FailedPrecondition):
        desk.route(ticket)
    assert desk.report("volume").rows
    clock.advance(3600)
    assert desk.attainment()[0].met == 1 and desk.time_spent() != ()
    assert desk.at_risk(timedelta(days=30))[0].ticket == ticket.ticket
    assert desk.guides() == () and desk.articles().articles == ()
    assert desk.redistribute("luc") == () and desk.reroute("nobody") == 0
    assert desk.back_test().events > 0
    desk.keep_decisions("all")
    assert desk.decisions(ticket) == ()


def test_files(desk, ticket):
    file = desk.put_file(b"%PDF", "bill.pdf", "application/pdf")
    desk.reply(ticket, "Attached.", attachments=[file])
    attachment = desk.find(ticket).attachments[0]
    assert attachment.name == "bill.pdf" and desk.read_file(ticket, attachment.no) == b"%PDF"


def test_articles(desk, ticket):
    written = desk.write_article("Restart the router", body="Unplug it.", audience=["public"], publish=True)
    article = desk.find_article(written)
    assert article.state == "published" and desk.find_article(written.number) == article
    desk.link_article(ticket, article.number)
    assert desk.article_history(article)[0].type == "article_written"
    assert desk.article_edition(article, 1).title == "Restart the router"
    assert desk.revise_article(article, title="Restart it").article == article.id


def test_what_is_asked_of_the_knowledge_base(desk, clock):
    article = desk.write_article("Restart the router", body="Unplug it.", audience=["public"], publish=True)
    asked = desk.record_inquiry("router down", shown=[article.number], by="ana:requester")
    desk.follow_inquiry(asked, opened=article.number, helped=True, by="ana:requester")
    clock.advance(60)
    desk.record_inquiry("coffee machine", by="ana:requester")
    first, second = desk.inquiries()
    assert first.helped and first.words == "router down" and desk.inquiries(first) == (second,)
    report = desk.knowledge_report()
    assert (report.portal.asked, report.portal.helped) == (2, 1)
    assert report.unanswered[0].words == "coffee machine"
    desk.keep_inquiries(timedelta(days=1))


def test_an_inquiry_that_became_a_ticket(desk):
    asked = desk.record_inquiry("no network", by="ana:requester")
    opened = desk.open_ticket(subject="No network", requester="ana", by="ana:requester")
    desk.follow_inquiry(asked, ticket=opened, by="ana:requester")
    assert desk.inquiries()[0].ticket == opened.ticket


def test_a_rehearsal_writes_nothing(desk, ticket):
    told = desk.rehearse(guichet.ResolveTicket("solved"), ticket=ticket)
    assert "ticket_resolved" in [event.type for event in told.events]
    assert desk.find(ticket).status == "new"


def test_problems_trends_and_likeness(desk, ticket, clock):
    for subject in ("Printer on floor 3 is out of toner", "Printer on floor 4 is out of toner"):
        desk.open_ticket(subject=subject, requester="ana")
    (cluster,) = desk.clusters("open = true")
    assert "Printer" in cluster.words and len(cluster.others) == 1
    assert not desk.trends().watched
    desk.configure(guichet.TrendDocument(name="all"))
    assert desk.trends().watched
    problem = desk.open_ticket(subject="Toner", kind="problem", requester="luc")
    assert desk.effect_of(problem, since=clock.now()).chance == 1
    assert desk.judge().judged == 0 and desk.health().failures == 0
    canned = desk.write_article("Hello", body="Your ticket {{ticket.number}}.", kind="canned_reply", publish=True)
    assert ticket.number in desk.render(canned, ticket).text


def test_promises(desk, clock):
    policy = guichet.PolicyDocument(
        name="standard", calendar="default", targets=[{"metric": "resolution", "within": "4h"}]
    )
    desk.configure(policy)
    ticket = desk.open_ticket(subject="No network", requester="ana")
    assert desk.clocks(ticket)[0].metric == "resolution"
    assert desk.explain(ticket)[0].target == timedelta(hours=4)
    clock.advance(timedelta(days=7))
    report = desk.pump()
    assert report.timers_fired >= 1 and desk.find(ticket).breached
    assert desk.next_wakeup() is None or desk.next_wakeup() > clock.now()


def test_configuration(desk):
    desk.configure(guichet.RoleDocument(name="night", extends="agent"))
    desk.configure({"kind": "role", "id": "night", "body": {"name": "night", "extends": "supervisor"}})
    assert desk.documents("role")[0].version == 2
    desk.roll_back("role", "night", 1)
    assert desk.documents("role")[0].version == 3
    assert desk.preview(guichet.RoleDocument(name="day", extends="agent")).open_tickets == 0
    desk.apply([guichet.RoleDocument(name="day", extends="agent")])
    assert desk.behind() in (True, False)
    with pytest.raises(guichet.PermissionDenied):
        desk.configure(guichet.RoleDocument(name="x"), by="ana:requester")
    with pytest.raises(guichet.Error):
        desk.configure({"kind": "role", "id": "x", "body": {"nmae": "x"}})


def test_backup(desk, tmp_path):
    with guichet.open(tmp_path / "a.db", by="luc") as original:
        original.open_ticket(subject="No network", requester="ana")
        original.backup(tmp_path / "b.db")
    with guichet.open(tmp_path / "b.db", by="luc", create=False) as copied:
        assert len(copied.query().tickets) == 1


def test_clocks_of_the_host():
    from datetime import datetime, timezone

    told = datetime(2027, 3, 1, tzinfo=timezone.utc)
    with guichet.open(":memory:", by="luc", clock=lambda: told) as desk:
        assert desk.find(desk.open_ticket(subject="A", requester="ana")).created_at == told


def test_a_closed_desk_says_so(desk):
    desk.close()
    desk.close()
    assert desk.closed
    with pytest.raises(guichet.Error, match="closed"):
        desk.query()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_another_process_is_refused(desk):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        try:
            desk.query()
        except guichet.Error as error:
            os._exit(7 if "another process" in str(error) else 1)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert desk.query().tickets == ()


def test_values_are_not_shared_with_the_desk(desk, ticket):
    before = desk.find(ticket)
    kept = copy.deepcopy(before)
    desk.add_note(ticket, "later")
    assert before == kept
