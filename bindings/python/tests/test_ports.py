"""What a host puts in the place of the engine's own: stores, blob stores, clocks, identities, sources."""

import importlib.util
import runpy
import threading
from datetime import datetime, timedelta, timezone

import pytest

import guichet
from conftest import SOURCE
from guichet.testing import STORE_CASES, check_blob_store, check_store

pytest_plugins = ["pytester"]


def example(name):
    path = SOURCE / "examples" / name
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dict_store = example("custom-store/dict_store.py")


class Shelf(guichet.BlobStore):
    def __init__(self):
        self.held = {}

    def put(self, digest, content):
        self.held[digest] = content

    def get(self, digest):
        return self.held.get(digest)

    def drop(self, digest):
        self.held.pop(digest, None)


# --- stores


def test_the_store_of_the_example(store_case):
    store_case.check(dict_store.DictStore)


def test_the_example_runs(capsys):
    runpy.run_path(str(SOURCE / "examples/custom-store/dict_store.py"), run_name="__main__")
    assert "luc Avez-vous redémarré ?" in capsys.readouterr().out


def test_the_suite_as_one_function(tmp_path):
    paths = (tmp_path / f"{number}.db" for number in range(1_000))
    opened = []

    def fresh():
        opened.append(next(paths))
        return opened[-1]

    check_store(fresh, reopen=lambda: opened[-1], queries=20)


def test_a_store_that_forgets_to_check_versions_fails():
    class Careless(dict_store.DictUnit):
        def _check(self, change, stored, taken):
            pass

    class Store(dict_store.DictStore):
        def begin(self):
            return Careless(self)

    failing = [case.name for case in STORE_CASES if case.needs == "nothing" and case.failures(Store, queries=5)]
    assert "given a ticket that changed, when its old version is written, then that is a conflict" in failing
    assert "given a fresh store, when it is read, then nothing is in it" not in failing
    with pytest.raises(AssertionError, match="this should have been refused"):
        check_store(Store, queries=5)


def test_a_store_that_lets_others_see_too_early_fails():
    class Leaky(dict_store.DictUnit):
        def append(self, change):
            ordinal = super().append(change)
            self._store.tables = self.tables
            return ordinal

    class Store(dict_store.DictStore):
        def begin(self):
            return Leaky(self)

    case = next(case for case in STORE_CASES if "given up, then it leaves no trace" in case.name)
    assert case.failures(Store)


def test_a_store_that_lacks_an_operation_is_refused_at_once():
    class Half(guichet.Store):
        def begin(self):
            return None

    with pytest.raises(TypeError, match="abstract"):
        Half()


def test_a_desk_in_a_store_of_python(clock):
    store = dict_store.DictStore()
    with guichet.open(store, by="luc:administrator", clock=clock) as desk:
        ticket = desk.open_ticket(subject="No network", requester="ana", priority="high")
        desk.reply(ticket, "Is the cable in?")
        article = desk.write_article("Cables", body="Push until it clicks.", publish=True)
        assert desk.find(ticket).replies == 1
        assert [one.number for one in desk.query("priority = high").tickets] == [ticket.number]
        assert [one.count for one in desk.count(["open = true", "assignee = luc"])] == [1, 0]
        assert desk.search("cables").hits[0].number == article.number
        assert desk.next_wakeup() > clock.now()
        clock.advance(timedelta(days=30))
        assert desk.pump().timers_fired > 0
        assert desk.verify().problems == ()
    with guichet.open(store, by="luc", clock=clock) as again:
        assert again.find(ticket.number).subject == "No network"


@pytest.mark.parametrize("raised, expected, reason", [
    (OSError("the cable is cut"), guichet.Unavailable, "store_failed"),
    (guichet.error("store_full"), guichet.ResourceExhausted, "store_full"),
])
def test_what_a_store_raises_refuses_the_command(raised, expected, reason):
    class Unit(dict_store.DictUnit):
        def put_document(self, document):
            raise raised

        append = put_document

    class Store(dict_store.DictStore):
        def begin(self):
            return Unit(self)

    store = Store()
    with guichet.open(store, by="luc") as desk:
        with pytest.raises(expected) as caught:
            desk.open_ticket(subject="No network", requester="ana")
        assert caught.value.reason == reason
        assert caught.value.__cause__ is raised
        assert store.head() == guichet.LogHead()


