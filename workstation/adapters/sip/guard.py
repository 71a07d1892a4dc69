"""Keeps a failure in one of pjsua2's callbacks from ending the process."""

import functools
import logging
from collections.abc import Callable
from typing import Any, TypeAlias

log = logging.getLogger(__name__)

Foreign: TypeAlias = Any
"""An object of pjsua2's, which carries no types."""


def guarded(callback: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Wrap a callback: an exception that reached the library's C++ would abort the process."""

    @functools.wraps(callback)
    def safe(owner: Foreign, prm: Foreign) -> None:
        try:
            callback(owner, prm)
        except Exception:
            log.exception("%s failed", callback.__qualname__)

    return safe
