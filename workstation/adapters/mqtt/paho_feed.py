"""One persistent session at the broker by paho, on a thread of its own, acknowledged by hand."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from workstation.adapters.mqtt.address import REASONS, Address
from workstation.adapters.mqtt.block_socket import BlockSocket
from workstation.adapters.mqtt.claim import Claim
from workstation.adapters.mqtt.encryption import why_ended, why_not
from workstation.adapters.mqtt.network_thread import BlockClient, NetworkThread
from workstation.adapters.mqtt.outbox import Outbox
from workstation.adapters.mqtt.packets import KIND, PUBACK, Publish, read_publish, write_puback
from workstation.adapters.mqtt.pauses import Pauses
from workstation.adapters.mqtt.unasked import Unasked
from workstation.application.ports import Clock, FeedState, Token
from workstation.domain.signal import Message

_log = logging.getLogger(__name__)
_ALLOWED_BY_3_1_1: Final = 1000
_ALLOWED_BY_5: Final = 0xFFFF
"""How many messages a broker takes at once that does not say (MQTT 5, 3.2.2.3.3)."""


_WRITTEN: Final = "hub/v1/+/+/receipt, eteam/#"
"""What a desk has to write, for the sentence."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A message of one connection; an acknowledgement must not reach a later one's same number."""

    connection: BlockSocket
    mid: int


