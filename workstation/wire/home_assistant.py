"""Home Assistant's MQTT discovery: what devices under `homeassistant/` say that they will say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from workstation.domain.kind import Source
from workstation.domain.names import DeviceName
from workstation.domain.problem import Decoded, Problem
from workstation.domain.signal import Described, Message, Origin
from workstation.wire.discovery import COMPONENTS, Config, availabilities, entities, expanded
from workstation.wire.errors import Reason, WireError
from workstation.wire.known import Entity, Known, Reaching
from workstation.wire.payload import parse
from workstation.wire.values import clean, name

PREFIX: Final = "homeassistant"
# These describe themselves; what zigbee2mqtt says twice, here and in its own words, counts once.
_OTHER_CONVENTIONS: Final = re.compile(r"zigbee2mqtt[^/]*/|hub/|.*/events/rpc\Z")


def decode_config(message: Message, known: Known) -> tuple[Decoded, Known]:
    """Read `homeassistant/<component>/[<node>/]<object>/config`; an empty payload withdraws it.

    What the device says is decoded from then on wherever it publishes. Raises WireError.
    """
    levels = message.topic.split("/")[1:]
    if levels == ["status"]:
        return Decoded(), known  # Home Assistant's own birth and will
    if len(levels) not in (3, 4) or levels[-1] != "config" or not all(levels):
        raise WireError(
            Reason.UNKNOWN_TOPIC,
            where=name(message.topic),
            expected=f"{PREFIX}/<component>/[<node>/]<object>/config",
        )
    origin = Origin(source=Source.HOME_ASSISTANT, device=DeviceName(name(levels[1])))
    if not message.payload:
        return _withdrawn(message.topic, origin, known)
    try:
        config = expanded(parse(message.payload).as_object())
    except WireError as error:
        raise error.on(origin) from None
    return _described(config, levels, message.topic, origin, known)


def _withdrawn(topic: str, origin: Origin, known: Known) -> tuple[Decoded, Known]:
    """Forget a description; the device is gone with the last of them."""
    gone = known.of_config(topic)
    left = known.with_entities(topic, ())
    if not gone or left.described(origin):
        return Decoded(), left
    return Decoded(signals=(Described(origin=origin, title=origin.device, gone=True),)), left


def _described(
    config: Config, levels: list[str], topic: str, origin: Origin, known: Known
) -> tuple[Decoded, Known]:
    found = _Found(origin=origin, topic=topic)
    component = levels[0]
    if component == "device":
        parts = config.get("components")
        for object_id, part in parts.items() if isinstance(parts, dict) else ():
            if isinstance(part, dict):
                one = {**config, **expanded({"~": config.get("~"), **part})}
                found.add(one, str(one.get("platform")), str(object_id), shared=True)
    else:
        found.add(config, component, levels[-2], shared=len(levels) == 4)  # noqa: PLR2004 - with a node id
    if found.entities:
        found.reachability(config)
    signals = () if not found.entities else (_device(config, origin, found.entities),)
    learnt = known.with_entities(topic, found.entities)
    return Decoded(signals=signals, problems=tuple(found.problems)), learnt


@dataclass(slots=True)
class _Found:
    """What one description declares, and what of it is not understood."""

    origin: Origin
    topic: str
    entities: list[Entity] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, config: Config, component: str, object_id: str, *, shared: bool) -> None:
        """Take in one component; those that only take commands say nothing."""
        if component in COMPONENTS:
            self._gather(
                entities(
                    config,
                    self.origin,
                    topic=self.topic,
                    component=component,
                    object_id=object_id,
                    shared=shared,
                )
            )

    def reachability(self, config: Config) -> None:
        """Take in the topics that say whether the device can be reached."""
        self._gather(availabilities(config, self.origin, topic=self.topic))

    def _gather(self, declared: Iterator[Entity]) -> None:
        try:
            self.entities += [one for one in declared if not _OTHER_CONVENTIONS.match(one.topic)]
        except WireError as error:
            self.problems.append(error.on(self.origin).problem)


def _device(config: Config, origin: Origin, found: list[Entity]) -> Described:
    about = config.get("device")
    device = expanded(about) if isinstance(about, dict) else {}
    title = device.get("name") or config.get("name") or origin.device
    model = " ".join(str(device[key]) for key in ("manufacturer", "model") if device.get(key))
    on_battery = config.get("device_class") == "battery" and any(
        not isinstance(one.meaning, Reaching) for one in found
    )
    return Described(
        origin=origin,
        title=name(str(title)),
        model=clean(model)[:200],
        topics=tuple(sorted({one.topic for one in found})),
        battery_powered=True if on_battery else None,
    )
