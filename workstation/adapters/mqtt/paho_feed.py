"""One persistent session at the broker by paho's own network thread, acknowledged by hand."""

from __future__ import annotations

import logging
import random
import ssl
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from workstation.application.errors import BrokerFailed
from workstation.application.ports import Clock, FeedState, Token
from workstation.domain.signal import Message

_log = logging.getLogger(__name__)
_SESSION_TAKEN_OVER: Final = 0x8E
_REASONS: Final = {
    0x84: "unsupported_protocol",
    0x85: "refused_client_id",
    0x86: "refused_password",
    0x87: "refused_password",
    0x88: "unreachable",
    0x8A: "refused_password",
    _SESSION_TAKEN_OVER: "taken_over",
}
_LONGEST_WAIT_S: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the broker is and how to sign in; raises BrokerFailed(`bad_address`) for a URL it cannot use."""

    url: str
    client_id: str
    username: str = ""
    password: str | None = field(default=None, repr=False)
    ca_file: str = ""
    protocol: str = "5"
    session_expiry: timedelta = timedelta(days=14)
    receive_maximum: int = 10_000

    def host_and_port(self) -> tuple[str, int, bool]:
        """Return host, port and whether the connection is encrypted."""
        try:
            parts = urlsplit(self.url)
            port = parts.port
        except ValueError as error:
            raise BrokerFailed("bad_address", url=self.url) from error
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise BrokerFailed("bad_address", url=self.url)
        secure = parts.scheme == "mqtts"
        return parts.hostname, port or (8883 if secure else 1883), secure


@dataclass(frozen=True, slots=True)
class _Token:
    """A message of one connection; an acknowledgement must not reach a later one's same number."""

    connection: int
    mid: int
    qos: int


def make_client(address: Address) -> mqtt.Client:
    """Return a paho client for `address`, not connected; raises BrokerFailed for a bad address or CA file."""
    five = address.protocol == "5"
    _host, _port, secure = address.host_and_port()
    client = mqtt.Client(
        CallbackAPIVersion.VERSION2,
        client_id=address.client_id,
        protocol=mqtt.MQTTv5 if five else mqtt.MQTTv311,
        clean_session=None if five else False,
        manual_ack=True,
    )
    client.max_inflight_messages_set(1000)
    if address.username:
        client.username_pw_set(address.username, address.password)
    if secure:
        if address.ca_file and not Path(address.ca_file).is_file():
            raise BrokerFailed("no_ca_file", file=address.ca_file)
        client.tls_set(ca_certs=address.ca_file or None)
    return client


