"""For tests of programs that embed a desk, and of what they put in the place of the engine's own.

With pytest, a test that takes ``store_case`` runs once for each case of the conformance suite:

    def test_my_store(store_case):
        store_case.check(MyStore)

``pytest --scenarios tests/scenarios`` runs the scenarios of a folder.
"""

import pathlib
import unittest
from typing import Any, Callable, List, NamedTuple, Optional

from . import _core
from ._core import SimulatedClock, run_scenario

__all__ = ["STORE_CASES", "SimulatedClock", "StoreCase", "check_blob_store", "check_scenario", "check_store",
           "run_scenario"]


def check_scenario(scenario, path=None):
    """Runs a scenario, a file or its text, in memory or in a new file at ``path``; fails as a test does.

    >>> check_scenario('{"name": "nothing happens", "clock": "2026-01-05T09:00:00Z", "steps": []}')
    """
    text = scenario.read_text(encoding="utf-8") if isinstance(scenario, pathlib.Path) else scenario
    report = run_scenario(text, None if path is None else str(path))
    lines = [f"{one.path}: expected {one.expected}, found {one.actual}" for one in report.failures]
    assert not lines, "\n".join([report.name, *lines])


class StoreCase(NamedTuple):
    """One case of the suite that every store passes: in C++, SQL or Python."""

    name: str
    needs: str  #: "nothing"; "durable": ``reopen``; "backup"

    def failures(self, fresh: Callable[[], Any], reopen: Optional[Callable[[], Any]] = None, *, seed: int = 1,
                 queries: int = 100) -> List[str]:
        """What goes wrong on stores that ``fresh()`` makes, an empty one with each call; ``reopen()`` opens once more
        what the last one made durable. Each gives a :class:`guichet.Store` or a path, or a pair of one and a
        :class:`guichet.BlobStore`."""
        return _core._run_store_case(self.name, fresh, reopen, seed, queries)

    def check(self, fresh: Callable[[], Any], reopen: Optional[Callable[[], Any]] = None, **how: Any) -> None:
        """Fails as a test does; skips a case that needs more than is given."""
        if self.needs == "backup" or (self.needs == "durable" and reopen is None):
            raise unittest.SkipTest(f"needs {self.needs}")
        failures = self.failures(fresh, reopen, **how)
        assert not failures, "\n".join([self.name, *failures])


#: All cases, from the simplest to the hardest.
STORE_CASES = tuple(StoreCase(*one) for one in _core._store_cases())


def check_store(fresh, reopen=None, **how):
    """Runs the whole suite; fails with everything that went wrong.

    >>> check_store(lambda: ":memory:", queries=5)
    """
    _check_all(fresh, reopen, how)


def check_blob_store(fresh, **how):
    """The same of a store whose blobs lie in what ``fresh()`` makes, an empty :class:`guichet.BlobStore`."""
    _check_all(lambda: (":memory:", fresh()), None, how)


def _check_all(fresh, reopen, how):
    failed = []
    for case in STORE_CASES:
        try:
            case.check(fresh, reopen, **how)
        except unittest.SkipTest:
            pass
        except AssertionError as failure:
            failed.append(str(failure))
    assert not failed, "\n".join(failed)
