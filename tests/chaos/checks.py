"""What must hold when everything has come to rest; each check returns what is wrong, in words."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from tests.builders import an_alarm
from tests.chaos.actors import ROOT
from tests.chaos.operators import Deed
from tests.chaos.traffic import Sent
from tests.chaos.world import World
from workstation.adapters.db.steps import STEPS
from workstation.commands import arguments
from workstation.domain.alarm import IllegalStep, State
from workstation.domain.kind import Kind
from workstation.domain.steps import Raised, Taken

_MARGIN_S: Final = 3.0
"""Around a broker's death: its clients are on their way to it and back."""
_SENSOR: Final = "leak-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was wrong, and what is worth knowing."""

    wrong: list[str]
    facts: dict[str, float]


def judged(world: World) -> Verdict:
    """Check everything."""
    wrong = [*world.deaths]
    for operator in world.operators.values():
        wrong += operator.faults
    for check in (once, histories, kept_promises, levels, chains, logs):
        wrong += [f"{check.__name__}: {said}" for said in check(world)]
    lost, doubled = unnamed(world)
    wrong += [f"unnamed: {sent.device} was lost outside a broker's death" for sent in lost[0]]
    return Verdict(wrong=wrong, facts=_facts(world, lost[1], doubled))


def once(world: World) -> Iterable[str]:
    """Every alarm with an id is there exactly once, whatever was sent how often."""
    stored: Counter[str] = Counter()
    for (key,) in world.ask("SELECT key FROM message WHERE key IS NOT NULL"):
        stored[key] += 1
    # A key is written by the product: what is looked for is the id in it, which no other contains.
    by_id = {_id_of(key): times for key, times in stored.items()}
    for name, sent in world.transmitters.alarms.items():
        if by_id.get(name, 0) != 1:
            yield f"{name} ({sent.device}, sent {sent.times} times) is stored {by_id.get(name, 0)} times"
    ids = list(world.ask("SELECT id FROM alarm WHERE code = 'duplicate_id'"))
    if ids:
        yield f"the hub thinks that ids were used twice: {ids}"


def unnamed(world: World) -> tuple[tuple[list[Sent], list[Sent]], int]:
    """Return presses without an id that are not there: unexcused, and lost with a broker; and doubles."""
    rows = world.ask(
        "SELECT device, count(*) + sum(repeats) FROM alarm WHERE device LIKE 'knap-%%' GROUP BY device"
    )
    stored = {device: int(times) for device, times in rows}
    missing = [sent for device, sent in world.transmitters.unnamed.items() if device not in stored]
    excused = [sent for sent in missing if _died_with(world, sent)]
    doubled = sum(times - 1 for times in stored.values())
    return ([sent for sent in missing if sent not in excused], excused), doubled


def histories(world: World) -> Iterable[str]:
    """Every alarm's steps lead to how it stands, one owner at a time, each message counted once."""
    steps: dict[str, list[Any]] = defaultdict(list)
    rows = world.ask('SELECT alarm_id, kind, at, "by", body FROM alarm_step ORDER BY seq')
    for alarm, kind, at, by, body in rows:
        steps[alarm].append((kind, at, by, body))
    counted = Counter(dict(world.ask("SELECT alarm_id, count(*) FROM message GROUP BY alarm_id")))
    for row in world.ask(
        "SELECT id, state, taken_by, version, repeats, code, device FROM alarm ORDER BY id"
    ):
        yield from _history(row, steps[row[0]], counted[row[0]])


def _history(row: tuple[Any, ...], steps: list[Any], messages: int) -> Iterable[str]:
    name, state, taken_by, version, repeats, code, device = row
    alarm, owner = an_alarm(name, kind=Kind.TECHNICAL), None
    for kind, at, by, body in steps:
        step = msgspec.convert({**msgspec.json.decode(body), "at": at, "by": by}, STEPS[kind])
        if isinstance(step, Raised):
            continue
        if isinstance(step, Taken) and owner not in (None, by):
            yield f"{name} was taken by {by} while {owner} had it"
        try:
            alarm = alarm.after(step)
        except IllegalStep as error:
            yield f"{name}: {kind} by {by} does not follow: {error}"
            return
        owner = alarm.taken_by
    found = (alarm.state, alarm.taken_by, alarm.version, alarm.repeats)
    if found != (State(state), taken_by, version, repeats):
        said = [(kind, by, f"{at:%T.%f}") for kind, at, by, _body in steps]
        yield f"{name} stands as {(state, taken_by, version, repeats)}, its steps say {found}: {said}"
    pressed = sum(kind in ("raised", "repeated") for kind, *_ in steps)
    if code not in _HUBS_OWN and not device.startswith(_SENSOR) and pressed != messages:
        yield f"{name} ({device}) counts {pressed} presses of {messages} messages"


_HUBS_OWN: Final = ("claim_conflict", "nobody_watches", "silent", "duplicate_id")


