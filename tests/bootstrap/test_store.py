"""The database's address out of the settings, with a password that stands in none of them."""

from pathlib import Path

import pytest

from workstation import paths, settings
from workstation.adapters.db.address import Address
from workstation.bootstrap import store

OWN = """
[hub]
kommuner = ["0510"]
[database]
url = "postgresql://desk@db.hub.example/hub"
password_env = "DESK_PASSWORD"
ca_file = "ca.pem"
[broker]
url = "mqtt://broker"
[sip]
kind = "off"
"""


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Address:
    monkeypatch.setenv("DESK_PASSWORD", "s3cret")
    (tmp_path / "ca.pem").touch()
    config = tmp_path / "hub.toml"
    config.write_text(OWN, encoding="utf-8")
    found = settings.load(config, {}, defaults=paths.default_config())
    assert store.described(found) == "postgresql://db.hub.example/hub"
    return store.address(found)


def test_password_and_certificates_come_along(address: Address, tmp_path: Path) -> None:
    assert (address.username, address.password) == ("desk", "s3cret")
    assert address.query["sslmode"] == "verify-full"
    assert address.query["sslrootcert"] == str(tmp_path / "ca.pem")


def test_the_password_is_never_shown(address: Address) -> None:
    assert "s3cret" not in f"{address} {address!r}"


def test_a_file_needs_none() -> None:
    found = settings.load(None, {}, defaults=paths.default_config())
    assert store.address(found).drivername == "sqlite"
    assert store.described(found) == "sqlite:///workstation.sqlite"