def test_a_commit_that_raises_is_in_doubt():
    class Unit(dict_store.DictUnit):
        def commit(self):
            super().commit()
            raise TimeoutError("no answer")

    class Store(dict_store.DictStore):
        unit = dict_store.DictUnit

        def begin(self):
            return self.unit(self)

    store = Store()
    with guichet.open(store, by="luc") as desk:
        store.unit = Unit
        with pytest.raises(guichet.InDoubt) as caught:
            desk.open_ticket(subject="No network", requester="ana", command_id="00000000-0000-4000-8000-000000000001")
        assert isinstance(caught.value.__cause__, TimeoutError)
        store.unit = dict_store.DictUnit
        again = desk.open_ticket(subject="No network", requester="ana",
                                 command_id="00000000-0000-4000-8000-000000000001")
        assert again.repeated


def test_a_store_that_gives_nonsense_is_told_where():
    class Store(dict_store.DictStore):
        def documents(self, kind):
            return 42

    with pytest.raises(guichet.InvalidArgument, match="documents"):
        guichet.open(Store(), by="luc")


def test_a_store_must_not_write_through_the_desk():
    class Store(dict_store.DictStore):
        desk = None

        def find(self, query):
            if self.desk:
                self.desk.open_ticket(subject="Somebody looked", requester="ana")
            return super().find(query)

    store = Store()
    with guichet.open(store, by="luc") as desk:
        store.desk = desk
        with pytest.raises(guichet.Cancelled):
            desk.query()


def test_a_query_ends_with_its_call():
    class Store(dict_store.DictStore):
        kept = None

        def find(self, query):
            self.kept = query
            assert (query.tenant, query.order) == ("", [("created_at", True)]) and query.limit
            assert "priority" in str(query.wanted)
            return super().find(query)

    store = Store()
    with guichet.open(store, by="luc:administrator") as desk:
        desk.query("priority = high")
    with pytest.raises(guichet.InvalidArgument, match="lives as long as the call"):
        store.kept.select([])


def test_threads_share_a_store_of_python():
    with guichet.open(dict_store.DictStore(), by="luc") as desk:
        def work():
            for _ in range(10):
                desk.open_ticket(subject="No network", requester="ana")

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert desk.stats().tickets == 40


# --- blobs


def test_a_shelf_passes_the_suite():
    check_blob_store(Shelf, queries=5)


def test_a_shelf_that_loses_bytes_fails():
    class Careless(Shelf):
        def put(self, digest, content):
            pass

    with pytest.raises(AssertionError, match="blob"):
        check_blob_store(Careless, queries=5)


def test_files_lie_where_the_host_keeps_them(tmp_path):
    shelf = Shelf()
    with guichet.open(tmp_path / "desk.db", blobs=shelf, by="luc:administrator") as desk:
        scan = desk.put_file(b"%PDF-1.7", "invoice.pdf")
        ticket = desk.open_ticket(subject="Unreadable", requester="ana", attachments=[scan])
        assert list(shelf.held.values()) == [b"%PDF-1.7"]
        number = desk.find(ticket).attachments[0].no
        assert desk.read_file(ticket, number) == b"%PDF-1.7"
        shelf.held[scan.digest] = b"%PDF-9.9"
        with pytest.raises(guichet.DataLoss):
            desk.read_file(ticket, number)
        desk.redact_ticket(ticket, person="luc")
        assert not shelf.held


def test_a_shelf_that_breaks_refuses_the_file():
    class Broken(Shelf):
        def put(self, digest, content):
            raise OSError("no paper left")

    with guichet.open(":memory:", blobs=Broken(), by="luc") as desk:
        with pytest.raises(guichet.Unavailable, match="no paper left") as caught:
            desk.put_file(b"x", "x")
        assert isinstance(caught.value.__cause__, OSError)
        assert desk.open_ticket(subject="No network", requester="ana").number


# --- clocks


def test_a_clock_that_raises_refuses_the_call():
    broken = []

    def clock():
        if broken:
            raise OSError("no signal")
        return datetime(2026, 1, 5, 9, tzinfo=timezone.utc)

    with guichet.open(":memory:", by="luc", clock=clock) as desk:
        ticket = desk.open_ticket(subject="No network", requester="ana")
        broken.append(True)
        with pytest.raises(guichet.Cancelled, match="no signal") as caught:
            desk.reply(ticket, "Is the cable in?")
        assert isinstance(caught.value.__cause__, OSError)
        broken.clear()
        assert desk.find(ticket).replies == 0
        assert desk.find(ticket).created_at == clock()


def test_a_clock_without_a_zone_says_so():
    told = [datetime(2026, 1, 5, 9, tzinfo=timezone.utc)]
    with guichet.open(":memory:", by="luc", clock=lambda: told[0]) as desk:
        told[0] = datetime(2026, 1, 5, 9)
        with pytest.raises(guichet.InvalidArgument, match="clock"):
            desk.open_ticket(subject="No network", requester="ana")


# --- identities


PEOPLE = {
    "luc": {"role": "agent", "queues": ["invoices"]},
    "eva": guichet.Actor(person="eva", role="administrator"),
}


