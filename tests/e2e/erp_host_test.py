"""The day of examples/erp-host, told in two languages, against what it told when it was last looked at.

GUICHET_EXAMPLES names the folder of the built examples; without it, the last build in the tree is taken. After a
change that is meant: GUICHET_WRITE_GOLDEN=1 python3 tests/e2e/erp_host_test.py
"""

import os
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("GUICHET_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))


def find_example():
    if "GUICHET_EXAMPLES" in os.environ:
        built = [pathlib.Path(os.environ["GUICHET_EXAMPLES"]) / "example-erp-host"]
    else:
        built = list(SOURCE.glob("build/*/bin/example-erp-host"))
    built = sorted((path for path in built if path.exists()), key=lambda path: path.stat().st_mtime)
    if not built:
        raise unittest.SkipTest("the example is not built; ./dev example erp-host")
    return str(built[-1])


class ErpHost(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.db = pathlib.Path(folder.name) / "erp.db"

    def day(self, language):
        done = subprocess.run([find_example(), "--lang", language, "--keep", str(self.db)], capture_output=True,
                              text=True, encoding="utf-8", timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def compare(self, language):
        told = self.day(language)
        golden = SOURCE / "tests" / "golden" / f"erp_host_{language}.txt"
        if os.environ.get("GUICHET_WRITE_GOLDEN"):
            golden.write_text(told, encoding="utf-8")
        self.assertEqual(told, golden.read_text(encoding="utf-8"))

    def test_given_the_day_when_it_is_told_in_english_then_it_is_the_one_we_know(self):
        self.compare("en")

    def test_given_the_day_when_it_is_told_in_french_then_it_is_the_one_we_know(self):
        self.compare("fr")

    def test_given_the_evening_when_the_file_is_looked_at_then_each_order_has_its_ticket(self):
        self.day("en")
        with sqlite3.connect(self.db) as db:
            orders = [row[0] for row in db.execute("SELECT ticket FROM orders ORDER BY ticket")]
            tickets = [row[0] for row in db.execute("SELECT number FROM guichet_tickets ORDER BY number")]
            blocked = db.execute("SELECT count(*) FROM invoices WHERE blocked_by IS NOT NULL").fetchone()[0]
        db.close()
        self.assertEqual(len(orders), 4)
        self.assertEqual(orders, tickets)
        self.assertEqual(blocked, 0)


if __name__ == "__main__":
    unittest.main()