class PahoFeed:
    """A MessageFeed over paho: reconnects with jitter, shows a takeover instead of fighting it."""

    def __init__(self, address: Address, topics: Sequence[str], clock: Clock) -> None:
        """`topics` are the subscriptions (QoS 1); raises BrokerFailed for an address nothing can reach."""
        self._address = address
        self._topics = list(topics)
        self._clock = clock
        self._client = BlockClient.of(address)
        self._pauses = Pauses(clock)
        self._unasked = Unasked(topics, clock)
        self._network = NetworkThread(
            self._client,
            take=self._take,
            turned=self._unasked.look,
            failed=self._failed,
            pause=self._pauses.next,
        )
        self._outbox = Outbox(five=address.is_five)
        self._claim = Claim(address.client_id)
        self._ending = False
        self._told_down = False
        self._may_write = True
        self._fresh = False
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
        client.on_disconnect = self._disconnected
        client.on_subscribe = self._subscribed
        client.on_message = self._received
        client.aim(self._address)
        self._network.start()

    def subscribe(self, topics: Sequence[str]) -> None:
        """Listen to more topics, now and after each reconnect."""
        new = [topic for topic in topics if topic not in self._topics]
        self._topics += new
        self._unasked.ask(new)
        if new and self._client.is_connected():
            self._ask_for(new)
        self._network.wake()

    def acknowledge(self, tokens: Sequence[Token]) -> None:
        """Send PUBACK for messages of the present connection; earlier ones will come again."""
        acks: dict[BlockSocket, list[bytes]] = {}
        for token in tokens:
            if isinstance(token, _Token):
                acks.setdefault(token.connection, []).append(write_puback(token.mid))
        for connection, packets in acks.items():
            connection.send(b"".join(packets))
        if acks:
            self._network.wake()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> bool:
        """Publish (QoS 1) while connected; nothing is kept beyond the connection."""
        sent = self._outbox.put(topic, payload, retain=retain)
        self._network.wake()
        return sent

    def stop(self) -> None:
        """Disconnect; the broker keeps the session."""
        self._ending = True
        self._network.stop()

    def _ask_for(self, topics: Sequence[str]) -> None:
        five = self._address.is_five
        wanted: list[Any] = [(topic, SubscribeOptions(qos=1) if five else 1) for topic in topics]
        _result, mid = self._client.subscribe(wanted)
        if mid is not None:
            self._pending.add(mid)

    def _connected(
        self,
        _c: object,
        _u: object,
        flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        properties: object,
    ) -> None:
        if reason.is_failure:
            self._tell_down(REASONS.get(reason.value, "refused"), code=reason.value)
            return
        self._pauses.connected()
        self._told_down = False
        self._may_write = True
        self._fresh = not flags.session_present
        self._pending.clear()
        allowed = _ALLOWED_BY_5 if self._address.is_five else _ALLOWED_BY_3_1_1
        allowed = getattr(properties, "ReceiveMaximum", allowed)
        self._outbox.open(self._client.connection, allowed)
        self._claim_session()
        self._ask_for(self._topics)

    def _claim_session(self) -> None:
        claim = self._claim
        if claim.is_written:
            self._client.subscribe(claim.topic)
        else:
            claim.is_written = self._outbox.put(claim.topic, claim.mark, retain=True)

    def _subscribed(
        self, _c: object, _u: object, mid: int, reasons: list[ReasonCode], _p: object
    ) -> None:
        self._unasked.subscribed()
        refused = [reason.value for reason in reasons if reason.is_failure]
        if refused:
            self._tell_down("refused_topics", code=refused[0])
        elif mid in self._pending and not self._told_down:
            self._pending.discard(mid)
            fresh, self._fresh = self._fresh, False
            self._on_state(FeedState(connected=True, at=self._clock.now(), fresh=fresh))

    def _failed(self, error: Exception) -> None:
        """Say why there is no connection at all."""
        self._tell_down(**why_not(error, self._address))

    def _disconnected(
        self, _c: object, _u: object, _flags: object, reason: ReasonCode, _p: object
    ) -> None:
        self._outbox.close()
        if self._ending:
            return
        self._pauses.ended()
        why = REASONS.get(reason.value, "connection_lost")
        if why == "taken_over":
            self._network.give_up()
        unanswered = why_ended(self._client.latest, self._address)
        if unanswered:
            self._tell_down(**unanswered)
        elif why == "connection_lost" and not self._may_write:
            # Mosquitto 2.0.11 hangs up behind a refusal.
            self._tell_down("refused_writing", topic=_WRITTEN)
        elif not self._told_down:
            self._tell_down(why, code=reason.value)

    def _tell_down(self, reason: str, **facts: object) -> None:
        self._told_down = True
        host, port, _secure = self._address.host_and_port()
        facts |= {"host": host, "port": port}
        self._on_state(FeedState(connected=False, at=self._clock.now(), reason=reason, facts=facts))

    def _take(self, first: int, body: bytes) -> None:
        if first & KIND == PUBACK:
            self._may_write = self._outbox.acknowledged(body) and self._may_write
        else:
            self._arrived(read_publish(first, body, five=self._address.is_five))

    def _received(self, _c: object, _u: object, one: mqtt.MQTTMessage) -> None:
        topic = one._topic  # noqa: SLF001 - the only way to the bytes of one that is not UTF-8
        self._arrived(Publish(topic, bytes(one.payload), one.qos, one.mid, one.retain, one.dup))

    def _arrived(self, packet: Publish) -> None:
        topic = packet.topic.decode("utf-8", "replace")
        if topic == self._claim.topic:
            self._look_at_claim(packet)
        else:
            connection = self._client.connection
            token = _Token(connection, packet.mid) if packet.qos and connection else None
            self._unasked.deliver(topic, lambda: self._deliver(topic, packet, token))

    def _look_at_claim(self, packet: Publish) -> None:
        if self._claim.is_lost(packet.payload, retained=packet.retained):
            # Coming back once more would throw the other one out, and so on for ever.
            self._tell_down("taken_over")
            self._network.give_up()

    def _deliver(self, topic: str, packet: Publish, token: Token) -> None:
        message = Message(
            topic=topic,
            payload=packet.payload,
            received_at=self._clock.now(),
            retained=packet.retained,
            duplicate=packet.duplicate,
            packet=packet.mid or None,
        )
        try:
            self._on_message(message, token)
        except Exception:  # noqa: BLE001 - see below
            # What is not acknowledged comes again; the connection must outlive any fault of ours.
            _log.exception("a message was not taken in")
