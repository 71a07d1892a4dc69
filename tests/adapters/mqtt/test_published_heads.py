"""Heads hang at a real broker until they are replaced."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.peers.mosquitto import Mosquitto
from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.published_heads import MqttHeads
from workstation.application.errors import BrokerFailed
from workstation.domain.chain import Head

pytestmark = pytest.mark.peer
AT = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
HEAD = Head(writer="desk-1a2b3c4d", number=7, hash="ab" * 32, at=AT)
OTHER = Head(writer="desk/#", number=1, hash="cd" * 32, at=AT)


def heads(broker: Mosquitto) -> MqttHeads:
    return MqttHeads(Address(url=broker.url, client_id="audit"))


def test_what_was_published_last_hangs_there(mosquitto: Callable[..., Mosquitto]) -> None:
    one = heads(mosquitto())

    async def act() -> list[Head]:
        assert await one.read() == []
        await one.publish([HEAD, OTHER])
        await one.publish([replace(HEAD, number=8)])
        await one.publish([])
        return await one.read()

    found = asyncio.run(act())
    assert sorted(found, key=lambda head: head.writer) == [OTHER, replace(HEAD, number=8)][::-1]


def test_what_is_no_head_is_left_out(
    mosquitto: Callable[..., Mosquitto], caplog: pytest.LogCaptureFixture
) -> None:
    broker = mosquitto()
    asyncio.run(heads(broker).publish([HEAD]))
    broker.publish("eteam/audit/other", "nonsense", retain=True)
    broker.publish("eteam/audit/somebody-else", '{"writer":"w","number":1}', retain=True)
    assert asyncio.run(heads(broker).read()) == [HEAD]
    assert "holds no head" in caplog.text


def test_no_broker(free_port: Callable[..., int]) -> None:
    one = MqttHeads(Address(url=f"mqtt://127.0.0.1:{free_port()}", client_id="audit"))
    with pytest.raises(BrokerFailed):
        asyncio.run(one.read())
    with pytest.raises(BrokerFailed):
        asyncio.run(one.publish([HEAD]))
