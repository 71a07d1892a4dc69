"""One life of a window that is started again when it dies: what it leaves to whoever starts it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from workstation.paths import BLACK_BOX, DIED, KEEPER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workstation.adapters.system.black_box import BlackBox


def is_started_again(code: int, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a parent starts this program again that itself ends with this exit code."""
    if BLACK_BOX not in environ:
        return False
    from workstation.adapters.system.black_box import is_death  # noqa: PLC0415 - only at the end

    return is_death(code)


class Life:
    """Notes the faults that end a window; nothing where nobody would start it again."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self.is_kept = BLACK_BOX in environ
        """Whether a parent starts this window again."""
        number = environ.get(KEEPER, "") if self.is_kept else ""
        self.keeper = int(number) if number.isdecimal() else None
        """That parent's number."""
        self.died_at = _moment(environ.get(DIED, "")) if self.is_kept else None
        """When the window before this one died, aware UTC; None where it did not."""
        self._noted: BaseException | None = None
        self._badly = False

    def watched(self, act: Callable[[], int]) -> int:
        """Return what `act` returns; a fault of ours that it raises is reported, and raised on."""
        try:
            return act()
        except Exception as error:
            from workstation.complaints import is_foreseen  # noqa: PLC0415 - only in trouble

            if error is not self._noted and not is_foreseen(error):
                self.note(error)
            raise

    @contextmanager
    def lasting(self) -> Iterator[None]:
        """Hold it against whatever is raised inside, or kills it, that an open desk was ended by it."""
        box = self._box()
        if box is not None:
            box.opened()
        try:
            yield
        except Exception as error:
            self._badly, self._noted = True, error
            self.note(error)
            raise
        finally:
            if box is not None:
                box.ended()

    def note(self, error: BaseException) -> None:
        """Write a report."""
        box = self._box()
        if box is not None:
            from workstation.adapters.system.clock import SystemClock  # noqa: PLC0415 - only in trouble

            box.fault(error, SystemClock().now())

    def _box(self) -> BlackBox | None:
        if not self.is_kept:
            return None
        # Not before there is something to write: the window waits for every import.
        from workstation.adapters.system.black_box import BlackBox as Box  # noqa: PLC0415 - as said above

        return Box.named()

    def exit_code(self, code: int) -> int:
        """Return `code`, or the one that asks for another life."""
        if not (self.is_kept and self._badly):
            return code
        from workstation.adapters.system.black_box import ENDED_BADLY  # noqa: PLC0415 - only in trouble

        return ENDED_BADLY


def _moment(text: str) -> datetime | None:
    with suppress(ValueError):
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found
    return None
