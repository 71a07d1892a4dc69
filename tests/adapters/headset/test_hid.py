"""The headset's thread against a made-up device, and hidapi itself as far as a machine without one goes."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.waiting import until
from tests.wire.test_hid_telephony import USB_HEADSET
from workstation.adapters.headset.hid import HidHeadset, hidapi
from workstation.domain.headset import HeadsetFound, Lights, Press

TELEPHONY = {"path": b"one", "usage_page": 0x0B, "product_string": "Headset"}


class FakeDevice:
    """Sends what is put into `reports`; None is its being unplugged."""

    def __init__(self, hid: FakeHid) -> None:
        self._hid = hid
        self.closed = False

    def open_path(self, path: bytes) -> None:
        if path == b"locked":
            raise OSError("open failed")

    def get_report_descriptor(self) -> list[int]:
        return list(self._hid.descriptor)

    def read(self, max_length: int, timeout_ms: int) -> list[int]:
        try:
            report = self._hid.reports.get(timeout=timeout_ms / 1000)
        except queue.Empty:
            return []
        if report is None:
            raise OSError("read error")
        return list(report[:max_length])

    def write(self, buff: bytes) -> int:
        self._hid.written.append(buff)
        return len(buff)

    def close(self) -> None:
        self.closed = True


class FakeHid:
    """One bus; `there` is what is plugged in."""

    def __init__(self) -> None:
        self.there: list[dict[str, Any]] = [TELEPHONY]
        self.descriptor = USB_HEADSET
        self.reports: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.written: list[bytes] = []
        self.opened: list[FakeDevice] = []

    def enumerate(self) -> list[dict[str, Any]]:
        return list(self.there)

    def device(self) -> FakeDevice:
        self.opened.append(FakeDevice(self))
        return self.opened[-1]


class Worn:
    """A headset under test, with what it told."""

    def __init__(self, hid: Any) -> None:
        self.headset = HidHeadset(hid, look_every_s=0.02)
        self.told: list[Press] = []
        self.found: list[str] = []
        self.headset.listen(self.told.append, self._found)
        self.headset.start()

    def _found(self, found: HeadsetFound) -> None:
        self.found.append(found.name)


@pytest.fixture
def worn() -> Iterator[Callable[[Any], Worn]]:
    with ExitStack() as stack:

        def start(hid: Any) -> Worn:
            one = Worn(hid)
            stack.callback(one.headset.stop)
            return one

        yield start


def test_presses_are_told(worn: Callable[[Any], Worn]) -> None:
    hid = FakeHid()
    one = worn(hid)
    hid.reports.put(b"\x02\x01\x00")
    hid.reports.put(b"\x02\x09\x00")
    until(lambda: one.told == [Press.OFF_HOOK, Press.MUTE], why=lambda: one.told)
    assert one.found == ["Headset"]


def test_lights_are_shown_and_put_out_at_the_end(worn: Callable[[Any], Worn]) -> None:
    hid = FakeHid()
    one = worn(hid)
    one.headset.show(Lights(off_hook=True))
    until(lambda: hid.written[-1:] == [b"\x02\x02"], why=lambda: hid.written)
    one.headset.stop()
    assert hid.written[-1] == b"\x02\x00"
    assert hid.opened[-1].closed


def test_one_that_is_unplugged_comes_back_with_its_lights(worn: Callable[[Any], Worn]) -> None:
    hid = FakeHid()
    one = worn(hid)
    one.headset.show(Lights(muted=True))
    until(lambda: hid.written[-1:] == [b"\x02\x01"], why=lambda: hid.written)
    hid.there = []
    hid.reports.put(None)
    until(lambda: one.found == ["Headset", ""], why=lambda: one.found)
    hid.written.clear()
    hid.there = [TELEPHONY]
    until(lambda: one.found == ["Headset", "", "Headset"], why=lambda: one.found)
    until(lambda: hid.written == [b"\x02\x01"], why=lambda: hid.written)
    hid.reports.put(b"\x02\x01\x00")
    until(lambda: one.told == [Press.OFF_HOOK])


def test_what_is_no_headset_or_may_not_be_opened_is_left_alone(
    worn: Callable[[Any], Worn],
) -> None:
    hid = FakeHid()
    keyboard = {"path": b"keys", "usage_page": 1, "product_string": "Keyboard"}
    hid.there = [keyboard, TELEPHONY | {"path": b"locked"}, TELEPHONY]
    one = worn(hid)
    until(lambda: one.found == ["Headset"], why=lambda: one.found)
    assert len(hid.opened) == 2
    assert hid.opened[0].closed


def test_one_that_describes_itself_wrongly_is_tried_once(worn: Callable[[Any], Worn]) -> None:
    hid = FakeHid()
    hid.descriptor = b"\xc0"
    one = worn(hid)
    until(lambda: hid.opened and hid.opened[0].closed)
    hid.there = [TELEPHONY, TELEPHONY | {"path": b"locked"}]
    until(lambda: len(hid.opened) == 2)
    assert one.found == []


def test_hidapi_is_there_and_looks_around(worn: Callable[[Any], Worn]) -> None:
    one = worn(hidapi())
    one.headset.stop()
    assert all(one.found)
