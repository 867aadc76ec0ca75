"""examples/dms-host: an archive with a help desk inside, end to end."""

import subprocess
import sys

import pytest

import guichet
from conftest import SOURCE

FOLDER = SOURCE / "examples/dms-host"
sys.path.insert(0, str(FOLDER))

from archive import Archive, digest_of  # noqa: E402
from day import Day, main, ocr, scan  # noqa: E402
from ged import Ged, document_of  # noqa: E402
from words import WORDS, speaker  # noqa: E402


@pytest.fixture
def archive():
    made = Archive()
    made.employ("ana", "reader", "invoices")
    made.employ("chloé", "reader", "staff")
    made.employ("luc", "archivist", "invoices", "procedures")
    made.employ("eva", "archivist", "invoices", "procedures", "scanner", "staff")
    made.employ("noé", "archivist")
    made.file("F-1", "invoices", "Invoice", scan("invoice"))
    made.file("C-1", "staff", "Contract", scan("contract"))
    made.file("P-1", "procedures", "Missing pages", scan("procedure"), "Scan the missing pages again.")
    yield made
    made.close()


@pytest.fixture
def ged(archive, clock):
    opened = Ged(archive, speaker("en"), ocr, clock=clock)
    yield opened
    opened.close()


def seen(ged, person):
    return {ticket.number for ticket in ged.desk.tickets(viewer=person)}


def attached(ged, ticket):
    first = ged.desk.find(ticket, viewer="luc").attachments[0]
    return ged.desk.read_file(ticket, first.no, viewer="luc")


# --- the day


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_day(language, tmp_path):
    done = subprocess.run([sys.executable, FOLDER / "day.py", "--lang", language, "--folder", tmp_path],
                          capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path), "PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stderr
    say = speaker(language)
    assert done.stdout.startswith(say("title"))
    assert say("same_scan", contents=6) in done.stdout
    assert say("refused", reason=say("may_not_open", document="C-7")) in done.stdout
    assert say("gone", contents=13) in done.stdout
    with guichet.open(tmp_path / "desk.db", by="eva:administrator") as desk:
        assert desk.verify().problems == ()


def test_the_day_is_the_same_every_time():
    days = []
    for _ in range(2):
        lines = []
        day = Day("fr", out=lines.append)
        day.run()
        day.close()
        days.append(lines)
    assert days[0] == days[1]


def test_the_day_in_a_language_that_nobody_speaks(capsys):
    with pytest.raises(SystemExit):
        main(["--lang", "la"])
    assert "invalid choice" in capsys.readouterr().err


def test_every_sentence_has_the_same_places_in_both_languages():
    import string

    for key, both in WORDS.items():
        places = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in both]
        assert places[0] == places[1], key


# --- contents


def test_given_a_ticket_on_a_document_then_its_scan_is_there_once(ged, archive):
    ticket = ged.report("F-1", "ana", "Page 2 is missing", "")
    assert archive.contents() == 3
    assert attached(ged, ticket) == scan("invoice")
    assert ged.desk.find(ticket, viewer="luc").attachments[0].digest == digest_of(scan("invoice"))


def test_given_a_version_that_is_destroyed_then_the_ticket_keeps_it_until_it_is_redacted(ged, archive):
    ticket = ged.report("F-1", "ana", "Page 2 is missing", "")
    archive.forget("F-1", 1)
    assert attached(ged, ticket) == scan("invoice")
    ged.desk.redact_ticket(ticket, person="ana", by="luc")
    assert archive.content(digest_of(scan("invoice"))) is None


def test_given_a_ticket_that_is_redacted_then_the_archive_keeps_its_version(ged, archive):
    ticket = ged.report("F-1", "ana", "Page 2 is missing", "")
    ged.desk.redact_ticket(ticket, person="ana", by="luc")
    assert archive.content(archive.latest("F-1").digest) == scan("invoice")


# --- rights


def test_given_tickets_of_two_cabinets_then_each_sees_those_that_he_may_open(ged):
    invoice = ged.report("F-1", "ana", "Page 2 is missing", "").number
    contract = ged.report("C-1", "chloé", "Line 12 is black", "").number
    assert seen(ged, "ana") == seen(ged, "luc") == {invoice}
    assert seen(ged, "chloé") == {contract}
    assert seen(ged, "eva") == {invoice, contract}
    assert seen(ged, "noé") == seen(ged, "a stranger") == set()


def test_given_many_tickets_of_another_cabinet_then_pages_and_counters_are_full(ged):
    for _ in range(3):
        ged.report("C-1", "chloé", "Line 12 is black", "")
        ged.report("F-1", "ana", "Page 2 is missing", "")
    page = ged.desk.query(limit=2, viewer="luc")
    assert len(page.tickets) == 2 and page.next
    assert ged.desk.count(["open = true"], viewer="luc")[0].count == 3


