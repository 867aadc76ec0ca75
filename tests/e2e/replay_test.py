"""What `guichet replay` says about a log equals what the log says, counted here without Guichet, to the last one."""

import collections
import contextlib
import csv
import datetime
import gzip
import pathlib
import sqlite3
import unittest

import support

# The log's word -> the desk's state; the end of a ticket's life.
STATES = {
    "New": "new",
    "Active": "active",
    "Awaiting User Info": "awaiting_user_info",
    "Awaiting Vendor": "awaiting_vendor",
    "Awaiting Problem": "awaiting_problem",
    "Awaiting Evidence": "awaiting_evidence",
    "Resolved": "resolved",
    "Closed": "closed",
}
ENDED = ("resolved", "closed")
PRIORITIES = {"1": "critical", "2": "high", "3": "normal", "4": "low"}


def read_time(text):
    return datetime.datetime.strptime(text, "%d/%m/%Y %H:%M")


def passed_on(before, after):
    """From one to another; neither a first assignment nor a withdrawal."""
    return "?" not in (before, after) and before != after


class Count:
    """The measures of docs/guides/command-line.md, taken from the rows of the file."""

    def __init__(self, path):
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        incidents = collections.defaultdict(list)
        for row in rows:
            incidents[row["number"]].append(row)
        self.rows, self.incidents = len(rows), len(incidents)
        self.transitions, self.openings, self.by_state = (
            collections.Counter(),
            collections.Counter(),
            collections.Counter(),
        )
        self.hours = collections.defaultdict(list)
        self.categories = collections.Counter()
        self.resolved, self.open_by_category, self.seconds_in = (
            collections.Counter(),
            collections.Counter(),
            collections.Counter(),
        )
        self.reassignments = self.handovers = self.reopenings = self.silent = 0
        for updates in incidents.values():
            self.add(sorted(updates, key=lambda row: int(row["sys_mod_count"])))

    def add(self, rows):
        opened = at = read_time(rows[0]["sys_updated_at"])
        self.openings[at.strftime("%Y-%m")] += 1
        state = STATES.get(rows[0]["incident_state"], "new")
        resolved = at if state in ENDED else None
        stays = [(state, at)]
        for before, row in zip(rows, rows[1:]):
            at = max(at, read_time(row["sys_updated_at"]))
            previous, state = state, STATES.get(row["incident_state"], state)
            if state != previous:
                self.transitions[previous, state] += 1
                stays.append((state, at))
            if previous in ENDED and state not in ENDED:
                self.reopenings += 1
                resolved = None
            if state in ENDED and (resolved is None or (state == "resolved" != previous)):
                resolved = at
            self.reassignments += passed_on(before["assigned_to"], row["assigned_to"])
            self.handovers += passed_on(before["assignment_group"], row["assignment_group"])
        last = rows[-1]
        self.by_state[state, PRIORITIES[last["priority"]]] += 1
        category = "" if last["category"] == "?" else last["category"]
        self.categories[category] += 1
        if state in ENDED:
            self.resolved[resolved.strftime("%Y-%m")] += 1
        else:
            self.open_by_category[category] += 1
        if state == "closed":
            for (inside, since), (_, until) in zip(stays, stays[1:]):
                self.seconds_in[inside] += (until - since).total_seconds()
        if resolved and state in ENDED:
            self.hours[PRIORITIES[last["priority"]]].append((resolved - opened).total_seconds() / 3600)


