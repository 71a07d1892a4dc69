"""The ends of the access log's chains as retained messages at the broker."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Sequence
from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode

from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.publisher import Publisher
from workstation.application.errors import BrokerFailed
from workstation.domain.chain import Head
from workstation.wire.audit_head import ROOT, decode, encode, topic
from workstation.wire.errors import WireError

_log = logging.getLogger(__name__)
_ALL: Final = f"{ROOT}/+"
_QUIET_S: Final = 0.5
"""No broker says which retained message is the last one; behind so long a pause there are no more."""
_ANSWER_S: Final = 5.0


class MqttHeads:
    """Reads and replaces them, on a connection for each time; an hour is between two of them."""

    def __init__(self, address: Address) -> None:
        """Connect to nothing yet."""
        self._address = address

    async def read(self) -> list[Head]:
        """Return what was published last for each writer; raises BrokerFailed."""
        return await asyncio.to_thread(self._read)

    async def publish(self, heads: Sequence[Head]) -> None:
        """Replace what was published for these writers; raises BrokerFailed."""
        if heads:
            await asyncio.to_thread(self._publish, heads)

    def _read(self) -> list[Head]:
        with _Retained(self._address) as listener:
            return listener.heads()

    def _publish(self, heads: Sequence[Head]) -> None:
        with Publisher(self._address) as publisher:
            for head in heads:
                publisher.publish(topic(head.writer), encode(head), retain=True)
            publisher.flush(_ANSWER_S)


class _Retained(Publisher):
    """A connection that reads what is retained."""

    def heads(self) -> list[Head]:
        """Return it; raises BrokerFailed (`refused_topics`, `connection_lost`)."""
        self._news = threading.Condition()
        self._found: dict[str, Head] = {}
        self._count = 0
        self._answers: list[ReasonCode] = []
        self._client.on_message = self._arrived
        self._client.on_subscribe = self._subscribed
        self._client.subscribe(_ALL, qos=1)
        with self._news:
            if not self._news.wait_for(lambda: self._answers, _ANSWER_S):
                raise BrokerFailed("connection_lost")
            if self._answers[0].is_failure:
                raise BrokerFailed("refused_topics", code=self._answers[0].value)
            before = -1
            while before != self._count:
                before = self._count
                self._news.wait_for(lambda: self._count != before, _QUIET_S)  # noqa: B023 - looked at at once
            return list(self._found.values())

    def _subscribed(
        self, _c: object, _u: object, _mid: int, reasons: list[ReasonCode], _p: object
    ) -> None:
        with self._news:
            self._answers = reasons
            self._news.notify_all()

    def _arrived(self, _c: object, _u: object, message: mqtt.MQTTMessage) -> None:
        with self._news:
            self._count += 1
            self._news.notify_all()
            try:
                head = decode(bytes(message.payload))
            except WireError as error:
                _log.warning("%s holds no head of a chain: %s", message.topic, error.reason)
                return
            if message.topic == topic(head.writer):
                self._found[head.writer] = head
