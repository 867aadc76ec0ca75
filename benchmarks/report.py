#!/usr/bin/env python3
"""Runs benchmark programs and prints their rows: a table for people, `--json` for programs, `--write` for the record.

    benchmarks/report.py [SUITE|NAME...] [--json] [--write] [--bin FOLDER]

Without a name, every suite of suites.txt runs. A missed goal is a row that says so, not a failure of the run; a
program that fails is.
"""
import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = HERE / "RESULTS.md"
COLUMNS = ("name", "value", "unit", "ratio", "peer", "goal", "met")
BEGIN, END = "<!-- measured: written by ./dev bench --write -->", "<!-- end of measured -->"


def suites():
    lines = (line for line in (HERE / "suites.txt").read_text().splitlines() if line and line[0] != "#")
    return {name.strip(): programs.split() for name, programs in (line.split(":", 1) for line in lines)}


def programs_of(names, known):
    chosen = [program for name in names or known for program in known.get(name, [name])]
    return list(dict.fromkeys(chosen))


def command_of(program, folder):
    """How a program is started: a script, or what was built of the source of that name."""
    script = HERE / f"{program}.py"
    if script.exists() and script != pathlib.Path(__file__).resolve():
        return [sys.executable, script]
    return [folder / f"bench-{program}"]


def rows_of(program, folder):
    """The rows of one program, as they come."""
    environment = {**os.environ, "GUICHET_SOURCE_DIR": str(ROOT), "GUICHET_BIN": str(folder / "guichet")}
    environment.setdefault("GUICHET_SHARED_DIR", str(ROOT.parent / "shared"))
    with subprocess.Popen(command_of(program, folder), stdout=subprocess.PIPE, text=True, env=environment) as run:
        for line in run.stdout:
            if line.startswith("{"):
                yield json.loads(line)
    if run.returncode:
        raise SystemExit(f"{program} failed with status {run.returncode}")


def number(value):
    if isinstance(value, (int, float)):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value or "")


def cells(row):
    met = {True: "yes", False: "NO"}.get(row.get("met"), "")
    ratio = f"{row['ratio']:.3g}x" if row.get("ratio") else ""
    return [str(row.get("name", "")), number(row.get("value")), str(row.get("unit") or ""), ratio,
            number(row.get("peer")), str(row.get("goal") or ""), met]


def table(rows):
    grid = [list(COLUMNS)] + [cells(row) for row in rows]
    widths = [max(len(line[i]) for line in grid) for i in range(len(COLUMNS))]
    right = {1, 3}
    return "\n".join("  ".join(c.rjust(w) if i in right else c.ljust(w)
                               for i, (c, w) in enumerate(zip(line, widths))).rstrip() for line in grid)


def machine():
    model = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout
    return f"{model}, {os.cpu_count()} cores; {platform.system()} {platform.release()}; {compiler}; at {commit.strip()}"


def write(rows, names):
    """Replaces what was measured before and keeps what people wrote around it."""
    grid = [list(COLUMNS), ["---"] * len(COLUMNS)] + [cells(row) for row in rows]
    body = "\n".join("| " + " | ".join(line) + " |" for line in grid)
    command = " ".join(["./dev bench", *names])
    measured = f"{BEGIN}\n`{command}` on {machine()}.\n\n{body}\n{END}"
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else f"# Benchmarks\n\n{BEGIN}{END}\n"
    head, _, rest = before.partition(BEGIN)
    _, _, tail = rest.partition(END)
    RESULTS.write_text(head + measured + tail, encoding="utf-8")


def main():
    known = suites()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="*", help=f"suites: {', '.join(known)}; or a program's name")
    parser.add_argument("--json", action="store_true", help="only the rows, one JSON object each")
    parser.add_argument("--write", action="store_true", help="put the table into benchmarks/RESULTS.md")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    options = parser.parse_args()
    programs = programs_of(options.name, known)
    for program in programs:
        if not command_of(program, options.bin)[-1].exists():
            parser.error(f"no benchmark is called {program}; suites: {', '.join(known)}")
    rows = []
    for program in programs:
        for row in rows_of(program, options.bin):
            rows.append(row)
            if options.json:
                print(json.dumps(row, ensure_ascii=False), flush=True)
    if not options.json:
        print(table(rows))
    if options.write:
        write(rows, options.name)


if __name__ == "__main__":
    sys.exit(main())
