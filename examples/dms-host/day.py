"""A day in an archive with a help desk inside, by a simulated clock: what each person sees.

    python examples/dms-host/day.py [--lang fr|en] [--folder FOLDER]

Without a folder all is in memory; with one, archive.db and desk.db are there afterwards.
"""

import argparse
import pathlib
import sys
from datetime import datetime, timedelta, timezone

import guichet

from archive import Archive
from ged import Ged
from words import speaker

PARIS = timezone(timedelta(hours=1))
PEOPLE = ("ana", "chloé", "luc", "eva")
DIRTY = b"(black)"


def scan(*pages):
    return b"%PDF-1.7\n" + "\n".join(pages).encode()


def ocr(content):
    """Words, or None: a scanner's glass may be dirty."""
    return None if DIRTY in content else content.decode().partition("\n")[2]


class Day:
    def __init__(self, language, folder=None, out=print):
        self.say = speaker(language)
        self.out = out
        self.clock = guichet.SimulatedClock(datetime(2026, 1, 5, 8, tzinfo=PARIS))
        self.archive = Archive(":memory:" if folder is None else folder / "archive.db")
        self.fill()
        self.ged = Ged(self.archive, self.say, ocr, clock=self.clock, language=language,
                       path=":memory:" if folder is None else folder / "desk.db")
        self.desk = self.ged.desk

    def close(self):
        self.ged.close()
        self.archive.close()

    def fill(self):
        archive, say = self.archive, self.say
        archive.employ("ana", "reader", "invoices", "procedures")
        archive.employ("chloé", "reader", "staff")
        archive.employ("luc", "archivist", "invoices", "procedures")
        archive.employ("eva", "archivist", "invoices", "procedures", "scanner", "staff")
        for document in ("F-2041", "F-2042", "F-2043"):
            archive.file(document, "invoices", say("invoice", document=document), scan("1/2", document))
        for document in ("C-7", "C-8"):
            archive.file(document, "staff", say("contract", document=document), scan("1/1", document))
        text = say("procedure_page_text")
        archive.file("P-1", "procedures", say("procedure_page"), scan(text), text)

    # --- what is told

    def step(self, hour, minute, key):
        self.clock.set(datetime(2026, 1, 5, hour, minute, tzinfo=PARIS))
        self.desk.pump()
        self.out(f"\n{hour:02}:{minute:02}  {self.say(key)}")

    def tell(self, key, **values):
        self.out("       " + self.say(key, **values))

    def sees(self, *people):
        for person in people:
            seen = list(self.desk.tickets(order=["number"], viewer=person))
            self.out(f"       {self.say('sees', person=person.capitalize())} ({len(seen)})")
            for ticket in seen:
                state = self.say("open" if ticket.status in ("new", "open", "pending", "on_hold") else "done")
                self.out(f"         {ticket.number}  {state:6}  {ticket.subject}")

    def finds(self, person, typed):
        hits = self.desk.search(typed, kinds=["document"], viewer=person).hits
        titles = ", ".join(hit.subject for hit in hits) or self.say("nothing")
        self.tell("found", person=person.capitalize(), typed=typed, titles=titles)

    # --- the day

    def run(self):
        self.out(self.say("title"))
        self.report()
        self.private()
        self.batch()
        self.mend()
        self.glass()
        self.rights()
        self.procedure()
        self.forget()
        checked = self.desk.verify()
        assert not checked.problems
        self.out("")
        self.tell("sound", events=checked.events)

    def report(self):
        self.step(8, 30, "step_report")
        self.invoice = self.ged.report("F-2041", "ana", self.say("page_missing"), self.say("page_missing_text"))
        self.tell("same_scan", contents=self.archive.contents())
        documents = self.desk.suggest(self.invoice, viewer="luc").documents
        self.tell("suggested", titles=", ".join(hit.subject for hit in documents))

    def private(self):
        self.step(9, 10, "step_private")
        self.ged.report("C-7", "chloé", self.say("salary"), self.say("salary_text"))
        try:
            self.ged.report("C-7", "ana", self.say("curious"), "")
        except guichet.Cancelled as refused:
            self.tell("refused", reason=refused.context["problem"])
        self.sees(*PEOPLE)

    def batch(self):
        self.step(10, 0, "step_batch")
        self.documents = ["F-2041", "F-2042", "F-2043", "C-8"]
        for document in self.documents[1:]:
            archive = self.archive
            archive.file(document, archive.cabinet_of(document), archive.title_of(document),
                         scan(document) + DIRTY)
        self.master = self.ged.read_batch("2026-01-05/1", self.documents)
        self.ged.read_batch("2026-01-05/1", self.documents)
        self.tell("again", count=self.desk.stats().tickets)
        self.sees(*PEOPLE)

    def mend(self):
        self.step(11, 0, "step_mend")
        self.ged.mend(self.invoice, scan("1/2 F-2041", "2/2"), self.say("mended"), by="luc")
        self.tell("sheet", document="F-2041", lines="; ".join(self.archive.sheet("F-2041")))
        self.sees("ana")

    def glass(self):
        self.step(13, 30, "step_glass")
        for document in self.documents[1:]:
            archive = self.archive
            archive.file(document, archive.cabinet_of(document), archive.title_of(document), scan(document))
        self.ged.read_again(self.master, self.say("glass"), by="eva")
        self.tell("sheet", document="C-8", lines="; ".join(self.archive.sheet("C-8")))
        self.sees("eva")

    def rights(self):
        self.step(14, 0, "step_rights")
        self.archive.revoke("ana", "invoices")
        self.archive.revoke("ana", "procedures")
        self.archive.allow("ana", "staff")
        self.sees("ana")

    def procedure(self):
        self.step(15, 0, "step_procedure")
        typed = self.say("mail_room")
        self.finds("luc", typed)
        text = self.say("procedure_page_new")
        self.archive.file("P-1", "procedures", self.say("procedure_page"), scan(text), text)
        self.finds("luc", typed)
        self.finds("ana", typed)

    def forget(self):
        self.step(16, 0, "step_forget")
        self.archive.forget("F-2041", 1)
        self.tell("kept", contents=self.archive.contents())
        self.desk.redact_ticket(self.invoice, person="ana", by="eva")
        self.tell("gone", contents=self.archive.contents())


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lang", choices=("en", "fr"), default="en")
    parser.add_argument("--folder", type=pathlib.Path)
    given = parser.parse_args(arguments)
    day = Day(given.lang, given.folder)
    try:
        day.run()
    finally:
        day.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
