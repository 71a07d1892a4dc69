"""The program's own log: to stderr, and to a file where the settings name one."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from workstation.adapters.system.discretion import DiscreetFormatter

_FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MOST_BYTES = 5_000_000
_KEPT = 5


def open_log(level: str, file: str | None) -> None:
    """Write what is at least as serious as `level`; a file is rotated at 5 MB, five are kept.

    What errors say of themselves is left out: it can hold names and numbers.
    A file that cannot be opened is told on stderr: the desk must not stay away for its log.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    trouble: OSError | None = None
    if file:
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            handlers.append(
                RotatingFileHandler(file, maxBytes=_MOST_BYTES, backupCount=_KEPT, encoding="utf-8")
            )
        except OSError as error:
            trouble = error
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
