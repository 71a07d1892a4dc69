"""The last resort of an end: what never answers must not keep the program for ever."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_log = logging.getLogger(__name__)
LIMIT_S: Final = 15.0
"""Several times what an orderly end takes when neither database nor broker answers."""
NOT_IN_ORDER: Final = 1
_SAY_S: Final = 1.0


@contextmanager
def bounded(limit_s: float = LIMIT_S) -> Iterator[Callable[[], None]]:
    """Give what to call when the end begins: unless the context ends in time, the program does.

    Then it ends as at a power cut, with exit code 1. A disk that hangs gives no system call back,
    so nothing gentler reaches who waits for it; what is not acknowledged stays with the broker.
    """
    done = threading.Event()

    def watch() -> None:
        if not done.wait(limit_s):
            # The log may lie on the very disk that hangs.
            saying = threading.Thread(target=_say, name="end-said", daemon=True)
            saying.start()
            saying.join(_SAY_S)
            os._exit(NOT_IN_ORDER)

    def begins() -> None:
        threading.Thread(target=watch, name="end", daemon=True).start()

    try:
        yield begins
    finally:
        done.set()


def _say() -> None:
    _log.error("the end took too long; what is not stored stays with the broker")
    logging.shutdown()
