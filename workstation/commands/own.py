"""Hidden words: how the program starts its own processes, so that the frozen one can, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# Each loads what it needs itself: no process waits for another's libraries.


def _sip_line(_argv: list[str]) -> int:
    from workstation.adapters.sip import line_process  # noqa: PLC0415 - as said above

    return line_process.run()


def _sound_trial(argv: list[str]) -> int:
    from workstation.adapters.sip import trial_process  # noqa: PLC0415 - as said above

    return trial_process.run(*argv[:3])


def _simulated_phone(argv: list[str]) -> int:
    from workstation.adapters.simulated import phone  # noqa: PLC0415 - as said above

    return phone.run(argv)


def _simulated_devices(argv: list[str]) -> int:
    from workstation.commands import simulated_devices  # noqa: PLC0415 - as said above

    return simulated_devices.run(argv)


def _embedded_broker(argv: list[str]) -> int:
    from workstation.adapters.mqtt import embedded_broker  # noqa: PLC0415 - as said above

    return embedded_broker.run_amqtt(int(argv[argv.index("--port") + 1]))


WORDS: Final[dict[str, Callable[[list[str]], int]]] = {
    "sip-line": _sip_line,
    "sound-trial": _sound_trial,
    "simulated-phone": _simulated_phone,
    "simulated-devices": _simulated_devices,
    "embedded-broker": _embedded_broker,
}
"""Each word and what does it with the arguments behind it; returns the exit code."""
