"""An address on this machine to which the browser brings the provider's answer (RFC 8252, 7.3)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from html import escape
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from workstation.application.proving import SignInRefused
from workstation.texts import _

_log = logging.getLogger(__name__)
HOST: Final = "127.0.0.1"
PATH: Final = "/signed-in"
_LONGEST: Final = 16 * 1024
_PATIENCE_S: Final = 5.0
_MOST_AT_ONCE: Final = 16
_PAGE: Final = (
    '<!doctype html><meta charset="utf-8"><title>{title}</title>'
    '<body style="font-family:sans-serif;margin:4em"><p>{text}</p>'
)
_HEADERS: Final = (
    "Content-Type: text/html; charset=utf-8",
    "Cache-Control: no-store",
    "Referrer-Policy: no-referrer",
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options: nosniff",
    "Connection: close",
)


class Loopback:
    """One address for one answer; browsers' other wishes (icons, empty connections) are let down."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[Mapping[str, str]] = asyncio.get_running_loop().create_future()
        self._open: set[asyncio.Task[None]] = set()
        self._port = 0

    @property
    def url(self) -> str:
        """The address to send the browser to."""
        return f"http://{HOST}:{self._port}{PATH}"

    async def reply(self) -> Mapping[str, str]:
        """Wait for the browser; return the parameters it brought, each once."""
        return await self._answer

    async def start(self) -> asyncio.Server:
        """Listen on a free port of this machine; raises OSError."""
        server = await asyncio.start_server(
            self._met, HOST, 0, limit=_LONGEST, backlog=_MOST_AT_ONCE
        )
        self._port = int(server.sockets[0].getsockname()[1])
        return server

    async def stop(self, server: asyncio.Server) -> None:
        """Listen no more and let go of whoever is still connected."""
        server.close()
        for task in list(self._open):
            task.cancel()
        if self._open:
            await asyncio.wait(self._open)
        await server.wait_closed()
        self._answer.cancel()

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._open) >= _MOST_AT_ONCE:
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                head = await reader.readuntil(b"\r\n\r\n")
                brought = self._brought(head)
                taken = brought is not None and not self._answer.done()
                writer.write(_page() if taken else _nothing())
                await writer.drain()
            # Told only when the page is on its way: then nobody listens here any more.
            if taken and brought is not None and not self._answer.done():
                self._answer.set_result(brought)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            _log.debug("somebody connected to the sign-in's address and said nothing we know")
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _brought(self, head: bytes) -> Mapping[str, str] | None:
        """Return the parameters of a request that is for us, None for any other."""
        lines = head.decode("latin-1").split("\r\n")
        parts = lines[0].split(" ")
        hosts = [line.partition(":")[2].strip() for line in lines[1:] if _is_host(line)]
        # A page elsewhere whose name was made to point here has that name in Host.
        if len(parts) != 3 or parts[0] != "GET" or hosts != [f"{HOST}:{self._port}"]:  # noqa: PLR2004 - a request line
            return None
        try:
            target = urlsplit(parts[1])
            found = parse_qsl(target.query, keep_blank_values=True, max_num_fields=32)
        except ValueError:
            return None
        if target.path != PATH or not found:
            return None
        # RFC 6749, 3.1: no parameter may come twice. None of them is believed then.
        return dict(found) if len(dict(found)) == len(found) else {}


@asynccontextmanager
async def listen() -> AsyncIterator[Loopback]:
    """Listen until it is left; raises SignInRefused (`no_room`) when this machine gives no port."""
    found = Loopback()
    try:
        server = await found.start()
    except OSError as error:
        raise SignInRefused("no_room") from error
    try:
        yield found
    finally:
        await found.stop(server)


def _is_host(line: str) -> bool:
    return line.partition(":")[0].strip().lower() == "host"


def _page() -> bytes:
    title = _("Sign-in")
    text = _("This page has done its part: close it, and go back to the workstation.")
    body = _PAGE.format(title=escape(title), text=escape(text)).encode()
    head = ["HTTP/1.1 200 OK", *_HEADERS, f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


def _nothing() -> bytes:
    head = ["HTTP/1.1 404 Not Found", *_HEADERS, "Content-Length: 0"]
    return "\r\n".join([*head, "", ""]).encode()
