"""Where the database is: the settings' words as one URL that the drivers understand."""

from __future__ import annotations

import ipaddress
import re
from typing import Final, TypeAlias

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from workstation.application.errors import StoreUnavailable

Address: TypeAlias = URL

_DRIVER: Final = "postgresql+psycopg"
_SERVERS: Final = frozenset({"postgres", "postgresql", _DRIVER})
_SEVERAL: Final = re.compile(
    r"(?P<before>[^/]+://(?:[^@/]*@)?)(?P<hosts>[^@/]*,[^/]*)(?P<after>/.*)"
)
"""More than one server of the same data: whichever of them may be written to is the one."""


def address(url: str | URL, *, password: str | None = None, ca_file: str | None = None) -> Address:
    """Return the URL to open.

    A server beyond this machine must show a certificate for its name: one of `ca_file`'s, or, where
    that is not set, of what libpq trusts by itself; only the URL itself (`?sslmode=…`) can ask for
    less. Raises StoreUnavailable (`unsupported`) for a URL that names no database of ours.
    """
    try:
        target = make_url(_one_by_one(url) if isinstance(url, str) else url)
    except (ArgumentError, ValueError) as error:
        raise StoreUnavailable("unsupported") from error
    if target.drivername not in _SERVERS:
        return target
    target = target.set(drivername=_DRIVER)
    if password is not None:
        target = target.set(password=password)
    if ca_file:
        target = target.update_query_dict({"sslrootcert": ca_file})
    checked = bool(ca_file) or any(map(is_elsewhere, hosts(target)))
    if checked and "sslmode" not in target.query:
        target = target.update_query_dict({"sslmode": "verify-full"})
    return target


def hosts(url: URL) -> list[str]:
    """Return the servers' names, without ports; a folder is that of a socket on this machine."""
    more = url.query.get("host", ())
    listed = [more] if isinstance(more, str) else [*more]
    return [url.host] if url.host else [_without_port(host) for host in listed]


def is_server(url: URL) -> bool:
    """Whether the database is a server's, shared by many programs, and no file of this machine."""
    return url.get_backend_name() == "postgresql"


def is_plain(url: URL) -> bool:
    """Whether what is asked and told may cross a network unencrypted: only where the URL asks for it."""
    encrypted = url.query.get("sslmode") in ("require", "verify-ca", "verify-full")
    return is_server(url) and not encrypted and any(map(is_elsewhere, hosts(url)))


def shown(url: URL) -> str:
    """Return `url` as it may stand in a sentence or a log: no password, no folders."""
    if is_server(url):
        port = f":{url.port}" if url.port else ""
        return f"postgresql://{','.join(hosts(url))}{port}/{url.database or ''}"
    name = (url.database or "").replace("\\", "/").rpartition("/")[2]
    return url.set(database=name).render_as_string(hide_password=True)


def _one_by_one(url: str) -> str:
    """Return several hosts as SQLAlchemy wants them: `//a,b:5433/x` is `///x?host=a&host=b:5433`."""
    found = _SEVERAL.fullmatch(url)
    if found is None or found["before"].partition("://")[0] not in _SERVERS:
        return url
    listed = "&".join(f"host={host}" for host in found["hosts"].split(","))
    return f"{found['before']}{found['after']}{'&' if '?' in found['after'] else '?'}{listed}"


def _without_port(host: str) -> str:
    return host if host.startswith(("/", "[")) else host.partition(":")[0]


def is_elsewhere(host: str) -> bool:
    """Whether a host is another machine: what is said to it crosses a network."""
    if not host or host.startswith("/") or host == "localhost":
        return False
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return True
