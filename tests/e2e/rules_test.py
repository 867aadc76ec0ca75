"""Sets of rules, as those who keep them in a repository of their own look at them, check them and put them in force."""

import json
import unittest

import support

RAISE = {"raise_priority": 1}
VIP = {"name": "vip", "on": ["ticket_opened"], "when": "tags has vip", "actions": [RAISE]}
LATE = {
    "name": "late",
    "on": ["ticket_opened"],
    "when": "priority = low",
    "actions": [{"command": "tag_ticket", "add": ["late"]}],
}


class RuleSets(support.Program):
    def write(self, name, *rules, **head):
        path = self.folder / name
        path.write_text(json.dumps({**head, "rules": rules}), encoding="utf-8")
        return path

    def desk(self, *rules):
        self.guichet("init", f"--config=rules:desk={self.write('desk.json', *rules)}")

    # --- list, show

    def test_given_sets_when_they_are_listed_then_they_stand_in_their_order(self):
        self.desk(VIP)
        self.guichet("rules", "import", self.write("first.json", LATE, {**VIP, "enabled": False}))
        self.guichet("rules", "import", self.write("last.json", LATE, position=9))
        listed = self.json("rules", "list")
        self.assertEqual([s["set"] for s in listed], ["desk", "first", "last"])
        self.assertEqual((listed[1]["rules"], listed[1]["enabled"], listed[1]["version"]), (2, 1, 1))
        self.assertIn("Position", self.guichet("rules", "list"))

    def test_given_a_desk_without_rules_when_they_are_listed_then_that_is_said(self):
        self.guichet("init")
        self.assertIn("no rules", self.guichet("rules", "list"))
        self.assertIn("pas de règles", self.guichet("--lang", "fr", "rules", "list"))

    def test_given_a_set_when_it_is_shown_then_conditions_are_sentences(self):
        self.desk(VIP)
        self.assertIn('the tags include "vip"', self.guichet("rules", "show", "desk"))
        self.assertIn("les étiquettes comprennent", self.guichet("--lang", "fr", "rules", "show", "desk"))
        self.assertEqual(self.json("rules", "show", "desk")["definition"]["rules"][0]["name"], "vip")
        self.assertIn("desk", self.guichet("rules", "show", "none", code=2))
        self.assertIn("--version", self.guichet("rules", "show", "desk", "--version", "7", code=2))

    # --- lint

    def test_given_rules_in_order_when_they_are_checked_then_the_exit_status_is_0(self):
        self.desk(VIP, LATE)
        self.assertIn("errors: 0; warnings: 0", self.guichet("rules", "lint"))

    def test_given_a_file_with_mistakes_when_it_is_checked_then_all_are_told_and_nothing_is_stored(self):
        self.desk(VIP)
        wrong = self.write(
            "wrong.json",
            {**VIP, "name": "never", "when": "state = new and state = open"},
            {**LATE, "name": "other", "actions": [{"command": "set_priority", "priority": "low"}]},
            {**LATE, "name": "one", "actions": [{"command": "set_priority", "priority": "high"}]},
        )
        done = self.run_raw("--db", self.db, "rules", "lint", wrong)
        self.assertEqual(done.returncode, 1)
        self.assertIn("wrong/never: its condition is never true", done.stdout)
        self.assertIn('wrong/one: it gives the priority the value "high"', done.stdout)
        found = json.loads(self.run_raw("--db", self.db, "--json", "rules", "lint", wrong).stdout)
        self.assertEqual(found["errors"], 1)
        self.assertEqual(found["findings"][0]["place"], "wrong/never.when")
        self.assertIn("n'est jamais vraie", self.run_raw("--db", self.db, "--lang=fr", "rules", "lint", wrong).stdout)
        self.assertEqual([s["set"] for s in self.json("rules", "list")], ["desk"])

    def test_given_no_desk_when_a_file_is_checked_then_it_is_checked_alone(self):
        self.assertIn("errors: 0", self.guichet("rules", "lint", self.write("desk.json", VIP)))
        torn = self.write("torn.json", {**VIP, "when": "tag has vip"})
        self.assertIn("tags", self.guichet("rules", "lint", torn, code=2))

    # --- diff, export, import

    def test_given_a_set_when_it_is_exported_and_imported_then_nothing_differs(self):
        self.desk(VIP, {**LATE, "when": {"field": "priority", "op": "=", "value": "low"}})
        exported = self.folder / "kept.json"
        self.guichet("rules", "export", "desk", exported)
        self.assertIn('"when": "priority = low"', exported.read_text(encoding="utf-8"))
        self.assertEqual(self.guichet("rules", "export", "desk"), exported.read_text(encoding="utf-8"))
        self.assertIn("Nothing differs", self.guichet("rules", "diff", "desk", exported))
        self.assertIn("Nothing differs", self.guichet("rules", "import", exported, "--into", "desk"))
        self.assertEqual(self.json("rules", "list")[0]["version"], 1)

    def test_given_a_changed_file_when_it_is_imported_then_the_changes_are_told_and_it_is_the_next_version(self):
        self.desk(VIP, LATE)
        changed = self.write("desk.json", LATE, {**VIP, "when": "tags has vip and priority < high"})
        tried = self.guichet("rules", "import", changed, "--dry-run")
        self.assertIn("Nothing was written", tried)
        told = self.guichet("rules", "import", changed)
        for words in ("> late: moved", '- when: tags has "vip"', '+ when: tags has "vip" and priority < high'):
            self.assertIn(words, told)
        self.assertIn("version 2", told)
        changes = self.json("rules", "diff", "desk", "--from", 1)
        self.assertEqual([(c["change"], c["rule"]) for c in changes], [("moved", "late"), ("changed", "vip")])
        back = self.json("rules", "diff", "desk", "--from", 2, "--to", 1)
        self.assertEqual(back[-1]["members"][0]["to"], 'tags has "vip"')
        self.guichet("rules", "diff", "desk", code=2)

    def test_given_a_file_that_does_not_compile_when_it_is_imported_then_it_is_refused_and_the_old_stays(self):
        self.desk(VIP)
        wrong = self.write("desk.json", {**VIP, "actions": []})
        self.assertIn("rules.desk.rules[0].actions", self.guichet("rules", "import", wrong, code=2))
        self.assertEqual(self.json("rules", "show", "desk")["version"], 1)

    def test_given_somebody_without_the_right_when_he_imports_then_he_is_refused(self):
        self.desk(VIP)
        done = self.run_raw("--db", self.db, "--as", "luc:agent", "rules", "import", self.write("x.json", LATE))
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(len(self.json("rules", "list")), 1)

    # --- trying before living

    def test_given_a_candidate_when_it_is_tried_then_effects_are_listed_and_nothing_is_written(self):
        self.guichet("init")
        self.guichet("open", "Écran noir", "--tag", "vip")
        self.guichet("open", "Clavier")
        screen = self.write("desk.json", {**VIP, "when": 'subject contains "écran"'})
        tried = self.guichet("dry-run", screen)
        self.assertIn("priority_set: normal -> high", tried)
        self.assertIn("2", tried.splitlines()[-1])
        self.assertIn("rien n'a été écrit", self.guichet("--lang", "fr", "dry-run", screen))
        only = self.guichet("dry-run", screen, "--where", "subject contains clavier")
        self.assertNotIn("priority_set", only)
        self.assertEqual(self.json("list")["tickets"][0]["priority"], "normal")
        tested = self.json("back-test", screen)
        self.assertEqual((tested["differences"], tested["rules"][0]["fired"]), (1, 1))
        self.assertEqual((tested["breaches"], tested["breaches_in_log"]), (0, 0))
        self.assertIn("colour", self.guichet("dry-run", screen, "--where", "colour = red", code=2))


if __name__ == "__main__":
    unittest.main()
