"""Addresses of brokers, good and bad."""

from pathlib import Path

import pytest

from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.network_thread import BlockClient
from workstation.application.errors import BrokerFailed


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("mqtt://hub", ("hub", 1883, False)),
        ("mqtts://hub.example.org", ("hub.example.org", 8883, True)),
        ("mqtt://127.0.0.1:1884", ("127.0.0.1", 1884, False)),
        ("mqtt://[::1]:1884", ("::1", 1884, False)),
        ("mqtt://blåbær.example", ("blåbær.example", 1883, False)),
    ],
)
def test_good(url: str, found: tuple[str, int, bool]) -> None:
    assert Address(url=url, client_id="x").host_and_port() == found


@pytest.mark.parametrize(
    "url",
    ["", "hub", "http://hub", "mqtt://", "mqtt://hub:0", "mqtt://hub:99999", "mqtt://hub:x",
     "mqtt://a..b", "mqtt://" + "x" * 64, "mqtt://[::1"],
)  # fmt: skip
def test_bad(url: str) -> None:
    with pytest.raises(BrokerFailed) as failure:
        BlockClient.of(Address(url=url, client_id="x"))
    assert failure.value.reason == "bad_address"


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_certificate_file_that_is_none(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(BrokerFailed) as failure:
        BlockClient.of(Address(url="mqtts://hub", client_id="x", ca_file=str(file)))
    assert failure.value.reason == "no_ca_file"


def test_a_password_is_never_shown() -> None:
    assert "geheim" not in repr(Address(url="mqtt://h", client_id="x", password="geheim"))
