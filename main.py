"""Starts what was asked for: the window, a word that needs none, or one of its own processes."""

from __future__ import annotations

import logging
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from workstation import paths, texts
from workstation.commands import own
from workstation.commands.lives import Life

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path
    from typing import TextIO

    from ui.desk import Desk
    from workstation.adapters.system.only_one import OnlyOne
    from workstation.application.keeping_awake import Awake
    from workstation.bootstrap import desk as opened_desk
    from workstation.settings import Settings

_log = logging.getLogger("workstation.main")


def main(argv: list[str]) -> int:
    """Do what `argv` says; return the exit code."""
    if argv and argv[0] in OWN:
        _catch_faults()
        return OWN[argv[0]](argv[1:])
    from workstation.commands import arguments

    texts.speak("da")
    if paths.is_window_program():
        from workstation.commands import boxed

        return boxed.run(argv, _do)
    return _do(arguments.parse(argv), argv, sys.stdout, sys.stderr)


def _do(wanted: Namespace, argv: Sequence[str], out: TextIO, err: TextIO) -> int:
    from workstation.commands import guard

    if wanted.word not in WINDOWS:
        from workstation.commands import headless

        _catch_faults()
        return guard.guarded(lambda: headless.run(wanted, out, sound=_sound_device), err=err)
    life = Life()
    if wanted.word == "desk" and wanted.restart and not life.is_kept:
        return guard.guarded(lambda: _kept(wanted, argv, out, err), err=err)
    code = guard.guarded(lambda: life.watched(lambda: _window(wanted, life, out)), err=err)
    return life.exit_code(code)


def _kept(wanted: Namespace, argv: Sequence[str], out: TextIO, err: TextIO) -> int:
    """Have a desk kept alive by this process, unless the window is open already."""
    from workstation.commands import keeping

    # Asked here already: Windows lets a window come forward for who was started by the user.
    only = _only(wanted)
    try:
        if _is_open(only, out):
            return 0
    finally:
        only.leave()
    return keeping.keep(argv, err=err)


def _window(wanted: Namespace, life: Life, out: TextIO) -> int:
    """Open the window, unless it is open: then that one comes to the front."""
    only = _only(wanted, keeper=life.keeper)
    try:
        return 0 if _is_open(only, out) else _shown(wanted, life, only)
    finally:
        only.leave()


def _only(wanted: Namespace, *, keeper: int | None = None) -> OnlyOne:
    from workstation.adapters.system.only_one import OnlyOne, Place, folder

    files = [getattr(wanted, name, None) for name in ("config", "data")]
    told_apart_by = [str(file.absolute()) if file else "" for file in files]
    return OnlyOne(Place.of(folder(), wanted.word, wanted.instance, *told_apart_by), keeper=keeper)


def _is_open(only: OnlyOne, out: TextIO) -> bool:
    """Take the place, or bring the window that has it to the front and say so."""
    from workstation.adapters.system.only_one import Turn

    # A folder that cannot be written must not keep the desk away.
    with suppress(OSError):
        if only.come() is Turn.SHOWN:
            out.write(texts._("The window is open already; it has come to the front.") + "\n")
            return True
    return False


def _shown(wanted: Namespace, life: Life, only: OnlyOne) -> int:
    from ui import first_paint
    from workstation.adapters.system.clock import SystemClock
    from workstation.commands import glance

    clock = SystemClock()
    first = first_paint.first_picture(
        *glance.theme_and_name(wanted), now=clock.now(), places=_places(wanted)
    )
    # Loaded behind the picture: all settings, the loop, and then the screens.
    _catch_faults(life)
    from ui import run
    from workstation.commands import loading

    settings = loading.load(wanted)
    return run.window(
        lambda: _opened(wanted, settings, life),
        first=first,
        settings=settings,
        clock=clock,
        sound_command=[*paths.own_command(), "sound-player"],
        shot=wanted.shot,
        quit_after=wanted.quit_after,
        only=only,
        died_at=life.died_at,
    )


def _places(wanted: Namespace) -> Path | None:
    """Return where windows stood; a picture that is asked for is as large as the screen."""
    if wanted.shot is not None:
        return None
    return paths.data() / "places" / f"{wanted.word}-{wanted.instance or 'first'}.json"


@asynccontextmanager
async def _opened(
    wanted: Namespace, settings: Settings, life: Life | None = None
) -> AsyncIterator[Desk]:
    """Open the desk of the settings, or the embedded one, and give the window its use cases."""
    from workstation.bootstrap import demo, desk
    from workstation.commands import ending

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
    with ending.bounded() as ends:
        async with opened as one:
            _log.info("the desk is open")
            try:
                with (life or Life()).lasting():
                    yield use_cases(one)
            finally:
                ends()


def use_cases(one: opened_desk.Desk) -> Desk:
    """Return what the window is given of a desk that is open."""
    from ui.desk import Desk

    station = one.station
    return Desk(
        clock=station.clock,
        session=station.session,
        passwords=one.people.passwords,
        provider=one.people.oidc,
        users=one.people.users,
        handover=one.people.handover,
        idle=one.people.idle,
        roll_call=station.roll_call,
        board=one.people.served,
        desk=station.desk,
        citizens=station.citizens,
        phone=one.phone,
        incoming=one.incoming,
        reminders=one.reminders,
        call_backs=one.call_backs,
        telemetry=station.telemetry,
        round=one.round,
        figures=station.figures,
        health=station.health,
        recorder=one.recorder,
        listening=one.listening,
        call_review=one.call_review,
        save_calls=one.save_calls,
        choose_sound=one.choose_sound,
        awake=_awake(),
        waiting=lambda: station.outage.waiting,
        stand_ins=one.stand_ins,
    )


def _awake() -> Awake | None:
    if sys.platform == "win32":
        from workstation.adapters.windows.power import WindowsAwake

        return WindowsAwake()
    return None


def _catch_faults(life: Life | None = None) -> None:
    from workstation.adapters.system import discretion

    discretion.catch_faults(life.note if life else lambda _error: None)


def _sound_device(settings: Settings) -> str:
    from ui import sound_check

    command = [*paths.own_command(), "sound-player"]
    return sound_check.device(command, settings.sound.device or "")


def _sound_player(argv: list[str]) -> int:
    from ui import sound_process

    return sound_process.main(paths.resources() / "sounds", *(argv or [""])[:2])


WINDOWS = frozenset({"desk", "demo"})
"""The words that open the window, which is painted before database and broker are loaded."""

OWN: dict[str, Callable[[list[str]], int]] = {**own.WORDS, "sound-player": _sound_player}
"""Hidden words: how the program starts its own processes."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
