"""Where the broker is and how to sign in, and paho's client for it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar
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
Client = TypeVar("Client", bound=mqtt.Client)
_HUNG_UP: Final = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where the broker is and how to sign in; nothing is checked before `host_and_port`."""

    url: str
    client_id: str
    username: str = ""
    password: str | None = field(default=None, repr=False)
    ca_file: str = ""
    protocol: str = "5"
    session_expiry: timedelta = timedelta(days=14)
    receive_maximum: int = 10_000

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


def equip(client: Client, address: Address) -> Client:
    """Give a client user, password and certificates; raises BrokerFailed (`bad_address`, `no_ca_file`)."""
    _host, _port, secure = address.host_and_port()
    client.max_inflight_messages_set(1000)
    if address.username:
        client.username_pw_set(address.username, address.password)
    if secure:
        ca_file = address.ca_file or None
        if ca_file and not Path(ca_file).is_file():
            raise BrokerFailed("no_ca_file", file=ca_file)
        try:
            client.tls_set(ca_certs=ca_file)
        except OSError as error:
            raise BrokerFailed("no_ca_file", file=ca_file) from error
    return client


def why_not(error: Exception, address: Address) -> dict[str, Any]:
    """Return `reason`, and what its sentence tells, of a connection that could not be made."""
    _host, _port, secure = address.host_and_port()
    if isinstance(error, ssl.SSLCertVerificationError):
        return {"reason": "bad_certificate", "detail": error.verify_message}
    # A port that is not encrypted hangs up at the first word it does not understand.
    if isinstance(error, ssl.SSLError) or (secure and isinstance(error, _HUNG_UP)):
        return {"reason": "no_tls"}
    return {"reason": "unreachable"}
