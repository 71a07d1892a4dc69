"""What devices have told about themselves so far: needed to understand what they say next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from workstation.domain.kind import Kind
from workstation.domain.names import DeviceName
from workstation.domain.signal import Origin
from workstation.wire.safety import SafetyValue
from workstation.wire.templates import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarming:
    """Two words that say whether something is wrong; an edge has no word for *no longer*."""

    kind: Kind
    code: str
    on: str
    off: str
    edge: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A value that the table of safety values knows under `key`."""

    key: str
    rows: tuple[SafetyValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Switching:
    """Two words that are a reading of 1 and 0."""

    channel: str
    on: str
    off: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """A number that becomes a reading of `value * factor + offset`."""

    channel: str
    factor: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaching:
    """Two words that say whether the device can be reached."""

    on: str
    off: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """A word that names what happened (an event's type, an automation's payload)."""

    only: str | None = None
    """Say something at this payload alone."""
    action: str | None = None
    """What that payload stands for."""


Meaning = Alarming | Listed | Switching | Measuring | Reaching | Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One value of a discovered device: on which topic, where in the payload, and what it means."""

    config: str
    """The topic of the description it came from; withdrawn or replaced with it."""
    origin: Origin
    topic: str
    template: Template
    meaning: Meaning


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything learnt from descriptions; a new value for every description."""

    entities: Mapping[str, tuple[Entity, ...]] = field(default_factory=_nothing)
    """Discovered entities by the topic that carries their state."""
    not_alarms: Mapping[DeviceName, frozenset[str]] = field(default_factory=_nothing)
    """For zigbee2mqtt's devices: keys of the safety table that are a setting or an output there."""
    single_values: bool = False
    """zigbee2mqtt is set to publish each value on a topic of its own, without the whole state."""

    def of_config(self, config: str) -> list[Entity]:
        """Return the entities that one description brought."""
        return [one for group in self.entities.values() for one in group if one.config == config]

    def described(self, origin: Origin) -> bool:
        """Whether anything is known of a device by discovery."""
        return any(one.origin == origin for group in self.entities.values() for one in group)

    def with_entities(self, config: str, entities: Iterable[Entity]) -> Known:
        """Return what is known once `config` describes exactly `entities`."""
        groups: dict[str, tuple[Entity, ...]] = {}
        for topic, group in self.entities.items():
            kept = tuple(one for one in group if one.config != config)
            if kept:
                groups[topic] = kept
        for entity in entities:
            groups[entity.topic] = (*groups.get(entity.topic, ()), entity)
        return replace(self, entities=MappingProxyType(groups))

    def with_not_alarms(self, keys: Mapping[DeviceName, frozenset[str]]) -> Known:
        """Return what is known after zigbee2mqtt listed its devices."""
        return replace(self, not_alarms=MappingProxyType({**self.not_alarms, **keys}))


NOTHING_KNOWN = Known()