class Replay(support.Program):
    def check(self, path):
        counted = Count(path)
        done = self.json("replay", path)
        self.assertEqual(done["replay"]["skipped"], [])
        self.assertEqual(done["replay"]["rows"], counted.rows)
        self.check_figures(done["figures"], counted)
        stats = self.json("stats")
        self.check_figures(stats["figures"], counted)
        self.assertEqual(stats["figures"], self.json("report"))
        self.assertEqual(self.json("verify")["problems"], [])
        self.check_reports(counted)
        return done

    def check_reports(self, counted):
        def report(what, key, measure, *more):
            """By the first level of the key."""
            out = collections.Counter()
            for row in self.json("report", what, "--by", key, *more):
                out[row[key].split("/")[0]] += row[measure]
            return {name: value for name, value in out.items() if value}

        self.assertEqual(report("volume", "month", "opened"), dict(counted.openings))
        self.assertEqual(report("volume", "month", "resolved"), dict(counted.resolved))
        self.assertEqual(report("volume", "category", "opened"), dict(counted.categories))
        self.assertEqual(report("backlog", "category", "open"), dict(counted.open_by_category))
        self.assertEqual(sum(report("reopen", "month", "reopenings").values()), counted.reopenings)
        spent = report("time", "state", "wall_seconds", "--where", 'state = "closed"')
        self.assertEqual(spent, {state: seconds for state, seconds in counted.seconds_in.items() if seconds})

    def check_figures(self, told, counted):
        self.assertEqual(told["tickets"], counted.incidents)
        self.assertEqual({(t["from"], t["to"]): t["count"] for t in told["transitions"]}, dict(counted.transitions))
        self.assertEqual({o["month"]: o["count"] for o in told["openings"]}, dict(counted.openings))
        self.assertEqual(told["reassignments"], counted.reassignments)
        self.assertEqual(told["handovers"], counted.handovers)
        self.assertEqual(told["reopenings"], counted.reopenings)
        self.assertEqual(
            {(m["state"], m["priority"]): m["tickets"] for m in told["by_state_and_priority"]}, dict(counted.by_state)
        )
        self.assertEqual({c["category"]: c["tickets"] for c in told["categories"]}, dict(counted.categories))
        for hours in told["hours_to_resolve"]:
            expected = sorted(counted.hours[hours["priority"]])
            self.assertEqual(hours["tickets"], len(expected))
            self.assertAlmostEqual(hours["median"], expected[-(-len(expected) // 2) - 1], places=6)
            self.assertAlmostEqual(hours["p90"], expected[-(-len(expected) * 9 // 10) - 1], places=6)

    def test_the_sample_is_replayed_to_the_last_row(self):
        done = self.check(support.SOURCE / "examples/replay/sample.csv")
        self.assertEqual(done["replay"]["bad_states"], 1)
        self.assertGreater(done["figures"]["timers_fired"], 0)

    def test_the_public_log_is_replayed_to_the_last_row(self):
        path = support.SHARED / "data/uci_servicenow_incidents/incident_event_log.csv.gz"
        if not path.exists():
            self.skipTest("the log is not here")
        self.check(path)

    def test_memory_and_file_and_any_batch_tell_the_same(self):
        sample = support.SOURCE / "examples/replay/sample.csv"
        first = self.json("replay", sample)["figures"]
        self.assertEqual(self.json("replay", sample, "--memory")["figures"], first)
        self.assertEqual(self.json("replay", sample, "--replace", "--batch", 7)["figures"], first)

    def test_the_future_does_not_leak_into_the_past(self):
        """closed_code stands on the first row; the ticket only knows it once it is resolved."""
        self.json("replay", support.SOURCE / "examples/replay/sample.csv")
        page = self.json("list", "--where", '{"field": "fields.source_number", "op": "=", "value": "INC0000001"}')
        ticket = page["tickets"][0]
        self.assertNotEqual(ticket["resolution_code"], "")
        then = self.json("as-of", ticket["id"], ticket["created_at"])["ticket"]
        self.assertEqual((then["resolution_code"], then["resolved_at"], then["closed_at"]), ("", None, None))

    def test_a_timer_fires_at_its_due_second(self):
        self.json("replay", support.SOURCE / "examples/replay/sample.csv")
        tickets = self.json("list", "--breached", "--limit", 50)["tickets"]
        self.assertTrue(tickets)
        by_timer = 0
        for ticket in tickets:
            for line in self.guichet("--json", "history", ticket["number"]).splitlines():
                event = support.json.loads(line)
                if event["event"] == "clock_breached" and "cause" in event:
                    by_timer += 1
                    self.assertEqual(event["at"], event["due"])
        self.assertGreater(by_timer, 0)

    def test_bad_rows_are_named_and_counted(self):
        log = self.folder / "log.csv"
        log.write_text(
            "number,incident_state,sys_updated_at,sys_mod_count\n"
            "A,New,1/2/2026 09:00,0\n"
            "A,Active,yesterday,1\n"
            "A,Resolved,1/2/2026 10:00\n"
            ",New,1/2/2026 10:00,0\n"
            "A,-100,1/2/2026 11:00,x\n"
            "A,Closed,2026-02-01T12:00:00Z,3\n"
        )
        done = self.json("replay", log)
        self.assertEqual([s["line"] for s in done["replay"]["skipped"]], [3, 4, 5, 6])
        self.assertEqual(done["figures"]["transitions"], [{"from": "new", "to": "closed", "count": 1}])
        self.assertIn("line 3 skipped", self.run_raw("--db", self.db, "replay", "--replace", log).stderr)

    def test_a_missing_column_is_named(self):
        log = self.folder / "log.csv"
        log.write_text("number,incident_state\nA,New\n")
        self.assertIn("sys_updated_at", self.guichet("replay", log, code=2))

    def test_columns_and_states_may_have_other_names(self):
        log = self.folder / "log.csv"
        log.write_text(
            'Ticket,Etat,Quand,short_description\n7,Ouvert,2026-02-01 09:00,"Pas de ""réseau"", salle 7"\n'
            "7,Fini,2026-02-01 10:00,\n"
        )
        mapping = self.folder / "mapping.json"
        mapping.write_text(
            '{"columns": {"number": "Ticket", "incident_state": "Etat", "sys_updated_at": "Quand"},'
            ' "states": {"Ouvert": "open", "Fini": "closed"}}'
        )
        self.json("replay", log, "--mapping", mapping)
        ticket = self.json("list")["tickets"][0]
        self.assertEqual(
            (ticket["state"], ticket["status"], ticket["subject"]), ("fini", "closed", 'Pas de "réseau", salle 7')
        )

    def test_a_desk_that_is_there_is_not_overwritten(self):
        self.guichet("init")
        self.assertIn("--replace", self.guichet("replay", support.SOURCE / "examples/replay/sample.csv", code=4))
        other = pathlib.Path(self.db).with_name("letter.txt")
        other.write_text("no desk")
        self.db = str(other)
        self.guichet("init", "--replace", code=6)
        self.assertEqual(other.read_text(), "no desk")

    def test_given_a_desk_of_another_version_when_it_is_to_be_replaced_then_it_is(self):
        for change in ("UPDATE schema_migrations SET checksum = zeroblob(32)", "PRAGMA user_version = 99"):
            self.guichet("init", "--replace")
            with contextlib.closing(sqlite3.connect(self.db)) as file, file:
                file.execute(change)
            self.guichet("list", code=6)
            self.guichet("init", "--replace")
            self.guichet("list")


if __name__ == "__main__":
    unittest.main()