class PahoFeed:
    """A MessageFeed over paho: reconnects with jitter, shows a takeover instead of fighting it."""

    def __init__(self, address: Address, topics: Sequence[str], clock: Clock) -> None:
        """`topics` are the subscriptions (QoS 1); raises BrokerFailed for an address nothing can reach."""
        self._address = address
        self._topics = list(topics)
        self._clock = clock
        self._client = make_client(address)
        self._connection = 0
        self._attempts = 0
        self._ending = False
        self._refused = False
        self._pending: set[int] = set()
        self._on_message: Callable[[Message, Token], None] = lambda _message, _token: None
        self._on_state: Callable[[FeedState], None] = lambda _state: None

    def start(
        self, on_message: Callable[[Message, Token], None], on_state: Callable[[FeedState], None]
    ) -> None:
        """Connect in the background; `connected` is told once every topic is subscribed."""
        self._on_message, self._on_state = on_message, on_state
        client = self._client
        client.on_connect = self._connected
        client.on_connect_fail = self._connect_failed
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed
        client.on_message = self._received
        host, port, _secure = self._address.host_and_port()
        self._spread()
        client.connect_async(host, port, keepalive=20, **self._session())
        client.loop_start()

    def subscribe(self, topics: Sequence[str]) -> None:
        """Listen to more topics, now and after each reconnect."""
        new = [topic for topic in topics if topic not in self._topics]
        self._topics += new
        if new and self._client.is_connected():
            self._ask_for(new)

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Send PUBACK for messages of the present connection; earlier ones will come again."""
        for token in tokens:
            if isinstance(token, _Token) and token.qos and token.connection == self._connection:
                self._client.ack(token.mid, token.qos)

    def publish(self, topic: str, payload: bytes) -> bool:
        """Publish (QoS 1) while connected; paho would queue without limit while it is not."""
        if not self._client.is_connected():
            return False
        return self._client.publish(topic, payload, qos=1).rc == mqtt.MQTT_ERR_SUCCESS

    def stop(self) -> None:
        """Disconnect; the broker keeps the session."""
        self._ending = True
        self._client.disconnect()
        self._client.loop_stop()

    def _session(self) -> dict[str, Any]:
        if self._address.protocol != "5":
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = int(self._address.session_expiry.total_seconds())
        properties.ReceiveMaximum = self._address.receive_maximum
        return {"clean_start": False, "properties": properties}

    def _ask_for(self, topics: Sequence[str]) -> None:
        five = self._address.protocol == "5"
        wanted: list[Any] = [(topic, SubscribeOptions(qos=1) if five else 1) for topic in topics]
        _result, mid = self._client.subscribe(wanted)
        if mid is not None:
            self._pending.add(mid)

    def _connected(
        self, _c: object, _u: object, _flags: object, reason: ReasonCode, _p: object
    ) -> None:
        self._refused = reason.is_failure
        if self._refused:
            self._tell_down(_REASONS.get(reason.value, "refused"), code=reason.value)
            return
        self._connection += 1
        self._attempts = 0
        self._pending.clear()
        self._ask_for(self._topics)

    def _subscribed(
        self, _c: object, _u: object, mid: int, reasons: list[ReasonCode], _p: object
    ) -> None:
        refused = [reason.value for reason in reasons if reason.is_failure]
        if refused:
            self._tell_down("refused_topics", code=refused[0])
        elif mid in self._pending:
            self._pending.discard(mid)
            self._on_state(FeedState(connected=True, at=self._clock.now()))

    def _connect_failed(self, _c: object, _u: object) -> None:
        error = sys.exception()
        if isinstance(error, ssl.SSLCertVerificationError):
            self._tell_down("bad_certificate", detail=error.verify_message)
        elif isinstance(error, ssl.SSLError):
            self._tell_down("no_tls", detail=error.reason or "")
        else:
            self._tell_down("unreachable")
        self._spread()

    def _disconnected(
        self, _c: object, _u: object, _flags: object, reason: ReasonCode, _p: object
    ) -> None:
        if self._ending:
            return
        if reason.value == _SESSION_TAKEN_OVER:
            # Another program uses our name; coming back would throw it out, and so on for ever.
            self._client.disconnect()
        if not self._refused:
            self._tell_down(_REASONS.get(reason.value, "connection_lost"), code=reason.value)
        self._spread()

    def _tell_down(self, reason: str, **facts: object) -> None:
        host, port, _secure = self._address.host_and_port()
        facts |= {"host": host, "port": port}
        self._on_state(FeedState(connected=False, at=self._clock.now(), reason=reason, facts=facts))

    def _spread(self) -> None:
        """Choose the next pause: growing, and spread so that fifty desks do not return in step."""
        longest = min(_LONGEST_WAIT_S, 0.25 * 2.0**self._attempts)
        self._attempts += 1
        wait = random.uniform(longest / 2, longest)  # noqa: S311 - spreads load, guards nothing
        self._client.reconnect_delay_set(wait, wait)  # type: ignore[arg-type]

    def _received(self, _c: object, _u: object, arrived: mqtt.MQTTMessage) -> None:
        try:
            topic = arrived.topic
        except UnicodeDecodeError:
            topic = arrived._topic.decode("utf-8", "replace")  # noqa: SLF001 - the only way to the bytes
        message = Message(
            topic=topic,
            payload=bytes(arrived.payload),
            received_at=self._clock.now(),
            retained=arrived.retain,
            duplicate=arrived.dup,
        )
        self._on_message(message, _Token(self._connection, arrived.mid, arrived.qos))
