"""Turns what goes wrong in a command into one sentence on stderr and an exit code."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import Final, TextIO

_log = logging.getLogger(__name__)
WRONG: Final = 1
REFUSED: Final = 4
"""What a word ends with that says no, to what it was asked or to the user: nothing is broken."""
INTERRUPTED: Final = 130


def guarded(act: Callable[[], int], *, err: TextIO) -> int:
    """Return what `act` returns; what it raises becomes one sentence on `err` and 1.

    A reader that has had enough (`| head`) is no error.
    """
    try:
        return act()
    except BrokenPipeError:
        _let_go_of_stdout()
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last one that can say anything
        # Loaded only now: the window would wait for it before its first picture.
        from workstation.complaints import is_foreseen, sentence  # noqa: PLC0415 - as said above

        level = logging.DEBUG if is_foreseen(error) else logging.ERROR
        _log.log(level, "the command failed", exc_info=error)
        print(sentence(error), file=err)
        return WRONG


def _let_go_of_stdout() -> None:
    # What is still buffered would raise again when Python closes stdout at its end.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
