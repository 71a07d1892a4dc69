"""What a discovered entity's topic says, by the description it was discovered with."""

from __future__ import annotations

from collections.abc import Iterator

from workstation.domain.problem import Decoded, Problem
from workstation.domain.signal import Level, Message, Pressed, Reading, Signal, Status
from workstation.wire.discovery import written
from workstation.wire.errors import Reason, WireError
from workstation.wire.judging import Judged, meanings
from workstation.wire.known import (
    Alarming,
    Entity,
    Happening,
    Listed,
    Measuring,
    Reaching,
    Switching,
)
from workstation.wire.payload import parse, refuse_bombs
from workstation.wire.safety import SILENT
from workstation.wire.values import clean, number


def decode_state(message: Message, entities: tuple[Entity, ...]) -> Decoded:
    """Read a message on a topic that `entities` were discovered on; raises WireError."""
    if not message.payload:
        return Decoded()
    try:
        refuse_bombs(message.payload)
        whole = _json(message.payload, entities)
    except WireError as error:
        raise error.on(entities[0].origin) from None
    plain = clean(message.payload.decode("utf-8", "replace")).strip()
    found = _Said()
    for entity in entities:
        value = plain if entity.template.path is None else entity.template.pick(whole)
        if isinstance(entity.meaning, Happening) and entity.meaning.only is None:
            value = _event_type(message.payload) if entity.template.path is None else value
        found.add(entity, value)
    return Decoded(signals=tuple(dict.fromkeys(found.signals)), problems=tuple(found.problems))


def _json(payload: bytes, entities: tuple[Entity, ...]) -> object:
    """Return the payload as JSON where an entity picks from it."""
    if all(entity.template.path is None for entity in entities):
        return None
    return parse(payload).value


def _event_type(payload: bytes) -> object:
    try:
        value = parse(payload).value
    except WireError:
        return clean(payload.decode("utf-8", "replace"))
    return value.get("event_type") if isinstance(value, dict) else value


class _Said:
    """The signals and problems of one message."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []
        self.problems: list[Problem] = []

    def add(self, entity: Entity, value: object) -> None:
        """Take in one entity's value; one that is missing or unknown to the device says nothing."""
        if value is None or written(value).strip().casefold() in SILENT | {"none", "nan"}:
            return
        before = len(self.signals), len(self.problems)
        understood = self._listed(entity, value)
        if understood is None:
            self.signals += _signals(entity, value)
            understood = len(self.signals) > before[0] or isinstance(entity.meaning, Happening)
        if not understood:
            self._strange(entity)

    def _listed(self, entity: Entity, value: object) -> bool | None:
        """Judge a value by the table of safety values; None when its meaning is another."""
        if not isinstance(entity.meaning, Listed):
            return None
        judged = Judged(entity.origin)
        said = value if number(value) is None and not _is_digits(value) else float(str(value))
        if judged.add(entity.meaning.key, said, entity.meaning.rows):
            self.signals += judged.signals()
            self.problems += judged.problems
        else:
            measured = Measuring(channel=entity.meaning.key)
            self.signals += _measured(entity, measured, said)
        return True

    def _strange(self, entity: Entity) -> None:
        meaning = entity.meaning
        expected = "number" if isinstance(meaning, Measuring) else ""
        if isinstance(meaning, Alarming | Switching | Reaching):
            expected = f"{meaning.on}|{meaning.off}"
        self.problems.append(
            Problem(
                reason=Reason.BAD_VALUE,
                where=entity.topic,
                expected=expected[:200],
                origin=entity.origin,
            )
        )


def _is_digits(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16  # noqa: PLR2004 - a float has no more


def _signals(entity: Entity, value: object) -> Iterator[Signal]:
    match entity.meaning:
        case Alarming() as meaning:
            yield from _alarming(entity, meaning, _is_on(value, meaning.on, meaning.off))
        case Switching() | Reaching() as meaning:
            yield from _switched(entity, meaning, _is_on(value, meaning.on, meaning.off))
        case Measuring() as meaning:
            yield from _measured(entity, meaning, value)
        case Happening() as meaning:
            yield from _happened(entity, meaning, written(value))
        case Listed():
            pass


def _is_on(value: object, on: str, off: str) -> bool | None:
    """Compare as Home Assistant does, and then without case: `on` for `ON` must not be silent."""
    said = written(value).strip()
    for word in (said, said.casefold()):
        if word in (on, on.casefold()):
            return True
        if word in (off, off.casefold()):
            return False
    return None


def _alarming(entity: Entity, meaning: Alarming, active: bool | None) -> Iterator[Signal]:  # noqa: FBT001 - a state, not a switch
    if active is None:
        return
    if not meaning.edge:
        yield Level(origin=entity.origin, kind=meaning.kind, code=meaning.code, active=active)
    elif active:
        yield Pressed(origin=entity.origin, kind=meaning.kind, code=meaning.code)


def _switched(
    entity: Entity,
    meaning: Switching | Reaching,
    on: bool | None,  # noqa: FBT001 - as above
) -> Iterator[Signal]:
    if on is None:
        return
    if isinstance(meaning, Reaching):
        yield Status(origin=entity.origin, online=on)
    else:
        yield Reading(origin=entity.origin, channel=meaning.channel, value=float(on))


def _measured(entity: Entity, meaning: Measuring, value: object) -> Iterator[Signal]:
    found = number(value)
    if found is None and isinstance(value, str):
        try:
            found = number(float(value))
        except ValueError:
            return
    if found is not None:
        scaled = number(found * meaning.factor + meaning.offset)
        if scaled is not None:
            yield Reading(origin=entity.origin, channel=meaning.channel, value=scaled)


def _happened(entity: Entity, meaning: Happening, said: str) -> Iterator[Signal]:
    word = said.strip().casefold()
    if meaning.only is not None:
        word = (meaning.action or "").casefold() if said == meaning.only else ""
    for row in meanings("action"):
        if word in row.active:
            yield Pressed(origin=entity.origin, kind=row.kind, code=row.code)
