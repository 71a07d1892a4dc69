"""One number at two desks of one hub: both ring, one has the call, the other is told who."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from main import use_cases
from tests.e2e.test_called import lines, press
from tests.e2e.test_desk import fact, loop, main
from tests.peers.kamailio import DOMAIN, Kamailio
from tests.peers.mosquitto import Mosquitto
from tests.peers.telephone import Telephone
from ui.compose import Window
from workstation import paths, settings
from workstation.adapters.system.clock import SystemClock
from workstation.application.incoming import Left
from workstation.bootstrap import desk as bootstrap
from workstation.domain.alarm import State
from workstation.domain.call import CallResult, CallState
from workstation.domain.kind import Kind, Source

__all__ = ["loop"]  # a fixture

pytestmark = pytest.mark.peer

NAMES = ("Anna", "Bo")
USERS = {"hub": "secret", "karen": "pass"}
SETTINGS = """
[hub]
kommuner = ["0510"]
operator = "{operator}"
language = "en"
[database]
url = "{database}"
[broker]
url = "{broker}"
[sip]
kind = "registrar"
address = "{registrar}"
username = "hub@{domain}"
password_env = "HUB_PASSWORD"
sound = "null"
simulated = true
"""


class Bench:
    """A hub whose two desks have one number at a real telephone system."""

    def __init__(self, folder: Path, database: str, broker: str) -> None:
        self.registrar = Kamailio(folder / "kamailio", USERS)
        self.registrar.start()
        self._folder, self._database, self._broker = folder, database, broker

    def settings_of(self, operator: str) -> Any:
        return settings.load(self._config(operator), {}, defaults=paths.default_config())

    def karen(self) -> Telephone:
        """A telephone of hers, not yet registered."""
        own = {"kind": "registrar", "username": f"karen@{DOMAIN}", "password": "pass"}
        return Telephone(self.registrar.address, setup=own)

    def stored(self) -> list[str]:
        """Return every alarm there is, open or not."""
        return main("alarms", "--all", "--json", "--config", str(self._config("Anna"))).splitlines()

    def _config(self, operator: str) -> Path:
        config = self._folder / f"{operator}.toml"
        config.write_text(
            SETTINGS.format(
                operator=operator,
                database=self._database,
                broker=self._broker,
                registrar=self.registrar.address,
                domain=DOMAIN,
            )
        )
        return config


@pytest.fixture
def bench(
    tmp_path: Path,
    postgres_url: str,
    mosquitto: Callable[..., Mosquitto],
    monkeypatch: pytest.MonkeyPatch,
) -> Any:
    monkeypatch.setenv("HUB_PASSWORD", "secret")
    made = Bench(tmp_path, postgres_url, mosquitto().url)
    yield made
    made.registrar.stop()


def taken_by(desk: Any) -> str:
    """Return who has the one alarm that this desk shows."""
    (alarm,) = desk.station.board.alarms()
    return alarm.taken_by or ""


def test_both_ring_one_has_it_and_the_other_shows_who(bench: Bench) -> None:
    async def shift() -> None:
        async with AsyncExitStack() as stack:
            one, two = [
                await stack.enter_async_context(
                    bootstrap.desk(bench.settings_of(name), instance=name, stand_ins=())
                )
                for name in NAMES
            ]
            left: list[Left] = []
            two.incoming.watch_left(left.append)
            await fact(lambda: all("READY" in repr(desk.phone.view.line) for desk in (one, two)))
            karen = await asyncio.to_thread(bench.karen)
            stack.callback(karen.stop)
            await asyncio.to_thread(karen.ready)
            call = karen.dial(f"sip:hub@{DOMAIN}")
            for desk in (one, two):
                await fact(desk.incoming.waiting)
                await fact(desk.station.board.alarms)
            one.incoming.answer()
            await fact(lambda: one.phone.view.state is CallState.IN_CALL)
            await fact(lambda: left)
            assert [told.result for told in left] == [CallResult.TAKEN_ELSEWHERE]
            assert not two.incoming.waiting()
            await fact(lambda: all(taken_by(desk) for desk in (one, two)))
            # Who sits at a shared hub's desk without a sign-in is named after the desk.
            assert taken_by(one) == taken_by(two)
            assert taken_by(two).endswith("-Anna")
            (alarm,) = two.station.board.alarms()
            assert (alarm.kind, alarm.source, alarm.state) == (
                Kind.EMERGENCY,
                Source.VOICE,
                State.TAKEN,
            )
            assert two.incoming.alarm_of(left[0].waiting) == alarm
            karen.line.hang_up(call)
            await fact(lambda: one.phone.is_free)
        assert len(bench.stored()) == 1

    asyncio.run(shift())


def test_two_windows_ring_one_answers_by_key_and_the_other_says_who(
    bench: Bench, qapp: QApplication, loop: qasync.QEventLoop
) -> None:
    async def shift() -> None:
        async with AsyncExitStack() as stack:
            anna, bo = [
                await stack.enter_async_context(at_work(qapp, bench, name)) for name in NAMES
            ]
            karen = await asyncio.to_thread(bench.karen)
            stack.callback(karen.stop)
            await asyncio.to_thread(karen.ready)
            call = karen.dial(f"sip:hub@{DOMAIN}")
            await fact(lambda: lines(anna) and lines(bo))
            anna.frame.activateWindow()
            await fact(anna.frame.isActiveWindow)
            press(anna, Qt.Key.Key_F10)
            await fact(lambda: not lines(anna) and not lines(bo))
            await fact(lambda: any("Anna" in one for one in bo._screens.notices.sentences))
            karen.line.hang_up(call)

    loop.run_until_complete(shift())


@asynccontextmanager
async def at_work(app: QApplication, bench: Bench, name: str) -> AsyncIterator[Window]:
    """The window of an operator whose line is ready."""
    own = bench.settings_of(name)
    window = Window(app, own, [*paths.own_command(), "sound-player"], SystemClock())
    window.frame.show()
    async with bootstrap.desk(own, instance=name, stand_ins=()) as desk:
        window.attach(use_cases(desk))
        try:
            await fact(lambda: "READY" in repr(desk.phone.view.line))
            yield window
        finally:
            await window.detach()
    window.close()
