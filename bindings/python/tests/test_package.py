"""The package: examples, stubs, the command line, the scenarios."""

import doctest
import importlib
import pathlib
import re
import subprocess
import sys

import pytest

import guichet
import guichet.testing
from conftest import SOURCE


@pytest.mark.parametrize("name", ["guichet", "guichet._desk", "guichet._ports", "guichet.aio", "guichet.data",
                                  "guichet.testing"])
def test_examples_in_the_code(name):
    came_to = doctest.testmod(importlib.import_module(name), optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert came_to.attempted and not came_to.failed


@pytest.mark.parametrize("page", ["docs/concepts/python.md", "docs/guides/extend-in-python.md", "README.md"])
def test_examples_in_the_docs(page, tmp_path, monkeypatch):
    pytest.importorskip("pandas")
    pytest.importorskip("matplotlib").use("Agg")
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", (SOURCE / page).read_text(encoding="utf-8"), re.M | re.S)
    assert blocks
    known = {}
    for block in blocks:
        exec(compile(block, page, "exec"), known)


def test_stubs_know_a_slip(tmp_path):
    pytest.importorskip("mypy")
    script = tmp_path / "slips.py"
    script.write_text(
        "import guichet\n"
        "desk = guichet.open(':memory:', by='luc')\n"
        "ticket = desk.open_ticket(subject='A', channel='phone', tags=['vip'])\n"
        "print(desk.find(ticket).subject.upper())\n"
        "desk.open_ticket(subject='A', channel='fax')\n"
        "desk.open_ticket(sbject='A')\n"
        "print(desk.find(ticket).sbject)\n"
    )
    done = subprocess.run([sys.executable, "-m", "mypy", script], capture_output=True, text=True)
    assert [int(line) for line in re.findall(r"slips.py:(\d+): error", done.stdout)] == [5, 6, 7], done.stdout


def test_stubs_by_mypy(tmp_path):
    pytest.importorskip("mypy")
    known = tmp_path / "allowed"
    of_pybind11 = ["Desk", "SimulatedClock", "TicketQuery"]  # they have a metaclass of its own
    known.write_text("".join(f"guichet._core.{name}\n" for name in of_pybind11))
    done = subprocess.run([sys.executable, "-m", "mypy.stubtest", "guichet._core", "--ignore-missing-stub",
                           "--allowlist", known], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_command_line(tmp_path):
    def call(*words):
        return subprocess.run([sys.executable, "-m", "guichet", "--db", tmp_path / "desk.db", *words],
                              capture_output=True, text=True)

    assert call("init").returncode == 0
    assert call("open", "No network").returncode == 0
    assert "No network" in call("list").stdout
    assert call("dance").returncode == 2


def test_nothing_but_python_is_installed():
    folder = pathlib.Path(guichet.__file__).parent
    assert (folder / "py.typed").exists() and (folder / "_core.pyi").exists()
    assert not list(folder.rglob("*.hpp")) and not (folder.parent / "include").exists()


@pytest.mark.parametrize("path", sorted((SOURCE / "tests/scenarios").glob("*.json")), ids=lambda path: path.stem)
def test_scenarios(path):
    guichet.testing.check_scenario(path)


def test_a_scenario_on_a_file(tmp_path):
    guichet.testing.check_scenario(SOURCE / "tests/scenarios/links.json", tmp_path / "desk.db")


def test_a_scenario_that_fails():
    with pytest.raises(AssertionError, match="expect"):
        guichet.testing.check_scenario(
            '{"name": "x", "clock": "2026-01-05T09:00:00Z", "actors": {"ana": {"role": "requester"}}, "steps": ['
            '{"do": {"command": "open_ticket", "by": "ana", "subject": "A"}, "expect": {"events": ["time_logged"]}}]}')
