"""Where the broker is, how to sign in, and what paho's client for it is made with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from workstation.application.errors import BrokerFailed

REASONS: Final = {
    0x84: "unsupported_protocol",
    0x85: "refused_client_id",
    0x86: "refused_password",
    0x87: "refused_password",
    0x88: "unreachable",
    0x8A: "refused_password",
    0x8E: "taken_over",
}
"""The broker's reason codes (MQTT 5, 2.4; paho turns those of 3.1.1 into these) by our names."""
_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the broker is and how to sign in; nothing is checked before `host_and_port`."""

    url: str
    client_id: str
    username: str = ""
    password: str | None = field(default=None, repr=False)
    ca_file: str = ""
    certificate_file: str = ""
    """Our own, for brokers that want one; "" for none."""
    key_file: str = ""
    """Its key, where that does not stand in `certificate_file`."""
    key_password: str | None = field(default=None, repr=False)
    protocol: str = "5"
    session_expiry: timedelta = timedelta(days=14)
    leaves: bool = False
    """End the session at an orderly end: a broker gives a member of a group its share while it is away."""
    receive_maximum: int = 10_000
    will: tuple[str, bytes] | None = None
    """Topic and payload that the broker publishes (retained) when this connection is lost."""

    @property
    def is_five(self) -> bool:
        """Whether MQTT 5 is spoken; else 3.1.1."""
        return self.protocol == "5"

    def host_and_port(self) -> tuple[str, int, bool]:
        """Return host, port and whether the connection is encrypted; raises BrokerFailed `bad_address`."""
        try:
            parts = urlsplit(self.url)
            port = _PORTS[parts.scheme] if parts.port is None else parts.port
            host = parts.hostname or ""
            # The resolver would raise this one in the network thread, again and again.
            host.encode("idna")
        except (ValueError, KeyError) as error:
            raise BrokerFailed("bad_address", url=self.url) from error
        if not host or not port:
            raise BrokerFailed("bad_address", url=self.url)
        return host, port, parts.scheme == "mqtts"


def arguments(address: Address, *, lasting: bool) -> dict[str, Any]:
    """Return what paho's client is made with; a `lasting` session outlives its connection."""
    return {
        "callback_api_version": CallbackAPIVersion.VERSION2,
        "client_id": address.client_id,
        "protocol": mqtt.MQTTv5 if address.is_five else mqtt.MQTTv311,
        "clean_session": None if address.is_five else not lasting,
    }
