"""Diagnostic guides, as somebody checks, walks and counts them from a shell."""

import json
import unittest

import support

EXAMPLES = support.SOURCE / "examples" / "guides"


class Guides(support.Program):
    def setUp(self):
        super().setUp()
        self.guichet("init")
        self.guichet("guide", "import", EXAMPLES / "printer.json", EXAMPLES / "vpn.json")
        for _ in range(2):
            self.guichet("open", "Nothing prints", "--requester", "ana")
        self.first, self.second = sorted(t["number"] for t in self.json("list")["tickets"])

    def test_given_guides_in_files_when_they_are_checked_then_a_mistake_is_told_with_its_place(self):
        self.assertIn("printer: sound; steps: 9, ends: 7", self.guichet("guide", "check", EXAMPLES / "printer.json"))
        broken = json.loads((EXAMPLES / "printer.json").read_text(encoding="utf-8"))
        broken["steps"][0]["next"] = []
        path = self.folder / "broken.json"
        path.write_text(json.dumps(broken), encoding="utf-8")
        self.assertIn("guide.broken.steps.power.next", self.guichet("guide", "check", path, code=2))

    def test_given_a_printer_when_its_guide_is_walked_with_answers_then_the_ticket_is_resolved(self):
        asked = self.guichet("--lang", "fr", "--as", "ana", "guide", "walk", self.first, "printer", "oui")
        self.assertIn("Que dit l'écran ?", asked)
        self.assertIn("1. Bourrage papier", asked)
        self.assertIn("asks display", self.guichet("show", self.first))
        came_to = self.json("--as", "ana", "guide", "walk", self.first, "printer", "paper jam", "yes")
        self.assertEqual((came_to["end"], came_to["state"]), ("cured_jam", "resolved"))
        self.assertIn("guide printer, jam", self.guichet("history", self.first))
        self.guichet("verify")

    def test_given_a_shell_when_a_guide_asks_then_a_wrong_answer_is_asked_again_and_one_can_be_corrected(self):
        said = self.guichet("guide", "walk", self.first, "printer", stdin="perhaps\nno\nno\n")
        self.assertIn("yes, no, oui, non", said)
        self.assertIn("hand over to printers / 2", said)
        self.guichet("guide", "walk", self.first, "printer", "--step", "plugged", "yes", "yes")
        self.assertEqual(self.json("show", self.first)["ticket"]["state"], "resolved")

    def test_given_walks_when_they_are_counted_then_each_branch_tells_how_often_it_cured(self):
        self.guichet("guide", "walk", self.first, "printer", "yes", "jam", "yes")
        self.guichet("guide", "walk", self.second, "printer", "yes", "jam", "no")
        told = self.json("guide", "report")
        rows = {(r["step"], r["next"]): (r["taken"], r["cured"], r["handed_over"]) for r in told}
        self.assertEqual(rows, {("power", "display"): (2, 1, 1), ("display", "jam"): (2, 1, 1),
                                ("jam", "cured_jam"): (1, 1, 0), ("jam", "rollers"): (1, 0, 1)})
        self.assertIn("no guide was walked", self.guichet("guide", "report", "vpn"))

    def test_given_a_guide_of_the_staff_when_a_requester_looks_then_he_sees_the_public_one(self):
        self.assertEqual([g["guide"]["name"] for g in self.json("guide", "list")], ["printer", "vpn"])
        self.assertEqual([g["guide"]["name"] for g in self.json("--as", "ana", "guide", "list")], ["printer"])
        self.assertIn("no guide", self.guichet("--as", "ana", "guide", "show", "vpn", code=3))
        self.assertIn("Le mot de passe est refusé > expiry", self.guichet("--lang", "fr", "guide", "show", "vpn"))


if __name__ == "__main__":
    unittest.main()
