"""A shift from one end to the other by keyboard alone, in the real window, on real parts."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from main import use_cases
from tests.e2e.test_desk import press
from tests.fakes import FakeLine
from tests.fakes_people import a_user
from tests.peers.mosquitto import Mosquitto
from tests.waiting import PAUSE
from ui.compose import Window
from ui.desk import Desk
from workstation import paths, settings
from workstation.adapters.db.database import Database, migrate
from workstation.adapters.system.clock import SystemClock
from workstation.adapters.system.passwords import ArgonPasswords
from workstation.application.ports import RegisterEntry
from workstation.bootstrap import desk as bootstrap
from workstation.domain.alarm import Alarm
from workstation.domain.call import LineEvent, LineState
from workstation.domain.citizen import Citizen, Device, DeviceClass
from workstation.domain.kind import Outcome
from workstation.domain.names import CitizenId, DeviceName, Kommune

PASSWORD = "hest i stalden 7"
HADERSLEV = Kommune("0510")
SETTINGS = """
[hub]
kommuner = ["0510"]
[database]
url = "sqlite:///{folder}/hub.sqlite"
[broker]
url = "{broker}"
[sip]
kind = "off"
[sign_in]
kind = "password"
"""
KAREN = Citizen(id=CitizenId("c1"), kommune=HADERSLEV, name="Karen Holm", numbers=("+4500741048",))
PENDANTS = [
    Device(
        name=DeviceName(name), kommune=HADERSLEV, device_class=DeviceClass.PENDANT, citizen=KAREN.id
    )
    for name in ("pendant-1", "pendant-2")
]


async def filled(url: str) -> None:
    """Make a hub with two people and a citizen."""
    database = Database.open(url, clock=SystemClock(), machine="m")
    try:
        made = await ArgonPasswords().make(PASSWORD)
        for name in ("anna", "bo"):
            await database.users.add(a_user(name), made)
        await database.register.put([RegisterEntry(citizen=KAREN)], PENDANTS)
    finally:
        database.close()


def write(*words: str) -> None:
    """Type where the keyboard is, and Enter behind each word."""
    for word in words:
        field = QApplication.focusWidget()
        QTest.keyClicks(field, word)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def stands(desk: Desk, device: str) -> Alarm | None:
    return next((one for one in desk.board.alarms() if one.device == device), None)


async def fact(it_is_so: Callable[[], Any]) -> None:
    """Wait on the running loop until `it_is_so`; the database's threads have their turn."""
    loop = asyncio.get_running_loop()
    seen: asyncio.Future[None] = loop.create_future()

    def look() -> None:
        if seen.done():
            return
        if it_is_so():
            seen.set_result(None)
        else:
            loop.call_later(PAUSE, look)

    look()
    await asyncio.wait_for(seen, 40)


class Shift:
    """A desk with its window, which is only typed at, and a colleague at another desk."""

    def __init__(
        self, window: Window, desk: Desk, other: bootstrap.Desk, line: FakeLine, broker: Mosquitto
    ) -> None:
        self.window, self.desk, self.other = window, desk, other
        self.line, self.broker = line, broker

    async def sign_in(self, name: str) -> None:
        await fact(self.window._screens.sign_in.isVisible)
        write(name, PASSWORD)
        await fact(lambda: self.desk.session.who() == name)

    async def colleague(self) -> None:
        await self.other.people.passwords.sign_in("bo", PASSWORD)
        await fact(lambda: "bo" in {one.operator for one in self.desk.roll_call.living()})

    async def take(self, device: str) -> None:
        body = {"id": device, "kind": "emergency", "code": "pendant"}
        self.broker.publish(f"hub/v1/0510/{device}/alarm", json.dumps(body))
        await fact(lambda: stands(self.desk, device))
        press(self.window, Qt.Key.Key_F1)
        await fact(lambda: stands(self.desk, device).taken_by == "anna")

    async def call_and_close(self, device: str) -> None:
        await fact(lambda: self.window._presenters._front.now.card)
        press(self.window, Qt.Key.Key_F2)
        await fact(lambda: self.line.orders)
        assert self.line.orders[0][2] == KAREN.numbers[0]
        press(self.window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
        await fact(lambda: stands(self.desk, device) is None)
        assert self.desk.board.last_resolved.outcome is Outcome.SOLVED_BY_PHONE

    async def sign_out(self) -> None:
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        press(self.window, Qt.Key.Key_U, both)
        await fact(self.window._screens.leaving.isVisible)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)  # the first: give to Bo
        await fact(lambda: self.desk.session.signed_in is None)

    def there(self, device: str) -> Alarm:
        board = self.other.station.board
        return next(one for one in board.alarms() if one.device == device)

    async def run(self) -> None:
        self.line.on_line(LineEvent(state=LineState.READY, at=self.desk.clock.now()))
        await fact(lambda: self.desk.health.part("alarms").state == "ok")
        await self.sign_in("anna")
        await self.colleague()
        await self.take("pendant-1")
        await self.call_and_close("pendant-1")
        await self.take("pendant-2")
        await self.sign_out()
        await fact(lambda: self.there("pendant-2").taken_by == "bo")
        await self.sign_in("bo")
        assert stands(self.desk, "pendant-2").taken_by == "bo"


@pytest.fixture
def loop(qapp: QApplication) -> Any:
    qapp.setQuitOnLastWindowClosed(False)
    with qasync.QEventLoop(qapp) as loop:
        asyncio.set_event_loop(loop)
        yield loop
    asyncio.set_event_loop(None)


def test_a_shift_by_keyboard_alone(
    qapp: QApplication, loop: Any, tmp_path: Path, mosquitto: Callable[..., Mosquitto]
) -> None:
    broker = mosquitto()
    config = tmp_path / "hub.toml"
    config.write_text(SETTINGS.format(folder=tmp_path.as_posix(), broker=broker.url))
    url = f"sqlite:///{tmp_path.as_posix()}/hub.sqlite"
    migrate(url)
    found = settings.load(config, os.environ, defaults=paths.default_config())
    window = Window(qapp, found, [*paths.own_command(), "sound-player"], SystemClock())
    window.frame.resize(1280, 800)
    window.frame.show()
    window.frame.activateWindow()

    async def shift() -> None:
        await filled(url)
        line = FakeLine()
        async with (
            bootstrap.desk(found, instance="left", stand_ins=(), line=line) as one,
            bootstrap.desk(found, instance="right", stand_ins=(), line=FakeLine()) as other,
        ):
            desk = use_cases(one)
            window.attach(desk)
            try:
                await Shift(window, desk, other, line, broker).run()
            finally:
                await window.detach()

    loop.run_until_complete(shift())
    window.close()
