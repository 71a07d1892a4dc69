"""What `main.py check` tries of the world: database, broker, telephone and sound."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from msgspec import structs

from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.paho_feed import PahoFeed
from workstation.adapters.mqtt.publisher import Publisher
from workstation.adapters.sip.answering import answers_here
from workstation.adapters.sip.bindings import registered
from workstation.adapters.sip.handshake import try_tls
from workstation.application.errors import BrokerFailed, LineFailed, RecordingFailed
from workstation.application.ports import Clock, FeedState
from workstation.application.proving import SignInRefused
from workstation.bootstrap import broker, journaling, recording, scaip, served, store, telephone
from workstation.bootstrap.identity import provider_of
from workstation.bootstrap.opening import open_database
from workstation.commands.check import Probe
from workstation.commands.service import certificate_files, certificates
from workstation.domain.call import LineEvent, LineState
from workstation.settings import Settings
from workstation.texts import _

_BROKER_S: Final = 5.0
_PROCESS_S: Final = 10.0
_REGISTRAR_S: Final = 5.0


def probes(settings: Settings, *, clock: Clock, sound: Callable[[], str]) -> Sequence[Probe]:
    """Return the probes in their order; `sound` names the alarms' device, or raises LineFailed."""
    provided = settings.sign_in.oidc.issuer is not None
    shared = settings.database.is_shared
    receives = settings.scaip.kind != "off"
    files = certificate_files(settings)
    records = settings.recording.calls != "off"
    return (
        Probe(name="database", run=lambda: _database(settings)),
        Probe(name="broker", run=lambda: _broker(settings, clock)),
        Probe(name="sip", run=lambda: _sip(settings, clock)),
        Probe(name="sound", run=sound),
        *([Probe(name="cards", run=lambda: _cards(settings, clock))] if shared else []),
        *([Probe(name="certificates", run=lambda: certificates(settings, clock))] if files else []),
        *([Probe(name="identity", run=lambda: _identity(settings, clock))] if provided else []),
        *([Probe(name="scaip", run=lambda: _scaip(settings))] if receives else []),
        *([Probe(name="recording", run=lambda: _recording(settings))] if records else []),
    )


def _database(settings: Settings) -> str:
    database = open_database(settings)
    database.close()
    where = store.described(settings)
    rights = served.check(settings)
    if rights is None or rights.fenced:
        return where
    return _("{where}, where {user} sees every kommune: no fence holds for this login").format(
        where=where, user=rights.login
    )


def _broker(settings: Settings, clock: Clock) -> str:
    if settings.broker.is_embedded:
        return _("embedded: the program starts its own")
    states: queue.SimpleQueue[FeedState] = queue.SimpleQueue()
    # A session of its own that ends with the connection: it must not gather messages.
    address = broker.address(settings, "check", "")
    topics = list(settings.broker.topics)
    if address.protocol == "5":
        address = replace(address, session_expiry=timedelta(0))
    else:
        topics = ["hub/v1/check"]
    feed = PahoFeed(address, topics, clock)
    feed.start(lambda _message, _token: None, states.put)
    try:
        state = states.get(timeout=_BROKER_S)
    except queue.Empty:
        host, port, _secure = address.host_and_port()
        raise BrokerFailed("unreachable", host=host, port=port) from None
    finally:
        feed.stop()
    if not state.connected:
        raise BrokerFailed(state.reason, **state.facts)
    _write(address)
    return _("{url}, MQTT {version}").format(
        url=settings.broker.url, version=settings.broker.protocol
    )


def _write(address: Address) -> None:
    """Try what a desk writes, where no device and no desk listens; raises BrokerFailed."""
    with Publisher(address) as publisher:
        for topic in ("hub/v1/0000/check/receipt", "eteam/check"):
            publisher.publish(topic, b"{}")
            publisher.flush(_BROKER_S)


def _identity(settings: Settings, clock: Clock) -> str:
    provider, _listen = provider_of(settings, clock)
    try:
        asyncio.run(provider.check())
    except SignInRefused as refused:
        refused.facts.setdefault("provider", provider.name)
        raise
    return f"{provider.name}, {settings.sign_in.oidc.issuer}"


def _cards(settings: Settings, clock: Clock) -> str:
    if journaling.card_cache(settings, "desk", "", clock) is None:
        return _("off, as set")
    return _("encrypted, used for {hours} h").format(hours=settings.database.card_cache_h)


def _sip(settings: Settings, clock: Clock) -> str:
    if settings.sip.kind == "off":
        return _("off, as set")
    if settings.sip.transport == "tls" and settings.sip.address:
        try_tls(settings.sip.address, telephone.ca_file(settings))
    events: queue.SimpleQueue[LineEvent] = queue.SimpleQueue()
    line = telephone.line(settings, clock)
    line.listen(lambda _event: None, events.put)
    line.start()
    try:
        event = _settled(events, settings, clock)
    finally:
        line.stop()
    if event.state is LineState.UNREGISTERED:
        raise LineFailed("unregistered", sip_code=event.sip_code)
    if event.state is not LineState.READY:
        raise LineFailed(event.reason or event.state)
    return " ".join(filter(None, (event.library, settings.sip.kind, settings.sip.address)))


def _scaip(settings: Settings) -> str:
    """Ask about the receiver's account; a check that registered would take messages from ingest."""
    account = scaip.account_of(settings)
    if account.kind == "direct":
        if answers_here(account.transport, account.port):
            return _("a receiver answers on this machine at port {port}").format(port=account.port)
        said = _("port {port} is free: nobody receives on this machine, as on one without ingest")
        return said.format(port=account.port)
    told = _("{address} accepts the account; receivers registered: {count}")
    ways = [account]
    if account.fallback is not None:
        second = account.fallback
        there = {"address": second.address, "username": second.username}
        ways.append(structs.replace(account, **there, password=second.password))
    return "; ".join(told.format(address=one.address, count=registered(one)) for one in ways)


def _recording(settings: Settings) -> str:
    own = settings.recording
    codes = [code for code in own.kommuner if code in settings.hub.kommuner]
    if not codes:
        raise RecordingFailed("no_kommune")
    said = _("{calls} of {kommuner}, sealed with the key {key}")
    key = recording.files(settings).try_out()
    return said.format(calls=own.calls, kommuner=", ".join(codes), key=key)


def _settled(events: queue.SimpleQueue[LineEvent], settings: Settings, clock: Clock) -> LineEvent:
    """Return the first event that is final: ready, refused or down."""
    patience = _PROCESS_S + (_REGISTRAR_S if settings.sip.kind == "registrar" else 0)
    until = clock.monotonic() + patience
    while True:
        try:
            event = events.get(timeout=max(0.0, until - clock.monotonic()))
        except queue.Empty:
            raise LineFailed("not_ready") from None
        if event.state is not LineState.STARTING:
            return event
