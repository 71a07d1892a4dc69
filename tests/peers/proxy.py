"""A TCP way to a peer that can be stalled, cut and slowed; many of them on one thread."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")
_BLOCK = 65_536
_AT_ONCE = struct.pack("ii", 1, 0)


class Proxy:
    """One way: listens on `port`, and passes on what comes to the loopback port `target`.

    Its methods may be called from any thread but the loop's own.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, target: int) -> None:
        """Made by `proxies`."""
        self.port = 0
        self.target = target
        self._loop = loop
        self._open = asyncio.Event()
        self._open.set()
        self._closed = asyncio.Event()
        self._cut = False
        self._delay = 0.0
        self._ends: set[asyncio.StreamWriter] = set()
        self._pairs: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    def stall(self) -> None:
        """Let nothing through from now on; connections stand, new ones are accepted."""
        self._soon(self._open.clear)

    def cut(self) -> None:
        """End every connection with a reset, and each new one as well."""

        def act() -> None:
            self._cut = True
            self._reset()

        self._soon(act)

    def slow(self, seconds: float) -> None:
        """Hold every block that comes for so long before it goes on."""

        def act() -> None:
            self._delay = seconds

        self._soon(act)

    def heal(self) -> None:
        """Let everything through at once; what was stalled goes on where it stood."""

        def act() -> None:
            self._cut = False
            self._delay = 0.0
            self._open.set()

        self._soon(act)

    @property
    def connections(self) -> int:
        """How many connections stand now."""
        return len(self._pairs)

    async def listen(self) -> None:
        """Listen on a free port; on the loop."""
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """End everything; on the loop."""
        if self._server is not None:
            self._server.close()
        self._cut = True
        self._closed.set()
        self._open.set()
        self._reset()
        for pair in self._pairs:
            pair.cancel()
        await asyncio.gather(*self._pairs, return_exceptions=True)

    def _soon(self, act: Callable[[], None]) -> None:
        done = threading.Event()

        def acted() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(acted)
        done.wait()

    def _reset(self) -> None:
        for end in self._ends:
            _reset(end)

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            _reset(writer)
            return
        pair = asyncio.ensure_future(self._pair(reader, writer))
        self._pairs.add(pair)
        pair.add_done_callback(self._pairs.discard)

    async def _pair(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        self._ends.add(writer)
        try:
            await self._open.wait()
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
            ends.append(back)
            self._ends.add(back)
            ways = [
                asyncio.ensure_future(self._pass_on(reader, back)),
                asyncio.ensure_future(self._pass_on(there, writer)),
            ]
            try:
                # Programs that end one direction only are none of ours.
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except OSError:
            _reset(writer)
        finally:
            for end in ends:
                self._ends.discard(end)
                end.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while block := await reader.read(_BLOCK):
                if self._delay:
                    # The delay is what the proxy is for: it lasts until its time, or until it ends.
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._closed.wait(), self._delay)
                await self._open.wait()
                writer.write(block)
                await writer.drain()


def _reset(end: asyncio.StreamWriter) -> None:
    link = end.get_extra_info("socket")
    with contextlib.suppress(OSError):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    end.transport.abort()


@contextmanager
def proxies() -> Iterator[Callable[[int], Proxy]]:
    """Give a maker of proxies: `make(port)` leads to that port; all end with the context."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="proxies", daemon=True)
    thread.start()
    made: list[Proxy] = []

    def make(target: int) -> Proxy:
        proxy = Proxy(loop, target)
        asyncio.run_coroutine_threadsafe(proxy.listen(), loop).result(10)
        made.append(proxy)
        return proxy

    async def end() -> None:
        for proxy in made:
            await proxy.close()

    try:
        yield make
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
