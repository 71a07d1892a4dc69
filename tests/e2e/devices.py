"""Devices as other programs are: payloads of the hub's tree, and a client that sends many of them."""

import json
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from workstation.adapters.system.clock import SystemClock


def now() -> datetime:
    return SystemClock().now()


def at(ago: timedelta = timedelta(0)) -> str:
    """Return a device's time, as RFC 3339."""
    return (now() - ago).isoformat()


def alarm(**fields: Any) -> str:
    """Return an emergency of the hub's tree; a field given as None is left out."""
    body = {"id": "1", "at": at(), "kind": "emergency", "code": "pendant", **fields}
    return json.dumps({key: value for key, value in body.items() if value is not None})


def topic(device: str, leaf: str = "alarm", kommune: str = "0510") -> str:
    return f"hub/v1/{kommune}/{device}/{leaf}"


class Devices:
    """One connection of many devices; what it has sent (QoS 1) comes to the broker, once at least."""

    def __init__(self, port: int) -> None:
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.max_inflight_messages_set(0)
        self._connected = threading.Event()
        self._client.on_connect = lambda *_: self._connected.set()
        self._client.reconnect_delay_set(1, 1)
        self._port = port

    def __enter__(self) -> Self:
        self._client.connect("127.0.0.1", self._port)
        self._client.loop_start()
        assert self._connected.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, topic: str, payload: str | bytes, *, retain: bool = False, qos: int = 1) -> None:
        """Hand one message over; `arrived` waits for it."""
        self._last = self._client.publish(topic, payload, qos=qos, retain=retain)

    def arrived(self) -> None:
        """Wait until the broker has everything that was sent."""
        self._last.wait_for_publish(60)
        assert self._last.is_published()

    def send_all(self, messages: Iterable[tuple[str, str | bytes]]) -> None:
        for one in messages:
            self.send(*one)
        self.arrived()
