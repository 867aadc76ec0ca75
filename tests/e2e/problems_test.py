"""Problems, major incidents and satisfaction, as an agent and a requester see them from a shell."""

import unittest

import support


class Problems(support.Program):
    def setUp(self):
        super().setUp()
        self.guichet("init")
        self.guichet("open", "Driver", "--kind", "problem", "--category", "printer")
        for who in ("ana", "bob"):
            self.guichet("open", "Nothing prints", "--requester", who, "--category", "printer")
        for number in ("INC-2026-000001", "INC-2026-000002"):
            self.execute({"command": "link_ticket", "ticket": number, "kind": "caused_by",
                          "other": self.json("show", "PRB-2026-000001")["ticket"]["id"]})

    def execute(self, command):
        return self.guichet("execute", stdin=support.json.dumps(command) + "\n")

    def state(self, number):
        return self.json("show", number)["ticket"]["state"]

    def test_given_a_problem_when_it_is_resolved_dry_then_in_earnest_and_undone_then_each_step_says_what_it_does(self):
        self.execute({"command": "resolve_ticket", "ticket": "INC-2026-000002"})
        family = ("problem", "resolve", "PRB-2026-000001", "--text", "Driver 4.3")
        dry = self.guichet(*family, "--dry-run")
        self.assertIn("resolved with it", dry)
        self.assertIn("left out: the ticket is resolved or closed already", dry)
        self.assertIn("nothing was written", dry)
        self.assertEqual(self.state("INC-2026-000001"), "new")
        self.assertIn("résolu avec lui", self.guichet("--lang", "fr", *family))
        self.assertEqual(self.state("INC-2026-000001"), "resolved")
        self.assertIn("resolved with it", self.guichet("problem", "show", "PRB-2026-000001"))
        self.assertIn("with PRB-2026-000001", self.guichet("history", "INC-2026-000001"))
        self.assertIn("family resolved: INC-2026-000001; left out: 1", self.guichet("history", "PRB-2026-000001"))
        self.assertIn("open again", self.guichet("problem", "undo", "PRB-2026-000001"))
        self.assertEqual(self.state("INC-2026-000001"), "open")
        self.assertEqual(self.state("INC-2026-000002"), "resolved")
        self.guichet("verify")

    def test_given_a_problem_when_a_preventive_action_is_asked_for_and_done_then_its_effect_is_told(self):
        self.assertIn("PRV-2026-000001", self.guichet("problem", "prevent", "PRB-2026-000001", "New driver", "--owner",
                                                      "luc", "--due", "2026-12-24"))
        action = self.json("show", "PRV-2026-000001")["ticket"]
        self.assertEqual((action["assignee"], action["fields"]["due_date"]), ("luc", "2026-12-24"))
        self.guichet("problem", "effect", "PRB-2026-000001", "--action", "PRV-2026-000001", code=6)
        self.execute({"command": "resolve_ticket", "ticket": "PRV-2026-000001"})
        told = self.json("problem", "effect", "PRB-2026-000001", "--action", "PRV-2026-000001", "--days", "30")
        self.assertEqual((told["before"]["tickets"], told["after"]["tickets"]), (2, 0))
        self.assertIn("30 jours", self.guichet("--lang", "fr", "problem", "effect", "PRB-2026-000001", "--action",
                                               "PRV-2026-000001"))

    def test_given_a_major_incident_when_its_status_is_told_then_the_requesters_concerned_get_a_mail(self):
        self.guichet("major", "declare", "PRB-2026-000001")
        self.assertIn("2", self.guichet("major", "update", "PRB-2026-000001", "A disk is full"))
        self.assertEqual(self.guichet("--json", "outbox").count("A disk is full"), 2)
        self.assertIn("status told: 1", self.guichet("show", "PRB-2026-000001"))
        self.guichet("major", "end", "PRB-2026-000001")
        self.assertIn("plus un incident majeur", self.guichet("--lang", "fr", "history", "PRB-2026-000001"))

    def test_given_a_resolved_ticket_when_its_requester_rates_it_then_the_desk_reads_and_counts_it(self):
        self.execute({"command": "resolve_ticket", "ticket": "INC-2026-000001"})
        self.guichet("--as", "bob", "rate", "INC-2026-000002", "9", code=2)
        self.guichet("--as", "ana", "rate", "INC-2026-000001", "2", "--text", "Trop long")
        self.assertIn("2/5 · Trop long", self.guichet("show", "INC-2026-000001"))
        self.assertIn("satisfaction 2 of 5", self.guichet("history", "INC-2026-000001"))
        self.assertIn("INC-2026-000001", self.guichet("list", "--where", "satisfaction <= 2"))
        self.assertIn("2", self.guichet("report", "satisfaction", "--format", "csv").splitlines()[1])


if __name__ == "__main__":
    unittest.main()
