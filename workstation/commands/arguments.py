"""Every word that `main.py` understands, with what may stand behind it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, Never

from workstation import __version__, paths
from workstation.commands import (
    audit_words,
    call_words,
    machine_words,
    people_words,
    recording_words,
    scaip_words,
)
from workstation.texts import N_, _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from workstation.commands.moments import Moment

DEFAULT: Final = "desk"
SCENARIOS: Final = ("quiet", "evening", "storm", "night")
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,32}")
_MOST_DEVICES: Final = 100_000
_LONGEST: Final = 1_000_000.0

_WORDS: Final = {
    "desk": N_("open the desk (this is done when no word is given)"),
    "demo": N_("open the desk on made-up citizens, devices and telephones"),
    "close": N_("let the windows that are open end in order, as before an upgrade"),
    "ingest": N_("store alarms without a window, as a service"),
    "check": N_("try settings, database, broker, telephone and sound one by one"),
    "migrate": N_("bring the database to this version"),
    "alarms": N_("list the alarms"),
    "alarm": N_("take, release, note on or resolve one alarm as a user"),
    "user": N_("make, list and change those who may sign in"),
    "audit": N_("see whether the access log is whole, and who looked at a citizen"),
    "calls": N_("list the calls"),
    "recordings": N_("list recorded calls, take one out, or make the hub's key"),
    "round": N_("list the day's round, or import one"),
    "register": N_("import citizens and devices"),
    "call": N_("place one call, to test the telephone"),
    "sound": N_("try headset and microphone without a call"),
    "listen": N_("wait for calls and messages, to test the way in"),
    "simulate": N_("put load on the broker"),
    "scaip-unit": N_("be an alarm unit over SIP and judge what the hub replies"),
    **machine_words.WORDS,
}
_WINDOWS: Final = ("desk", "demo")
_WITHOUT_SETTINGS: Final = ("demo", "close", *machine_words.WORDS)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for; its `word` says what, `desk` when there is none.

    Ends the program with the usage on stderr and exit code 2 when it cannot be understood.
    """
    top = argv and (not argv[0].startswith("-") or argv[0] in ("-h", "--help", "--version"))
    of_all = parser()
    wanted = of_all.parse_args(list(argv) if top else [DEFAULT, *argv])
    checks = (people_words.missing, call_words.missing, recording_words.missing)
    missing = next(filter(None, (check(wanted) for check in checks)), "")
    if missing:
        of_all.error(f"the following arguments are required: {missing}")
    return wanted


class Parser(argparse.ArgumentParser):
    """A parser that says in the operator's language what it does not understand."""

    def format_usage(self) -> str:
        """Return argparse's usage under the operator's heading."""
        return _translated(super().format_usage())

    def format_help(self) -> str:
        """Return argparse's help under the operator's headings."""
        return _translated(super().format_help())

    def error(self, message: str) -> Never:
        """Print the usage and one sentence, and end with exit code 2."""
        self.exit(2, f"{self.format_usage()}{self.prog}: {_said(message)}\n")


# argparse's own words.
_HEADINGS: Final = (
    ("usage: ", N_("usage: ")),
    ("\noptions:\n", N_("\noptions:\n")),
    ("\npositional arguments:\n", N_("\narguments:\n")),
    ("show this help message and exit", N_("show this help and end")),
    ("show program's version number and exit", N_("show the version and end")),
)


def _translated(text: str) -> str:
    for own, ours in _HEADINGS:
        text = text.replace(own, _(ours), 1)
    return text


# argparse's own sentences; what fits none of them is shown as it is.
_ERRORS: Final = (
    (r"the following arguments are required: (.+)", N_("{0} is missing; see --help.")),
    (r"unrecognized arguments: (.+)", N_("{0} is not known here; see --help.")),
    (r"argument (\S+): expected one argument", N_("{0} needs a value; see --help.")),
    (
        r"argument .+?: invalid choice: '(.*)' \(choose from (.+)\)",
        N_("{0} is not one of {1}; see --help."),
    ),
    (r"argument (\S+): invalid \S+ value: '(.*)'", N_("{1} does not fit {0}; see --help.")),
    (r"argument (\S+): not allowed with argument (\S+)", N_("{0} does not go with {1}.")),
)


def _said(message: str) -> str:
    for pattern, sentence in _ERRORS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return _(sentence).format(*found.groups())
    return message


def parser() -> Parser:
    """Return the parser of every call."""
    top = Parser(prog=paths.own_name(), description=_("The workstation of an e-team hub."))
    top.add_argument("--version", action="version", version=__version__)
    words = top.add_subparsers(dest="word", required=True, metavar=_("WORD"), title=_("words"))
    made = {}
    own = paths.machine_data() is not None  # whose settings are taken when no file is named
    for word, told in _WORDS.items():
        made[word] = words.add_parser(word, help=_(told), description=_(told))
        if word not in _WITHOUT_SETTINGS:
            _add_config(made[word], required=not own and word not in (*_WINDOWS, "scaip-unit"))
    for word in (*_WINDOWS, "ingest"):
        _add_instance(made[word])
    for word in _WINDOWS:
        _add_picture(made[word])
    about = _("start the desk again by itself when it dies; workstation.exe always does")
    made["desk"].add_argument("--restart", action="store_true", help=about)
    _add_demo(made["demo"])
    _add_close(made["close"])
    for word in (
        "check",
        "alarms",
        "alarm",
        "user",
        "audit",
        "calls",
        "recordings",
        "round",
        "call",
        "sound",
        "listen",
        "simulate",
    ):
        _add_json(made[word])
    for word in ("alarms", "calls", "round"):
        _add_listing(made[word])
    _add_imports(made["round"], made["register"])
    _add_call(made["call"])
    _add_sound(made["sound"])
    _add_listen(made["listen"])
    _add_simulate(made["simulate"])
    scaip_words.add_unit(made["scaip-unit"])
    _add_json(made["scaip-unit"])
    people_words.add_alarm(made["alarm"])
    people_words.add_user(made["user"])
    audit_words.add_audit(made["audit"])
    call_words.add_calls(made["calls"], _moment)
    recording_words.add_recordings(made["recordings"], _moment)
    machine_words.add(made)
    return top


