"""The program measures the search on a collection: of four articles here, where the figures can be told by hand."""

import json
import unittest

import support

ARTICLES = {
    "printer": ("The printer does not print", "Clear the queue, then restart the spooler."),
    "vpn": ("The VPN does not connect", "The firewall blocks the port."),
    "mail": ("Mailbox is full", "Archive old messages."),
    "badge": ("Badge lost", "Tell the reception."),
}
QUESTIONS = {"q1": "printer stopped", "q2": "vpn", "q3": "entrance", "trained": "entrance closed"}


class SearchEval(support.Program):
    def setUp(self):
        super().setUp()
        self.write_lines("corpus.jsonl", ({"_id": i, "title": t, "text": b} for i, (t, b) in ARTICLES.items()))
        self.write_lines("queries.jsonl", ({"_id": i, "text": t} for i, t in QUESTIONS.items()))
        self.write_judgements("qrels.tsv", ("q1", "printer", 1), ("q2", "vpn", 1), ("q3", "badge", 1))
        (self.folder / "lang").write_text("en\n")

    def write_lines(self, name, rows):
        (self.folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    def write_judgements(self, name, *rows):
        head = ("query-id", "corpus-id", "score")
        (self.folder / name).write_text("".join("\t".join(map(str, row)) + "\n" for row in (head, *rows)))

    def measure(self, *words):
        done = self.run_raw("search-eval", self.folder, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_given_a_collection_when_it_is_measured_then_the_figures_are_those_of_its_judgements(self):
        told = self.measure()
        self.assertEqual(set(told), {"plain", "index"})  # neither slips nor long questions are in the folder
        for figure in ("ndcg@10", "recall@100", "mrr@10"):
            self.assertAlmostEqual(told["plain"][figure], 2 / 3, places=3, msg=figure)  # nobody says "entrance"
        self.assertEqual(told["index"]["docs"], len(ARTICLES))
        self.assertLessEqual(told["plain"]["p50_ms"], told["plain"]["p99_ms"])

    def test_given_slips_when_it_is_measured_then_they_are_told_apart(self):
        (self.folder / "queries_typo.tsv").write_text("q1\tpritner stopped\nq2\tvpn\nq3\tentarnce\n")
        self.assertAlmostEqual(self.measure()["typo"]["ndcg@10"], 2 / 3, places=3)

    def test_given_resolved_tickets_when_they_are_linked_then_their_words_find_the_article(self):
        self.write_judgements("qrels.train.tsv", ("trained", "badge", 1))
        self.assertAlmostEqual(self.measure()["plain"]["ndcg@10"], 2 / 3, places=3)
        self.assertEqual(self.measure("--link-train")["plain"]["ndcg@10"], 1)

    def test_given_a_folder_without_documents_when_it_is_measured_then_the_error_names_the_file(self):
        (self.folder / "corpus.jsonl").unlink()
        done = self.run_raw("search-eval", self.folder)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("corpus.jsonl", done.stderr)


if __name__ == "__main__":
    unittest.main()
