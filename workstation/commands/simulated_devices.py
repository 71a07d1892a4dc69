"""The hidden word `simulated-devices`: the demo's devices as a process of their own."""

from __future__ import annotations

import argparse
import logging
import sys
import threading

from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.publisher import Publisher
from workstation.adapters.simulated import equipment, people
from workstation.adapters.simulated.devices import SCENARIOS, Devices
from workstation.adapters.system.clock import SystemClock
from workstation.application.errors import BrokerFailed

_log = logging.getLogger(__name__)


def run(argv: list[str]) -> int:
    """Publish until standard input ends (the desk is gone); raises BrokerFailed at the start."""
    wanted = _parser().parse_args(argv)
    ending = threading.Event()
    threading.Thread(target=_wait_for_end, args=(ending,), daemon=True).start()
    clock = SystemClock()
    address = Address(
        url=wanted.broker, client_id=f"simulated-{wanted.seed}", protocol=wanted.protocol
    )
    with Publisher(address) as publisher:
        devices = Devices(
            equipment.equipment(people.people(wanted.seed), wanted.seed),
            scenario=SCENARIOS[wanted.scenario],
            publish=publisher.publish,
            now=clock.now(),
            seed=wanted.seed,
        )
        while not ending.is_set():
            try:
                pause = devices.step(clock.now())
            except BrokerFailed as error:
                # Real devices lose their broker, too; what they had to say then is gone.
                _log.warning("the broker is away: %s", error.reason)
                pause = 1.0
            ending.wait(min(pause, 1.0))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulated-devices", description=__doc__)
    parser.add_argument("--broker", required=True)
    parser.add_argument("--protocol", default="5")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scenario", choices=tuple(SCENARIOS), default="evening")
    return parser


def _wait_for_end(ending: threading.Event) -> None:
    sys.stdin.buffer.read()
    ending.set()
