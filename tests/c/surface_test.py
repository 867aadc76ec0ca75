"""Nothing of the library can be seen but what the header declares; nothing of the desk is forgotten."""

import ctypes
import json
import os
import pathlib
import re
import subprocess
import unittest

SOURCE = pathlib.Path(os.environ.get("GUICHET_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
LIBRARY = os.environ["GUICHET_LIBRARY"]

# What the desk offers C++ and has another name, or a door of its own, in C.
RENAMED = {
    "open": "guichet_open", "execute": "guichet_execute", "pump": "guichet_pump", "deliver": "guichet_deliver",
    "put_file": "guichet_put_file", "read_file": "guichet_read_file", "next_wakeup": "guichet_next_wakeup",
    "after": "guichet_subscribe", "config": "documents",
    # they decide within a transaction: for hosts in C++ and Python
    "before": None, "around": None, "relate": None, "route_by": None,
}


class Desk:
    """As little of a binding as it takes to ask."""

    def __init__(self):
        self.c = ctypes.CDLL(LIBRARY)
        for name in ("guichet_open", "guichet_query", "guichet_text", "guichet_error"):
            getattr(self.c, name).restype = ctypes.c_void_p
        self.desk = ctypes.c_void_p()
        self.c.guichet_open(b":memory:", None, ctypes.byref(self.desk))

    def ask(self, **query):
        asked = json.dumps({"viewer": "root", "role": "administrator", **query}).encode()
        answer = ctypes.c_void_p(self.c.guichet_query(self.desk, asked))
        told = json.loads(ctypes.string_at(self.c.guichet_text(answer)))
        self.c.guichet_free(answer)
        return told


class Surface(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.header = (SOURCE / "bindings/c/guichet.h").read_text()
        cls.declared = set(re.findall(r"^(?!typedef)\w[\w \*]*?(guichet_\w+)\(", cls.header, re.M))
        desk = Desk()
        cls.queries = desk.ask(query="queries")
        cls.tasks = desk.ask(query="tasks")
        cls.names = {row["query"] for row in cls.queries} | {row["task"] for row in cls.tasks}

    def test_the_library_shows_what_its_header_declares_and_nothing_else(self):
        listed = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], capture_output=True, text=True, check=True)
        shown = {line.split()[-1].split("@")[0] for line in listed.stdout.splitlines()}
        self.assertEqual(shown, self.declared)

    def test_every_function_of_the_desk_has_a_name(self):
        text = (SOURCE / "include/guichet/engine/desk.hpp").read_text()
        public = text[text.index("class desk {"):text.index("private:")]
        offered = set(re.findall(r"GUICHET_DECL [^;]*?[ >&*](\w+)\(", public)) - {"desk"}
        self.assertGreater(len(offered), 40)
        missing = {name for name in offered
                   if (known := RENAMED.get(name, name)) and known not in self.names | self.declared}
        self.assertFalse(missing)

    def test_every_query_of_python_has_the_same_name(self):
        text = "".join((SOURCE / "bindings/python" / name).read_text() for name in ("queries.cpp", "care.cpp"))
        offered = set(re.findall(r'^ *(?:about\(|\.def\(|to\.def\()?\s*"([a-z]\w+)",', text, re.M))
        self.assertGreater(len(offered), 30)
        missing = {name for name in offered
                   if (known := RENAMED.get(name, name)) and known not in self.names | self.declared}
        self.assertFalse(missing)

    def test_the_reference_lists_every_name_and_what_it_takes(self):
        page = (SOURCE / "docs/reference/queries.md").read_text()
        for key, rows in (("query", self.queries), ("task", self.tasks)):
            for row in rows:
                needs = ", ".join(f"**{name}**" for name in row["needs"])
                may = ", ".join(row["may"])
                takes = ", ".join(part for part in (needs, may) if part)
                self.assertIn(f"| `{row[key]}` | {takes} | {row['says']} |", page)

    def test_the_header_and_the_exit_codes_have_the_same_words(self):
        rows = re.findall(r"^GUICHET_ERRC\((\w+), \d+, (\d+),", (SOURCE / "include/guichet/base/errc.def").read_text(),
                          re.M)
        codes = dict(re.findall(r"^    guichet_(\w+) = (\d+)", self.header, re.M))
        self.assertEqual(codes.pop("ok"), "0")
        self.assertEqual(codes, dict(rows))


if __name__ == "__main__":
    unittest.main()