def test_the_host_says_who_somebody_is():
    with guichet.open(":memory:", identity=PEOPLE.get) as desk:
        seen = desk.open_ticket(subject="Unreadable", requester="ana", queue="invoices", by="eva")
        hidden = desk.open_ticket(subject="Salary", requester="ana", queue="staff", by="eva")
        assert [one.number for one in desk.query(viewer="luc").tickets] == [seen.number]
        assert desk.count([None], viewer="luc")[0].count == 1
        with pytest.raises(LookupError):
            desk.find(hidden, viewer="luc")
        assert len(desk.query(viewer="eva").tickets) == 2


def test_a_name_is_no_more_than_a_name():
    with guichet.open(":memory:", identity=PEOPLE.get) as desk:
        desk.open_ticket(subject="Salary", requester="ana", queue="staff", by="eva")
        assert desk.query(viewer="bob:administrator").tickets == ()


def test_an_identity_that_cannot_be_told_refuses_the_command():
    def ask(name):
        raise PermissionError(f"{name} has left")

    with guichet.open(":memory:", identity=ask) as desk:
        with pytest.raises(guichet.Cancelled, match="bob has left") as caught:
            desk.open_ticket(subject="No network", by="bob")
        assert isinstance(caught.value.__cause__, PermissionError)


def test_identities_are_remembered_within_bounds(clock):
    asked = []

    def ask(name):
        asked.append(name)
        return {"role": "agent"}

    known = guichet.Identities(ask, clock, most=2, keep=timedelta(minutes=1))
    with guichet.open(":memory:", identity=known, clock=clock) as desk:
        assert desk.identities is known
        for _ in range(3):
            desk.query(viewer="luc")
        assert asked == ["luc"]
        clock.advance(61)
        desk.query(viewer="luc")
        assert asked == ["luc", "luc"]
        for name in ("ana", "bob"):
            desk.query(viewer=name)
        assert len(known) == 2
        desk.query(viewer="luc")
        assert asked.count("luc") == 3
        known.forget("luc")
        desk.query(viewer="luc")
        assert asked.count("luc") == 4


# --- sources


class Catalogue(guichet.DocumentSource):
    def __init__(self, *some):
        self.held = {one.id: one for one in some}
        self.version = 1

    def changes(self, mark):
        if mark == str(self.version):
            return guichet.DocumentChanges(mark=mark)
        return guichet.DocumentChanges(put=list(self.held.values()), mark=str(self.version), all=True)

    def find(self, tenant, id):
        return self.held.get(id)


def test_documents_of_the_host_are_found_by_whom_they_are_for():
    manual = guichet.HostDocument(id="A-12", title="Scanner manual", body="Clean the glass.", audience=["public"])
    secret = guichet.HostDocument(id="B-7", title="Scanner contract", body="Price.", audience=["person:eva"])
    source = Catalogue(manual, secret)
    with guichet.open(":memory:", identity=PEOPLE.get, sources={"document": source}) as desk:
        assert [hit.document for hit in desk.search("scanner", viewer="luc").hits] == ["A-12"]
        assert {hit.document for hit in desk.search("scanner", viewer="eva").hits} == {"A-12", "B-7"}
        del source.held["A-12"]
        source.version += 1
        assert not desk.search("scanner", viewer="luc").hits


def test_a_source_that_raises_is_kept_from_the_search():
    class Moody(Catalogue):
        away = False

        def changes(self, mark):
            if self.away:
                raise OSError("the archive is closed")
            return super().changes(mark)

    source = Moody(guichet.HostDocument(id="A-12", title="Scanner manual", audience=["public"]))
    with guichet.open(":memory:", by="luc", sources={"document": source}) as desk:
        assert desk.search("scanner").hits
        source.away = True
        source.version += 1
        assert desk.search("scanner").hits
        health = desk.health()
        assert health.failures and "the archive is closed" in str(health.last_failure)


# --- the plug-in


def test_scenarios_are_collected_where_they_are_asked_for(pytester):
    pytester.makefile(".json", good='{"name": "nothing happens", "clock": "2026-01-05T09:00:00Z", "steps": []}',
                      bad='{"name": "x", "clock": "2026-01-05T09:00:00Z", "actors": {"ana": {"role": "requester"}},'
                          '"steps": [{"do": {"command": "open_ticket", "by": "ana", "subject": "A"},'
                          '"expect": {"events": ["time_logged"]}}]}')
    pytester.runpytest("-p", "guichet.pytest_plugin", "--scenarios").assert_outcomes(passed=1, failed=1)
    pytester.runpytest("-p", "guichet.pytest_plugin").assert_outcomes()
