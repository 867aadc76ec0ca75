#!/usr/bin/env python3
"""The rules of the house that a machine can check; docs/contributing and the design say why each exists.

    python3 tests/tidy/tidy.py [CHECK...] [--compiler g++] [--work FOLDER]

Without a CHECK all of them run. Each failure is one line, `file:line: rule`, and the exit status is 1.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"

# A module includes only levels below its own; siblings never include each other. Folder = module.
LEVELS = {
    0: ["base"],
    1: ["time", "text", "expr", "json"],
    2: ["model"],
    3: ["lifecycle", "escalation", "sla", "rules", "routing", "access", "search", "kb", "trends", "reporting"],
    4: ["storage"],
    5: ["engine"],
    6: ["sqlite", "postgres", "mail", "webhook", "gateway"],
    7: ["testing"],
}
LEVEL_OF = {module: level for level, modules in LEVELS.items() for module in modules}
ROOT_HEADERS = {"config.hpp", "version.hpp", "fwd.hpp"}
COLLECTIONS = {"guichet.hpp", "src.hpp"}

HEAVY = re.compile(r"<(regex|iostream|boost/json(?!/fwd\.hpp)[./].*|boost/(asio|beast)\b.*|sqlite3\.h|libpq.*|"
                   r"unicode/.*|date/.*|sodium.*|gumbo.*|md4c.*|libstemmer\.h|re2/.*|pybind11/.*)>")
PRINTS = re.compile(r"\bstd::(cout|cerr|clog|puts|printf|fprintf|snprintf|sprintf|abort|exit|terminate|regex)\b|"
                    r"(?<![\w:.>])(printf|fprintf|snprintf|sprintf|puts|abort|exit)\s*\(")
INCLUDED = re.compile(r'^\s*#\s*include\s*([<"][^>"]+[>"])')
LATER = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}~-])/(tmp|work|farm|root|home)/\w")

# Headers that only `.ipp` files may include, so that no host pays for what they include.
INTERNAL = {"json/describe.hpp", "model/forms.hpp"}

COLUMNS_MAX = 120
FILE_LINES_MAX = 700
UMBRELLA_LINES_MAX = 125_000

CODE = {".hpp", ".ipp", ".cpp", ".py", ".cmake"}
TEXT = CODE | {".def", ".md", ".sh", ".json", ".sql", ".txt", ""}


def project_files():
    """What git knows or would add; without git, every file outside build folders and dot folders."""
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"],
                            capture_output=True, text=True)
    if listed.returncode == 0:
        paths = [ROOT / line for line in listed.stdout.splitlines()]
    else:
        paths = [p for p in ROOT.rglob("*") if "build" not in p.parts and not any(q[0] == "." for q in p.parts[1:])]
    return sorted(p for p in paths if p.is_file())


def lines_of(path):
    return enumerate(path.read_text(encoding="utf-8").split("\n"), 1)


def headers(suffixes=(".hpp",)):
    return sorted(p for p in INCLUDE.rglob("*") if p.suffix in suffixes)


def module_of(path):
    """The module of a file below include/guichet, or "" for the headers at its top."""
    parts = path.relative_to(INCLUDE / "guichet").parts
    return parts[0] if len(parts) > 1 else ""


def includes_of(path):
    for number, line in lines_of(path):
        if found := INCLUDED.match(line):
            yield number, found[1]


def layers(_):
    for path in headers((".hpp", ".ipp")):
        module = module_of(path)
        if path.name in COLLECTIONS:
            continue
        if module and module not in LEVEL_OF:
            yield path, 1, f'module "{module}" has no level; add it to LEVELS and to the design'
            continue
        for number, what in includes_of(path):
            if what[0] == '"':
                yield path, number, f"{what}: include by <guichet/...>, so that every file has one name"
                continue
            target = pathlib.PurePosixPath(what[1:-1])
            if target.parts[0] != "guichet" or str(target.relative_to("guichet")) in ROOT_HEADERS:
                continue
            other = target.parts[1] if len(target.parts) > 2 else ""
            if not (INCLUDE / target).exists():
                yield path, number, f"{what}: there is no such header"
            elif not other:
                if LEVEL_OF.get(module, 0) <= 5:
                    yield path, number, f"{what}: the umbrella is for hosts; include what is used"
            elif other != module and LEVEL_OF.get(other, 99) >= LEVEL_OF.get(module, 0):
                yield path, number, (f"{module or 'top'} (level {LEVEL_OF.get(module, 0)}) may not include {other} "
                                     f"(level {LEVEL_OF.get(other, '?')}); only lower levels")


def includes(_):
    for path in headers((".ipp",)):
        for number, what in includes_of(path):
            if LEVEL_OF.get(module_of(path), 0) > 2 and what == "<guichet/json/describe.hpp>":
                yield path, number, "include <guichet/model/forms.hpp>: the model has one form in JSON everywhere"
    for path in headers():
        name = path.relative_to(INCLUDE / "guichet").as_posix()
        if name in INTERNAL or path.name == "src.hpp" or LEVEL_OF.get(module_of(path), 0) > 5:
            continue
        for number, what in includes_of(path):
            if what[1:-1].removeprefix("guichet/") in INTERNAL:
                yield path, number, f"{what} is internal; only .ipp files include it"
            if HEAVY.match(what):
                yield path, number, f"{what} is too heavy for a public header; include it in the .ipp"


def sources(_):
    listed = {}
    for collection in INCLUDE.rglob("src.hpp"):
        home = module_of(collection)
        for number, what in includes_of(collection):
            listed.setdefault(what[1:-1], (collection, number))
            module = pathlib.PurePosixPath(what[1:-1]).parts[1]
            if home and home != module:
                yield collection, number, f"{what} belongs to <guichet/{module}/src.hpp>"
            if not home and (not what.endswith("/src.hpp>") or LEVEL_OF.get(module, 0) > 5):
                yield collection, number, f"{what}: here is the src.hpp of each module, levels 0 to 5"
    for module, level in LEVEL_OF.items():
        collection = f"guichet/{module}/src.hpp"
        if level <= 5 and (INCLUDE / collection).exists() and collection not in listed:
            yield INCLUDE / "guichet/src.hpp", 1, f"does not list <guichet/{module}/src.hpp>"
    for name, (collection, number) in listed.items():
        if not (INCLUDE / name).exists():
            yield collection, number, f"<{name}>: there is no such file"
    for path in headers((".hpp", ".ipp")):
        name = path.relative_to(INCLUDE).as_posix()
        text = path.read_text(encoding="utf-8")
        if not text.startswith("#pragma once\n"):
            yield path, 1, "a header starts with #pragma once"
        if path.suffix == ".ipp" and name not in listed:
            yield path, 1, "not listed in src.hpp, so nobody compiles it"
        definitions = path.parent / "impl" / (path.stem + ".ipp")
        if path.suffix == ".hpp" and definitions.exists() and f"<{definitions.relative_to(INCLUDE)}>" not in text:
            yield path, 1, f"does not include its impl/{definitions.name} when GUICHET_HEADER_ONLY is defined"
        for number, line in enumerate(text.split("\n"), 1):
            code = re.sub(r'"(\\.|[^"\\])*"', '""', line)
            if not code.isascii():
                yield path, number, "ASCII only, outside the sentences that a person reads"
            if not line.lstrip().startswith("//") and PRINTS.search(code.split("//")[0]):
                yield path, number, "the library never prints, never aborts and never uses std::regex"


def text(_):
    for path in project_files():
        if path.suffix not in TEXT:
            continue
        try:
            lines = list(lines_of(path))
        except UnicodeDecodeError:
            yield path, 1, "not UTF-8"
            continue
        for number, line in lines:
            if "\t" in line:
                yield path, number, "a tab; indent with spaces"
            if line != line.rstrip() and path.suffix != ".md":
                yield path, number, "spaces at the end of the line"
            if path.suffix in CODE and len(line) > COLUMNS_MAX:
                yield path, number, f"{len(line)} columns, at most {COLUMNS_MAX}"
            if LATER.search(line):
                yield path, number, "left for later; do it, or open an issue"
            if MACHINE_PATH.search(line):
                yield path, number, "the path of one machine"
        if path.suffix in CODE and len(lines) - 1 > FILE_LINES_MAX:
            yield path, len(lines) - 1, f"{len(lines) - 1} lines, at most {FILE_LINES_MAX}: is it one room, or several?"


def reasons(_):
    path = INCLUDE / "guichet" / "base" / "reasons.def"
    codes = set(re.findall(r"^GUICHET_ERRC\((\w+)", (path.parent / "errc.def").read_text(), re.M))
    sentence = r'((?:"(?:\\.|[^"\\])*"\s*)+)'
    row = re.compile(r"GUICHET_REASON\(\s*(\w+)\s*,\s*(\w+)\s*,\s*" + sentence + r",\s*" + sentence + r"\)")
    seen = set()
    for number, line in lines_of(path):
        if not line.startswith("GUICHET_REASON("):
            continue
        found = row.match(line)
        if not found:
            yield path, number, "not GUICHET_REASON(name, code, English, French) on one line"
            continue
        name, code, english, french = found.groups()
        if name in seen:
            yield path, number, f"{name} stands here twice"
        seen.add(name)
        if code not in codes:
            yield path, number, f"{name}: unknown code {code}; see errc.def"
        # A sentence that is nothing but facts reads the same in both.
        if not french.strip('" ') or french == english and re.search(r"[a-z]", re.sub(r"{\w+}", "", english)):
            yield path, number, f"{name} has no French sentence"
        if set(re.findall(r"{\w+}", english)) != set(re.findall(r"{\w+}", french)):
            yield path, number, f"{name}: the two languages do not name the same facts"


def compile_of(options):
    ccache = shutil.which("ccache")
    return [*([ccache] if ccache else []), options.compiler, "-std=c++20", "-O0", "-I", str(INCLUDE)]


def first_error(output):
    return next((line for line in output.splitlines() if "error" in line), output.strip()[:200])


def self_contained(options):
    """Each header compiles alone, twice included. Through ccache: only headers that changed cost anything."""
    work = pathlib.Path(options.work) / "self_contained"
    work.mkdir(parents=True, exist_ok=True)

    def attempt(path):
        name = path.relative_to(INCLUDE).as_posix()
        unit = work / (name.replace("/", "-") + ".cpp")
        content = f"#include <{name}>\n#include <{name}>\n"
        if not unit.exists() or unit.read_text() != content:
            unit.write_text(content)
        done = subprocess.run([*compile_of(options), "-c", unit, "-o", unit.with_suffix(".o")],
                              capture_output=True, text=True)
        return path, done

    todo = [path for path in headers() if path.name != "src.hpp"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, done in pool.map(attempt, todo):
            if done.returncode:
                yield path, 1, f"does not compile alone: {first_error(done.stderr)}"


def budget(options):
    """What a host pays to include the umbrella: lines that `g++ -E` prints. They do not depend on the machine."""
    path = INCLUDE / "guichet" / "guichet.hpp"
    done = subprocess.run([options.compiler, "-std=c++20", "-I", INCLUDE, "-E", "-x", "c++", path],
                          capture_output=True, text=True)
    count = done.stdout.count("\n")
    print(f"umbrella: {count:,} preprocessed lines of {UMBRELLA_LINES_MAX:,}")
    if done.returncode:
        yield path, 1, f"does not preprocess: {first_error(done.stderr)}"
    elif count > UMBRELLA_LINES_MAX:
        yield path, 1, f"{count:,} preprocessed lines, at most {UMBRELLA_LINES_MAX:,}"


CHECKS = {check.__name__: check for check in (layers, includes, sources, text, reasons, self_contained, budget)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("check", nargs="*", help=", ".join(CHECKS))
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--work", default=pathlib.Path(tempfile.gettempdir()) / "guichet-tidy")
    options = parser.parse_args()
    if unknown := [name for name in options.check if name not in CHECKS]:
        parser.error(f"unknown check {unknown[0]}; known: {', '.join(CHECKS)}")
    failures = 0
    for name in options.check or CHECKS:
        for path, number, rule in CHECKS[name](options):
            print(f"{path.relative_to(ROOT)}:{number}: {rule}")
            failures += 1
    print(f"{failures} broken rules" if failures else "tidy")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
