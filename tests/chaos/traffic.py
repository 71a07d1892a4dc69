"""Transmitters that repeat an alarm until its receipt, devices without ids, sensors and readings."""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode

from workstation.adapters.system.clock import SystemClock

REPEAT_S: Final = 3.0
"""How long a transmitter waits for its receipt."""
_BEAT_S: Final = 0.05
_DEVICES: Final = 40
_SENSORS: Final = 6
_CODES: Final = ("pendant", "fall", "door", "bed_exit")


@dataclass(slots=True)
class Sent:
    """One alarm as its transmitter knows it."""

    topic: str
    payload: bytes
    id: str | None
    device: str
    first: float
    """When it was sent first; of the transmitters' clock."""
    again: float = 0.0
    times: int = 0
    confirmed: float | None = None
    """When the broker had it first."""


@dataclass(slots=True)
class Sensor:
    """A sensor that says whether its floor is wet."""

    device: str
    wet: bool = False
    told: list[tuple[float, bool]] = field(default_factory=list)


class Transmitters:
    """All devices of the hub on one connection, straight to the broker; `with` runs them."""

    def __init__(
        self,
        port: int,
        *,
        seed: int,
        alarms: float = 3.0,
        readings: float = 20.0,
        buttons: int = 0,
    ) -> None:
        """`alarms` and `readings` are sent a second; 0 `buttons`: each press without an id has its own."""
        self._buttons = buttons
        self.alarms: dict[str, Sent] = {}
        """Those with an id, by it."""
        self.unnamed: dict[str, Sent] = {}
        """Those without, by their device: each has one of its own."""
        self.sensors = [Sensor(f"leak-{number}") for number in range(_SENSORS)]
        self.readings = 0
        self.disorder = False
        self.pausing = False
        """Nothing new: only what has no receipt yet is repeated."""
        self._alarm_s, self._reading_s = 1 / alarms, 1 / readings
        self._mark = f"s{seed}"
        self._dice = random.Random(seed)
        self._port = port
        self._lock = threading.Lock()
        self._pending: dict[str, Sent] = {}
        self._late: list[tuple[float, Sent]] = []
        self._unconfirmed: list[tuple[mqtt.MQTTMessageInfo, Sent | None]] = []
        self._ending = threading.Event()
        self._saying_again = threading.Event()
        self._clock = SystemClock()
        self._number = 0
        self._client = self._made()
        self._thread = threading.Thread(target=self._run, name="transmitters")

    def __enter__(self) -> Self:
        self._client.connect_async("127.0.0.1", self._port)
        self._client.loop_start()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join()
        self._client.disconnect()
        self._client.loop_stop()

    @property
    def pressed(self) -> int:
        """How many alarms were sent, each counted once."""
        return self._number

    @property
    def pending(self) -> int:
        """How many alarms have no receipt yet."""
        return len(self._pending)

    @property
    def on_their_way(self) -> int:
        """How many messages the broker has not confirmed."""
        return len(self._unconfirmed) + len(self._late) + self._saying_again.is_set()

    def now(self) -> float:
        """Return the transmitters' time in seconds."""
        return self._clock.monotonic()

    def say_again(self) -> None:
        """Have each sensor say once more how it stands, as they do every few minutes."""
        self._saying_again.set()

    def _made(self) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        client.max_inflight_messages_set(0)
        client.reconnect_delay_set(1, 1)
        client.on_connect = self._connected
        client.on_message = self._receipt
        return client

    def _run(self) -> None:
        next_alarm = next_reading = next_sensor = self.now()
        while not self._ending.wait(_BEAT_S):
            now = self.now()
            if not self.pausing and self._client.is_connected():
                while next_alarm <= now:
                    next_alarm += self._dice.expovariate(1 / self._alarm_s)
                    self._press()
                while next_reading <= now:
                    next_reading += self._reading_s
                    self._read()
                if next_sensor <= now:
                    next_sensor += self._dice.uniform(0.5, 3)
                    self._turn()
            else:
                next_alarm = next_reading = next_sensor = now
            self._send_late(now)
            self._repeat(now)
            if self._saying_again.is_set():
                for sensor in self.sensors:
                    self._tell(sensor)
                self._saying_again.clear()
            self._look_for_confirmed(now)

    def _press(self) -> None:
        self._number += 1
        named = self._dice.random() < 0.8
        button = self._number % self._buttons if self._buttons else self._number
        device = f"pendant-{self._dice.randrange(_DEVICES)}" if named else f"knap-{button}"
        body: dict[str, Any] = {
            "at": self._clock.now().isoformat(),
            "kind": "emergency" if self._dice.random() < 0.7 else "technical",
            "code": self._dice.choice(_CODES),
        }
        if named:
            body["id"] = f"{self._mark}-{self._number}"
        sent = Sent(
            topic=f"hub/v1/0510/{device}/alarm",
            payload=json.dumps(body).encode(),
            id=body.get("id"),
            device=device,
            first=self.now(),
        )
        with self._lock:
            if sent.id is not None:
                self.alarms[sent.id] = self._pending[sent.id] = sent
            else:
                self.unnamed[device] = sent
        self._send_somehow(sent)

    def _send_somehow(self, sent: Sent) -> None:
        """Send it now, or late behind others, or twice."""
        often = 0.6 if self.disorder else 0.05
        sent.again = self.now() + self._dice.uniform(REPEAT_S, 2 * REPEAT_S)
        if self._dice.random() < often:
            self._late.append((self.now() + self._dice.uniform(0.1, 2), sent))
            if sent.id is None or self._dice.random() < 0.5:
                return
        self._send(sent)
        if sent.id is not None and self._dice.random() < often:
            self._send(sent)

    def _send_late(self, now: float) -> None:
        if not self._client.is_connected():
            return
        due = [one for one in self._late if one[0] <= now]
        self._late = [one for one in self._late if one[0] > now]
        for _when, sent in due:
            self._send(sent)

    def _repeat(self, now: float) -> None:
        with self._lock:
            due = [sent for sent in self._pending.values() if sent.again <= now]
        for sent in due if self._client.is_connected() else ():
            sent.again = now + self._dice.uniform(REPEAT_S, 2 * REPEAT_S)
            self._send(sent)

    def _send(self, sent: Sent) -> None:
        sent.times += 1
        self._publish(sent.topic, sent.payload, sent)

    def _publish(self, topic: str, payload: bytes | str, sent: Sent | None = None) -> None:
        # Not by a callback: paho would wait for our lock, and we for paho's.
        done = self._client.publish(topic, payload, qos=1)
        if done.rc == MQTTErrorCode.MQTT_ERR_NO_CONN:
            # It is in paho's queue and goes when the broker is back.
            done.rc = MQTTErrorCode.MQTT_ERR_SUCCESS
        self._unconfirmed.append((done, sent))

    def _look_for_confirmed(self, now: float) -> None:
        left = []
        for done, sent in self._unconfirmed:
            if not done.is_published():
                left.append((done, sent))
            elif sent is not None and sent.confirmed is None:
                sent.confirmed = now
        self._unconfirmed = left

    def _read(self) -> None:
        device = f"watch-{self._dice.randrange(20)}"
        values = {"pulse": self._dice.randint(55, 95)}
        body = json.dumps({"at": self._clock.now().isoformat(), "values": values})
        self.readings += 1
        self._publish(f"hub/v1/0510/{device}/reading", body)

    def _turn(self) -> None:
        sensor = self._dice.choice(self.sensors)
        sensor.wet = not sensor.wet
        self._tell(sensor)

    def _tell(self, sensor: Sensor) -> None:
        sensor.told.append((self.now(), sensor.wet))
        # A real one says more than that, and never the same twice.
        body = json.dumps({"water_leak": sensor.wet, "linkquality": len(sensor.told) % 255})
        self._publish(f"zigbee2mqtt/{sensor.device}", body)

    def _connected(self, *_: object) -> None:
        self._client.subscribe("hub/v1/+/+/receipt", qos=1)

    def _receipt(self, _c: object, _u: object, message: mqtt.MQTTMessage) -> None:
        said = json.loads(message.payload)
        if said["state"] in ("stored", "taken"):
            with self._lock:
                self._pending.pop(said["id"], None)
