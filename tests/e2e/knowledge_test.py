"""What is asked of the knowledge base and what it is worth, as somebody reports it from a shell."""

import json
import unittest

import support


class Knowledge(support.Program):
    def setUp(self):
        super().setUp()
        self.guichet("init")
        self.guichet("article", "write", "Paper jam", "--body", "Pull the paper out.", "--audience", "public",
                     "--language", "en", "--publish")
        self.guichet("open", "Paper jam again", "--requester", "ana")
        self.ticket = self.json("list")["tickets"][0]["number"]

    def test_given_searches_when_they_are_recorded_and_followed_then_the_report_counts_them(self):
        asked = self.json("--as", "ana", "search", "paper", "jam", "--record")
        self.assertEqual(asked["hits"][0]["number"], "KB-2026-000001")
        self.guichet("--as", "ana", "kb", "follow", asked["inquiry"], "--opened", "KB-2026-000001")
        self.guichet("--as", "ana", "kb", "follow", asked["inquiry"], "--ticket", self.ticket)
        self.guichet("--as", "bob", "kb", "follow", asked["inquiry"], "--helped", "yes", code=3)
        self.assertIn("recorded as", self.guichet("--as", "bob", "search", "zebra", "--record"))
        told = self.json("kb", "report")
        self.assertEqual((told["portal"]["asked"], told["portal"]["became_ticket"]), (2, 1))
        self.assertEqual([row["words"] for row in told["unanswered"]], ["zebra"])
        self.assertEqual((told["ranks"][0]["shown"], told["ranks"][0]["opened"]), (1, 1))
        self.assertIn("Mots qui n'ont rien trouvé", self.guichet("--lang", "fr", "kb", "report"))
        self.guichet("--as", "ana", "kb", "report", code=7)
        self.assertNotIn("inquiry", self.json("search", "paper"))
        self.guichet("verify")

    def test_given_resolved_tickets_when_they_are_reported_on_then_suggestions_are_judged_and_gaps_named(self):
        self.assertIn("no resolved ticket is linked", self.guichet("kb", "report"))
        self.execute({"command": "resolve_ticket", "by": {"person": "luc", "role": "agent"}, "ticket": self.ticket})
        self.guichet("article", "link", "KB-2026-000001", self.ticket)
        for _ in range(2):
            self.guichet("open", "Badge does not open the garage", "--requester", "ana")
        for t in self.json("list")["tickets"]:
            if t["subject"].startswith("Badge"):
                self.execute({"command": "resolve_ticket", "by": {"person": "luc", "role": "agent"}, "ticket": t["id"]})
        told = self.json("kb", "report")
        self.assertEqual((told["suggestions"]["judged"], told["suggestions"]["ndcg"]), (1, 1))
        self.assertEqual([len(w["tickets"]) for w in told["wanted"]], [2])
        self.assertEqual(self.json("kb", "report", "--to", "2020-01-01")["wanted"], [])
        self.assertIn("nDCG@10 1.000", self.guichet("kb", "report"))

    def execute(self, command):
        return self.guichet("execute", stdin=json.dumps(command) + "\n")


if __name__ == "__main__":
    unittest.main()