def _add_config(word: Parser, *, required: bool) -> None:
    about = _("the settings of this hub") if required else _("without it everything is embedded")
    word.add_argument("--config", type=Path, metavar=_("FILE"), required=required, help=about)


def _add_instance(word: Parser) -> None:
    about = _("tells two of these on one machine apart")
    word.add_argument("--instance", type=_instance, default="", metavar=_("NAME"), help=about)


def _add_picture(word: Parser) -> None:
    about = _("save a picture of the window at the end")
    word.add_argument("--shot", type=Path, metavar=_("FILE"), help=about)
    about = _("end by itself after S seconds")
    word.add_argument("--quit-after", type=_amount, metavar="S", help=about)


def _add_demo(word: Parser) -> None:
    about = _("the same number makes the same people")
    word.add_argument("--seed", type=int, default=1, metavar="N", help=about)
    about = _("a folder of its own for what is kept")
    word.add_argument("--data", type=Path, metavar=_("DIR"), help=about)
    word.add_argument("--scenario", choices=SCENARIOS, default="evening")


def _add_close(word: Parser) -> None:
    about = _("how long that may take, in seconds")
    word.add_argument("--timeout", type=_amount, default=30.0, metavar="S", help=about)


def _add_json(word: Parser) -> None:
    word.add_argument("--json", action="store_true", help=_("one JSON object a line"))


def _add_listing(word: Parser) -> None:
    about = _("not only what is open or of today")
    word.add_argument("--all", action="store_true", help=about)
    about = _("from this time on: 2026-03-14T18:00:00Z, 2026-03-14, 90min, 24h or 7d")
    word.add_argument("--since", type=_moment, metavar="T", help=about)


def _add_imports(round_: Parser, register: Parser) -> None:
    which = round_.add_mutually_exclusive_group()
    which.add_argument("--day", type=_day, metavar="D", help=_("this day: 2026-03-14"))
    about = _("import visits from a CSV file, as described in docs/register.md")
    which.add_argument("--import", type=Path, dest="file", metavar=_("FILE"), help=about)
    about = _("a CSV or JSON file, as described in docs/register.md")
    register.add_argument(
        "--import", type=Path, dest="file", metavar=_("FILE"), required=True, help=about
    )


def _add_call(word: Parser) -> None:
    word.add_argument("target", metavar=_("TARGET"), help=_("a telephone number or SIP address"))
    about = _("hang up S seconds after the answer")
    word.add_argument("--seconds", type=_amount, metavar="S", help=about)
    about = _("record what is heard as WAV")
    word.add_argument("--record", type=Path, metavar=_("FILE"), help=about)


def _add_sound(word: Parser) -> None:
    about = _("tone: play one; echo: hear yourself; listen: play nothing")
    word.add_argument("--does", choices=("tone", "echo", "listen"), default="tone", help=about)
    about = _("end by itself after S seconds")
    word.add_argument("--seconds", type=_amount, default=5.0, metavar="S", help=about)


def _add_listen(word: Parser) -> None:
    about = _("end by itself after S seconds")
    word.add_argument("--seconds", type=_amount, metavar="S", help=about)
    about = _("take every call")
    word.add_argument("--answer", action="store_true", help=about)
    about = _("be the receiver of alarm units instead of the telephone")
    word.add_argument("--scaip", action="store_true", help=about)


def _add_simulate(word: Parser) -> None:
    word.add_argument("--devices", type=_count, default=100, metavar="N")
    about = _("messages a second")
    word.add_argument("--rate", type=_amount, default=10.0, metavar="R", help=about)
    word.add_argument("--seconds", type=_amount, default=10.0, metavar="S")
    word.add_argument("--kind", choices=("alarm", "reading"), default="alarm")


def _moment(text: str) -> Moment:
    from workstation.commands.moments import a_moment  # noqa: PLC0415 - a window has no times

    return a_moment(text)


def _day(text: str) -> date:
    from workstation.commands.moments import a_day  # noqa: PLC0415 - as above

    return a_day(text)


def _amount(text: str) -> float:
    found = float(text)
    if not 0 < found <= _LONGEST:  # which also keeps out nan and inf
        raise ValueError(text)
    return found


def _count(text: str) -> int:
    found = int(text)
    if not 0 < found <= _MOST_DEVICES:
        raise ValueError(text)
    return found


def _instance(text: str) -> str:
    if text and _NAME.fullmatch(text) is None:
        raise ValueError(text)
    return text
