"""A headset at a desk: its report reaches the telephone, and the call its lights."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import waiting
from tests.adapters.headset.test_hid import FakeHid
from tests.bootstrap.test_sign_in import configured, file, fill
from tests.fakes import FakeLine
from workstation.adapters.system.clock import SystemClock
from workstation.bootstrap import headset
from workstation.bootstrap.desk import desk
from workstation.domain.call import CallEvent, CallState, LineEvent, LineState
from workstation.domain.names import CallId

__all__ = ["file"]
CLOCK = SystemClock()


async def until(fact: Callable[[], object]) -> None:
    """Wait beside the loop, which goes on: what a thread does has no event."""
    await asyncio.to_thread(waiting.until, fact)


def test_it_mutes_and_ends_a_call(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hid, line = FakeHid(), FakeLine()
    monkeypatch.setattr(headset, "hidapi", lambda: hid)

    async def act() -> None:
        found = configured(tmp_path, f"sqlite:///{file}")
        async with desk(found, instance="", stand_ins=(), line=line) as one:
            line.on_line(LineEvent(state=LineState.READY, at=CLOCK.now()))
            await until(lambda: one.phone.view.line is not None)
            await one.phone.call("112", whom="112", citizen=None, alarm=None)
            call = CallId(str(line.orders[0][1]))
            line.on_call(CallEvent(call=call, state=CallState.IN_CALL, at=CLOCK.now()))
            await until(lambda: hid.written[-1:] == [b"\x02\x02"])
            hid.reports.put(b"\x02\x01\x00")
            hid.reports.put(b"\x02\x09\x00")
            await until(lambda: ("mute", call, True) in line.orders)
            hid.reports.put(b"\x02\x00\x00")
            await until(lambda: ("hang_up", call) in line.orders)
        assert hid.written[-1] == b"\x02\x00"

    fill(f"sqlite:///{file}")
    asyncio.run(act())


def test_where_hidapi_cannot_be_loaded_the_desk_opens_all_the_same(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> FakeHid:
        raise ImportError("libudev.so.1")

    monkeypatch.setattr(headset, "hidapi", missing)

    async def act() -> None:
        found = configured(tmp_path, f"sqlite:///{file}")
        async with desk(found, instance="", stand_ins=(), line=FakeLine()):
            pass

    fill(f"sqlite:///{file}")
    asyncio.run(act())
    assert "buttons are not heard" in caplog.text
