"""Many desks that lose their broker at the same instant: how they come back, without waiting for it."""

import random

from tests.fakes import FakeClock
from workstation.adapters.mqtt.pauses import Pauses


def returning(clients: int, away_s: float, seed: int) -> list[float]:
    """Return when each client is back, in seconds after the broker is, in their order.

    Each attempt before that fails at once, as it does where nobody listens.
    """
    chance = random.Random(seed)
    return sorted(_back(away_s, chance) for _ in range(clients))


def busiest(arrivals: list[float], window_s: float = 0.1) -> int:
    """Return the most of them that come within one `window_s`."""
    return max(sum(start <= at < start + window_s for at in arrivals) for start in arrivals)


def _back(away_s: float, chance: random.Random) -> float:
    clock = FakeClock()
    pauses = Pauses(clock, between=chance.uniform)
    pauses.connected()
    clock.advance(60)
    lost_at = clock.monotonic()
    pauses.ended()
    while clock.monotonic() - lost_at < away_s:
        clock.advance(pauses.next())
    return clock.monotonic() - lost_at - away_s
