"""Some desks of many in one process: whole stations, each with its own name at the broker.

Arguments: the settings file, the number of this process, how many desks. After a line on stdin it
waits until all have broker and database again, and tells when each had (`time.monotonic`).
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.measuring import tell, tell_ready
from workstation import paths, settings
from workstation.application.health import ALARMS, DATABASE, Works
from workstation.bootstrap import rules
from workstation.bootstrap.opening import station
from workstation.bootstrap.station import Station

_PATIENCE_S = 60.0
_PARTS = {"broker": ALARMS, "database": DATABASE}


class Back:
    """When one desk's parts worked again after they had not."""

    def __init__(self, one: Station) -> None:
        self.at: dict[str, float] = {}
        self._one = one
        self._lost: set[str] = set()
        one.health.watch(self._look)

    def _look(self) -> None:
        for name, part in _PARTS.items():
            works = self._one.health.part(part).state is not Works.DOWN
            if not works:
                self._lost.add(name)
                self.at.pop(name, None)
            elif name in self._lost:
                self.at.setdefault(name, time.monotonic())

    @property
    def is_back(self) -> bool:
        """Whether it has lost both and has both again."""
        return self.at.keys() == _PARTS.keys()


async def herd(config: Path, number: int, desks: int) -> None:
    """Open the desks, lose everything with them, and tell when they were back."""
    found = settings.load(config, {}, defaults=paths.default_config())
    async with AsyncExitStack() as stack:
        stations = [
            await stack.enter_async_context(
                station(
                    found,
                    role="desk",
                    instance=f"{number}-{one}",
                    session=rules.session(found, f"{number}-{one}"),
                )
            )
            for one in range(desks)
        ]
        works = (ALARMS, DATABASE)
        await _until(
            lambda: all(
                one.health.part(name).state is Works.OK for one in stations for name in works
            )
        )
        backs = [Back(one) for one in stations]
        tell_ready()
        await asyncio.to_thread(sys.stdin.readline)
        await _until(lambda: all(back.is_back for back in backs))
        tell(**{name: [back.at[name] for back in backs if name in back.at] for name in _PARTS})


async def _until(fact: Callable[[], bool]) -> None:
    """Wait until it is so, for so long and no longer."""
    end = time.monotonic() + _PATIENCE_S
    while not fact() and time.monotonic() < end:  # noqa: ASYNC110 - of many stations at once
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(herd(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
