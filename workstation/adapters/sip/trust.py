"""Why the far end's certificate was not accepted, in our words."""

import time
from typing import Final

import pjsua2 as pj

from workstation.adapters.sip.guard import Foreign
from workstation.wire import certificates

_UNKNOWN: Final = (
    pj.PJ_SSL_CERT_EUNTRUSTED
    | pj.PJ_SSL_CERT_EISSUER_NOT_FOUND
    | pj.PJ_SSL_CERT_EISSUER_MISMATCH
    | pj.PJ_SSL_CERT_ECHAIN_TOO_LONG
)


def verdict(tls: Foreign) -> str:
    """Return what the library thinks of the certificate of a connection, "" for nothing against it."""
    status = int(tls.verifyStatus)
    if status & pj.PJ_SSL_CERT_EIDENTITY_NOT_MATCH:
        return certificates.NAME
    if status & pj.PJ_SSL_CERT_EVALIDITY_PERIOD:
        # The library does not say on which side of its time it is.
        start = int(tls.remoteCertInfo.validityStart.sec)
        is_early = start > time.time()  # noqa: TID251 - a process of its own, with the machine's time
        return certificates.EARLY if is_early else certificates.EXPIRED
    if status & _UNKNOWN:
        return certificates.UNKNOWN
    return certificates.OTHER if status else ""
