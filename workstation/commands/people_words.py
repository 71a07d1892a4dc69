"""What may stand behind `main.py alarm` and `main.py user`; loads nothing, the window waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workstation.texts import _

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

ROLES: Final = ("operator", "night", "supervisor", "it")
"""As in `domain.rights`; a test holds the two together."""
OUTCOMES: Final = (
    "solved_by_phone", "responder_sent", "false_alarm", "technical", "no_contact", "test",
)  # fmt: skip
"""As in `domain.kind`; a test holds the two together."""
_NEEDED: Final = {
    ("alarm", "note"): {"text": "--text"},
    ("alarm", "resolve"): {"outcome": "--outcome"},
    ("audit", "export"): {"citizen": "CITIZEN", "by": "--as"},
    ("user", "add"): {"user": "NAME", "role": "--role"},
    ("user", "disable"): {"user": "NAME"},
    ("user", "enable"): {"user": "NAME"},
    ("user", "password"): {"user": "NAME"},
}


def missing(wanted: Namespace) -> str:
    """Return what is missing of what was asked for, as it is written; "" when it is whole."""
    needed = _NEEDED.get((wanted.word, getattr(wanted, "act", "")), {})
    return ", ".join(shown for name, shown in needed.items() if not getattr(wanted, name))


def add_alarm(word: ArgumentParser) -> None:
    """Add what stands behind `main.py alarm`."""
    word.add_argument("act", choices=("take", "release", "note", "resolve"))
    word.add_argument("alarm", metavar=_("ID"), help=_("the alarm's id, as `alarms` lists it"))
    about = _("the user's short name; the password is in the variable of sign_in.password_env")
    word.add_argument("--as", dest="by", metavar=_("USER"), required=True, help=about)
    about = _("how it ended, for resolve")
    word.add_argument("--outcome", choices=OUTCOMES, help=about)
    about = _("a note into the alarm's time line")
    word.add_argument("--text", metavar=_("TEXT"), default="", help=about)


def add_user(word: ArgumentParser) -> None:
    """Add what stands behind `main.py user`."""
    word.add_argument("act", choices=("add", "list", "disable", "enable", "password"))
    about = _("the user's short name: 2 to 32 of a-z, 0-9, dot, underscore and hyphen")
    word.add_argument("user", nargs="?", metavar=_("NAME"), default="", help=about)
    word.add_argument("--role", choices=ROLES)
    about = _("the codes of the kommuner that the user serves: 0510,0860")
    word.add_argument("--kommuner", metavar=_("CODES"), default="", help=about)
    about = _("what colleagues call the user")
    word.add_argument("--name", metavar=_("NAME"), default="", help=about)