def test_given_a_right_that_is_taken_then_the_next_list_knows(ged, archive):
    ticket = ged.report("F-1", "ana", "Page 2 is missing", "")
    assert ticket.number in seen(ged, "luc")
    archive.revoke("luc", "invoices")
    assert seen(ged, "luc") == set()
    with pytest.raises(LookupError):
        ged.desk.reply(ticket, "Here it is.", by="luc")
    assert seen(ged, "ana") == {ticket.number}
    archive.allow("luc", "invoices")
    assert seen(ged, "luc") == {ticket.number}


def test_given_a_document_that_he_may_not_open_then_nobody_brings_it_onto_a_ticket(ged):
    with pytest.raises(guichet.Cancelled, match="you may not open C-1"):
        ged.report("C-1", "ana", "What does he earn?", "")
    mine = ged.report("F-1", "luc", "Page 2 is missing", "")
    with pytest.raises(guichet.Cancelled, match="you may not open C-1"):
        ged.desk.set_fields(mine, fields={"document": {"type": "document", "id": "C-1"}}, by="luc")


# --- batches


def test_given_a_batch_that_cannot_be_read_then_it_is_one_incident_with_children(ged, archive):
    archive.file("F-1", "invoices", "Invoice", scan("(black)"))
    archive.file("C-1", "staff", "Contract", scan("(black)"))
    master = ged.read_batch("monday", ["F-1", "C-1", "P-1"])
    found = ged.desk.find(master, viewer="eva")
    assert found.priority == "high"
    children = [ged.desk.find(link.ticket, viewer="eva") for link in found.links]
    assert [document_of(child) for child in children] == ["F-1", "C-1"]
    assert seen(ged, "ana") == {children[0].number}
    assert seen(ged, "chloé") == {children[1].number}
    with pytest.raises(LookupError):
        ged.desk.find(master, viewer="ana")


def test_given_the_same_batch_again_then_nothing_is_opened_twice(ged, archive):
    archive.file("F-1", "invoices", "Invoice", scan("(black)"))
    first = ged.read_batch("monday", ["F-1"])
    again = ged.read_batch("monday", ["F-1"])
    assert again.repeated and again.number == first.number
    assert ged.desk.stats().tickets == 2


def test_given_a_batch_that_is_read_then_there_is_no_incident(ged):
    assert ged.read_batch("monday", ["F-1", "C-1"]) is None
    assert ged.desk.stats().tickets == 0


def test_given_a_batch_that_is_mended_then_all_is_resolved_together_and_noted(ged, archive):
    for document, cabinet in (("F-1", "invoices"), ("C-1", "staff")):
        archive.file(document, cabinet, document, scan("(black)"))
    master = ged.read_batch("monday", ["F-1", "C-1"])
    assert ged.read_again(master, "The glass is clean.", by="eva") is None
    archive.file("F-1", "invoices", "F-1", scan("clean"))
    assert ged.read_again(master, "The glass is clean.", by="eva") is None
    archive.file("C-1", "staff", "C-1", scan("clean"))
    assert len(ged.read_again(master, "The glass is clean.", by="eva")) == 3
    assert ged.desk.count(["open = true"], viewer="eva")[0].count == 0
    assert [len(archive.sheet(document)) for document in ("F-1", "C-1")] == [1, 1]
    assert "The glass is clean." in archive.sheet("C-1")[0]


# --- procedures


def test_given_a_procedure_then_it_is_found_by_those_who_may_open_its_cabinet(ged, archive):
    assert [hit.document for hit in ged.desk.search("missing pages", viewer="luc").hits] == ["P-1"]
    assert not ged.desk.search("missing pages", viewer="ana").hits
    archive.allow("ana", "procedures")
    assert ged.desk.search("missing pages", viewer="ana").hits
    archive.revoke("ana", "procedures")
    assert not ged.desk.search("missing pages", viewer="ana").hits


def test_given_a_new_version_of_a_procedure_then_its_words_are_found_and_the_old_ones_not(ged, archive):
    archive.file("P-1", "procedures", "Missing pages", scan("new"), "Ask the mail room.")
    assert ged.desk.search("mail room", viewer="luc").hits
    assert not ged.desk.search("scan", viewer="luc").hits
    for number in (1, 2):
        archive.forget("P-1", number)
    assert not ged.desk.search("mail room", viewer="luc").hits


def test_given_a_ticket_then_the_procedure_is_suggested(ged):
    ticket = ged.report("F-1", "ana", "Pages are missing", "There is no page 2.")
    assert [hit.document for hit in ged.desk.suggest(ticket, viewer="luc").documents] == ["P-1"]
