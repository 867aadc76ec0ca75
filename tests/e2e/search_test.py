"""A technician looks for what the desk knows already, in French and in English, and sees only what he may see."""

import json
import unittest

import support


class Searching(support.Program):
    def setUp(self):
        super().setUp()
        self.guichet("init")
        self.printer = self.open("Imprimante du 3e en panne", "Elle affiche HDFS-1234 et ne répond plus.", "ana")
        self.mail = self.open("Boîte aux lettres pleine", "Je ne peux plus envoyer de courriels.", "bob")

    def open(self, subject, text, requester):
        return self.json("open", subject, "--text", text, "--requester", requester)["number"]

    def execute(self, line):
        self.assertNotIn('"error"', self.guichet("execute", stdin=line))

    def found(self, *words, **options):
        return [hit["number"] for hit in self.json("--lang", "fr", "search", *words, **options)["hits"]]

    def test_given_a_slip_and_an_elision_when_it_is_looked_for_then_it_is_found(self):
        self.assertEqual(self.found("l'imprimente"), [self.printer])
        self.assertEqual(self.found("HDFS 1234"), [self.printer])
        self.assertEqual(self.found("courriel"), [self.mail])

    def test_given_nothing_of_that_kind_when_it_is_looked_for_then_that_is_said(self):
        self.assertIn("nothing found", self.guichet("search", "chaudière"))
        self.assertEqual(self.found('"('), [])

    def test_given_hostile_words_when_they_are_found_then_the_snippet_is_safe(self):
        self.open("<script>alert(1)</script> imprimante", "<b>", "ana")
        for hit in self.json("search", "imprimante")["hits"]:
            self.assertNotIn("<script>", hit["snippet"])

    def test_given_an_internal_note_when_its_requester_looks_for_it_then_he_finds_nothing(self):
        self.execute(f'{{"command": "add_note", "ticket": "{self.printer}", "text": "fusible grillé"}}')
        self.assertEqual(self.found("fusible"), [self.printer])
        requester = self.json("--as", "ana:requester", "search", "fusible")
        self.assertEqual((requester["hits"], requester["did_you_mean"]), ([], ""))

    def test_given_a_ticket_of_somebody_else_when_a_requester_looks_for_it_then_he_finds_nothing(self):
        self.assertEqual(self.json("--as", "ana:requester", "search", "courriels")["hits"], [])
        self.assertEqual(len(self.json("--as", "bob:requester", "search", "courriels")["hits"]), 1)

    def test_given_one_tenant_when_another_looks_for_its_tickets_then_it_finds_nothing(self):
        self.assertEqual(self.json("--tenant", "north", "search", "imprimante")["hits"], [])

    def test_given_a_solved_ticket_when_the_same_comes_again_then_it_is_proposed(self):
        self.execute(f'{{"command": "resolve_ticket", "ticket": "{self.printer}", "text": "Toner remplacé"}}')
        again = self.open("L'imprimante du 3e est encore en panne", "Plus rien ne sort.", "bob")
        twin = self.open("Imprimante du 3e en panne", "", "ana")
        alike = self.json("--lang", "fr", "similar", again)
        self.assertEqual([hit["number"] for hit in alike["solved"]], [self.printer])
        self.assertEqual([hit["number"] for hit in alike["duplicates"]], [twin])
        self.assertIn("panne", alike["duplicates"][0]["because"])
        self.assertIn(self.printer, self.guichet("similar", again))

    def products(self, *lines):
        path = self.folder / "products.jsonl"
        path.write_text("\n".join(map(json.dumps, lines)) + "\n", encoding="utf-8")
        return f"product={path}"

    def test_given_products_in_a_file_when_words_are_looked_for_then_they_are_found_beside_tickets(self):
        laser = {"id": "LJ-400", "title": "Imprimante laser", "body": "Bac de 250 feuilles", "vendor": "HP"}
        file = self.products({**laser, "audience": "public"}, {"id": "X", "title": "Imprimante secrète"})
        self.assertEqual(self.found("imprimante", "--with", file, "--kind", "product"), ["LJ-400", "X"])
        self.assertIn(self.printer, self.found("imprimante", "--with", file))
        self.assertEqual(self.found("imprimante"), [self.printer])
        hers = self.json("--as", "ana:requester", "search", "feuilles", "--with", file, "--facets", "product.vendor")
        self.assertEqual([hit["document"] for hit in hers["hits"]], ["LJ-400"])
        self.assertEqual(hers["facets"], {"product.vendor": {"HP": 1}})
        self.assertEqual(self.json("--as", "ana:requester", "search", "secrète", "--with", file)["hits"], [])
        file = self.products({**laser, "title": "Traceur"})
        self.assertEqual(self.found("imprimante", "--with", file), [self.printer])
        self.assertIn("Traceur", self.guichet("search", "traceur", "--with", file))
        alike = self.json("similar", self.open("Le traceur LJ-400 bloque", "", "ana"), "--with", file)
        self.assertEqual([hit["document"] for hit in alike["documents"]], ["LJ-400"])

    def test_given_a_file_with_a_fault_when_it_is_to_be_found_then_the_error_names_the_line(self):
        file = self.products({"id": "1", "title": "x"}, {"title": "x"})
        self.assertIn("products.jsonl:2: id", self.guichet("search", "x", "--with", file, code=2))
        self.assertIn("KIND=FILE", self.guichet("search", "x", "--with", "products", code=2))
        self.assertIn("known: ticket, article", self.guichet("search", "x", "--kind", "shoe", code=2))

    def test_given_a_number_when_it_is_typed_as_people_do_then_that_ticket_comes_first(self):
        self.open(f"Rappel {self.printer}", f"{self.printer} {self.printer}", "bob")
        for typed in (self.printer, self.printer.lower(), self.printer.split("-", 1)[1], "#1"):
            self.assertEqual(self.found(typed)[0], self.printer)

    def test_given_one_incident_that_many_report_when_clusters_are_asked_for_then_the_oldest_open_one_leads(self):
        said = "Le tunnel VPN ne monte plus, erreur 809"
        first = self.open("VPN erreur 809", said, "ana")
        others = {self.open("Erreur 809 du VPN", said, who) for who in ("bob", "eve")}
        (one,) = self.json("similar", "--clusters")
        self.assertEqual(one["master"]["number"], first)
        self.assertEqual({other["number"] for other in one["others"]}, others)
        self.assertIn("809", one["words"])
        shown = self.guichet("--lang", "fr", "similar", "--clusters")
        self.assertIn("3 semblables", shown)
        self.assertLess(shown.index(first), min(shown.index(number) for number in others))
        self.execute(f'{{"command": "resolve_ticket", "ticket": "{first}", "text": "Port ouvert"}}')
        (one,) = self.json("similar", "--clusters", "--where", "open = true")
        self.assertIn(one["master"]["number"], others)
        self.assertEqual(self.json("--as", "ana:requester", "similar", "--clusters"), [])
        self.assertIn("--clusters", self.guichet("similar", code=2))

    def test_given_no_such_ticket_when_the_like_of_it_is_asked_for_then_the_error_names_it(self):
        self.assertIn("INC-0000-000000", self.guichet("similar", "INC-0000-000000", code=3))


if __name__ == "__main__":
    unittest.main()
