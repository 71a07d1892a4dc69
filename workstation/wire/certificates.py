"""What OpenSSL's numbers say of a peer's certificate that was not accepted."""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "certificate_unknown"
NAME: Final = "certificate_name"
EXPIRED: Final = "certificate_expired"
EARLY: Final = "certificate_early"
OTHER: Final = "bad_certificate"

WHY: Final = {
    2: UNKNOWN,  # unable to get issuer certificate
    7: UNKNOWN,  # certificate signature failure: an authority of the same name with another key
    9: EARLY,  # certificate is not yet valid
    10: EXPIRED,  # certificate has expired
    18: UNKNOWN,  # self-signed certificate
    19: UNKNOWN,  # self-signed certificate in certificate chain
    20: UNKNOWN,  # unable to get local issuer certificate
    21: UNKNOWN,  # unable to verify the first certificate
    62: NAME,  # hostname mismatch
    64: NAME,  # IP address mismatch
}
"""X509_V_ERR_… of OpenSSL's x509_vfy.h, which have never been renumbered."""

REASONS: Final = (UNKNOWN, NAME, EXPIRED, EARLY, OTHER)
"""Every answer of `reason`."""


def reason(verify_code: int) -> str:
    """Return our name for why a certificate was not accepted."""
    return WHY.get(verify_code, OTHER)
