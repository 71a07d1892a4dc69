"""Citizens telephone the hub: the real window and line, and telephones that call it."""

import asyncio
import random
import socket
from collections.abc import Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from main import use_cases
from tests.adapters.sip.test_garbage import mangled, request
from tests.e2e.test_desk import fact, loop, main
from tests.peers.mosquitto import Mosquitto
from tests.peers.process import free_port
from tests.peers.simulated_phone import SimulatedPhone
from tests.waiting import until
from ui.compose import Window
from workstation import paths, settings
from workstation.adapters.system.clock import SystemClock
from workstation.bootstrap import desk as bootstrap
from workstation.domain.call import CallRecord, CallState
from workstation.domain.kind import Kind, Source

__all__ = ["loop"]  # a fixture

KAREN, SVEND, UNIT = "+4500741048", "+4500741049", "4711"
REGISTER = f"""record;citizen;kommune;name;numbers;device;class;title;kind;text;profile
citizen;c1;0510;Karen Margrethe Holm;{KAREN};;;;;;
citizen;c2;0510;Svend Aage Bruun;{SVEND};;;;;;
device;c1;0510;;;{UNIT};gateway;Apparat;;;volume_3_up
"""
SETTINGS = """
[hub]
kommuner = ["0510"]
operator = "Anna"
language = "en"
[database]
url = "sqlite:///{folder}/hub.sqlite"
[broker]
url = "{broker}"
[sip]
kind = "direct"
address = "127.0.0.1:{peer}"
port = {port}
sound = "null"
simulated = true
"""


class Bench:
    """One desk that can be called, and the telephones of its citizens."""

    def __init__(self, folder: Path, broker: Mosquitto) -> None:
        self.port = free_port()
        self.phones = SimulatedPhone({})
        config = folder / "hub.toml"
        config.write_text(
            SETTINGS.format(
                folder=folder.as_posix(), broker=broker.url, peer=self.phones.port, port=self.port
            )
        )
        register = folder / "register.csv"
        register.write_text(REGISTER)
        main("register", "--import", str(register), "--config", str(config))
        self.settings = settings.load(config, {}, defaults=paths.default_config())

    def call(self, *callers: str, **more: Any) -> None:
        to = f"sip:hub@127.0.0.1:{self.port}"
        self.phones.say({"calls": [{"caller": one, "to": to, **more} for one in callers]})

    @asynccontextmanager
    async def desk(self, app: QApplication) -> Any:
        window = Window(app, self.settings, [*paths.own_command(), "sound-player"], SystemClock())
        window.frame.show()
        async with bootstrap.desk(self.settings, instance="", stand_ins=()) as desk:
            window.attach(use_cases(desk))
            try:
                await fact(lambda: "READY" in repr(desk.phone.view.line))
                yield window, desk
            finally:
                await window.detach()
        window.close()


@pytest.fixture
def bench(tmp_path: Path, mosquitto: Callable[..., Mosquitto]) -> Any:
    made = Bench(tmp_path, mosquitto())
    yield made
    made.phones.stop()


def press(window: Window, key: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.frame, key, held)


def lines(window: Window) -> list[str]:
    bar = window._screens.ringing
    return [line.shown.name for line in bar._lines if not line.isHidden()]


def fewer(desk: Any, than: int) -> bool:
    return len(desk.incoming.waiting()) < than


async def rings(bench: Bench, window: Window) -> None:
    """Have Karen call, and see her ring."""
    bench.call(KAREN)
    await fact(lambda: lines(window) == ["Karen Margrethe Holm"])


async def in_call(bench: Bench, window: Window, desk: Any) -> None:
    """Have Karen call, and answer her."""
    await rings(bench, window)
    press(window, Qt.Key.Key_F10)
    await fact(lambda: desk.phone.view.state is CallState.IN_CALL)


async def logged(desk: Any, number: int) -> list[CallRecord]:
    """Return the call log once so many calls stand in it that are over."""
    async with asyncio.timeout(15):
        while True:
            records = await desk.station.database.calls.listed()
            if len([one for one in records if one.ended_at is not None]) == number:
                return list(records)


