"""What comes faster than usual, as somebody watches and gathers it from a shell."""

import unittest
from datetime import datetime, timedelta

import support

MONDAY = datetime(2026, 1, 5, 9)


class Trends(support.Program):
    def setUp(self):
        super().setUp()
        self.document = self.folder / "desk.json"
        self.document.write_text('{"keys": ["category"]}', encoding="utf-8")
        self.guichet("init")

    def at(self, moment, *words, **how):
        return self.guichet("--now", moment.strftime("%Y-%m-%dT%H:%M:%SZ"), *words, **how)

    def opened(self, moment, category):
        self.at(moment, "open", "Panne", "--category", category)

    def test_given_quiet_weeks_when_printers_fail_then_it_is_told_explained_and_gathered(self):
        self.assertIn("nothing is watched", self.guichet("trends"))
        for day in range(28):
            if day % 7 < 5:
                self.opened(MONDAY + timedelta(days=day), "network" if day % 2 else "software")
        now = MONDAY + timedelta(days=28)
        self.assertIn("nothing comes faster", self.at(now, "trends", "--set", self.document))
        for minute in range(6):
            now += timedelta(minutes=2)
            self.opened(now, "printer")
            self.at(now, "pump")
        told = self.at(now, "trends", "--explain")
        self.assertIn("category printer", told)
        self.assertIn("alike in", told)
        self.assertIn("one incident above them", told)
        self.assertIn("semblables", self.at(now, "--lang", "fr", "trends"))
        number = f"INC-2026-{21 + 3:06}"
        self.assertIn("comes faster than usual", self.at(now, "history", number))
        self.assertIn("tickets gathered", self.at(now, "gather", number, "--subject", "Print server"))
        self.assertIn("Print server", self.at(now, "list"))
        self.guichet("verify")


if __name__ == "__main__":
    unittest.main()
