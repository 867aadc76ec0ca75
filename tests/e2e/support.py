"""Runs the program as a user does. GUICHET_BIN names it; without it, the last build in the tree is taken."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("GUICHET_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
SHARED = pathlib.Path(os.environ.get("GUICHET_SHARED_DIR", SOURCE.parent / "shared"))


def find_program():
    if "GUICHET_BIN" in os.environ:
        return os.environ["GUICHET_BIN"]
    built = sorted(SOURCE.glob("build/*/bin/guichet"), key=lambda path: path.stat().st_mtime)
    if not built:
        raise unittest.SkipTest("the program is not built; ./dev build")
    return str(built[-1])


class Program(unittest.TestCase):
    """A test with a folder of its own and a desk's path in it."""

    @classmethod
    def setUpClass(cls):
        cls.program = find_program()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.db = str(self.folder / "desk.db")

    def run_raw(self, *words, stdin="", **environment):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "GUICHET_DB"))}
        return subprocess.run(
            [self.program, *map(str, words)],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=600,
            encoding="utf-8",
            env={**clean, "LC_ALL": "C.UTF-8", **environment},
        )

    def guichet(self, *words, stdin="", code=0, **environment):
        """Standard output of the program on this test's desk, after a check of the exit code."""
        done = self.run_raw("--db", self.db, *words, stdin=stdin, **environment)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done.stdout if code == 0 else done.stderr

    def json(self, *words, **options):
        return json.loads(self.guichet("--json", *words, **options))
