"""Starts what was asked for: the window, a word that needs none, or one of its own processes."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from workstation import paths, texts
from workstation.settings import Settings

if TYPE_CHECKING:
    from ui.desk import Desk


def main(argv: list[str]) -> int:
    """Do what `argv` says; return the exit code."""
    if argv and argv[0] in OWN:
        return OWN[argv[0]](argv[1:])
    from workstation.commands import arguments, guard, loading

    texts.speak("da")
    wanted = arguments.parse(argv)
    if wanted.word not in WINDOWS:
        from workstation.commands import headless

        return guard.guarded(
            lambda: headless.run(wanted, sys.stdout, sound=_sound_device), err=sys.stderr
        )
    return guard.guarded(lambda: _window(wanted, loading.load(wanted)), err=sys.stderr)


def _window(wanted: Namespace, settings: Settings) -> int:
    from ui import run
    from workstation.adapters.system.clock import SystemClock

    return run.window(
        lambda: _opened(wanted, settings),
        settings=settings,
        clock=SystemClock(),
        sound_command=[*paths.own_command(), "sound-player"],
        shot=wanted.shot,
        quit_after=wanted.quit_after,
    )


@asynccontextmanager
async def _opened(wanted: Namespace, settings: Settings) -> AsyncIterator[Desk]:
    """Open the desk of the settings, or the embedded one, and give the window its use cases."""
    from ui.desk import Desk
    from workstation.bootstrap import demo, desk

    if wanted.word == "demo":
        data = wanted.data or paths.data() / "demo"
        opened = demo.desk(
            settings, demo.Demo(seed=wanted.seed, scenario=wanted.scenario, data=data)
        )
    elif settings.broker.is_embedded:
        opened = demo.desk(settings, demo.Demo())
    else:
        plain = desk.stand_ins(settings)
        opened = desk.desk(settings, instance=wanted.instance, stand_ins=plain)
    async with opened as one:
        station = one.station
        yield Desk(
            clock=station.clock,
            operator=station.operator,
            board=station.board,
            desk=station.desk,
            citizens=station.citizens,
            phone=one.phone,
            telemetry=station.telemetry,
            round=one.round,
            figures=station.figures,
            health=station.health,
            stand_ins=one.stand_ins,
        )


def _sound_device(settings: Settings) -> str:
    from ui import sound_check

    command = [*paths.own_command(), "sound-player"]
    return sound_check.device(command, settings.sound.device or "")


def _sip_line(_argv: list[str]) -> int:
    from workstation.adapters.sip import line_process

    return line_process.run()


def _simulated_phone(argv: list[str]) -> int:
    from workstation.adapters.simulated import phone

    return phone.run(argv)


def _simulated_devices(argv: list[str]) -> int:
    from workstation.commands import simulated_devices

    return simulated_devices.run(argv)


def _embedded_broker(argv: list[str]) -> int:
    from workstation.adapters.mqtt import embedded_broker

    return embedded_broker.run_amqtt(int(argv[argv.index("--port") + 1]))


def _sound_player(argv: list[str]) -> int:
    from ui import sound_process

    return sound_process.main(paths.resources() / "sounds", argv[0] if argv else "")


WINDOWS = frozenset({"desk", "demo"})
"""The words that open the window, which is painted before database and broker are loaded."""

OWN: dict[str, Callable[[list[str]], int]] = {
    "sip-line": _sip_line,
    "simulated-phone": _simulated_phone,
    "simulated-devices": _simulated_devices,
    "embedded-broker": _embedded_broker,
    "sound-player": _sound_player,
}
"""Hidden words: how the program starts its own processes, so that the frozen one can, too."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
