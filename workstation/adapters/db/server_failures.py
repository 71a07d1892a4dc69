"""What a database server's refusals mean, in the application's words."""

from __future__ import annotations

import re
import socket
import ssl
import struct
from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg import errors
from sqlalchemy import URL

from workstation.adapters.db.address import hosts, shown
from workstation.adapters.db.postgres import NO_ANSWER, NoAnswer
from workstation.application.errors import RowRefused, StoreUnavailable, WorldError
from workstation.wire import certificates

_STATES: Final = {
    # https://www.postgresql.org/docs/current/errcodes-appendix.html; a state, then its class.
    "25006": "read_only",
    "25P03": "locked",  # we were idle in a transaction for too long
    "28": "refused_password",
    "3D000": "no_such_database",
    "40": "locked",  # a deadlock, or two that cannot have been one after the other
    "42501": "no_rights",
    "53": "too_many",
    "53100": "full",
    "55P03": "locked",
    "57014": "locked",  # took longer than it may
    "57P03": "starting_up",
    "XX001": "corrupt",
    "XX002": "corrupt",
}
_REFUSED: Final = {"22": "unstorable", "23": "constraint", "54": "too_big"}
_ROW_SECURITY: Final = "row-level security"

_SAID: Final = tuple(
    (re.compile(words), reason)
    for words, reason in {
        r"requires a valid client certificate|alert certificate required": (
            "own_certificate_missing"
        ),
        r"certificate authentication failed|alert (unknown ca|.*certificate)": (
            "own_certificate_refused"
        ),
        r"starting up|shutting down|in recovery mode|not (yet )?accepting connections": "starting_up",
        r"too many (clients|connections)|connection slots are reserved": "too_many",
        r'database ".*" does not exist': "no_such_database",
        r"no pg_hba\.conf entry|pg_hba\.conf rejects": "not_let_in",
        r'password|role ".*" (does not exist|is not permitted)|authentication failed': (
            "refused_password"
        ),
        r"server does not support SSL|SSL was required": "no_tls",
        r"root certificate": "no_ca_file",
        r"does not match host name": certificates.NAME,
        r"certificate verify failed|SSL error|certificate": certificates.OTHER,
        r"could not translate host name|[Nn]ame or service|getaddrinfo": "unknown_host",
        r"not read-write|read-only|hot standby": "read_only",
    }.items()
)
"""What libpq passes on when there is no connection yet, and so no state: a server says it in the
language it was given, which for those in Denmark is English."""


def of_server(error: psycopg.Error, url: URL) -> WorldError:
    """Return what `error` means to somebody who uses the database at `url`."""
    state = error.sqlstate
    if state is None:
        return _without_state(error, url)
    if _ROW_SECURITY in str(error):
        return RowRefused("not_served", why=state)
    refused = _REFUSED.get(state[:2])
    if refused:
        return RowRefused(refused, why=state)
    reason = _STATES.get(state) or _STATES.get(state[:2], "connection_lost")
    return StoreUnavailable(reason, **_facts(url), why=state)


def _without_state(error: psycopg.Error, url: URL) -> WorldError:
    if isinstance(error, psycopg.DataError | psycopg.InterfaceError | psycopg.ProgrammingError):
        # The driver itself refuses a value, such as a text with a NUL in it.
        return RowRefused("unstorable", why=type(error).__name__)
    if isinstance(error, NoAnswer | errors.ConnectionTimeout):
        return StoreUnavailable("no_answer", **_facts(url))
    reason = _reason(error)
    facts = _facts(url)
    if reason == certificates.OTHER:
        reason, facts["detail"] = _why_not_trusted(url)
    return StoreUnavailable(reason, **facts)


def _reason(error: psycopg.Error) -> str:
    connection = error.pgconn
    said = str(error)
    for words, reason in _SAID:
        if words.search(said):
            return reason
    if connection is not None and connection.used_password:
        # Whatever language it is said in: it asked for the password and then closed the door.
        return "refused_password"
    return "no_answer" if "connection failed" in said else "connection_lost"


def _facts(url: URL) -> dict[str, object]:
    names = ", ".join(hosts(url)) or "localhost"
    return {
        "url": shown(url),
        "host": names,
        "port": url.port or 5432,
        "database": url.database or "",
        "user": url.username or "",
        "file": _text(url.query, "sslrootcert"),
    }


def _why_not_trusted(url: URL) -> tuple[str, str]:
    """Return why the server's certificate is not accepted: libpq says only that it is not."""
    try:
        context = ssl.create_default_context(cafile=_text(url.query, "sslrootcert") or None)
        for host in hosts(url):
            _shake_hands(context, host, url.port or 5432)
    except ssl.SSLCertVerificationError as error:
        return certificates.reason(error.verify_code), error.verify_message
    except OSError as error:
        return certificates.OTHER, str(getattr(error, "reason", "") or "")
    return certificates.OTHER, ""


def _shake_hands(context: ssl.SSLContext, host: str, port: int) -> None:
    """Ask for TLS as PostgreSQL's clients do (SSLRequest), and for nothing else."""
    with socket.create_connection((host, port), NO_ANSWER.total_seconds()) as line:
        line.sendall(struct.pack("!ii", 8, 80877103))
        if line.recv(1) == b"S":
            context.wrap_socket(line, server_hostname=host).close()


def _text(query: Mapping[str, object], name: str) -> str:
    found = query.get(name, "")
    return found if isinstance(found, str) else ""
