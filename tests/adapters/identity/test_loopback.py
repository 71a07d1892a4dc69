"""The address the browser comes back to: for one answer, from this machine, and then gone."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx
import pytest

from workstation.adapters.identity.loopback import Loopback, listen


async def ask(redirect: Loopback, raw: bytes) -> bytes:
    """Say `raw` to it and return what it says."""
    port = urlsplit(redirect.url).port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    await writer.drain()
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def get(redirect: Loopback, query: str, *, host: str = "", method: str = "GET") -> bytes:
    parts = urlsplit(redirect.url)
    head = f"{method} {parts.path}{query} HTTP/1.1\r\nHost: {host or parts.netloc}\r\n\r\n"
    return head.encode()


def test_it_hands_over_what_the_browser_brings_and_is_gone() -> None:
    async def act() -> tuple[Mapping[str, str], httpx.Response, str]:
        async with listen() as redirect:
            assert redirect.url.startswith("http://127.0.0.1:")
            url = f"{redirect.url}?state=s%26s&code=c%C3%A6&iss="
            async with httpx.AsyncClient(trust_env=False) as browser:
                page, brought = await asyncio.gather(browser.get(url), redirect.reply())
        return brought, page, redirect.url

    brought, page, url = asyncio.run(act())
    assert brought == {"state": "s&s", "code": "cæ", "iss": ""}
    assert page.status_code == 200
    assert "workstation" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "code" not in page.text.replace("workstation", "")
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_nothing_else_is_an_answer() -> None:
    async def act() -> Mapping[str, str]:
        async with listen() as redirect:
            path = urlsplit(redirect.url).path
            wrong = [
                get(redirect, ""),
                get(redirect, "?state=s&code=c", host="evil.example"),
                get(redirect, "?state=s&code=c", host="localhost:1"),
                get(redirect, "?state=s&code=c", method="POST"),
                get(redirect, "?state=s&code=c").replace(path.encode(), b"/favicon.ico"),
                b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
                b"GET http://[ HTTP/1.1\r\n\r\n",
                b"\r\n\r\n",
            ]
            for raw in wrong:
                assert (await ask(redirect, raw)).startswith(b"HTTP/1.1 404")
            assert await ask(redirect, b"GET /" + b"x" * 40_000) == b""
            page = await ask(redirect, get(redirect, "?state=s&code=c"))
            assert page.startswith(b"HTTP/1.1 200")
            return await redirect.reply()

    assert asyncio.run(act()) == {"state": "s", "code": "c"}


def test_a_parameter_that_comes_twice_is_not_believed() -> None:
    async def act() -> Mapping[str, str]:
        async with listen() as redirect:
            await ask(redirect, get(redirect, "?state=s&code=c&code=d"))
            return await redirect.reply()

    assert asyncio.run(act()) == {}


def test_a_connection_that_says_nothing_holds_nobody_up() -> None:
    """Browsers open connections before they need them."""

    async def act() -> Mapping[str, str]:
        async with listen() as redirect:
            port = urlsplit(redirect.url).port
            idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(5)]
            page = await ask(redirect, get(redirect, "?state=s"))
            assert page.startswith(b"HTTP/1.1 200")
            brought = await redirect.reply()
        for _, writer in idle:
            writer.close()
        return brought

    assert asyncio.run(act()) == {"state": "s"}


def test_the_second_answer_is_none() -> None:
    async def act() -> Mapping[str, str]:
        async with listen() as redirect:
            await ask(redirect, get(redirect, "?state=first"))
            assert (await ask(redirect, get(redirect, "?state=second"))).startswith(b"HTTP/1.1 404")
            return await redirect.reply()

    assert asyncio.run(act()) == {"state": "first"}


def test_nobody_who_comes_is_no_trouble() -> None:
    async def act() -> None:
        async with listen() as redirect:
            waiting = asyncio.ensure_future(redirect.reply())
            waiting.cancel()

    asyncio.run(act())
