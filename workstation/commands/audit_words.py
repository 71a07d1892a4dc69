"""What may stand behind `main.py audit`; loads nothing, the window waits for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workstation.texts import _

if TYPE_CHECKING:
    from argparse import ArgumentParser


def add_audit(word: ArgumentParser) -> None:
    """Add it."""
    word.add_argument("act", choices=("verify", "heads", "export", "key"))
    about = _("the citizen's id in the register, for export")
    word.add_argument("citizen", nargs="?", metavar=_("CITIZEN"), default="", help=about)
    about = _("for verify: heads that `audit heads --json` printed earlier, kept elsewhere")
    word.add_argument("--heads", type=Path, metavar=_("FILE"), help=about)
    about = _("for verify: also the heads that hang at the broker")
    word.add_argument("--broker", action="store_true", help=about)
    about = _("the user's short name; the password is in the variable of sign_in.password_env")
    word.add_argument("--as", dest="by", metavar=_("USER"), default="", help=about)
    about = _("for export: who looked, and why, too; for the supervisor")
    word.add_argument("--full", action="store_true", help=about)
