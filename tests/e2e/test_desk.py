"""From a device's alarm to the citizen's voice, in the real window, on real parts."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from main import use_cases
from tests.hearing import tone_share
from tests.peers.baresip import Baresip
from tests.peers.mosquitto import Mosquitto
from tests.peers.process import free_port
from ui.compose import Window
from workstation import paths, settings
from workstation.adapters.system.clock import SystemClock
from workstation.application.callback import NoNumber
from workstation.application.ports import CallLine
from workstation.bootstrap import desk as bootstrap
from workstation.bootstrap import telephone
from workstation.complaints import sentence
from workstation.domain.call import CallState
from workstation.domain.kind import Outcome
from workstation.settings import Settings

ROOT = Path(__file__).parents[2]
TONE = 440
REGISTER = """record;citizen;kommune;name;numbers;device;class;title;kind;text
citizen;c1;0510;Karen Margrethe Holm;{number};;;;;
instruction;c1;;;;;;;emergency;Ring op. Hører dårligt.
device;c1;0510;;;pendant-1;pendant;Halskæde;;
"""
SETTINGS = """
[hub]
kommuner = ["0510"]
operator = "Anna"
[database]
url = "sqlite:///{folder}/hub.sqlite"
[broker]
url = "{broker}"
[sip]
kind = "direct"
address = "127.0.0.1:{sip}"
sound = "null"
"""


class Recording:
    """The line of the settings, with what it hears kept as WAV."""

    def __init__(self, line: CallLine, folder: Path) -> None:
        self._line = line
        self.files: list[Path] = []
        self._folder = folder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._line, name)

    def call(self, call: Any, target: str, *, record: Path | None = None) -> None:
        self.files.append(self._folder / f"{call}.wav")
        self._line.call(call, target, record=self.files[-1])


def main(*words: str) -> str:
    """Run main.py and return what it printed."""
    command = [sys.executable, str(ROOT / "main.py"), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


async def fact(it_is_so: Callable[[], Any], *, within: float = 15.0) -> Any:
    """Wait on the running loop until `it_is_so`, and return what it returned."""
    async with asyncio.timeout(within):
        while not (found := it_is_so()):  # noqa: ASYNC110 - what a window shows has no event
            await asyncio.sleep(0)
    return found


@pytest.fixture
def loop(qapp: QApplication) -> Any:
    qapp.setQuitOnLastWindowClosed(False)
    with qasync.QEventLoop(qapp) as loop:
        asyncio.set_event_loop(loop)
        yield loop
    asyncio.set_event_loop(None)


class Bench:
    """One desk with its window, a broker and a citizen who picks up the telephone."""

    def __init__(self, folder: Path, broker: Mosquitto, number: str, sip_port: int) -> None:
        self.folder, self.broker = folder, broker
        self.config = folder / "hub.toml"
        self.config.write_text(
            SETTINGS.format(folder=folder.as_posix(), broker=broker.url, sip=sip_port)
        )
        register = folder / "register.csv"
        register.write_text(REGISTER.format(number=number))
        main("register", "--import", str(register), "--config", str(self.config))
        self.settings: Settings = settings.load(
            self.config, os.environ, defaults=paths.default_config()
        )

    @asynccontextmanager
    async def desk(self, qapp: QApplication, line: CallLine | None = None) -> Any:
        command = [*paths.own_command(), "sound-player"]
        window = Window(qapp, self.settings, command, SystemClock())
        window.frame.resize(1920, 1080)
        window.frame.show()
        opened = bootstrap.desk(self.settings, instance="", stand_ins=(), line=line)
        async with opened as one:
            desk = use_cases(one)
            window.attach(desk)
            # A broker keeps messages for a session only once it knows it.
            try:
                await fact(lambda: desk.health.part("alarms").state == "ok")
                yield window, desk
            finally:
                await window.detach()
        window.close()

    def publish(self, **body: object) -> None:
        self.broker.publish("hub/v1/0510/pendant-1/alarm", json.dumps(body))

    def alarms(self) -> list[dict[str, Any]]:
        printed = main("alarms", "--config", str(self.config), "--json", "--all")
        return [json.loads(line) for line in printed.splitlines()]


def rows(window: Window) -> list[str]:
    """Return what the queue says, a text per row."""
    model = window._screens.queue.rows.model()
    return [
        " ".join(
            str(model.index(row, column).data(Qt.ItemDataRole.DisplayRole))
            for column in range(model.columnCount())
        )
        for row in range(model.rowCount())
    ]


def press(window: Window, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    QTest.keyClick(window.frame, key, modifier or Qt.KeyboardModifier.NoModifier)


def run(loop: Any, work: Coroutine[Any, Any, None]) -> None:
    loop.run_until_complete(work)


def test_an_alarm_is_seen_taken_called_back_heard_closed_and_read_back(
    qapp: QApplication, loop: Any, tmp_path: Path, mosquitto: Callable[..., Mosquitto]
) -> None:
    peer = Baresip(tmp_path / "baresip", tone=TONE)
    peer.start()
    try:
        bench = Bench(tmp_path, mosquitto(), f"sip:bs@127.0.0.1:{peer.port}", peer.port)
        line = Recording(telephone.line(bench.settings, SystemClock()), tmp_path)
        run(loop, _an_alarms_life(qapp, bench, line))
    finally:
        peer.stop()
    assert tone_share(line.files[0], TONE) > 0.9, "the citizen's tone was heard"
    (alarm,) = bench.alarms()
    assert alarm["id"]
    assert (alarm["kind"], alarm["code"], alarm["device"]) == ("emergency", "pendant", "pendant-1")
    assert (alarm["state"], alarm["outcome"]) == ("resolved", "solved_by_phone")
    assert (alarm["taken_by"], alarm["citizen"], alarm["repeats"]) == ("Anna", "c1", 1)
    (call,) = map(json.loads, main("calls", "--config", str(bench.config), "--json").splitlines())
    assert (call["result"], call["alarm"], call["citizen"]) == ("answered", alarm["id"], "c1")


async def _an_alarms_life(qapp: QApplication, bench: Bench, line: Recording) -> None:
    receipts = bench.broker.listen("hub/v1/0510/pendant-1/receipt")
    try:
        async with bench.desk(qapp, line) as (window, desk):
            bench.publish(id="1", at="2026-11-23T01:00:00Z", kind="emergency", code="pendant")
            await fact(lambda: any("Karen Margrethe Holm" in row for row in rows(window)))
            assert len(rows(window)) == 1
            press(window, Qt.Key.Key_F1)
            alarm = await fact(lambda: [one for one in desk.board.alarms() if one.taken_by])
            await fact(lambda: window._presenters._front.now.card)
            bench.publish(id="2", at="2026-11-23T01:00:09Z", kind="emergency", code="pendant")
            await fact(lambda: desk.board.alarms()[0].repeats == 1)
            press(window, Qt.Key.Key_F2)
            await fact(lambda: desk.phone.view.state is CallState.IN_CALL)
            talked = asyncio.get_running_loop().time() + 1.5
            await fact(lambda: asyncio.get_running_loop().time() > talked)
            press(window, Qt.Key.Key_F6)
            await fact(lambda: desk.phone.view.state is CallState.ENDED)
            press(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
            await fact(lambda: desk.board.get(alarm[0].id) is None)
            assert desk.board.last_resolved.outcome is Outcome.SOLVED_BY_PHONE
            await fact(lambda: rows(window) == [])
            states = [json.loads(payload) for _topic, payload in receipts.wait_for(3)]
            assert {"id": "1", "state": "stored"} in states
            assert {"id": "1", "state": "taken"} in states
            steps = [type(one.step).__name__ for one in await desk.desk.history(alarm[0].id)]
            assert steps == ["Raised", "Taken", "Repeated", "Called", "Resolved"]
    finally:
        receipts.stop()


def test_the_sip_process_dies_and_the_desk_says_so_and_lives_on(
    qapp: QApplication, loop: Any, tmp_path: Path, mosquitto: Callable[..., Mosquitto]
) -> None:
    peer = Baresip(tmp_path / "baresip", tone=TONE)
    peer.start()
    try:
        bench = Bench(tmp_path, mosquitto(), f"sip:bs@127.0.0.1:{peer.port}", peer.port)
        run(loop, _a_crash(qapp, bench))
    finally:
        peer.stop()
    (call, again) = map(
        json.loads, main("calls", "--config", str(bench.config), "--json").splitlines()
    )
    assert (call["result"], again["result"]) == ("line_lost", "answered")


async def _a_crash(qapp: QApplication, bench: Bench) -> None:
    line = telephone.line(bench.settings, SystemClock())
    async with bench.desk(qapp, line) as (window, desk):
        bench.publish(id="1", kind="emergency", code="pendant")
        await fact(lambda: rows(window))
        press(window, Qt.Key.Key_F1)
        await fact(lambda: window._presenters._front.now.card)
        await fact(lambda: desk.health.part("telephone").state == "ok")
        press(window, Qt.Key.Key_F2)
        await fact(lambda: desk.phone.view.state is CallState.IN_CALL)
        os.kill(line.pid, 9)
        await fact(lambda: desk.phone.view.state is CallState.ENDED)
        assert desk.phone.view.result == "line_lost"
        await fact(lambda: desk.phone.view.line.state == "ready")
        press(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        await fact(lambda: desk.phone.view.state is CallState.IN_CALL)
        press(window, Qt.Key.Key_F6)
        await fact(lambda: desk.phone.view.state is CallState.ENDED)


def test_a_citizen_without_a_number_is_one_sentence(
    qapp: QApplication, loop: Any, tmp_path: Path, mosquitto: Callable[..., Mosquitto]
) -> None:
    bench = Bench(tmp_path, mosquitto(), "", free_port())
    run(loop, _no_number(qapp, bench))


async def _no_number(qapp: QApplication, bench: Bench) -> None:
    async with bench.desk(qapp) as (window, desk):
        bench.publish(id="1", kind="emergency", code="pendant")
        await fact(lambda: rows(window))
        press(window, Qt.Key.Key_F1)
        await fact(lambda: window._presenters._front.now.card)
        press(window, Qt.Key.Key_F2)
        await fact(lambda: sentence(NoNumber()) in window._screens.notices.sentences)
        assert desk.phone.view.state is None
        assert desk.board.alarms()[0].taken_by == "Anna"


def test_an_alarm_that_cannot_be_stored_is_shown_marked_and_stored_later(
    qapp: QApplication, loop: Any, tmp_path: Path, mosquitto: Callable[..., Mosquitto]
) -> None:
    bench = Bench(tmp_path, mosquitto(), "", free_port())
    run(loop, _locked(qapp, bench))
    (alarm,) = bench.alarms()
    assert (alarm["code"], alarm["repeats"]) == ("pendant", 0)


async def _locked(qapp: QApplication, bench: Bench) -> None:
    async with bench.desk(qapp) as (window, desk):
        # Another program that holds the file.
        holder = sqlite3.connect(bench.folder / "hub.sqlite", isolation_level=None)
        try:
            holder.execute("BEGIN EXCLUSIVE")
            bench.publish(id="1", kind="emergency", code="pendant")
            await fact(lambda: rows(window))
            await fact(lambda: not desk.board.alarms()[0].saved)
            await fact(lambda: desk.health.part("database").state == "down")
            holder.execute("ROLLBACK")
        finally:
            holder.close()
        await fact(lambda: desk.board.alarms()[0].saved)
        await fact(lambda: desk.health.part("database").state == "ok")
