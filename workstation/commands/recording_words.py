"""What may stand behind `main.py recordings`; loads nothing, the window waits for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workstation.texts import _

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from workstation.commands.moments import Moment


def add_recordings(word: ArgumentParser, moment: Callable[[str], Moment]) -> None:
    """Add it."""
    word.add_argument("act", choices=("list", "export", "key"))
    about = _("the recording's id, as `recordings list` lists it, for export")
    word.add_argument("recording", nargs="?", metavar=_("ID"), default="", help=about)
    about = _("the user's short name; the password is in the variable of sign_in.password_env")
    word.add_argument("--as", dest="by", metavar=_("USER"), default="", help=about)
    about = _("for export: the WAV file to write")
    word.add_argument("--to", type=Path, metavar=_("FILE"), help=about)
    about = _("from this time on: 2026-03-14T18:00:00Z, 2026-03-14, 90min, 24h or 7d")
    word.add_argument("--since", type=moment, metavar="T", help=about)


def missing(wanted: Namespace) -> str:
    """Return what is missing of what was asked for; "" when it is whole."""
    if wanted.word != "recordings" or wanted.act == "key":
        return ""
    needed = {"by": "--as"} | ({"recording": "ID", "to": "--to"} if wanted.act == "export" else {})
    return ", ".join(shown for name, shown in needed.items() if not getattr(wanted, name))
