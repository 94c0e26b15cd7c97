"""Permissions as an ordinary user meets them, also where the tests run as root (containers)."""

import concurrent.futures
import ctypes
import os
import sys
from collections.abc import Callable
from typing import TypeVar

import pytest

T = TypeVar("T")

_VERSION_3 = 0x20080522
"""``_LINUX_CAPABILITY_VERSION_3`` of capget(2): two sets of 32 bits each."""
_DAC_OVERRIDE = 1 << 1
_DAC_READ_SEARCH = 1 << 2


def as_ordinary_user(act: Callable[[], T]) -> T:
    """Run ``act`` so that the permissions of files count, in this process."""
    if os.name != "posix":
        pytest.skip("permission bits are POSIX")
    if os.geteuid() != 0:
        return act()
    if sys.platform != "linux":
        pytest.skip("the superuser may do everything")

    def run() -> T:
        # Capabilities belong to the thread; what it gives up is gone with it.
        _give_up(_DAC_OVERRIDE | _DAC_READ_SEARCH)
        return act()

    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def _give_up(capabilities: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    # effective, permitted, inheritable of capabilities 0 to 31, then of 32 to 63
    sets = (ctypes.c_uint32 * 6)()
    if libc.capget(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    for place in range(3):
        sets[place] &= ~capabilities
    if libc.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
