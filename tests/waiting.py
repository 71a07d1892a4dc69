"""Waiting for a fact with a deadline, in a test without a Qt loop."""

import threading
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Fact = TypeVar("Fact")

PAUSE = 0.01
"""Seconds between two looks."""


def until(
    fact: Callable[[], Fact | None], *, timeout: float = 10, why: Callable[[], object] = str
) -> Fact:
    """Return `fact()` as soon as it is true; fails after `timeout` seconds, adding `why()`."""
    deadline = time.monotonic() + timeout
    pause = threading.Event()
    while not (value := fact()):
        if time.monotonic() > deadline:
            raise AssertionError(f"still {value!r} after {timeout} s; {why()}")
        pause.wait(PAUSE)
    return value


def at_once(work: Coroutine[Any, Any, Fact]) -> Fact:
    """Run a coroutine whose stand-ins never wait, and return its result."""
    try:
        work.send(None)
    except StopIteration as end:
        result: Fact = end.value
        return result
    raise AssertionError("it waited for something")
