"""The embedded mode: a broker, a database, citizens, their telephones and devices of its own."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from workstation import paths
from workstation.adapters.db.database import migrate
from workstation.adapters.mqtt.embedded_broker import EmbeddedBroker
from workstation.adapters.simulated import history, people
from workstation.adapters.simulated.devices import SCENARIOS
from workstation.adapters.simulated.phone_plan import Behaviour, Placed, Plan
from workstation.adapters.system.clock import SystemClock
from workstation.application.errors import LineFailed
from workstation.bootstrap import demo_data, rules
from workstation.bootstrap.desk import Desk
from workstation.bootstrap.desk import desk as open_desk
from workstation.bootstrap.opening import open_database
from workstation.bootstrap.station import ZONE
from workstation.settings import Settings

CALLING = "evening"
"""The scenario in which citizens telephone the hub."""
_CALLERS = ((3, 60.0), (7, 75.0), (3, 600.0))
"""Which citizen calls so many seconds after the beginning: two at once, so that one waits."""
_VISIT_URL = "https://skaermbesoeg.example/{visit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What `main.py demo` was asked for."""

    seed: int = 1
    scenario: str = "evening"
    data: Path = field(default_factory=lambda: paths.data() / "demo")


@asynccontextmanager
async def desk(settings: Settings, demo: Demo) -> AsyncIterator[Desk]:
    """Open a desk on made-up people and devices; raises what `embedded` and `desk.desk` do."""
    async with (
        embedded(settings, demo) as pointed,
        open_desk(pointed, instance="", stand_ins=("embedded", "simulated")) as one,
    ):
        yield one


@asynccontextmanager
async def embedded(settings: Settings, demo: Demo) -> AsyncIterator[Settings]:
    """Start everything the desk needs on this machine and give the settings that point to it.

    Raises BrokerFailed, LineFailed, StoreUnavailable or SchemaMismatch.
    """
    demo.data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        broker = EmbeddedBroker(demo.data / "broker", own_command=paths.own_command())
        broker.start()
        stack.callback(broker.stop)
        desk_port = _free_port()
        phone_port = stack.enter_context(_telephone(_calls(demo, desk_port)))
        pointed = _pointed(settings, demo, broker, phone_port, desk_port)
        await _fill(pointed, demo)
        stack.enter_context(_devices(pointed, demo))
        yield pointed


def _free_port() -> int:
    """Return a port of this machine at which the desk can be called."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _calls(demo: Demo, desk_port: int) -> tuple[Placed, ...]:
    """Return the calls to the hub: in the evening two citizens ring, one again later."""
    if demo.scenario != CALLING:
        return ()
    hub = f"sip:hub@127.0.0.1:{desk_port}"
    return tuple(
        Placed(caller=people.number(person, 1), to=hub, after_s=after_s, gives_up_after_s=50.0)
        for person, after_s in _CALLERS
    )


def _pointed(
    settings: Settings, demo: Demo, broker: EmbeddedBroker, phone_port: int, desk_port: int
) -> Settings:
    database = f"sqlite:///{(demo.data / 'workstation.sqlite').resolve().as_posix()}"
    return replace(
        settings,
        hub=replace(
            settings.hub,
            kommuner=(people.HADERSLEV, people.HJORRING),
            operator=settings.hub.operator or history.ME,
        ),
        database=replace(settings.database, url=database),
        broker=replace(
            settings.broker, url=f"mqtt://127.0.0.1:{broker.port}", protocol=broker.protocol
        ),
        sip=replace(
            settings.sip,
            kind="direct",
            address=f"127.0.0.1:{phone_port}",
            port=desk_port,
            sound="null",
            simulated=True,
        ),
        visit=replace(settings.visit, url_template=settings.visit.url_template or _VISIT_URL),
    )


async def _fill(settings: Settings, demo: Demo) -> None:
    clock = SystemClock()
    # What an earlier version left here is nobody's, and nobody is asked to migrate it.
    migrate(settings.database.url)
    database = open_database(settings)
    try:
        await demo_data.fill(
            database,
            scenario=SCENARIOS[demo.scenario],
            seed=demo.seed,
            now=clock.now(),
            zone=ZONE,
            me=rules.operator(settings),
        )
    finally:
        database.close()


@contextmanager
def _telephone(calls: tuple[Placed, ...]) -> Iterator[int]:
    """Run the citizens' telephones; most answer, some are busy or not at home."""
    plan = Plan(
        default=Behaviour(after_s=2.0),
        calls=calls,
        numbers={
            people.number(2, 1): Behaviour(does="busy", after_s=2.0),
            people.number(4, 1): Behaviour(does="silent"),
            people.number(6, 1): Behaviour(does="decline", after_s=2.0),
        },
    )
    # By the pipe, so that the telephones end with the desk however it ends.
    with _own_process(
        ["simulated-phone", "--port", "0", "--plan", "-"], subprocess.PIPE
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise LineFailed("simulated_phone_ended")
        process.stdin.write(msgspec.json.encode(plan) + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
        try:
            port = int(json.loads(line)["port"])
        except (ValueError, KeyError) as error:
            raise LineFailed("simulated_phone_ended") from error
        yield port


@contextmanager
def _devices(settings: Settings, demo: Demo) -> Iterator[None]:
    words = ["simulated-devices", "--broker", settings.broker.url]
    words += ["--protocol", settings.broker.protocol, "--seed", str(demo.seed)]
    with _own_process([*words, "--scenario", demo.scenario], subprocess.DEVNULL):
        yield


@contextmanager
def _own_process(words: Sequence[str], out: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run this program with hidden words; its standard input's end tells it to end as well."""
    command = [*paths.own_command(), *words]
    process = subprocess.Popen(  # noqa: S603 - our own
        command, stdin=subprocess.PIPE, stdout=out, creationflags=paths.NO_CONSOLE
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
