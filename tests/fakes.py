"""Hand-written stand-ins for ports."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from workstation.application.session import Session, SignedIn
from workstation.domain.names import Kommune, Operator
from workstation.domain.rights import Role


class FakeClock:
    """A clock that stands still until the test moves it."""

    def __init__(self, start: datetime = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._monotonic = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def advance(self, seconds: float) -> datetime:
        """Move on and return the new time."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
        return self._now

    def set(self, now: datetime) -> None:
        """Jump, as a clock does that is corrected; `monotonic` stays."""
        self._now = now


class FakeFeed:
    """A MessageFeed in memory: `say` delivers a message, `acknowledged` and `published` tell."""

    def __init__(self) -> None:
        self.acknowledged: list[object] = []
        self.published: list[tuple[str, bytes]] = []
        self.topics: list[str] = []
        self.connected = True

    def start(self, on_message, on_state) -> None:
        self.on_message, self.on_state = on_message, on_state

    def subscribe(self, topics) -> None:
        self.topics += topics

    def acknowledge(self, tokens) -> None:
        self.acknowledged += tokens

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        if self.connected:
            self.published.append((topic, payload))
        return self.connected

    def stop(self) -> None:
        self.connected = False


class FakeLine:
    """A CallLine in memory: `orders` tells what it was asked for, `fault` is raised by `call`."""

    def __init__(self) -> None:
        self.orders: list[tuple[object, ...]] = []
        self.fault: Exception | None = None
        self.running = False

    def listen(self, on_call, on_line, on_incoming=None) -> None:
        self.on_call, self.on_line, self.on_incoming = on_call, on_line, on_incoming

    def start(self) -> None:
        self.running = True

    def call(self, call, target: str, *, record=None) -> None:
        if self.fault is not None:
            raise self.fault
        self.orders.append(("call", call, target))

    def answer(self, call) -> None:
        self.orders.append(("answer", call))

    def decline(self, call, *, busy: bool = False) -> None:
        self.orders.append(("decline", call, busy))

    def transfer(self, call, target: str) -> None:
        if self.fault is not None:
            raise self.fault
        self.orders.append(("transfer", call, target))

    def transfer_to(self, call, other) -> None:
        self.orders.append(("transfer_to", call, other))

    def join(self, calls) -> None:
        self.orders.append(("join", tuple(calls)))

    def hang_up(self, call) -> None:
        self.orders.append(("hang_up", call))

    def mute(self, call, muted: bool) -> None:
        self.orders.append(("mute", call, muted))

    def hold(self, call, held: bool) -> None:
        self.orders.append(("hold", call, held))

    def dtmf(self, call, digits: str) -> None:
        self.orders.append(("dtmf", call, digits))

    def volume(self, call, level: float) -> None:
        self.orders.append(("volume", call, level))

    def stop(self) -> None:
        self.running = False


class FakeBrowser:
    """A Browser that remembers what it opened; `works` is whether there is one."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.works = True

    def open(self, url: str) -> bool:
        if self.works:
            self.opened.append(url)
        return self.works


class FakeSession(Session):
    """A desk without sign-in whose one operator may do everything, until `sit` puts somebody there."""

    def __init__(self, who: Operator = Operator("Anna"), *kommuner: Kommune) -> None:
        served = kommuner or (Kommune("0510"), Kommune("0860"))
        super().__init__(served, desk="desk-1", operator=who, guarded=False)

    def sit(
        self,
        who: str = "anna",
        role: Role = Role.OPERATOR,
        kommuner: Iterable[str] = ("0510", "0860"),
    ) -> SignedIn:
        """Have somebody sign in."""
        person = SignedIn(
            operator=Operator(who),
            name=who.capitalize(),
            role=role,
            kommuner=frozenset(map(Kommune, kommuner)),
            at=datetime(2026, 3, 14, 18, 0, tzinfo=UTC),
        )
        self.begin(person)
        return person

    def leave(self) -> None:
        """Have nobody sit at a desk that asks for a sign-in."""
        self.guard()
        self.end()
