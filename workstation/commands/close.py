"""Lets the windows that are open end in order: before an upgrade, or when a machine is given back."""

from __future__ import annotations

from typing import TextIO

from workstation.adapters.system import only_one
from workstation.application.errors import StillOpen
from workstation.commands.guard import REFUSED
from workstation.complaints import sentence
from workstation.texts import _, ngettext


def run(*, within_s: float, out: TextIO, err: TextIO) -> int:
    """Close them all and return 0, also where there is none; REFUSED where one is still open."""
    try:
        closed = only_one.close_all(only_one.folder(), within_s=within_s)
    except StillOpen as error:
        print(sentence(error), file=err)
        return REFUSED
    said = ngettext("{count} window was closed.", "{count} windows were closed.", closed)
    print(said.format(count=closed) if closed else _("No window is open."), file=out)
    return 0
