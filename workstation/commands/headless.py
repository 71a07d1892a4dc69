"""From the arguments to the one command that was asked for: every word that needs no window."""

from __future__ import annotations

import sys
import threading
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from typing import Final, TextIO

from workstation.adapters.mqtt.publisher import Publisher
from workstation.adapters.system.clock import SystemClock
from workstation.application.ports import Clock
from workstation.bootstrap import broker, telephone
from workstation.bootstrap.station import ZONE
from workstation.commands import (
    alarm,
    alarms,
    audit,
    call,
    calls,
    check,
    close,
    imports,
    ingest,
    listen,
    machine_words,
    migrate,
    recordings,
    scaip_words,
    service,
    simulate,
    user,
)
from workstation.commands import round as round_
from workstation.commands import sound as sound_
from workstation.commands.loading import load
from workstation.commands.probes import probes
from workstation.domain.names import Kommune
from workstation.settings import Settings

__all__ = ["WORDS", "load", "run"]

WORDS: Final = frozenset(
    {
        "ingest",
        "check",
        "close",
        "migrate",
        "alarms",
        "alarm",
        "user",
        "audit",
        "calls",
        "recordings",
        "round",
        "register",
        "call",
        "sound",
        "listen",
        "simulate",
        "scaip-unit",
        *machine_words.WORDS,
    }
)
"""The words that `run` understands."""


def run(
    wanted: Namespace, out: TextIO, *, sound: Callable[[Settings], str], err: TextIO | None = None
) -> int:
    """Do what is `wanted` (one of `WORDS`) and return the exit code.

    `sound` names the alarms' sound device for `check`, or raises LineFailed; the lines of a file
    that cannot be imported are told on `err`. Raises SettingsError, and what the commands raise.
    """
    clock = SystemClock()
    if wanted.word == "check":
        return check.run(
            lambda: load(wanted),
            lambda found: probes(found, clock=clock, sound=lambda: sound(found)),
            facts=service.facts,
            clock=clock,
            as_json=wanted.json,
            out=out,
        )
    if wanted.word == "close":
        return close.run(within_s=wanted.timeout, out=out, err=err or sys.stderr)
    if wanted.word in machine_words.WORDS:
        return machine_words.run(wanted, out=out, err=err or sys.stderr)
    return _Commands(wanted, load(wanted), clock, out, err or sys.stderr).run()


class _Commands:
    """Each word's own arguments, handed to its module."""

    def __init__(
        self, wanted: Namespace, settings: Settings, clock: Clock, out: TextIO, err: TextIO
    ) -> None:
        self._wanted = wanted
        self._settings = settings
        self._clock = clock
        self._out = out
        self._err = err

    def run(self) -> int:
        words: dict[str, Callable[[], int]] = {
            "ingest": lambda: ingest.run(
                self._settings, instance=self._wanted.instance, out=self._out
            ),
            "migrate": lambda: migrate.run(self._settings, out=self._out),
            "alarms": self._alarms,
            "alarm": lambda: alarm.run(
                self._settings, self._wanted, clock=self._clock, out=self._out, err=self._err
            ),
            "user": lambda: user.run(
                self._settings, self._wanted, clock=self._clock, out=self._out
            ),
            "audit": lambda: audit.run(
                self._settings, self._wanted, clock=self._clock, out=self._out, err=self._err
            ),
            "calls": self._calls,
            "recordings": lambda: recordings.run(
                self._settings, self._wanted, clock=self._clock, out=self._out, err=self._err
            ),
            "round": self._round,
            "register": self._register,
            "call": self._call,
            "sound": lambda: sound_.run(
                self._settings,
                self._wanted.does,
                seconds=self._wanted.seconds,
                as_json=self._wanted.json,
                out=self._out,
            ),
            "listen": self._listen,
            "simulate": self._simulate,
            "scaip-unit": lambda: scaip_words.run(
                self._settings, self._wanted, clock=self._clock, out=self._out, err=self._err
            ),
        }
        return words[self._wanted.word]()

    def _since(self) -> datetime | None:
        since = self._wanted.since
        return None if since is None else since.resolved(self._clock.now(), ZONE)

    def _alarms(self) -> int:
        return alarms.run(
            self._settings,
            everything=self._wanted.all,
            since=self._since(),
            as_json=self._wanted.json,
            out=self._out,
        )

    def _calls(self) -> int:
        return calls.run(
            self._settings, self._wanted, clock=self._clock, out=self._out, err=self._err
        )

    def _round(self) -> int:
        if self._wanted.file is not None:
            return imports.run_round(
                self._settings, self._wanted.file, out=self._out, err=self._err
            )
        return round_.run(
            self._settings,
            day=self._wanted.day or self._clock.now().astimezone(ZONE).date(),
            everything=self._wanted.all,
            since=self._since(),
            as_json=self._wanted.json,
            out=self._out,
        )

    def _register(self) -> int:
        return imports.run_register(
            self._settings, self._wanted.file, clock=self._clock, out=self._out, err=self._err
        )

    def _call(self) -> int:
        return call.run(
            telephone.line(self._settings, self._clock),
            self._wanted.target,
            seconds=self._wanted.seconds,
            record=self._wanted.record,
            as_json=self._wanted.json,
            clock=self._clock,
            out=self._out,
        )

    def _listen(self) -> int:
        # The receiver's parts are more than most words need.
        from workstation.bootstrap import scaip  # noqa: PLC0415 - as said above

        make = scaip.line_of if self._wanted.scaip else telephone.line
        return listen.run(
            make(self._settings, self._clock),
            seconds=self._wanted.seconds,
            answers=self._wanted.answer,
            as_json=self._wanted.json,
            clock=self._clock,
            out=self._out,
        )

    def _simulate(self) -> int:
        load = simulate.Load(
            kommune=Kommune(self._settings.hub.kommuner[0]),
            devices=self._wanted.devices,
            rate=self._wanted.rate,
            seconds=self._wanted.seconds,
            kind=self._wanted.kind,
        )
        ending = threading.Event()
        address = broker.address(self._settings, "simulate", "")
        with simulate.ended_by_signals(ending.set), Publisher(address) as publisher:
            return simulate.run(load, publisher, clock=self._clock, wait=ending.wait, out=self._out)
