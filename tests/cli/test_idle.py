"""When a waiting command forgets the key, with clocks of the test's own."""

import dataclasses
import datetime as dt

import pytest

from cli.idle import UNDER_WAY, Idle
from tests.cli.conftest import START

LIMIT = 60.0


@dataclasses.dataclass
class Clocks:
    """Both clocks of a machine."""

    monotonic: float = 1000.0
    wall: dt.datetime = START

    def idle(self, seconds: float = LIMIT) -> Idle:
        return Idle(seconds, clock=lambda: self.wall, monotonic=lambda: self.monotonic)

    def go(self, seconds: float, *, asleep: float = 0, set_by: float = 0) -> None:
        self.monotonic += seconds
        self.wall += dt.timedelta(seconds=seconds + asleep + set_by)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


def test_it_ends_when_nothing_comes_and_not_before(clocks: Clocks) -> None:
    idle = clocks.idle()
    clocks.go(LIMIT - 1)
    assert not idle.too_long(came=False, under_way=False)
    clocks.go(1)
    assert idle.too_long(came=False, under_way=False)


def test_what_comes_or_moves_keeps_it_waiting(clocks: Clocks) -> None:
    idle = clocks.idle()
    for came in (True, False) * UNDER_WAY:
        clocks.go(LIMIT - 1)
        assert not idle.too_long(came=came, under_way=not came)


def test_a_file_that_never_stops_changing_does_not_keep_the_key(clocks: Clocks) -> None:
    idle = clocks.idle()
    for _ in range(int(LIMIT) * UNDER_WAY):
        assert not idle.too_long(came=False, under_way=True)
        clocks.go(1)
    assert idle.too_long(came=False, under_way=True)


def test_time_asleep_counts(clocks: Clocks) -> None:
    idle = clocks.idle()
    clocks.go(1, asleep=LIMIT)
    assert idle.too_long(came=False, under_way=False)


def test_a_clock_that_is_set_back_keeps_no_key_longer(clocks: Clocks) -> None:
    idle = clocks.idle()
    clocks.go(LIMIT, set_by=-3600)
    assert idle.too_long(came=False, under_way=False)


def test_without_a_limit_it_never_ends(clocks: Clocks) -> None:
    idle = clocks.idle(0)
    clocks.go(1e6)
    assert not idle.too_long(came=False, under_way=True)