def test_who_calls_is_answered_by_one_key_and_a_second_with_the_first_on_hold(
    bench: Bench, qapp: QApplication, loop: qasync.QEventLoop
) -> None:
    async def shift() -> None:
        async with bench.desk(qapp) as (window, desk):
            await rings(bench, window)
            (alarm,) = await fact(desk.station.board.alarms)
            assert (alarm.kind, alarm.source, alarm.citizen) == (Kind.EMERGENCY, Source.VOICE, "c1")
            press(window, Qt.Key.Key_F10)
            await fact(lambda: desk.phone.view.state is CallState.IN_CALL)
            await fact(lambda: bench.phones.heard("call", user=KAREN, state="answered"))
            await fact(lambda: desk.station.board.get(alarm.id).taken_by == "Anna")
            bench.call(SVEND)
            await fact(lambda: lines(window) == ["Svend Aage Bruun"])
            press(window, Qt.Key.Key_F10)
            await fact(lambda: desk.phone.view.citizen == "c2")
            await fact(lambda: desk.phone.view.state is CallState.IN_CALL)
            await fact(lambda: [one.held for one in desk.phone.view.others] == [True])
            press(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
            await fact(lambda: desk.phone.view.joined)
            assert desk.phone.view.citizen == "c2"
            press(window, Qt.Key.Key_F6)
            await fact(lambda: desk.phone.view.state is CallState.ENDED)
            press(window, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
            await fact(lambda: desk.phone.view.citizen == "c1")
            press(window, Qt.Key.Key_F6)
            await fact(lambda: desk.phone.is_free)
            records = await logged(desk, 2)
            assert [(one.incoming, one.citizen, one.result) for one in records] == [
                (True, "c1", "answered"),
                (True, "c2", "answered"),
            ]
            assert records[0].alarm == alarm.id

    loop.run_until_complete(shift())


def test_who_gives_up_stays_as_an_alarm_to_call_back(
    bench: Bench, qapp: QApplication, loop: qasync.QEventLoop
) -> None:
    async def shift() -> None:
        async with bench.desk(qapp) as (window, desk):
            bench.call(KAREN, gives_up_after_s=0.5)
            await fact(lambda: lines(window) == ["Karen Margrethe Holm"])
            await fact(lambda: not desk.incoming.waiting())
            said = window._screens.notices.sentences
            assert any(one.startswith("Karen Margrethe Holm gave up") for one in said), said
            (alarm,) = desk.station.board.alarms()
            assert alarm.is_untaken
            (record,) = await logged(desk, 1)
            assert (record.result, record.incoming) == ("abandoned", True)

    loop.run_until_complete(shift())


def pelt(port: int, packets: int) -> None:
    """Throw broken and whole packets, no faster than they are read."""
    dice = random.Random(9)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thrower:
        for number in range(packets):
            thrower.sendto(mangled(dice, request(dice, number, port)), ("127.0.0.1", port))
            if number % 25 == 0:
                until(lambda: not unread(port))


def unread(port: int) -> int:
    """Return how many bytes wait in the kernel for whoever listens there."""
    rows = [row.split() for row in Path("/proc/net/udp").read_text(encoding="ascii").splitlines()]
    return sum(int(row[4].partition(":")[2], 16) for row in rows if row[1].endswith(f":{port:04X}"))


def test_ten_thousand_broken_packets_leave_the_desk_working(
    bench: Bench, qapp: QApplication, loop: qasync.QEventLoop
) -> None:
    async def shift() -> None:
        async with bench.desk(qapp) as (window, desk):
            await in_call(bench, window, desk)
            await asyncio.to_thread(pelt, bench.port, 10_000)
            assert desk.phone.view.state is CallState.IN_CALL
            assert desk.phone.view.citizen == "c1"
            press(window, Qt.Key.Key_F6)
            await fact(lambda: desk.phone.view.state is CallState.ENDED)
            bench.call(SVEND)
            await fact(lambda: "Svend Aage Bruun" in lines(window))
            # Nameless calls of the noise ring before him: they are left, and fold into one alarm.
            while lines(window)[0] != "Svend Aage Bruun":
                ringing = len(desk.incoming.waiting())
                press(window, Qt.Key.Key_F10, Qt.KeyboardModifier.ControlModifier)
                await fact(partial(fewer, desk, than=ringing))
            press(window, Qt.Key.Key_F10)
            await fact(lambda: desk.phone.view.citizen == "c2")
            await fact(lambda: desk.phone.view.state is CallState.IN_CALL)
            raised = [alarm.device for alarm in desk.station.board.alarms()]
            assert len(raised) == len(set(raised))
            assert {KAREN, SVEND} <= set(raised)

    loop.run_until_complete(shift())
