"""From what an operator or the register says to the SIP address that is dialled."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from workstation.application.errors import LineFailed

_NUMBER = re.compile(r"\+?[0-9*#]{2,20}")
_WRITTEN_AROUND = re.compile(r"[ ()./-]|\u00a0|\u202f")
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_HOST})(?::([0-9]{{1,5}}))?")
# RFC 3261 section 25.1, without passwords and headers: a `?Replaces=` has no place in a card.
_URI = re.compile(
    rf"(sips?):(?:([A-Za-z0-9+*#_.!~'()&=$,%-]{{1,64}})@)?({_HOST})(?::([0-9]{{1,5}}))?"
    r"((?:;[A-Za-z0-9_.!~*'%+-]{1,64}(?:=[A-Za-z0-9_.!~*'%+-]{1,64})?){0,8})",
    re.IGNORECASE,
)
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Where numbers are sent, how, and whether it is a stand-in for the telephone network."""

    address: str
    """`host` or `host:port`; empty when only full SIP addresses can be dialled."""
    transport: Literal["udp", "tcp", "tls"]
    simulated: bool
    is_simulated_number: Callable[[str], bool]


def plain_address(address: str) -> str:
    """Return `host` or `host:port` of what the settings say, which may have `sip:` before it."""
    return address.strip().removeprefix("sip:")


def split_address(address: str) -> tuple[str, int | None]:
    """Return host and port (None: SIP's own); raises LineFailed `malformed_address`."""
    found = _ADDRESS.fullmatch(address)
    if found is None or not _port_fits(found[2]):
        raise LineFailed("malformed_address", address=address)
    return found[1], int(found[2]) if found[2] else None


def host_of(uri: str) -> str:
    """Return the host of a URI made by `uri_of`."""
    found = _URI.fullmatch(uri)
    return found[3] if found else ""


def uri_of(target: str, peer: Peer) -> str:
    """Return the SIP URI to dial for an E.164 number, a short number or a SIP address.

    Raises LineFailed: `malformed_target`, `no_address` (a number, and nobody to take it),
    `tls_unavailable` (a `sips:` address where the line is not encrypted) or
    `simulated_number` (a made-up citizen's number at a peer that is not simulated).
    """
    if target.strip().lower().startswith(("sip:", "sips:")):
        user, uri = _address_dialled(target.strip(), peer)
    else:
        user, uri = _number_dialled(target, peer)
    if peer.is_simulated_number(user) and not peer.simulated:
        raise LineFailed("simulated_number", target=target)
    return uri


def _number_dialled(target: str, peer: Peer) -> tuple[str, str]:
    number = _WRITTEN_AROUND.sub("", target)
    if _NUMBER.fullmatch(number) is None:
        raise LineFailed("malformed_target", target=target)
    if not peer.address:
        raise LineFailed("no_address", target=target)
    host, port = split_address(peer.address)
    # A number sign is not allowed as it stands in a URI's user part.
    user = number.replace("#", "%23")
    return _plain(number), _with_transport(
        f"sip:{user}@{host}" + (f":{port}" if port else ""), peer
    )


def _address_dialled(target: str, peer: Peer) -> tuple[str, str]:
    found = _URI.fullmatch(target)
    if found is None or not _port_fits(found[4]):
        raise LineFailed("malformed_target", target=target)
    if found[1].lower() == "sips" and peer.transport != "tls":
        raise LineFailed("tls_unavailable", target=target)
    user = found[2] or ""
    return _plain(user), _with_transport(target, peer)


def _plain(user: str) -> str:
    """Return the user part as an E.164 number if it is one, so that no spelling hides it."""
    octets = re.sub(r"%([0-9A-Fa-f]{2})", lambda escape: chr(int(escape[1], 16)), user)
    number = _WRITTEN_AROUND.sub("", octets)
    return f"+{number[2:]}" if number.startswith("00") else number


def _with_transport(uri: str, peer: Peer) -> str:
    if peer.transport == "udp" or uri.lower().startswith("sips:") or ";transport=" in uri.lower():
        return uri
    return f"{uri};transport={peer.transport}"


def _port_fits(port: str | None) -> bool:
    return port is None or 0 < int(port) <= _LAST_PORT
