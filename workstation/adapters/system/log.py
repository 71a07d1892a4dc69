"""The program's own log: to stderr, and to a file where the settings name one."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from workstation.adapters.system.discretion import DiscreetFormatter

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MOST_BYTES = 5_000_000
_KEPT = 5


class _Rotating(RotatingFileHandler):
    """A file that goes on being written when it cannot be rotated: another desk may have it open."""

    def doRollover(self) -> None:  # noqa: N802 - logging's own name
        """Begin a new file, or try again when this one has grown as much once more."""
        try:
            super().doRollover()
            self.maxBytes = _MOST_BYTES
        except OSError:
            self.maxBytes += _MOST_BYTES


def open_log(
    level: str,
    file: str | None,
    *,
    instead: str | None = None,
    more: Sequence[logging.Handler] = (),
) -> None:
    """Write what is at least as serious as `level`; a file is rotated at 5 MB, five are kept.

    `instead` is used where `file` cannot be opened; `more` get every line as well.
    What errors say of themselves is left out: it can hold names and numbers.
    A file that cannot be opened is told on stderr: the desk must not stay away for its log.
    """
    handlers: list[logging.Handler] = list(more)
    if sys.stderr is not None:  # a program without a console has none
        handlers.append(logging.StreamHandler(sys.stderr))
    trouble: OSError | None = None
    for one in filter(None, (file, instead)):
        try:
            handlers.append(_opened(one))
        except OSError as error:
            trouble = trouble or error
        else:
            break
    for handler in handlers:
        handler.setFormatter(DiscreetFormatter(_FORM))
    logging.basicConfig(level=level.upper(), handlers=handlers, force=True)
    # A plug-in each is nothing to whoever reads our log.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Neither are addresses that somebody was asked to sign in at, nor what a server's heads say.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    if trouble is not None:
        logging.getLogger(__name__).warning("the log file cannot be opened: %s", trouble.strerror)


def _opened(file: str) -> logging.Handler:
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    return _Rotating(file, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8")
