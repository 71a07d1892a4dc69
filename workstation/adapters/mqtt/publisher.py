"""A plain publisher for simulated devices and the load generator; keeps nothing while offline."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self

import paho.mqtt.client as mqtt
from paho.mqtt.reasoncodes import ReasonCode

from workstation.adapters.mqtt.address import Address, arguments
from workstation.adapters.mqtt.encryption import SecureClient, equip, why_not
from workstation.application.errors import BrokerFailed


class Publisher:
    """One connection with a clean session; use it as a context."""

    def __init__(self, address: Address, *, timeout_s: float = 5.0) -> None:
        """`timeout_s` is how long to wait for the broker; raises BrokerFailed for a bad address."""
        self._address = address
        self._timeout_s = timeout_s
        self._client = equip(SecureClient(**arguments(address, lasting=False)), address)
        self._answered = threading.Event()
        self._refused: str = ""
        self._last: mqtt.MQTTMessageInfo | None = None
        self._topic = ""
        self._denied = False

    def __enter__(self) -> Self:
        """Connect; raises BrokerFailed."""
        host, port, _secure = self._address.host_and_port()
        self._client.on_connect = self._connected
        self._client.on_publish = self._answered_to
        try:
            self._client.connect(host, port)
        except OSError as error:
            raise BrokerFailed(**why_not(error, self._address), host=host, port=port) from error
        self._client.loop_start()
        if not self._answered.wait(self._timeout_s) or self._refused:
            self.__exit__(None, None, None)
            raise BrokerFailed(self._refused or "unreachable", host=host, port=port)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Send (QoS 1); raises BrokerFailed while there is no connection."""
        sent = self._client.publish(topic, payload, qos=1, retain=retain)
        if sent.rc != mqtt.MQTT_ERR_SUCCESS:
            raise BrokerFailed("connection_lost")
        self._last, self._topic = sent, topic

    def flush(self, timeout_s: float = 30.0) -> None:
        """Wait until the broker has confirmed the last message; raises BrokerFailed.

        `refused_writing`, with the last `topic`, when the broker did not take them all (MQTT 5 only).
        """
        if self._last is None:
            return
        self._last.wait_for_publish(timeout_s)
        if not self._last.is_published():
            raise BrokerFailed("connection_lost")
        if self._denied:
            raise BrokerFailed("refused_writing", topic=self._topic)

    def _answered_to(
        self, _c: object, _u: object, _mid: int, reason: ReasonCode, _p: object
    ) -> None:
        self._denied = self._denied or reason.is_failure

    def _connected(
        self, _c: object, _u: object, _flags: object, reason: ReasonCode, _p: object
    ) -> None:
        self._refused = "refused_password" if reason.is_failure else ""
        self._answered.set()
