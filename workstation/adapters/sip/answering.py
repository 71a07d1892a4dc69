"""Asks whether a SIP receiver answers on this machine, and whether its port could be had."""

import socket
import ssl
import uuid
from contextlib import suppress
from typing import Final, Literal

from workstation.application.errors import LineFailed

Transport = Literal["udp", "tcp", "tls"]

_HERE: Final = "127.0.0.1"
_TRIES, _PATIENCE_S = 3, 1.0
_LARGEST: Final = 65_535
_SIP: Final = b"SIP/2.0 "


def answers_here(transport: Transport, port: int) -> bool:
    """Return whether something answers SIP at `port` of this machine; False when the port is free.

    It is asked what it can do (OPTIONS, RFC 3261 section 11), which changes nothing. Raises
    LineFailed `receiver_port_taken` for a port that is in use, or may not be had, and answers nothing.
    """
    with suppress(OSError):
        if _asked(transport, port).startswith(_SIP):
            return True
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    try:
        with socket.socket(socket.AF_INET, kind) as tried:
            tried.bind(("", port))
    except OSError as error:
        raise LineFailed("receiver_port_taken", port=port) from error
    return False


def _asked(transport: Transport, port: int) -> bytes:
    if transport == "udp":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.connect((_HERE, port))
            return _answer(line, transport)
    with socket.create_connection((_HERE, port), _PATIENCE_S) as plain:
        if transport == "tcp":
            return _answer(plain, transport)
        # Who it is does not matter: nothing is told that anybody could not know.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with context.wrap_socket(plain) as line:
            return _answer(line, transport)


def _answer(line: socket.socket, transport: Transport) -> bytes:
    """Return what comes back first; of UDP the question may be lost."""
    line.settimeout(_PATIENCE_S)
    question = _question(transport, line.getsockname()[1])
    for _try in range(_TRIES):
        line.send(question)
        with suppress(TimeoutError):
            return line.recv(_LARGEST)
    return b""


def _question(transport: Transport, port: int) -> bytes:
    call = uuid.uuid4().hex
    return "\r\n".join(
        (
            f"OPTIONS sip:{_HERE} SIP/2.0",
            f"Via: SIP/2.0/{transport.upper()} {_HERE}:{port};rport;branch=z9hG4bK{call}",
            "Max-Forwards: 1",
            f"From: <sip:check@{_HERE}>;tag={call[:8]}",
            f"To: <sip:{_HERE}>",
            f"Call-ID: {call}",
            "CSeq: 1 OPTIONS",
            f"Contact: <sip:check@{_HERE}:{port}>",
            "Content-Length: 0",
            "",
            "",
        )
    ).encode()
