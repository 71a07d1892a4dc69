"""The thread that keeps one client connected and moves its bytes."""

from __future__ import annotations

import logging
import select
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, Final, Self, cast

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from workstation.adapters.mqtt.address import Address, arguments
from workstation.adapters.mqtt.block_socket import BlockSocket
from workstation.adapters.mqtt.encryption import SecureClient, equip
from workstation.application.asleep import Asleep

_log = logging.getLogger(__name__)
_KEEPALIVE_S: Final = 20
_KEEPALIVE_LOOK_S: Final = 1.0


class BlockClient(SecureClient):
    """paho's client on a BlockSocket."""

    latest: BlockSocket | None = None
    """The present connection, or the one that ended last."""

    @classmethod
    def of(cls, address: Address) -> Self:
        """Return a client, not connected; raises BrokerFailed. Without an expiry no session lasts."""
        lasting = bool(address.session_expiry)
        return equip(cls(**arguments(address, lasting=lasting), manual_ack=True), address)

    def aim(self, address: Address) -> None:
        """Say where `reconnect` connects to, and how long the session is kept."""
        host, port, _secure = address.host_and_port()
        session: dict[str, Any] = {}
        if address.is_five:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho gives it no types
            properties.SessionExpiryInterval = int(address.session_expiry.total_seconds())
            properties.ReceiveMaximum = address.receive_maximum
            session = {"clean_start": False, "properties": properties}
        self._leaves = address.leaves and address.is_five
        self.connect_async(host, port, keepalive=_KEEPALIVE_S, **session)

    def part(self) -> None:
        """Say goodbye; the session lasts unless it is one to leave."""
        if not self._leaves:
            self.disconnect()
            return
        properties = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call]  # as above
        properties.SessionExpiryInterval = 0
        self.disconnect(properties=properties)

    def _create_socket(self) -> mqtt.SocketLike:
        # The only place where paho makes a socket; its own websockets are put in here, too.
        self.latest = BlockSocket(cast("socket.socket", super()._create_socket()))
        return cast("mqtt.SocketLike", self.latest)

    @property
    def connection(self) -> BlockSocket | None:
        """The present connection."""
        return cast("BlockSocket | None", self.socket())

    @property
    def is_between_packets(self) -> bool:
        """Whether paho has read its last packet to the end."""
        return self._in_packet["command"] == 0


class NetworkThread:
    """Connects, moves bytes until the connection ends, and connects again after a pause.

    paho's own thread sends every packet by itself, and sleeps where it cannot be woken.
    """

    def __init__(
        self,
        client: BlockClient,
        *,
        take: Callable[[int, bytes], None],
        turned: Callable[[], None],
        failed: Callable[[Exception], None],
        pause: Callable[[], float],
    ) -> None:
        """`take` has whole PUBLISH and PUBACK packets, first byte and body; paho has all others.

        `turned` is called at least every second of a connection;
        `failed` is told why there is no connection; `pause` says how long to wait then, in seconds.
        """
        self._take = take
        self._turned = turned
        self._client = client
        # Without it paho would write from whichever thread queues something.
        client.on_socket_register_write = lambda *_: None
        self._failed = failed
        self._pause = pause
        self._ending = threading.Event()
        self._woken = False
        self._asleep = Asleep()
        name = f"mqtt-{client._client_id.decode()}"  # noqa: SLF001 - has no other name
        # As paho's own: a program that fails must end, and not go on as half of one.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start in the background; the client's callbacks follow, on this thread."""
        self._ear, self._mouth = socket.socketpair()
        self._ear.settimeout(0)
        self._mouth.settimeout(0)
        self._thread.start()

    def give_up(self) -> None:
        """Do not connect again once this connection has ended; any thread, callbacks too."""
        self._ending.set()

    def stop(self) -> None:
        """Write what is queued, disconnect and end."""
        self._ending.set()
        if self._thread.ident is None:
            return
        self.wake()
        self._thread.join()
        self._ear.close()
        self._mouth.close()

    def wake(self) -> None:
        """Have what was queued for sending sent now; any thread, and before the start in vain."""
        if self._thread.ident in (None, threading.get_ident()):
            return
        if not self._woken:
            self._woken = True
            try:
                self._mouth.send(b"\0")
            except OSError:
                _log.debug("%s has ended or is awake already", self._thread.name)

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                self._client.reconnect()
                while not self._ending.is_set() and (connection := self._client.connection):
                    self._turn(connection)
            except OSError as error:
                self._failed(error)
            except Exception as error:  # noqa: BLE001 - see below
                # The thread must outlive any fault of ours, or nobody would hear alarms any more.
                _log.exception("%s failed", self._thread.name)
                self._failed(error)
            self._ending.wait(self._pause())
        self._part()

    def _turn(self, connection: BlockSocket) -> None:
        """Wait until there is something to do, and do all of it once."""
        writing = [connection] if connection.wants_to_write else []
        patience = 0.0 if connection.pending() else _KEEPALIVE_LOOK_S
        both: list[Any] = [connection, self._ear]
        begun = time.monotonic()
        readable, _, _ = select.select(both, writing, [], patience)
        self._look_for_sleep(connection, late=time.monotonic() - begun - patience)
        if self._ear in readable:
            self._ear.recv(64)
            self._woken = False
        if connection in readable or connection.pending():
            self._read(connection)
        self._turned()
        self._client.loop_misc()
        self._client.loop_write()
        if self._client.connection is connection:
            self._flush(connection)

    def _look_for_sleep(self, connection: BlockSocket, *, late: float) -> None:
        """Connect anew behind a sleep: the broker has given this connection up, or soon will."""
        wall = time.time()  # noqa: TID251 - the machine's, which goes on while it sleeps
        if self._asleep.ended(time.monotonic(), wall, late=late):
            _log.info("%s was asleep and connects anew", self._thread.name)
            connection.hang_up()

    def _read(self, connection: BlockSocket) -> None:
        """Take one block in; paho is given what is no storm, what is cut, and the end."""
        connection.fill()
        while True:
            if self._client.is_between_packets and (packet := connection.take()):
                self._take(*packet)
            else:
                self._client.loop_read()
            if not connection.unread or self._client.connection is not connection:
                return

    def _flush(self, connection: BlockSocket) -> None:
        try:
            connection.flush()
        except OSError:
            # Reading meets the same end, and paho then knows of it and says so.
            self._client.loop_read()

    def _part(self) -> None:
        if self._client.connection is not None:
            self._client.part()
            self._client.loop_write()
