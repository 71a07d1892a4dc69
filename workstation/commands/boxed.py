"""The program without a console: whatever a word would print stands in a box instead."""

from __future__ import annotations

import io
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from typing import TextIO

from workstation.adapters.windows import message_box
from workstation.commands import arguments
from workstation.commands.lives import is_started_again

_TITLE = "E-team"
Do = Callable[[Namespace, Sequence[str], TextIO, TextIO], int]


def run(
    argv: Sequence[str], do: Do, *, tell: Callable[[str, str], object] = message_box.tell
) -> int:
    """Do what `argv` says; return the exit code. Its desk is started again when it dies.

    One that is to be started again shows no box: at night nobody would close it. What a desk prints
    that is no complaint is for a console: a box over the window that has just come to the front would
    only be in the way.
    """
    said, code = io.StringIO(), 0
    try:
        with redirect_stdout(said), redirect_stderr(said):
            wanted = arguments.parse(argv)
        wanted.restart = wanted.word == "desk"
        code = do(wanted, argv, io.StringIO() if wanted.restart else said, said)
        return code
    finally:
        if said.getvalue().strip() and not is_started_again(code):
            tell(_TITLE, said.getvalue().strip())
