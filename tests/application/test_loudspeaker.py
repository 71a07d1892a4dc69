"""The machine's own volume reaches the lamp, asked beside the loop."""

import asyncio
import threading

from tests.fakes import FakeClock
from workstation.application.health import MUTED, SOUND, DeskHealth, Volume
from workstation.application.loudspeaker import LoudspeakerWatch


class Speaker:
    def __init__(self) -> None:
        self.found: Volume | None = None
        self.asked: list[str] = []
        self.threads: set[threading.Thread] = set()

    def volume(self, device: str) -> Volume | None:
        self.asked.append(device)
        self.threads.add(threading.current_thread())
        return self.found


def test_the_device_that_sounds_is_asked_and_not_by_the_loop(clock: FakeClock) -> None:
    speaker, health = Speaker(), DeskHealth()
    watch = LoudspeakerWatch(speaker=speaker, health=health, clock=clock, least_percent=30)

    async def looks() -> None:
        await watch.look()
        health.sound(works=True, at=clock.now(), device="Speakers (USB)")
        for muted in (False, True, False):
            speaker.found = Volume(muted=muted, percent=100)
            await watch.look()
            assert (health.part(SOUND).reason == MUTED) is muted

    asyncio.run(looks())
    assert speaker.asked == ["", *["Speakers (USB)"] * 3]
    assert threading.main_thread() not in speaker.threads
