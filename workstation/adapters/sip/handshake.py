"""A look at the telephone system's certificate, without a call."""

import socket
import ssl
from typing import Final

from workstation.adapters.sip.target import plain_address, split_address
from workstation.application.errors import LineFailed
from workstation.wire import certificates

_PORT: Final = 5061
_PATIENCE_S: Final = 5.0


def try_tls(address: str, ca_file: str) -> None:
    """Connect encrypted and hang up; raises LineFailed with what is wrong with certificate or port.

    A host that does not answer at all is left to the line, which says so by itself.
    """
    host, port = split_address(plain_address(address))
    try:
        context = ssl.create_default_context(cafile=ca_file or None)
        line = socket.create_connection((host, port or _PORT), _PATIENCE_S)
    except OSError:
        return
    with line:
        try:
            context.wrap_socket(line, server_hostname=host).close()
        except ssl.SSLCertVerificationError as error:
            raise LineFailed(certificates.reason(error.verify_code)) from error
        except OSError as error:
            raise LineFailed("no_tls") from error
