"""A certificate authority of the tests' own, with everything that can be wrong with a certificate."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workstation.adapters.system.clock import SystemClock

HERE = ("localhost", "127.0.0.1")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, both PEM files."""

    certificate: Path
    key: Path


class Authority:
    """Signs what it is asked to; `file` is its own certificate."""

    def __init__(self, folder: Path, name: str = "hub-ca") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        own = (
            self._unsigned(self._name, self._key, _now() - DAY, _now() + 30 * DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def server(self, name: str = "server", *, names: Sequence[str] = HERE) -> Pair:
        """A good one for `names`."""
        return self._issue(name, names, _now() - DAY, _now() + 7 * DAY)

    def expired(self) -> Pair:
        return self._issue("expired", HERE, _now() - 7 * DAY, _now() - DAY)

    def not_yet_valid(self) -> Pair:
        return self._issue("early", HERE, _now() + DAY, _now() + 7 * DAY)

    def faulty(self, fault: str) -> Pair:
        """One that nobody who trusts this authority may believe: its fault by name."""
        if fault == "expired":
            return self.expired()
        if fault == "not_yet_valid":
            return self.not_yet_valid()
        if fault == "elsewhere":
            return self.server("elsewhere", names=["sip.example"])
        return Authority(self._folder / fault, fault).server()

    def client(
        self, name: str = "desk", *, password: str | None = None, expired: bool = False
    ) -> Pair:
        """A program's own; its common name is `name`."""
        until = _now() - timedelta(hours=1) if expired else _now() + 7 * DAY
        return self._issue(name, (), _now() - DAY, until, password)

    def _issue(
        self,
        name: str,
        names: Sequence[str],
        start: datetime,
        end: datetime,
        password: str | None = None,
    ) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if names else ExtendedKeyUsageOID.CLIENT_AUTH
        unsigned = self._unsigned(subject, key, start, end)
        unsigned = unsigned.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        if names:
            alternatives = x509.SubjectAlternativeName([_general(one) for one in names])
            unsigned = unsigned.add_extension(alternatives, critical=False)
        pair = Pair(self._folder / f"{name}.pem", self._folder / f"{name}.key")
        signed = unsigned.sign(self._key, hashes.SHA256())
        pair.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
        pair.key.write_bytes(_written(key, password))
        pair.key.chmod(0o600)
        return pair

    def _unsigned(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, start: datetime, end: datetime
    ) -> x509.CertificateBuilder:
        signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(signer, critical=False)
        )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _written(key: ec.EllipticCurvePrivateKey, password: str | None) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password.encode())
        if password
        else serialization.NoEncryption(),
    )


def _now() -> datetime:
    return SystemClock().now()
