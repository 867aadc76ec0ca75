"""The program as people and scripts use it."""

import json
import re
import unittest
import xml.etree.ElementTree

import support


class CommandLine(support.Program):
    def open(self, *words):
        return self.json("open", *words)["number"]

    def test_a_ticket_is_opened_shown_and_told(self):
        self.guichet("init")
        number = self.open(
            "No network in room 12", "--text", "Since this morning.", "--requester", "ana", "--queue", "network"
        )
        shown = self.guichet("show", number)
        for word in (
            number,
            "No network in room 12",
            "New",
            "ana",
            "network",
            "Since this morning.",
            "Resolution",
            "UTC",
        ):
            self.assertIn(word, shown)
        self.assertIn("ana wrote", self.guichet("history", number))
        self.assertIn(number, self.guichet("list", "--queue", "network", "--status", "open", "--order", "-priority"))
        self.assertIn("No ticket", self.guichet("list", "--queue", "other"))

    def test_options_stand_before_or_after_the_command(self):
        self.guichet("init")
        number = self.open("One")
        before = self.run_raw("--json", "--db", self.db, "show", number)
        after = self.run_raw("show", number, "--db", self.db, "--json")
        self.assertEqual(json.loads(before.stdout)["ticket"], json.loads(after.stdout)["ticket"])

    def test_it_speaks_the_language_of_the_locale(self):
        self.assertIn("il n'y a pas de guichet", self.guichet("list", code=3, LC_ALL="fr_FR.UTF-8"))
        self.assertIn("there is no desk", self.guichet("list", code=3, LC_ALL="en_GB.UTF-8"))
        self.guichet("init")
        number = self.open("Imprimante muette")
        self.assertIn("Nouveau", self.guichet("show", number, "--lang", "fr"))
        self.assertIn("Rapport de service", self.guichet("--lang", "fr", "report"))
        self.assertIn("Utilisation", self.run_raw("--help", LC_ALL="fr_FR.UTF-8").stdout)

    def test_errors_have_a_sentence_a_code_and_an_exit_code(self):
        self.guichet("init")
        self.assertEqual(self.guichet("show", "INC-2026-000099", code=3), "guichet: no ticket INC-2026-000099 here\n")
        told = json.loads(self.run_raw("--json", "--db", self.db, "show", "INC-2026-000099").stderr)["error"]
        self.assertEqual((told["code"], told["reason"]), ("not_found", "ticket_not_found"))
        self.assertEqual(told["context"], {"ticket": "INC-2026-000099"})
        self.assertIn("--help", self.guichet("lst", code=2))
        self.assertIn("--help", self.guichet("list", "--colour", "red", code=2))
        self.guichet("verify", "--as", "ana", code=7)

    def test_commands_go_in_and_results_come_out_line_by_line(self):
        self.guichet("init")
        lines = [
            {"command": "open_ticket", "subject": "One", "requester": "ana"},
            {"command": "reply", "ticket": "INC-0000-000000", "text": "?"},
            {"command": "fly"},
            "no json",
        ]
        done = self.run_raw(
            "--db",
            self.db,
            "--now",
            "2026-03-02T09:00:00Z",
            "execute",
            stdin="\n".join(l if isinstance(l, str) else json.dumps(l) for l in lines) + "\n\n",
        )
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(answers[0]["number"], "INC-2026-000001")
        self.assertEqual(
            [a["error"]["reason"] for a in answers[1:]], ["ticket_not_found", "unknown_value", "malformed_json"]
        )
        self.assertEqual(done.returncode, 3)
        whole = json.dumps(
            {
                "command": "resolve_ticket",
                "by": {"person": "luc", "role": "agent"},
                "ticket": answers[0]["number"],
                "code": "fixed",
            }
        )
        self.assertIn("ticket_resolved", self.guichet("execute", "--batch", "10", stdin=whole))

    def test_a_view_is_paged_without_loss(self):
        self.guichet("init")
        opened = {self.open(f"Ticket {n}") for n in range(7)}
        seen, cursor = [], ""
        while True:
            page = self.json("query", json.dumps({"order": ["created_at"], "limit": 3, "cursor": cursor}))
            seen += [t["number"] for t in page["tickets"]]
            cursor = page["next"]
            if not cursor:
                break
        self.assertEqual((len(seen), set(seen)), (7, opened))

    def test_a_search_takes_a_condition_and_counts_fields(self):
        self.guichet("init")
        for subject in ("Printer jam", "Printer offline", "Scanner jam"):
            self.open(subject)
        found = self.json("search", "--facets", "open,state", "--where", "open = true", "printer", "OR", "jam")
        self.assertEqual(len(found["hits"]), 3)
        self.assertEqual(found["facets"]["open"], {"true": 3})
        found = self.json("search", "printer", "AND", "jam")
        self.assertEqual([h["subject"] for h in found["hits"]], ["Printer jam"])
        self.assertEqual(self.json("search", "jam", "--where", "open = false")["hits"], [])

    def test_a_breach_is_found_by_the_pump(self):
        self.guichet("init")
        self.guichet("--now", "2026-03-02T09:00:00Z", "open", "Slow", "--priority", "critical")
        self.assertEqual(self.json("--now", "2026-03-02T09:14:59Z", "pump")["timers_fired"], 0)
        self.assertEqual(self.json("--now", "2026-03-02T09:15:00Z", "pump")["timers_fired"], 1)
        self.assertIn("breached", self.guichet("--now", "2026-03-02T09:20:00Z", "show", "INC-2026-000001"))
        before = self.json("as-of", "INC-2026-000001", "2026-03-02 09:10", "--tz", "UTC")
        self.assertFalse(before["ticket"]["breached"])

    def test_reports_tell_promises_time_and_what_will_be_late(self):
        self.guichet("init")
        self.guichet("--now", "2026-01-05T09:00:00Z", "open", "No network")
        noon = ("--now", "2026-01-05T12:00:00Z")
        risk = self.json(*noon, "report", "risk", "--within", "2h")
        self.assertEqual([(r["metric"], r["left_seconds"], r["left_wall_seconds"]) for r in risk],
                         [("first_response", 3600, 3600)])
        spent = self.json(*noon, "report", "time")
        self.assertEqual([(r["dimension"], r["name"], r["tickets"], r["working_seconds"]) for r in spent],
                         [("state", "new", 1, 3 * 3600)])
        self.guichet("--now", "2026-01-05T14:00:00Z", "pump")
        kept = self.json("report", "sla", "--by", "metric,month")
        self.assertEqual([(r["metric"], r["month"], r["met"], r["breached"]) for r in kept],
                         [("first_response", "2026-01", 0, 1)])

    def test_reports_are_tables_files_and_pictures(self):
        self.guichet("init")
        self.guichet("--now", "2026-01-05T09:00:00Z", "open", "No network", "--category", "@network")
        asked = ("--now", "2026-01-06T09:00:00Z", "report", "volume", "--by", "day,category")
        self.assertIn("Ouverts", self.guichet("--lang", "fr", *asked))
        self.assertEqual(self.guichet(*asked, "--format", "csv").replace("\r\n", "\n"),
                         "day,category,opened,resolved,closed\n2026-01-05,'@network,1,0,0\n")
        self.assertEqual(self.json(*asked), [
            {"day": "2026-01-05", "category": "@network", "opened": 1, "resolved": 0, "closed": 0}])
        picture = xml.etree.ElementTree.fromstring(self.guichet(*asked, "--format", "svg"))
        self.assertEqual(picture.find("{http://www.w3.org/2000/svg}title").text, "Tickets opened, resolved and closed")
        self.assertEqual(self.json("report", "backlog", "--where", 'priority = "critical"'), [])
        self.guichet("report", "volume", "--by", "colour", code=2)
        self.guichet("report", "volume", "--all-tenants", code=7)

    def test_tenants_are_walls(self):
        self.guichet("init")
        number = self.json("--tenant", "north", "open", "Ours")["number"]
        self.guichet("--tenant", "south", "show", number, code=3)
        self.assertEqual(self.json("list", "--tenant", "south")["tickets"], [])

    def test_a_backup_is_a_desk(self):
        self.guichet("init")
        number = self.open("Kept")
        copy = str(self.folder / "copy.db")
        self.guichet("backup", copy)
        self.db = copy
        self.assertIn("Kept", self.guichet("show", number))
        self.assertEqual(self.json("verify")["problems"], [])

    def test_what_a_requester_writes_cannot_steer_the_terminal(self):
        self.guichet("init")
        number = self.open("Red \x1b[31malarm\x07", "--text", "a\x1b]0;title\x07b")
        for words in (("show", number), ("list",), ("history", number)):
            self.assertNotIn("\x1b", self.guichet(*words))

    def test_vectors_are_counted_and_failures_named(self):
        table = self.folder / "table.jsonl"
        week = {"tz": "UTC", "weekly": {"mon": [["09:00", "17:00"]]}}
        good = {"id": "a", "kind": "is_open", "calendar": week, "at": "2026-03-02T09:00:00Z", "expected": True}
        table.write_text(
            json.dumps(good)
            + "\n"
            + json.dumps({**good, "id": "b", "expected": False})
            + "\n"
            + json.dumps({**good, "id": "c", "kind": "of_another_world"})
            + "\n"
        )
        done = self.run_raw("vectors", table)
        self.assertEqual(done.stdout.splitlines()[-1], "1 passed, 2 failed")
        self.assertEqual([line.split()[0] for line in done.stdout.splitlines()[:-1]], ["b", "c"])
        self.assertNotEqual(done.returncode, 0)

    def test_completion_scripts_name_the_commands(self):
        for shell in ("bash", "zsh", "fish"):
            script = self.run_raw("completion", shell).stdout
            for command in ("init", "replay", "as-of", "vectors"):
                self.assertIn(command, script)

    def test_the_version_is_printed(self):
        self.assertRegex(self.run_raw("--version").stdout, re.compile(r"^guichet \d+\.\d+\.\d+$", re.M))


if __name__ == "__main__":
    unittest.main()
