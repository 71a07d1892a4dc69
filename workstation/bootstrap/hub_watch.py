"""Presence, the lease on claims and the watch over the watchers, composed around a station."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from workstation import __version__
from workstation.adapters.mqtt.paho_feed import PahoFeed
from workstation.adapters.system.commands import SystemCommand
from workstation.adapters.system.machine import desk_name, machine_id
from workstation.application.callback import Callback
from workstation.application.help_call import HelpCall
from workstation.application.others import Announced
from workstation.application.ports import Clock, FeedState, MessageFeed, Token
from workstation.application.presence import Seat
from workstation.application.supervision import OwnReports
from workstation.application.telephoning import Telephoning
from workstation.application.watching import Watching
from workstation.bootstrap import broker, rules
from workstation.bootstrap.alarm_path import new_alarm_id
from workstation.bootstrap.background import Background
from workstation.bootstrap.station import Station
from workstation.domain.presence import DeskKind, DeskName, Presence
from workstation.domain.signal import Message
from workstation.settings import Settings
from workstation.wire import presence as wire
from workstation.wire.errors import WireError

_log = logging.getLogger(__name__)
_KEPT: Final = timedelta(days=7)
_HOUR_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class _Connected:
    """The session that presence is announced on stands (again)."""


def seat(role: str, instance: str) -> Seat:
    """Return which process this is: named as its sessions at the broker are, without their prefix."""
    return Seat(
        desk=DeskName("-".join(filter(None, (role, machine_id(), instance)))),
        kind=DeskKind.INGEST if role == "ingest" else DeskKind.DESK,
        machine=desk_name(instance),
        version=__version__,
    )


def feed(settings: Settings, role: str, instance: str, clock: Clock) -> MessageFeed:
    """Return the session that presence is announced on, not started; it ends with its connection."""
    here = wire.presence_topic(seat(role, instance).desk)
    address = replace(
        broker.address(settings, f"{role}-presence", instance),
        session_expiry=timedelta(0),
        will=(here, wire.GONE),
    )
    return PahoFeed(address, [wire.EVERYBODY], clock)


@asynccontextmanager
async def watching(
    one: Station, settings: Settings, role: str, instance: str
) -> AsyncIterator[None]:
    """Say that the station lives and watch over the others while the context lasts."""
    hub = rules.hub(settings)
    one.roll_call.take(seat(role, instance))
    presence_feed = feed(settings, role, instance, one.clock)
    background = Background()
    _announce(one, presence_feed)
    reports = OwnReports(
        directory=lambda: one.citizens.directory, clock=one.clock, new_id=new_alarm_id
    )
    watch = Watching(
        roll_call=one.roll_call, hub=hub, clock=one.clock, reports=reports, file=one.file
    )
    if settings.watch.command and one.roll_call.seat.kind is DeskKind.INGEST:
        command = SystemCommand(
            settings.watch.command,
            hub=settings.hub.name,
            timeout_s=settings.watch.timeout_s,
            secrets=secret_names(settings),
        )
        help_call = HelpCall(
            command=command,
            home=hub.home,
            clock=one.clock,
            reports=reports,
            file=one.file,
            run=background.run,
        )
        watch.tell(help_call.look)
    background.run(one.roll_call.keep())
    if watches(settings):
        background.every(1.0, watch.look)
    background.every(_HOUR_S, lambda: one.database.presence.forget(_KEPT), at_once=True)
    try:
        yield
    finally:
        await background.stop()
        await one.roll_call.leave()
        presence_feed.publish(wire.presence_topic(one.roll_call.seat.desk), wire.GONE, retain=True)
        presence_feed.stop()


def secret_names(settings: Settings) -> frozenset[str]:
    """Return the variables in which the settings say that passwords and keys stand."""
    named = (
        settings.database.password_env,
        settings.broker.password_env,
        settings.broker.key_password_env,
        settings.sip.password_env,
        settings.sip.fallback_password_env,
        settings.scaip.password_env,
        settings.scaip.fallback_password_env,
        settings.recording.key_env,
        settings.audit.key_env,
        settings.sign_in.password_env,
        settings.sign_in.oidc.client_secret_env,
    )
    return frozenset(filter(None, named))


def watches(settings: Settings) -> bool:
    """Whether this process watches over the watchers.

    A hub of one machine has nobody else to watch over, unless there is somebody to be called.
    """
    return settings.database.is_shared or bool(settings.watch.command)


def follow_calls(one: Station, phone: Callback) -> None:
    """Let the hub know what this desk's operator telephones about."""
    telephoning = Telephoning(
        roll_call=one.roll_call, desk=one.desk, session=one.session, clock=one.clock, run=one.run
    )
    phone.watch(telephoning.changed)


def _announce(one: Station, presence_feed: MessageFeed) -> None:
    topic = wire.presence_topic(one.roll_call.seat.desk)

    def announce(me: Presence) -> None:
        presence_feed.publish(topic, wire.encode(me), retain=True)

    def heard(message: Message, token: Token) -> None:
        presence_feed.acknowledge([token])
        try:
            desk, said = wire.decode(message.topic, message.payload, message.received_at)
        except WireError as error:
            _log.warning("a presence that cannot be read on %r: %s", message.topic, error.reason)
            return
        one.inbox.post(Announced(desk=desk, presence=said, retained=message.retained))

    def told(state: FeedState) -> None:
        if state.connected:
            one.inbox.post(_Connected())
        else:
            _log.info("presence is not announced at the broker: %s", state.reason)

    one.roll_call.announce_by(announce)
    one.inbox.on(Announced, one.roll_call.heard)
    one.inbox.on(_Connected, lambda _fact: one.roll_call.announce())
    presence_feed.start(heard, told)
