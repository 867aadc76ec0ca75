import os
import pathlib

import pytest

import guichet

SOURCE = pathlib.Path(os.environ.get("GUICHET_SOURCE_DIR", pathlib.Path(__file__).parents[3]))


@pytest.fixture
def source():
    return SOURCE


@pytest.fixture
def clock():
    return guichet.SimulatedClock()


@pytest.fixture
def desk(clock):
    """A desk in memory on a simulated clock, where luc the administrator acts and looks."""
    with guichet.open(":memory:", by="luc:administrator", clock=clock) as opened:
        yield opened


@pytest.fixture
def ticket(desk):
    return desk.open_ticket(subject="No network", requester="ana", priority="high")
