"""What a log says of an error: of what kind it is and where it happened, never to whom.

The text of an error that is not ours can hold anything that was in hand: a row, a name, a number.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Final

_CAUSE: Final = "\nThe above exception was the direct cause of the following exception:\n"
_CONTEXT: Final = "\nDuring handling of the above exception, another exception occurred:\n"
_ASYNCIO: Final = "asyncio"
_DEEPEST: Final = 20

_log = logging.getLogger(__name__)


def told(error: BaseException) -> str:
    """Return an error's kind, and its reason where it is one of ours that names one."""
    kind = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        return f"{kind}: {os.strerror(error.errno)}"
    reason = getattr(error, "reason", getattr(error, "rule", ""))
    ours = type(error).__module__.partition(".")[0] in ("workstation", "ui")
    return f"{kind}: {reason}" if ours and isinstance(reason, str) and reason else kind


def trace(error: BaseException) -> str:
    """Return where it happened, as Python would print it, without what any error says of itself."""
    return "\n".join(_lines(error, 0))


class DiscreetFormatter(logging.Formatter):
    """Writes records without the texts of errors, whether they are arguments or have a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; the record itself stays as it is for other handlers."""
        own = logging.makeLogRecord(record.__dict__)
        own.exc_text = None
        if isinstance(own.args, tuple):
            own.args = tuple(_argument(one) for one in own.args)
        if own.name == _ASYNCIO:
            # It writes the representations of functions' arguments and of results.
            own.msg, own.args = own.getMessage().partition("\n")[0].partition("(")[0], ()
        return super().format(own)

    def formatException(  # noqa: N802 - logging's own name
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Return the traceback without what the errors say."""
        return trace(ei[1]) if ei[1] is not None else ""


def catch_faults(report: Callable[[BaseException], object] = lambda _error: None) -> None:
    """Have faults that nobody caught written as discreetly, whichever thread they end.

    `report` is told of each; it must not raise.
    """

    def fault(
        kind: type[BaseException], error: BaseException | None, where: TracebackType | None
    ) -> None:
        if error is None:
            error = kind()
        if isinstance(error, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error, where)
            return
        report(error)
        if logging.getLogger().handlers:
            _log.critical("a fault of ours that nobody caught", exc_info=error)
        else:
            print(trace(error), file=sys.stderr, flush=True)  # noqa: T201 - there is no log yet

    sys.excepthook = fault
    threading.excepthook = lambda told: fault(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: fault(told.exc_type, told.exc_value, told.exc_traceback)


class _Said:
    """An error as an argument of a line."""

    def __init__(self, error: BaseException) -> None:
        self._said = told(error)

    def __repr__(self) -> str:
        return self._said


def _argument(value: object) -> object:
    return _Said(value) if isinstance(value, BaseException) else value


def _lines(error: BaseException, depth: int) -> Iterator[str]:
    before, between = error.__cause__, _CAUSE
    if before is None and not error.__suppress_context__:
        before, between = error.__context__, _CONTEXT
    if before is not None and depth < _DEEPEST:
        yield from _lines(before, depth + 1)
        yield between
    yield "Traceback (most recent call last):"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield told(error)
    if isinstance(error, BaseExceptionGroup) and depth < _DEEPEST:
        for one in error.exceptions:
            yield from _lines(one, depth + 1)
