"""The signature on programs and MSI: by osslsigncode on Debian, by signtool on Windows.

Without a certificate of IT's or the maker's, one is made on the spot: it proves that the step works,
and no Windows trusts it.
"""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from installer import product
from installer.shop import BuildFailedError, kept, run

PASSWORD_IN: Final = "EW_SIGNING_PASSWORD"  # noqa: S105  # the variable's name
TEST_PASSWORD: Final = "test"  # noqa: S105  # of a certificate that nobody trusts
_DAYS: Final = 3650
_TEST_NAME: Final = f"/CN={product.NAME} (test, not trusted)/O={product.MAKER}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whose signature."""

    certificate: Path
    """A PKCS#12 file (.pfx) with the key; its password is in EW_SIGNING_PASSWORD."""
    password: str
    timestamp: str = ""
    """URL of the RFC 3161 server that says when; without one a signature ends with its certificate."""
    is_trusted: bool = True

    def sign(self, file: Path) -> None:
        """Sign a program or an MSI in its place; raises BuildFailedError."""
        if sys.platform == "win32":
            self._by_signtool(file)
        else:
            self._by_osslsigncode(file)

    def _by_osslsigncode(self, file: Path) -> None:
        signed = file.with_name(file.name + ".signed")
        signed.unlink(missing_ok=True)
        stamp = ["-ts", self.timestamp] if self.timestamp else []
        with tempfile.TemporaryDirectory() as folder:  # this user's alone
            password = Path(folder) / "password"
            password.write_text(self.password, encoding="utf-8")
            run(
                "osslsigncode", "sign", "-pkcs12", self.certificate, "-readpass", password,
                "-h", "sha256", "-n", product.NAME, *stamp, "-in", file, "-out", signed,
            )  # fmt: skip
        signed.replace(file)

    def _by_signtool(self, file: Path) -> None:
        stamp = ["/tr", self.timestamp, "/td", "sha256"] if self.timestamp else []
        try:
            run(
                "signtool", "sign", "/f", self.certificate, "/p", self.password, "/fd", "sha256",
                "/d", product.NAME, *stamp, file,
            )  # fmt: skip
        except BuildFailedError as failure:
            # It tells the command, and what builds keeps what it is told.
            raise BuildFailedError(str(failure).replace(self.password, "***")) from None


def given(certificate: Path | None, timestamp: str) -> Signer:
    """Return who signs: the holder of `certificate`, or the test certificate where there is none.

    Raises BuildFailedError when the certificate is not there or has no password.
    """
    if certificate is None:
        folder = kept("certificate", "test", _make_test_certificate)
        return Signer(certificate=folder / "test.pfx", password=TEST_PASSWORD, is_trusted=False)
    if not certificate.is_file():
        raise BuildFailedError(f"{certificate} is not there")
    password = os.environ.get(PASSWORD_IN, "")
    if not password:
        raise BuildFailedError(f"{PASSWORD_IN} has no password for {certificate}")
    return Signer(certificate=certificate, password=password, timestamp=timestamp)


def verify(file: Path, authority: Path | None = None) -> str:
    """Return what is said of a file's signature; raises BuildFailedError when it is none that holds.

    `authority` is a file of certificates to trust, on Debian; Windows trusts its own.
    """
    if sys.platform == "win32":
        return run("signtool", "verify", "/pa", "/v", file)
    trusted = ["-CAfile", authority] if authority else []
    return run("osslsigncode", "verify", *trusted, "-in", file)


def test_authority() -> Path:
    """Return the certificate to trust where the test certificate signed."""
    return kept("certificate", "test", _make_test_certificate) / "test.pem"


def _make_test_certificate(folder: Path) -> None:
    if shutil.which("openssl") is None:
        raise BuildFailedError("openssl is not installed: --certificate FILE.pfx signs without it")
    key, certificate = folder / "test.key", folder / "test.pem"
    run(
        "openssl", "req", "-x509", "-newkey", "rsa:3072", "-nodes", "-days", _DAYS, "-sha256",
        "-subj", _TEST_NAME, "-addext", "keyUsage=digitalSignature",
        "-addext", "extendedKeyUsage=codeSigning", "-keyout", key, "-out", certificate,
    )  # fmt: skip
    run(
        "openssl", "pkcs12", "-export", "-inkey", key, "-in", certificate,
        "-out", folder / "test.pfx", "-passout", f"pass:{TEST_PASSWORD}",
    )  # fmt: skip
