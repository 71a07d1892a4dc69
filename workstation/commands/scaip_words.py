"""The arguments of `main.py scaip-unit`, and from them to the unit."""

from __future__ import annotations

import argparse
from argparse import Namespace
from typing import TYPE_CHECKING, Final, TextIO

from workstation.texts import N_, _

if TYPE_CHECKING:
    from workstation.application.ports import Clock
    from workstation.settings import Settings

_WRONG: Final = {
    "unknown": N_("There is no scenario {name}; choose one of {why}, or name a file."),
    "unreadable": N_("{name} cannot be read ({why}); choose another file."),
    "wrong": N_("{name} is no scenario: {why}; see docs/scaip.md."),
}
_REFUSED: Final = 2


def add_unit(word: argparse.ArgumentParser) -> None:
    """Add what may stand behind `scaip-unit`."""
    about = _("the SIP address of the hub's receiver")
    word.add_argument("--to", required=True, metavar=_("SIP-URI"), help=about)
    about = _("a scenario of this program, or a file as described in docs/scaip.md")
    word.add_argument("--scenario", default="alarm-with-voice", metavar=_("NAME"), help=about)
    about = _("seconds between the messages of a series, such as heartbeats, instead of its own")
    word.add_argument("--every", type=float, metavar="S", help=about)
    about = _("the unit's number, under which it stands in the register")
    word.add_argument("--cid", default="4711", metavar=_("NUMBER"), help=about)


def run(settings: Settings, wanted: Namespace, *, clock: Clock, out: TextIO, err: TextIO) -> int:
    """Be that unit; return 0 when every reply was as it should be, 1 when not, 2 for no scenario.

    With --config the unit uses the telephone of `[sip]`; without, it sends straight to the address.
    Raises LineFailed.
    """
    from workstation.bootstrap import scaip  # noqa: PLC0415 - most words need no telephone
    from workstation.commands import scaip_scenarios, scaip_unit  # noqa: PLC0415 - as above

    try:
        steps = scaip_scenarios.steps(wanted.scenario, wanted.cid, every_s=wanted.every)
    except scaip_scenarios.ScenarioError as error:
        print(_(_WRONG[error.reason]).format(name=error.name, why=error.why), file=err)
        return _REFUSED
    line = scaip.unit_line(settings, clock, to=wanted.to, cid=wanted.cid)
    unit = scaip_unit.Unit(line, clock, to=wanted.to, cid=wanted.cid)
    return scaip_unit.run(unit, steps, as_json=wanted.json, out=out)
