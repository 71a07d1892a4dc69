"""The buttons and lights of a headset (HID Usage Tables 1.5: telephony page 0x0B, LED page 0x08)."""

from dataclasses import dataclass
from typing import Final

from workstation.domain.headset import Lights, Press
from workstation.wire.errors import Reason, WireError
from workstation.wire.hid_descriptor import Descriptor, Field, read_descriptor

PAGE: Final = 0x0B
_HOOK: Final = 0x0B_0020
_FLASH: Final = 0x0B_0021
_HOLD: Final = 0x0B_0023
_REDIAL: Final = 0x0B_0024
_DROP: Final = 0x0B_0026
_MUTE: Final = 0x0B_002F
_RINGER: Final = 0x0B_009E
_LED_MUTE: Final = 0x08_0009
_LED_OFF_HOOK: Final = 0x08_0017
_LED_RING: Final = 0x08_0018
_LED_HOLD: Final = 0x08_0020
_BUTTONS: Final = frozenset({_HOOK, _FLASH, _HOLD, _REDIAL, _DROP, _MUTE})
_LIGHTS: Final = frozenset({_LED_MUTE, _LED_OFF_HOOK, _LED_RING, _LED_HOLD, _RINGER})
# Momentary ones: what pressing them means, letting go means nothing.
_MOMENTARY: Final = {
    _FLASH: Press.HOLD,
    _HOLD: Press.HOLD,
    _REDIAL: Press.REDIAL,
    _DROP: Press.ON_HOOK,
}
# Those that have two ways to say it (section 3.4.1.2): what is relative tells only that it changes.
_CHANGES: Final = {_HOOK: Press.HOOK, _MUTE: Press.MUTE}
_STATES: Final = {
    (_HOOK, True): Press.OFF_HOOK,
    (_HOOK, False): Press.ON_HOOK,
    (_MUTE, True): Press.MUTED,
    (_MUTE, False): Press.UNMUTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """A headset's telephony: what it sends and what it shows; made by `read_buttons`."""

    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    output_bits: dict[int, int]
    is_numbered: bool


def read_buttons(descriptor: bytes) -> Buttons:
    """Return the telephony of a report descriptor; raises WireError, `missing_field` for none."""
    said: Descriptor = read_descriptor(descriptor)
    inputs = tuple(one for one in said.inputs if not _BUTTONS.isdisjoint(one.usages))
    if not inputs:
        raise WireError(Reason.MISSING_FIELD, where="hid: telephony")
    return Buttons(
        inputs=inputs,
        outputs=tuple(one for one in said.outputs if not one.is_array and one.usages[0] in _LIGHTS),
        output_bits=said.output_bits,
        is_numbered=said.is_numbered,
    )


def presses(
    buttons: Buttons, before: frozenset[int], report: bytes
) -> tuple[frozenset[int], tuple[Press, ...]]:
    """Return which usages are on after `report` (with its number, if numbered) and what that means.

    `before` is what the report before it returned, first an empty set. A report that is shorter
    than it should be changes nothing beyond its end.
    """
    number, body = (report[0], report[1:]) if buttons.is_numbered and report else (0, report)
    here = [one for one in buttons.inputs if one.report == number]
    value, length = int.from_bytes(body, "little"), len(body) * 8
    now = set(before)
    said: list[Press] = []
    for usage in sorted(_BUTTONS):
        ways = [one for one in here if usage in one.usages and one.bit + one.size <= length]
        is_on = any(_is_on(one, usage, value) for one in ways)
        if ways and is_on != (usage in before):
            said += _meaning(ways[0], usage, is_on=is_on)
            (now.add if is_on else now.discard)(usage)
    return frozenset(now), tuple(said)


def show(buttons: Buttons, lights: Lights) -> tuple[bytes, ...]:
    """Return the output reports, each with its number (0 where they have none) in front."""
    on = {
        _LED_MUTE: lights.muted,
        _LED_OFF_HOOK: lights.off_hook,
        _LED_RING: lights.ringing,
        _RINGER: lights.ringing,
        _LED_HOLD: lights.held,
    }
    values = dict.fromkeys(sorted({one.report for one in buttons.outputs}), 0)
    for one in buttons.outputs:
        if on[one.usages[0]]:
            values[one.report] |= 1 << one.bit
    return tuple(
        bytes([report]) + value.to_bytes((buttons.output_bits[report] + 7) // 8, "little")
        for report, value in values.items()
    )


def _is_on(one: Field, usage: int, value: int) -> bool:
    number = value >> one.bit & ((1 << one.size) - 1)
    if one.is_array:
        return number - one.minimum == one.usages.index(usage)
    return number != 0


def _meaning(one: Field, usage: int, *, is_on: bool) -> tuple[Press, ...]:
    if usage in _MOMENTARY or one.is_relative or one.is_array:
        found = _MOMENTARY.get(usage) or _CHANGES[usage]
        return (found,) if is_on else ()
    return (_STATES[usage, is_on],)
