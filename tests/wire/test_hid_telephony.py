"""The buttons and lights of headsets, from report descriptors written as the public usage tables say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.headset import Lights, Press
from workstation.wire.errors import Reason, WireError
from workstation.wire.hid_descriptor import MOST_BYTES, read_descriptor
from workstation.wire.hid_telephony import Buttons, presses, read_buttons, show

USB_HEADSET = bytes.fromhex(
    "05 0B 09 05 A1 01 85 02"  # telephony, headset, application, report 2
    "15 00 25 01 75 01"  # each one bit
    "09 20 09 21 09 24 95 03 81 22"  # hook switch, flash, redial: absolute
    "09 2F 95 01 81 06"  # phone mute: relative
    "95 0C 81 01"  # padding
    "05 08 09 09 09 17 09 18 09 20 95 04 91 22"  # lights: mute, off-hook, ring, hold
    "95 04 91 01 C0"
)
"""A wired headset as most makers build it: one numbered report each way."""
CORDLESS_BASE = bytes.fromhex(
    "05 0C 09 01 A1 01 85 01 15 00 25 01 75 01 95 02 09 E9 09 EA 81 02 95 06 81 01 C0"  # volume
    "05 0B 09 05 A1 01 85 05 15 00 25 01 75 01 95 02 09 20 09 2F 81 02 95 06 81 01"
    "85 06 05 08 09 17 95 01 91 02 95 07 91 01"  # off-hook in a report of its own
    "85 07 05 0B 09 9E 95 01 91 02 95 07 91 01 C0"  # and the ringer in another
)
"""A base with volume keys beside it, whose mute tells its state."""
KEYPAD_PHONE = bytes.fromhex(
    "05 0B 09 01 A1 01 75 04 95 01 15 01 25 04"  # one number of four bits, from 1
    "09 20 09 26 09 23 09 2F 81 00 75 04 81 01 C0"  # hook, drop, hold, mute
)
"""A handset that names the key that is down, without numbered reports."""


def said(buttons: Buttons, *reports: str) -> list[Press]:
    now: frozenset[int] = frozenset()
    told: list[Press] = []
    for report in reports:
        now, more = presses(buttons, now, bytes.fromhex(report))
        told += more
    return told


def test_a_wired_headset_answers_mutes_and_ends():
    buttons = read_buttons(USB_HEADSET)
    assert said(buttons, "02 0100", "02 0900", "02 0100", "02 0000") == [
        Press.OFF_HOOK,
        Press.MUTE,
        Press.ON_HOOK,
    ]


def test_the_same_report_again_says_nothing_new():
    assert said(read_buttons(USB_HEADSET), "02 0100", "02 0100") == [Press.OFF_HOOK]


def test_momentary_keys_speak_when_pressed():
    buttons = read_buttons(USB_HEADSET)
    assert said(buttons, "02 0200", "02 0000", "02 0400", "02 0000") == [Press.HOLD, Press.REDIAL]


def test_a_base_that_tells_its_state():
    buttons = read_buttons(CORDLESS_BASE)
    told = said(buttons, "05 01", "05 03", "05 01", "05 00")
    assert told == [Press.OFF_HOOK, Press.MUTED, Press.UNMUTED, Press.ON_HOOK]


def test_another_report_and_a_short_one_change_nothing():
    buttons = read_buttons(CORDLESS_BASE)
    assert said(buttons, "05 01", "01 00", "05", "", "05 01") == [Press.OFF_HOOK]


def test_a_handset_that_names_its_key():
    buttons = read_buttons(KEYPAD_PHONE)
    told = said(buttons, "01", "00", "04", "00", "03", "00", "02", "0F")
    assert told == [Press.HOOK, Press.MUTE, Press.HOLD, Press.ON_HOOK]


def test_lights_in_one_report():
    buttons = read_buttons(USB_HEADSET)
    assert show(buttons, Lights()) == (b"\x02\x00",)
    assert show(buttons, Lights(muted=True)) == (b"\x02\x01",)
    assert show(buttons, Lights(off_hook=True, held=True)) == (b"\x02\x0a",)
    assert show(buttons, Lights(ringing=True)) == (b"\x02\x04",)


def test_lights_in_reports_of_their_own():
    buttons = read_buttons(CORDLESS_BASE)
    assert show(buttons, Lights(off_hook=True)) == (b"\x06\x01", b"\x07\x00")
    assert show(buttons, Lights(ringing=True, muted=True)) == (b"\x06\x00", b"\x07\x01")


def test_a_device_without_lights_is_shown_nothing():
    assert show(read_buttons(KEYPAD_PHONE), Lights(off_hook=True)) == ()


def test_a_keyboard_is_no_headset():
    with pytest.raises(WireError) as error:
        read_buttons(bytes.fromhex("05 01 09 06 A1 01 05 07 19 E0 29 E7 75 01 95 08 81 02 C0"))
    assert error.value.reason is Reason.MISSING_FIELD


@pytest.mark.parametrize(
    ("descriptor", "reason"),
    [
        ("C0", Reason.BAD_VALUE),
        ("A1 01", Reason.BAD_VALUE),
        ("05", Reason.BAD_VALUE),
        ("B4", Reason.BAD_VALUE),
        ("85 00", Reason.BAD_VALUE),
        ("A4" * 100, Reason.TOO_DEEP),
        ("05 0B 19 00 2B FF FF FF 7F", Reason.TOO_LARGE),
        ("05 0B 09 20 77 FF FF FF FF 97 FF FF FF FF 81 02", Reason.TOO_LARGE),
        ("05 0B 09 20 75 01 96 FF 7F 81 00", Reason.TOO_LARGE),
        ("00" * (MOST_BYTES + 1), Reason.TOO_LARGE),
    ],
)
def test_what_is_no_descriptor_has_a_reason(descriptor, reason):
    with pytest.raises(WireError) as error:
        read_descriptor(bytes.fromhex(descriptor))
    assert error.value.reason is reason


@given(st.binary(max_size=400))
def test_any_bytes_are_a_descriptor_or_a_reason(data):
    try:
        read_descriptor(data)
    except WireError as error:
        assert error.where.startswith("hid")


@given(
    st.sampled_from([USB_HEADSET, CORDLESS_BASE, KEYPAD_PHONE]),
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 255)), max_size=4),
    st.lists(st.binary(max_size=6), max_size=5),
)
def test_a_device_that_lies_about_itself_harms_nobody(descriptor, changes, reports):
    mutated = bytearray(descriptor)
    for at, value in changes:
        mutated[at % len(mutated)] = value
    try:
        buttons = read_buttons(bytes(mutated))
    except WireError:
        return
    now: frozenset[int] = frozenset()
    for report in reports:
        now, _ = presses(buttons, now, report)
    for out in show(buttons, Lights(off_hook=True, muted=True, ringing=True, held=True)):
        assert len(out) >= 2


@given(st.sampled_from([USB_HEADSET, CORDLESS_BASE, KEYPAD_PHONE]), st.lists(st.binary(max_size=6)))
def test_hook_and_mute_that_tell_a_state_alternate(descriptor, reports):
    told = said(read_buttons(descriptor), *(report.hex() for report in reports))
    for pair in ((Press.OFF_HOOK, Press.ON_HOOK), (Press.MUTED, Press.UNMUTED)):
        own = [press for press in told if press in pair]
        if descriptor is CORDLESS_BASE:
            assert all(press is pair[number % 2] for number, press in enumerate(own))
