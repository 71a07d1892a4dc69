"""TLS before a peer that speaks none itself: each connection is decrypted and handed on."""

from __future__ import annotations

import selectors
import socket
import ssl
import threading
from contextlib import suppress

from tests.peers.certificates import Pair
from tests.peers.sipp import Sipp


class TlsFront:
    """Listens on `port`, shows `pair`, and hands on to `peer`, which speaks TCP."""

    def __init__(self, peer: Sipp, pair: Pair) -> None:
        self.peer = peer
        self._behind = peer.port
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.spoken: list[str] = []
        """The TLS version of each connection."""
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self.present(pair)
        self._begin(self._accept)

    def present(self, pair: Pair) -> None:
        """Show another certificate from the next connection on."""
        self._context.load_cert_chain(pair.certificate, pair.key)

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _begin(self, act: object, *values: object) -> None:
        thread = threading.Thread(target=act, args=values, name="tls-front")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                raw, _ = self._server.accept()
            except OSError:
                return
            self._begin(self._serve, raw)

    def _serve(self, raw: socket.socket) -> None:
        raw.settimeout(10)
        self._open.add(raw)
        try:
            with self._context.wrap_socket(raw, server_side=True) as near:
                self._open.add(near)
                self.spoken.append(near.version() or "")
                with socket.create_connection(("127.0.0.1", self._behind)) as far:
                    self._hand_on(near, far)
        except OSError:
            raw.close()
        finally:
            self._open.discard(raw)

    def _hand_on(self, near: ssl.SSLSocket, far: socket.socket) -> None:
        with selectors.DefaultSelector() as both:
            both.register(near, selectors.EVENT_READ, far)
            both.register(far, selectors.EVENT_READ, near)
            while True:
                for key, _ in both.select(1):
                    came = key.fileobj.recv(65_536)
                    if not came:
                        return
                    key.data.sendall(came)
