"""How a connection to the broker is encrypted, and what it means when that fails."""

from __future__ import annotations

import re
import socket
import ssl
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import paho.mqtt.client as mqtt

from workstation.adapters.mqtt.address import Address
from workstation.adapters.mqtt.block_socket import BlockSocket
from workstation.application.errors import BrokerFailed
from workstation.wire import certificates

Client = TypeVar("Client", bound=mqtt.Client)

_HUNG_UP: Final = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
_ALERT: Final = re.compile(r"ALERT_(\w+)")
_WANTS_OURS: Final = frozenset({"CERTIFICATE_REQUIRED", "NO_CERTIFICATE"})
_REFUSES_OURS: Final = frozenset(
    {
        "ACCESS_DENIED",
        "BAD_CERTIFICATE",
        "CERTIFICATE_EXPIRED",
        "CERTIFICATE_REVOKED",
        "CERTIFICATE_UNKNOWN",
        "UNKNOWN_CA",
        "UNSUPPORTED_CERTIFICATE",
    }
)
_OLD: Final = frozenset({"UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW"})
_TLS_ALERT: Final = b"\x15\x03"
"""How TLS answers what it does not understand (RFC 8446, 5.1 and 6)."""


class SecureClient(mqtt.Client):
    """paho's client, but for a socket that paho leaves open when a certificate is not accepted."""

    def _ssl_wrap_socket(self, tcp_sock: socket.socket) -> ssl.SSLSocket:
        context = cast("ssl.SSLContext", self._ssl_context)
        return context.wrap_socket(tcp_sock, server_hostname=self._host)


def equip(client: Client, address: Address) -> Client:
    """Give a client user, password and certificates; raises BrokerFailed for what cannot be used."""
    _host, _port, secure = address.host_and_port()
    client.max_inflight_messages_set(1000)
    if address.username:
        client.username_pw_set(address.username, address.password)
    if secure:
        client.tls_set_context(_context(address))
    if address.will is not None:
        topic, payload = address.will
        client.will_set(topic, payload, qos=1, retain=True)
    return client


def why_not(error: Exception, address: Address) -> dict[str, Any]:
    """Return `reason`, and what its sentence tells, of a connection that could not be made."""
    _host, _port, secure = address.host_and_port()
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = certificates.reason(error.verify_code)
        return {"reason": reason, "detail": error.verify_message}
    if isinstance(error, ssl.SSLError):
        return _of_tls(error.reason or "", address)
    # A port that is not encrypted hangs up at the first word it does not understand.
    if secure and isinstance(error, _HUNG_UP):
        return {"reason": "no_tls"}
    return {"reason": "unreachable"}


def why_ended(connection: BlockSocket | None, address: Address) -> dict[str, Any] | None:
    """Return what `why_not` does for a connection that ended before the broker said anything.

    From TLS 1.3 on a broker looks at our certificate when the connection seems to stand already.
    None when the end had nothing to do with encryption.
    """
    _host, _port, secure = address.host_and_port()
    if connection is None:
        return None
    if isinstance(connection.failure, ssl.SSLError) and secure:
        return why_not(connection.failure, address)
    if not secure and connection.opening.startswith(_TLS_ALERT):
        return {"reason": "wants_tls"}
    if connection.opening:
        return None
    return _own_certificate(address, "") if secure else {"reason": "hung_up"}


def _context(address: Address) -> ssl.SSLContext:
    ca_file = address.ca_file or None
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise BrokerFailed("no_ca_file", file=ca_file) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if address.certificate_file:
        _load_own(context, address)
    return context


def _load_own(context: ssl.SSLContext, address: Address) -> None:
    certificate, key = address.certificate_file, address.key_file or address.certificate_file
    written = {file: _pem(file) for file in (certificate, key)}
    try:
        # Without a password OpenSSL would ask for it at the terminal, and wait for ever.
        context.load_cert_chain(certificate, key, password=address.key_password or "")
    except ssl.SSLError as error:
        if "MISMATCH" in (error.reason or ""):
            raise BrokerFailed("wrong_key", file=key) from error
        # OpenSSL says the same of whatever it cannot read, and of a password that does not open.
        if b"ENCRYPTED" in written[key]:
            raise BrokerFailed("wrong_key_password", file=key) from error
        raise BrokerFailed("no_certificate_file", file=certificate) from error


def _pem(file: str) -> bytes:
    try:
        written = Path(file).read_bytes()
    except OSError as error:
        raise BrokerFailed("no_certificate_file", file=file) from error
    if b"-----BEGIN " not in written:
        raise BrokerFailed("no_certificate_file", file=file)
    return written


def _of_tls(reason: str, address: Address) -> dict[str, Any]:
    """Return what OpenSSL's `reason` means; an alert is what the broker has told."""
    found = _ALERT.search(reason)
    alert = found[1] if found else ""
    detail = alert.replace("_", " ").lower()
    if alert in _WANTS_OURS | _REFUSES_OURS:
        return _own_certificate(address, detail)
    if alert == "HANDSHAKE_FAILURE" and not address.certificate_file:
        # What brokers without TLS 1.3 say to somebody who shows no certificate.
        return _own_certificate(address, detail)
    if alert == "PROTOCOL_VERSION" or reason in _OLD:
        return {"reason": "old_tls"}
    return {"reason": "tls_refused", "detail": detail} if alert else {"reason": "no_tls"}


def _own_certificate(address: Address, detail: str) -> dict[str, Any]:
    if not address.certificate_file:
        return {"reason": "own_certificate_missing"}
    return {"reason": "own_certificate_refused", "detail": detail or "–"}
