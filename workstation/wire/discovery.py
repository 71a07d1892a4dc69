"""Home Assistant's discovery: from a component's configuration to what its topics will mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from workstation.domain.kind import Kind
from workstation.domain.signal import Origin
from workstation.wire.channels import channel, part_of
from workstation.wire.errors import Reason, WireError
from workstation.wire.judging import meanings
from workstation.wire.known import (
    Alarming,
    Entity,
    Happening,
    Listed,
    Meaning,
    Measuring,
    Reaching,
    Switching,
)
from workstation.wire.templates import parse_template
from workstation.wire.values import clean

ABBREVIATIONS: Final = {
    "atype": "automation_type",
    "avty": "availability",
    "avty_t": "availability_topic",
    "avty_tpl": "availability_template",
    "cmps": "components",
    "dev": "device",
    "dev_cla": "device_class",
    "ids": "identifiers",
    "mdl": "model",
    "mf": "manufacturer",
    "off_dly": "off_delay",
    "p": "platform",
    "pl": "payload",
    "pl_avail": "payload_available",
    "pl_not_avail": "payload_not_available",
    "pl_off": "payload_off",
    "pl_on": "payload_on",
    "stat_t": "state_topic",
    "stype": "subtype",
    "t": "topic",
    "unit_of_meas": "unit_of_measurement",
    "val_tpl": "value_template",
}
"""Those of Home Assistant's abbreviations whose long form is looked at here."""

ALARM_CLASSES: Final = {
    "smoke": (Kind.EMERGENCY, "smoke"),
    "heat": (Kind.EMERGENCY, "heat"),
    "gas": (Kind.EMERGENCY, "gas"),
    "carbon_monoxide": (Kind.EMERGENCY, "carbon_monoxide"),
    # "On means unsafe": the class of panic buttons and fall sensors.
    "safety": (Kind.EMERGENCY, "safety"),
    "moisture": (Kind.SUPERVISION, "water_leak"),
    "tamper": (Kind.TECHNICAL, "tamper"),
    "battery": (Kind.TECHNICAL, "battery_low"),
    "problem": (Kind.TECHNICAL, "fault"),
}
"""Device classes of a binary sensor that mean that something is wrong."""

COMPONENTS: Final = frozenset({"binary_sensor", "sensor", "event", "device_automation"})
"""Components that report; the others take commands and say nothing to a desk."""

Config = Mapping[str, object]


def expanded(config: Mapping[str, object]) -> dict[str, object]:
    """Return a configuration with long names, and with `~` in its topics replaced."""
    long = {ABBREVIATIONS.get(key, key): value for key, value in config.items()}
    base = long.get("~")
    if isinstance(base, str):
        for key, value in long.items():
            if key.endswith("topic") and isinstance(value, str):
                long[key] = _with_base(value, base)
    return long


def _with_base(topic: str, base: str) -> str:
    if topic.startswith("~"):
        return base + topic[1:]
    return topic[:-1] + base if topic.endswith("~") else topic


def entities(
    config: Config, origin: Origin, *, topic: str, component: str, object_id: str, shared: bool
) -> Iterator[Entity]:
    """Yield what the component's own topic will say; `shared` when others are on the same device.

    Raises WireError for a topic that is none, or a template that computes.
    """
    state = config.get("topic" if component == "device_automation" else "state_topic")
    if state is not None and component in COMPONENTS:
        yield Entity(
            config=topic,
            origin=origin,
            topic=_topic(state, "state_topic"),
            template=parse_template(config.get("value_template"), "value_template"),
            meaning=_meaning(config, component, object_id, shared=shared),
        )


def availabilities(config: Config, origin: Origin, *, topic: str) -> Iterator[Entity]:
    """Yield the topics that say whether the device can be reached."""
    listed = config.get("availability")
    for one in listed if isinstance(listed, list) else [listed]:
        if isinstance(one, dict):
            long = expanded({"~": config.get("~"), **one})
            yield _availability({**long, "template": long.get("value_template")}, origin, topic)
    if config.get("availability_topic") is not None:
        template = config.get("availability_template")
        long = {**config, "topic": config["availability_topic"], "template": template}
        yield _availability(long, origin, topic)


def _availability(config: Config, origin: Origin, topic: str) -> Entity:
    return Entity(
        config=topic,
        origin=origin,
        topic=_topic(config.get("topic"), "availability_topic"),
        template=parse_template(config.get("template"), "availability_template"),
        meaning=Reaching(
            on=written(config.get("payload_available", "online")),
            off=written(config.get("payload_not_available", "offline")),
        ),
    )


def _topic(said: object, field: str) -> str:
    """Return a topic to listen to; one with wildcards would listen to everybody's."""
    if not isinstance(said, str) or not said or set(said) & set("+#\0"):
        raise WireError(Reason.BAD_VALUE, where=field, expected="a topic without wildcards")
    return clean(said)


def _meaning(config: Config, component: str, object_id: str, *, shared: bool) -> Meaning:
    match component:
        case "binary_sensor":
            return _binary(config, object_id, shared=shared)
        case "sensor":
            return _sensor(config, object_id, shared=shared)
        case "device_automation":
            named = [written(config.get(part, "")) for part in ("payload", "type", "subtype")]
            action = next((one for one in named if meanings("action") and _is_action(one)), None)
            return Happening(only=named[0], action=action)
        case _:
            return Happening()


def _is_action(word: str) -> bool:
    return any(word.casefold() in row.active for row in meanings("action"))


def _binary(config: Config, object_id: str, *, shared: bool) -> Meaning:
    on, off = written(config.get("payload_on", "ON")), written(config.get("payload_off", "OFF"))
    about = str(config.get("device_class") or "")
    rows = meanings(object_id)
    alarm = ALARM_CLASSES.get(about)
    if rows and not rows[0].edge and (alarm is None or about == "safety"):
        # A panic button has no class of its own: its name tells more than "safety".
        alarm = (rows[0].kind, rows[0].code)
    if alarm is None:
        return Switching(channel=_channel(about, object_id, shared=shared), on=on, off=off)
    kind, code = alarm
    # With an off_delay the next press comes without a release between: each one counts.
    edge = config.get("off_delay") is not None
    return Alarming(kind=kind, code=code, on=on, off=off, edge=edge)


def _sensor(config: Config, object_id: str, *, shared: bool) -> Meaning:
    about = str(config.get("device_class") or "")
    rows = meanings(object_id)
    if rows and not about:
        return Listed(key=object_id, rows=rows)
    where = _channel(about, object_id, shared=shared)
    if about == "temperature" and config.get("unit_of_measurement") in ("°F", "F"):
        return Measuring(channel=where, factor=5 / 9, offset=-160 / 9)
    return Measuring(channel=where)


def _channel(about: str, object_id: str, *, shared: bool) -> str:
    """Return the class's own channel; where a device can have several of a class, each its part."""
    key = channel(about or object_id)
    if not about or not shared or object_id in (about, key):
        return key
    return part_of(key, object_id)


def written(value: object) -> str:
    """Return a payload's word as Home Assistant compares it: a JSON true is written `True`."""
    return clean(str(value))
