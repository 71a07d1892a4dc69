"""`main.py alarm`: takes, releases, notes on or resolves one alarm as a user, for scripts and drills."""

from __future__ import annotations

import asyncio
import logging
from argparse import Namespace
from typing import Final, TextIO

from workstation.adapters.mqtt.publisher import Publisher
from workstation.application.alarm_desk import AlarmDesk
from workstation.application.board import Board
from workstation.application.errors import AlreadyTaken, BrokerFailed, NotFound, WorldError
from workstation.application.ports import Clock
from workstation.application.proving import SignInRefused
from workstation.application.session import NotAllowed
from workstation.bootstrap import broker, rules
from workstation.bootstrap.opening import hub_clock, open_database
from workstation.bootstrap.station import ZONE
from workstation.commands.acting import INSTANCE, session_of
from workstation.commands.alarms import SHOWN, alarm_row
from workstation.commands.guard import REFUSED, WRONG
from workstation.commands.printing import json_line, print_rows
from workstation.complaints import sentence
from workstation.domain.alarm import Alarm, IllegalStep
from workstation.domain.kind import Outcome
from workstation.domain.names import AlarmId
from workstation.settings import Settings

_log = logging.getLogger(__name__)
TAKEN: Final = 3
ILLEGAL: Final = 5
GONE: Final = 6
_PATIENCE_S: Final = 2.0


def run(settings: Settings, wanted: Namespace, *, clock: Clock, out: TextIO, err: TextIO) -> int:
    """Do it and print the alarm; what is refused is told as JSON on `out` or a sentence on `err`.

    Returns 0, or 1 for the world's trouble, 3 when somebody else has it, 4 when the user is refused
    or may not, 5 for a step that the alarm does not allow, 6 when there is no such alarm.
    """
    try:
        alarm = asyncio.run(_done(settings, wanted, clock))
    except (AlreadyTaken, NotAllowed, SignInRefused, IllegalStep, NotFound, WorldError) as error:
        code, told = _refusal(error)
        if wanted.json:
            print(json_line(told, out), file=out, flush=True)
        else:
            print(sentence(error), file=err)
        return code
    print_rows([alarm_row(alarm)], shown=SHOWN, as_json=wanted.json, zone=ZONE, out=out)
    return 0


def _refusal(error: Exception) -> tuple[int, dict[str, object]]:
    match error:
        case AlreadyTaken():
            return TAKEN, {"error": "already_taken", "by": error.by, "at": error.at}
        case NotAllowed():
            told = {"right": error.right.value, "why": error.why, "kommune": error.kommune}
            role = error.role.value if error.role is not None else None
            return REFUSED, {"error": "not_allowed", "role": role, **told}
        case SignInRefused():
            return REFUSED, {"error": error.reason, **error.facts}
        case IllegalStep():
            return ILLEGAL, {"error": "illegal_step", "rule": error.rule, "state": error.state}
        case WorldError():
            return WRONG, {"error": "world", "reason": error.reason}
        case _:
            return GONE, {"error": "not_found"}


async def _done(settings: Settings, wanted: Namespace, machine: Clock) -> Alarm:
    database = await asyncio.to_thread(open_database, settings, INSTANCE)
    taken: list[Alarm] = []
    try:
        clock = await hub_clock(settings, database, machine)
        session = await session_of(settings, wanted.by, database, clock)
        desk = AlarmDesk(
            session=session,
            board=Board(clock, rules.hub(settings)),
            store=database.alarms,
            clock=clock,
            taken=taken.append,
            run=lambda work: work.close(),
        )
        alarm = await _act(desk, wanted)
    finally:
        database.close()
    for one in taken:
        await asyncio.to_thread(_tell_transmitter, settings, one)
    return alarm


async def _act(desk: AlarmDesk, wanted: Namespace) -> Alarm:
    alarm, text = AlarmId(wanted.alarm), wanted.text
    if wanted.act == "take":
        done = await desk.take(alarm)
        return await desk.note(alarm, text) if text else done
    if text:
        # First: a note belongs to the one who has the alarm, and to the alarm while it is open.
        await desk.note(alarm, text)
    match wanted.act:
        case "release":
            return await desk.release(alarm)
        case "resolve":
            return await desk.resolve(alarm, Outcome(wanted.outcome))
        case _:
            return await desk.note(alarm, "")


def _tell_transmitter(settings: Settings, alarm: Alarm) -> None:
    """Tell the device that somebody has its alarm, as a desk does; without a broker it learns it later."""
    receipt = broker.taken_receipt(alarm)
    if receipt is None or settings.broker.is_embedded:
        return
    try:
        address = broker.address(settings, "command", "")
        with Publisher(address, timeout_s=_PATIENCE_S) as publisher:
            publisher.publish(*receipt)
            publisher.flush(_PATIENCE_S)
    except BrokerFailed as error:
        _log.warning("the transmitter could not be told: %s", error.reason)
