"""What may stand behind `main.py calls`; loads nothing, the window waits for it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workstation.texts import _

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

KINDS: Final = (
    "emergency", "supervision", "medication", "missed_visit", "technical",
)  # fmt: skip
"""As in `domain.kind`; a test holds the two together."""
RESULTS: Final = (
    "answered", "busy", "no_answer", "declined", "unreachable", "unauthorised", "unknown_number",
    "no_common_sound", "not_encrypted", "cancelled", "taken_elsewhere", "abandoned", "line_lost",
    "failed",
)  # fmt: skip
"""As in `domain.call`; a test holds the two together."""
ORDERS: Final = ("newest", "oldest", "longest_wait", "longest_talk", "operator")
"""As in `domain.call_history`; a test holds the two together."""
ASKED: Final = (
    "until", "operator", "citizen", "kommune", "kind", "result", "incoming", "unanswered", "longer",
    "shorter", "waited", "text", "reviewed", "drawn", "sort", "limit", "export", "figures", "draw",
    "review",
)  # fmt: skip
"""What only a supervisor may ask for."""
_DAY_S: Final = 86_400


def add_calls(word: ArgumentParser, moment: Callable[[str], object]) -> None:
    """Add it."""
    about = _("the user's short name; the password is in the variable of sign_in.password_env")
    word.add_argument("--as", dest="by", metavar=_("USER"), default="", help=about)
    about = _("before this time")
    word.add_argument("--until", type=moment, metavar="T", help=about)
    for name, shown in (("operator", _("USER")), ("citizen", _("CITIZEN")), ("kommune", _("CODE"))):
        word.add_argument(f"--{name}", metavar=shown)
    word.add_argument("--kind", choices=KINDS, help=_("the kind of the call's alarm"))
    word.add_argument("--result", choices=RESULTS)
    way = word.add_mutually_exclusive_group()
    about = _("only calls that came in")
    way.add_argument("--incoming", action="store_true", default=None, help=about)
    about = _("only calls that were placed here")
    way.add_argument("--outgoing", dest="incoming", action="store_false", default=None, help=about)
    about = _("only calls nobody answered")
    word.add_argument("--unanswered", action="store_true", help=about)
    for name, about in (
        ("longer", _("talked longer than S seconds")),
        ("shorter", _("answered, and talked shorter than S seconds")),
        ("waited", _("waited longer than S seconds")),
    ):
        word.add_argument(f"--{name}", type=_span, metavar="S", help=about)
    about = _("stands in a number, a name, a reason or a note")
    word.add_argument("--text", metavar=_("TEXT"), default="", help=about)
    _add_review(word)
    word.add_argument("--sort", choices=ORDERS, default="")
    word.add_argument("--limit", type=_count, metavar="N", help=_("at most N calls"))
    about = _("write every such call to FILE.xlsx or FILE.csv")
    word.add_argument("--export", type=_table, metavar=_("FILE"), help=about)
    about = _("when it is busy, and how fast calls are answered")
    word.add_argument("--figures", action="store_true", help=about)


def _add_review(word: ArgumentParser) -> None:
    seen = word.add_mutually_exclusive_group()
    about = _("only calls that a supervisor has gone through")
    seen.add_argument("--reviewed", action="store_true", default=None, help=about)
    about = _("only calls that no supervisor has gone through")
    seen.add_argument(
        "--unreviewed", dest="reviewed", action="store_false", default=None, help=about
    )
    about = _("only calls drawn for the review of a month: 2026-03")
    word.add_argument("--drawn", type=_month, metavar=_("MONTH"), help=about)
    about = _("draw two calls of each operator of a month that is over")
    word.add_argument("--draw", type=_month, metavar=_("MONTH"), help=about)
    about = _("mark a call as gone through; --text is the comment")
    word.add_argument("--review", metavar="ID", default="", help=about)


def asks_more(wanted: Namespace) -> bool:
    """Whether something is asked for that only a supervisor may see."""
    return any(getattr(wanted, name) not in (None, "", False) for name in ASKED) or (
        wanted.incoming is False or wanted.reviewed is False
    )


def missing(wanted: Namespace) -> str:
    """Return what is missing of what was asked for, as it is written; "" when it is whole."""
    return "--as" if wanted.word == "calls" and asks_more(wanted) and not wanted.by else ""


def _span(text: str) -> timedelta:
    found = float(text)
    if not 0 <= found <= _DAY_S:  # which also keeps out nan
        raise ValueError(text)
    return timedelta(seconds=found)


def _count(text: str) -> int:
    found = int(text)
    if found < 1:
        raise ValueError(text)
    return found


def _month(text: str) -> str:
    year, month = text.split("-")
    if len(year) != 4 or len(month) != 2 or not 1 <= int(month) <= 12 or int(year) < 2000:  # noqa: PLR2004 - as 2026-03
        raise ValueError(text)
    return text


def _table(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in (".xlsx", ".csv"):
        raise ValueError(text)
    return path