def kept_promises(world: World) -> Iterable[str]:
    """What a desk said was committed is there; what was provisional is there or is told as a conflict."""
    rows = world.ask('SELECT alarm_id, kind, at, "by", body FROM alarm_step')
    there = {(kind, by, at) for _alarm, kind, at, by, _body in rows}
    notes = {
        msgspec.json.decode(body)["text"] for _a, kind, _t, _b, body in rows if kind == "noted"
    }
    released = Counter((alarm, by) for alarm, kind, _at, by, _b in rows if kind == "released")
    about = dict(world.ask("SELECT id, device || '/' || code FROM alarm"))
    owners = {(alarm, by) for alarm, kind, _at, by, _b in rows if kind == "taken"}
    # A row that was folded had an id of its own desk's.
    owners |= {(about[alarm], by) for alarm, by in owners}
    told = _conflicts(world)
    for operator in world.operators.values():
        for deed in operator.deeds:
            if deed.promise == "ahead" or _is_there(deed, there, notes, released):
                continue
            name = deed.alarm if deed.alarm in about else deed.about
            is_moot = deed.what == "taken" and (name, deed.by) in owners
            if deed.promise == "provisional" and is_moot:
                # Only their own desk said that it was not theirs already.
                continue
            if deed.promise == "committed" or not _is_told(deed, told):
                yield f"{deed} is not there"


def _is_there(
    deed: Deed,
    there: set[tuple[str, str, datetime]],
    notes: set[str],
    released: Counter[tuple[str, str]],
) -> bool:
    if deed.what == "noted":
        return deed.text in notes
    if deed.what == "released":
        return released[deed.alarm, deed.by] > 0 or deed.promise != "committed"
    return (deed.what, deed.by, _of_iso(deed.at)) in there


def _conflicts(world: World) -> set[tuple[str, str]]:
    """Return the device and the operator of everything that was told as a conflict.

    Conflicts of one device are one alarm with repeats; and with a claim falls what was built on it.
    """
    rows = world.ask(
        "SELECT alarm.device, alarm_step.body FROM alarm JOIN alarm_step ON alarm_id = alarm.id"
        " WHERE code = 'claim_conflict' AND alarm_step.kind IN ('raised', 'repeated')"
    )
    return {
        (device, name)
        for device, body in rows
        for name in msgspec.json.decode(body)["text"].split()
    }


def _is_told(deed: Deed, told: set[tuple[str, str]]) -> bool:
    return (deed.about.partition("/")[0], deed.by) in told


def levels(world: World) -> Iterable[str]:
    """A lasting state holds exactly where its sensor said so last."""
    held = {
        name: active
        for name, active in world.ask("SELECT name, active FROM level")
        if f"/{_SENSOR}" in name
    }
    for sensor in world.transmitters.sensors:
        now = [active for name, active in held.items() if f"/{sensor.device}/" in name]
        if len(now) > 1 or any(active != sensor.wet for active in now) or (sensor.wet and not now):
            yield f"{sensor.device} said {sensor.wet} last, the hub holds {now}"


def chains(world: World) -> Iterable[str]:
    """The access log's chains verify."""
    if "audit" not in arguments.parser().format_help():
        return
    config = world.desks[0].config
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "audit", "verify", "--config", str(config)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode != 0:
        yield f"audit verify: {done.returncode} {done.stdout} {done.stderr}"


def logs(world: World) -> Iterable[str]:
    """No process has logged a fault of ours."""
    for actor in world.actors:
        for trace in actor.tracebacks():
            yield f"{actor.name}:\n{trace}"


def _facts(world: World, excused: list[Sent], doubled: int) -> dict[str, float]:
    sent = world.transmitters
    deeds = Counter(deed.promise for one in world.operators.values() for deed in one.deeds)
    answers: Counter[str] = Counter()
    for one in world.operators.values():
        answers += one.answers
    kills = [one for one in world.outages if one.server == "broker" and one.hard]
    (conflicts,) = world.ask("SELECT count(*) FROM alarm WHERE code = 'claim_conflict'")[0]
    (reraised,) = world.ask("SELECT count(*) FROM alarm_step WHERE kind = 'reraised'")[0]
    (readings,) = world.ask("SELECT count(*) FROM reading")[0]
    return {
        "faults": len(world.done),
        "alarms with an id": len(sent.alarms),
        "sendings of them": sum(one.times for one in sent.alarms.values()),
        "alarms without an id": len(sent.unnamed),
        "of them doubled": doubled,
        "broker killed": len(kills),
        "without an id, lost with a broker that had confirmed them": sum(
            one.confirmed is not None for one in excused
        ),
        "steps committed": deeds["committed"],
        "steps provisional": deeds["provisional"],
        "steps ahead of their alarm": deeds["ahead"],
        "conflicts shown": conflicts,
        "given back by a lease or a rule": reraised,
        "readings sent": sent.readings,
        "readings stored": readings,
        "starts of processes": sum(actor.starts for actor in world.actors),
        **{f"answers {name}": times for name, times in sorted(answers.items())},
    }


def _died_with(world: World, sent: Sent) -> bool:
    """Whether the broker may have had it alone when it was killed, and nobody else ever."""
    return any(
        one.begins - _MARGIN_S <= sent.first <= one.ends + _MARGIN_S
        for one in world.outages
        if one.server == "broker" and one.hard
    )


def _id_of(key: str) -> str:
    """Return the transmitter's id in a message's key: `kommune/device/id/time`."""
    return key.split("/")[2] if key.count("/") == 3 else key


def _of_iso(at: str) -> datetime | None:
    return datetime.fromisoformat(at) if at else None
