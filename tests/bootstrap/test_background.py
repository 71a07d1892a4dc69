"""Work beside everything else: kept alive, told when it fails, ended together."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from workstation.application.errors import StoreUnavailable
from workstation.bootstrap.background import Background


def run(act: Callable[[Background], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        background = Background()
        try:
            await asyncio.wait_for(act(background), 10)
        finally:
            await background.stop()

    asyncio.run(whole())


def test_a_beat_goes_on_though_it_fails(caplog) -> None:
    async def act(background: Background) -> None:
        beats: list[int] = []
        enough = asyncio.Event()

        async def beat() -> None:
            beats.append(1)
            match len(beats):
                case 1:
                    raise KeyError("ours")
                case 2:
                    raise StoreUnavailable("locked")
                case 3:
                    enough.set()
                case _:
                    pass

        background.every(0.001, beat, at_once=True)
        await enough.wait()

    run(act)
    failures = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.getMessage() for record in failures] == ["a watch failed"]


def test_a_failure_of_work_nobody_waits_for_is_in_the_log(caplog) -> None:
    async def act(background: Background) -> None:
        failed = asyncio.Event()

        async def work() -> None:
            failed.set()
            raise KeyError("ours")

        background.run(work())
        await failed.wait()

    run(act)
    assert "work in the background failed" in caplog.text


def test_stopping_ends_what_runs_and_what_that_begins_while_ending() -> None:
    ended: list[str] = []

    async def act(background: Background) -> None:
        begun = asyncio.Event()

        async def late() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("late")

        async def work() -> None:
            try:
                begun.set()
                await asyncio.Event().wait()
            finally:
                ended.append("work")
                background.run(late())

        background.run(work())
        await begun.wait()
        await background.stop()

    run(act)
    assert ended[0] == "work"


def test_work_that_misses_that_it_is_to_end_is_told_again() -> None:
    told: list[str] = []

    async def act(background: Background) -> None:
        begun = asyncio.Event()

        async def deaf() -> None:
            for word in ("first", "again"):
                try:
                    begun.set()
                    await asyncio.Event().wait()
                except asyncio.CancelledError:
                    told.append(word)

        background.run(deaf())
        await begun.wait()
        await background.stop()

    run(act)
    assert told == ["first", "again"]
