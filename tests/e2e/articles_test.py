"""Articles, as somebody writes, imports and finds them from a shell."""

import json
import unittest

import support

EXAMPLES = support.SOURCE / "examples" / "articles"


class Articles(support.Program):
    def setUp(self):
        super().setUp()
        self.guichet("init")

    def write(self, name, text):
        path = self.folder / "base" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def all_articles(self):
        out, after = [], []
        while True:
            page = self.json("article", "list", "--limit", 500, *after)
            out += page["articles"]
            if not page["next"]:
                return out
            after = ["--after", page["next"]]

    def imported(self, *paths, **how):
        done = self.json("article", "import", *paths, **how)
        return done["new"], done["revised"], done["unchanged"]

    # --- by hand

    def test_given_a_title_when_an_article_is_written_then_it_is_shown_published_and_archived(self):
        self.assertIn("KB-", self.guichet("article", "write", "VPN", "--body", "Redémarrez", "--tag", "vpn"))
        shown = self.json("article", "list")["articles"][0]
        self.assertEqual((shown["title"], shown["state"], shown["tags"]), ("VPN", "draft", ["vpn"]))
        number = shown["number"]
        self.assertIn("published", self.guichet("article", "publish", number))
        self.assertIn("Redémarrez", self.guichet("article", "show", number))
        self.assertIn("archivé", self.guichet("--lang", "fr", "article", "archive", number))
        self.assertIn("article archivé", self.guichet("--lang", "fr", "article", "history", number))
        self.assertIn("no article KB-1", self.guichet("article", "show", "KB-1", code=3))
        self.assertIn("public, staff", self.guichet("article", "write", "x", "--audience", "all", code=2))
        self.guichet("verify")

    def test_given_a_name_in_an_article_when_it_is_redacted_then_no_command_shows_or_finds_it(self):
        self.guichet("article", "write", "Duvernet attend", "--body", "Badge", "--language", "fr", "--publish")
        number = self.json("article", "list")["articles"][0]["number"]
        self.assertIn("field", self.guichet("article", "redact", number, code=2))
        self.assertIn("nothing is left", self.guichet("article", "redact", number, "--earlier", code=6))
        self.assertIn("Efface", self.guichet("--lang", "fr", "article", "redact", "--help"))
        self.assertIn("erased for good", self.guichet("article", "redact", number, "--field", "title"))
        for said in (("article", "show", number), ("article", "history", number), ("search", "Duvernet")):
            self.assertNotIn("Duvernet", self.guichet(*said).replace("\"Duvernet\"", ""))
        self.assertIn("texts erased for good: 1", self.guichet("article", "history", number))
        self.assertEqual(self.json("search", "badge")["hits"][0]["number"], number)
        self.guichet("verify")

    def test_given_an_article_that_changed_when_it_is_compared_and_restored_then_its_editions_are_told(self):
        self.guichet("article", "write", "VPN", "--body", "Redémarrez\nAttendez", "--kind", "procedure")
        number = self.json("article", "list")["articles"][0]["number"]
        self.assertIn("revised", self.guichet("article", "revise", number, "--body", "Redémarrez\nPatientez"))
        shown = self.guichet("--lang", "fr", "article", "diff", number)
        for line in ("édition 1 et édition 2", "  Redémarrez", "- Attendez", "+ Patientez"):
            self.assertIn(line, shown)
        told = self.json("article", "diff", number, "--from", "2", "--to", "1")
        self.assertEqual([d["member"] for d in told], ["body"])
        self.assertIn("Attendez", self.guichet("article", "show", number, "--edition", "1"))
        self.assertIn("no edition 7", self.guichet("article", "show", number, "--edition", "7", code=3))
        self.assertIn("restored", self.guichet("article", "restore", number, "--edition", "1"))
        self.assertIn("Attendez", self.guichet("article", "show", number))
        self.assertIn("édition 1 rétablie", self.guichet("--lang", "fr", "article", "history", number))
        self.guichet("verify")

    def test_given_a_draft_when_it_is_reviewed_and_read_then_the_way_is_told(self):
        self.guichet("article", "write", "VPN", "--language", "fr", "--audience", "public", "--review-by", "2026-01-01")
        number = self.json("article", "list")["articles"][0]["number"]
        self.assertIn("submitted", self.guichet("article", "submit", number, "--reviewer", "zoe"))
        self.assertIn("under review", self.guichet("article", "show", number))
        back = self.guichet("--as", "zoe:agent", "article", "return", number, "--reason", "Trop court")
        self.assertIn("given back", back)
        self.assertIn("Trop court", self.guichet("--lang", "fr", "article", "history", number))
        self.guichet("article", "submit", number, "--reviewer", "zoe")
        self.assertIn("published", self.guichet("--as", "zoe:agent", "article", "publish", number))
        self.guichet("--as", "ana:requester", "article", "rate", number)
        self.guichet("--as", "bob:requester", "article", "rate", number, "--not", "--why", "Rien compris")
        self.guichet("article", "use", number)
        self.assertIn("used 1 times · helped 1, did not help 1", self.guichet("article", "show", number))
        self.assertIn(number, self.guichet("article", "list", "--due"))
        self.guichet("article", "write", "VPN en", "--translation-of", number)
        self.guichet("article", "revise", number, "--body", "Redémarrez")
        self.assertEqual([a["title"] for a in self.json("article", "list", "--outdated")["articles"]], ["VPN en"])
        self.guichet("verify")

    def test_given_a_resolved_ticket_when_an_article_is_drafted_then_it_says_what_the_ticket_told(self):
        ticket = self.json("open", "Écran noir", "--requester", "ana")["number"]
        self.assertIn("not resolved", self.guichet("article", "draft", ticket, code=6))
        resolved = {"command": "resolve_ticket", "ticket": ticket, "text": "Câble changé"}
        self.guichet("execute", stdin=json.dumps(resolved))
        self.assertIn("drafted from", self.guichet("article", "draft", ticket))
        a = self.json("article", "list")["articles"][0]
        self.assertEqual((a["title"], a["body"], a["state"], a["links"]), ("Écran noir", "Câble changé", "draft", 1))
        self.guichet("verify")

    # --- import

    def test_given_markdown_files_when_they_are_imported_twice_then_only_what_changed_is_revised(self):
        self.write("vpn.md", "---\nlang: fr\ntags: [vpn]\naudience: public\n---\n# VPN\n\nRedémarrez la box.\n")
        self.write("papier.md", "# Papier\n\nOuvrez le capot.\n")
        self.assertEqual(self.imported(self.folder / "base"), (2, 0, 0))
        self.assertEqual(self.imported(self.folder / "base"), (0, 0, 2))
        changed = self.write("papier.md", "# Papier\n\nOuvrez le capot et tirez.\n")
        self.assertEqual(self.imported(changed), (0, 1, 0))
        first, second = self.json("article", "list")["articles"]
        self.assertEqual((first["title"], first["body"]), ("Papier", "Ouvrez le capot et tirez."))
        self.assertEqual((second["language"], second["audience"], second["state"]), ("fr", ["public"], "published"))
        self.guichet("verify")

    def test_given_json_lines_when_they_are_imported_then_their_ids_know_them_again(self):
        lines = [{"id": "a", "title": "VPN", "body_md": "x", "lang": "fr", "other": 1}, {"id": "b", "title": "Wifi"}]
        path = self.write("kb.jsonl", "\n".join(map(json.dumps, lines)) + "\n\n")
        self.assertEqual(self.imported(path), (2, 0, 0))
        path = self.write("moved.jsonl", json.dumps({**lines[0], "title": "Le VPN"}))
        self.assertEqual(self.imported(path, "--draft"), (0, 1, 0))

    def test_given_files_with_mistakes_when_they_are_imported_then_each_is_named_and_the_others_come(self):
        lines = ['{"title": "good"}', '{"title": 5}', "{", '{"title": "bad", "audience": ["all"]}']
        self.write("kb.jsonl", "\n".join(lines))
        self.write("none.md", "---\nlang: fr\n---\nwords\n")
        said = self.guichet("article", "import", self.folder / "base", code=2)
        for place in ("kb.jsonl:2: title", "kb.jsonl:3:", "kb.jsonl:4:", "none.md:4:"):
            self.assertIn(place, said)
        self.assertIn("audience[0]", said)
        self.assertEqual([a["title"] for a in self.json("article", "list")["articles"]], ["good"])
        self.assertIn("nowhere", self.guichet("article", "import", self.folder / "nowhere.md", code=3))

    def test_given_the_articles_of_the_demo_when_a_new_incident_comes_then_the_right_one_is_suggested_in_french(self):
        self.assertEqual(self.imported(EXAMPLES)[1:], (0, 0))
        for text, title in (
            ("Je n'arrive pas à me connecter au VPN de chez moi, délai dépassé", "Le VPN refuse"),
            ("imprimante du 2e : bourrage de papier", "bourrage papier"),
            ("Outlook dit que ma boite aux lettres est pleine", "boîte aux lettres est pleine"),
            ("plus de tonalité sur mon téléphone", "plus de tonalité"),
            ("écran noir après la mise en veille", "écran reste noir"),
            ("les macros excel sont bloquées", "Excel bloque les macros"),
        ):
            opened = self.json("--lang", "fr", "open", text, "--requester", "ana")
            found = self.json("--lang", "fr", "suggest", opened["number"])["articles"]
            self.assertTrue(found, text)
            self.assertIn(title, found[0]["subject"])
            self.assertTrue(found[0]["because"], text)
        self.assertIn("Articles", self.guichet("--lang", "fr", "suggest", opened["number"]))

    def test_given_an_article_for_the_staff_when_a_requester_looks_then_he_finds_the_public_one(self):
        self.imported(EXAMPLES)
        everyone = self.json("--as", "ana:requester", "--lang", "fr", "search", "VPN")["hits"]
        staff = self.json("--as", "luc:agent", "--lang", "fr", "search", "VPN")["hits"]
        procedure = "Débloquer un accès VPN (pour le support)"
        self.assertNotIn(procedure, [hit["subject"] for hit in everyone])
        self.assertIn(procedure, [hit["subject"] for hit in staff])
        self.assertEqual({hit["kind"] for hit in everyone}, {"article"})

    def test_given_an_article_that_helped_when_the_ticket_is_resolved_then_its_words_find_the_article(self):
        self.imported(EXAMPLES)
        number = self.json("--lang", "fr", "search", "bourrage")["hits"][0]["number"]
        ticket = self.json("open", "La machine du couloir mâchonne les feuilles", "--requester", "ana")["number"]
        self.assertIn(ticket, self.guichet("article", "link", number, ticket))
        self.guichet("execute", stdin=json.dumps({"command": "resolve_ticket", "ticket": ticket, "text": "rouleau"}))
        hits = self.json("--lang", "fr", "search", "mâchonne")["hits"]
        self.assertEqual({hit["number"] for hit in hits[:2]}, {number, ticket})

    # --- shown and sent

    def test_given_an_article_when_it_is_shown_in_a_page_then_no_script_comes_with_it(self):
        body = "**Ouvrez** le [capot](javascript:x) <script>y</script>\n\n- [guide](https://example.org/a)"
        self.guichet("article", "write", "Bourrage", "--body", body, "--publish")
        html = self.guichet("article", "render", self.json("article", "list")["articles"][0]["number"], "--html")
        self.assertIn("<strong>Ouvrez</strong> le capot y", html)
        self.assertIn('href="https://example.org/a"', html)
        for word in ("script", "javascript"):
            self.assertNotIn(word, html)

    def test_given_a_canned_reply_when_it_is_sent_then_the_ticket_has_its_words_and_it_was_used(self):
        body = "Bonjour {{ticket.requester}}, votre ticket **{{ticket.number}}** est pris."
        how = ("--kind", "canned_reply", "--language", "fr", "--publish", "--body", body)
        self.guichet("article", "write", "Accueil", *how)
        canned = self.json("article", "list")["articles"][0]["number"]
        ticket = self.json("open", "Bourrage", "--requester", "ana")["number"]
        said = f"Bonjour ana, votre ticket {ticket} est pris."
        shown = self.json("article", "render", canned, "--ticket", ticket)
        self.assertEqual((shown["text"], shown["language"]), (said, "fr"))
        self.assertEqual(self.guichet("article", "render", canned, "--ticket", ticket).strip(), said)
        self.assertIn(ticket, self.guichet("reply", ticket, "--canned", canned))
        self.assertEqual(self.json("show", ticket)["conversation"][-1]["text"], said)
        self.assertIn("envoyé une réponse type", self.guichet("--lang", "fr", "history", ticket))
        self.assertIn("replied on " + ticket, self.guichet("reply", ticket, "Encore un mot"))
        self.assertEqual(self.json("article", "show", canned)["uses"], 1)
        self.assertIn("KB-", self.guichet("reply", ticket, "--canned", "KB-2026-999999", code=3))

    # --- a base that is real

    @unittest.skipUnless((support.SHARED / "data/kb_fr/articles.jsonl").exists(), "no shared data")
    def test_given_a_real_french_base_when_it_is_imported_twice_then_all_is_there_once(self):
        path = support.SHARED / "data/kb_fr/articles.jsonl"
        count = sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        self.assertEqual(self.imported(path), (count, 0, 0))
        self.assertEqual(self.imported(path), (0, 0, count))
        hits = self.json("--lang", "fr", "search", "clore une démarche")["hits"]
        self.assertIn("clore une démarche", hits[0]["subject"])
        written = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        kept = {a["source"]: a for a in self.all_articles()}
        self.assertEqual({i: a["language"] for i, a in kept.items()}, {a["id"]: a["lang"] for a in written})
        self.assertEqual({a["language"] for a in kept.values()}, {"fr", "en"})
        self.assertEqual({i: a["title"] for i, a in kept.items()}, {a["id"]: a["title"] for a in written})
        self.guichet("verify")

    @unittest.skipUnless((support.SHARED / "data/kb_fr/articles.jsonl").exists(), "no shared data")
    def test_given_a_real_french_base_when_thirty_incidents_come_then_what_helps_stands_among_the_first_three(self):
        self.imported(support.SHARED / "data/kb_fr/articles.jsonl")
        sources = {a["number"]: a["source"] for a in self.all_articles()}
        golden = (support.SOURCE / "tests/golden/suggest_fr.jsonl").read_text(encoding="utf-8").splitlines()
        self.assertEqual(len(golden), 30)
        missed = []
        for line in map(json.loads, golden):
            self.assertLessEqual(set(line["articles"]), set(sources.values()))
            opened = self.json("open", line["subject"], "--text", line["text"], "--requester", "ana")
            found = self.json("--lang", "fr", "suggest", opened["number"])["articles"][:3]
            if not {sources[hit["number"]] for hit in found} & set(line["articles"]):
                missed.append(line["subject"])
        self.assertLessEqual(len(missed), 2, missed)


if __name__ == "__main__":
    unittest.main()
