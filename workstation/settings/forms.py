"""The forms a setting may have: each reads a TOML value or says that it does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar
from urllib.parse import urlsplit

FormName = Literal[
    "any_kommuner",
    "any_texts",
    "broker_url",
    "choice",
    "choices",
    "choices_with",
    "database_url",
    "flag",
    "group_kommuner",
    "group_roles",
    "issuer",
    "key",
    "kommuner",
    "name",
    "optional_text",
    "sip_address",
    "table",
    "text",
    "texts",
    "variable",
    "visit_url",
    "whole_number",
]
"""The key of each form's description in `workstation.complaints`."""

_KOMMUNE = re.compile(r"[0-9]{4}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_VISIT = "{visit}"
_HOST_AND_PORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?")
_SQLITE = "sqlite:///"
_HOST = r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
_SERVER = re.compile(
    # Several hosts have the same data: whichever may be written to is taken. None is a socket here.
    rf"(?!.*[?&][a-z]*password=)(?:postgresql|postgres|postgresql\+psycopg)://(?:[^@/?#\s]+@)?(?:{_HOST}(?:,{_HOST})*)?"
    r"/[^/?#\s]+(?:\?[^#\s]*)?"
)
_MQTT = frozenset({"mqtt", "mqtts"})
_HIGHEST_PORT = 65535

_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})

ROLES = ("operator", "night", "supervisor", "it")
"""The roles of the hub, as in `domain.rights`; a test holds the two together."""
EMBEDDED = "embedded"
"""The broker address that stands for a broker the program starts itself."""

T = TypeVar("T")


class Misfit(Exception):
    """The value does not have the form."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a key may be set to. `facts` fill the form's description."""

    name: FormName
    read: Callable[[object], object]
    """Returns the value as the program uses it; raises Misfit."""
    facts: Mapping[str, object] = field(default_factory=dict)


def _of(kind: type[T], value: object) -> T:
    # TOML's true is a Python int, which no number of ours means.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Misfit
    return value


def _matching(pattern: re.Pattern[str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        found = _of(str, value)
        if pattern.fullmatch(found) is None:
            raise Misfit
        return found

    return read


def _optional(read: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: None if value == "" else read(value)


def _read_text(value: object) -> str:
    found = _of(str, value)
    if not found.strip():
        raise Misfit
    return found


def _read_texts(value: object) -> tuple[str, ...]:
    found = tuple(_read_text(one) for one in _of(list, value))
    if not found:
        raise Misfit
    return found


def _read_any_texts(value: object) -> tuple[str, ...]:
    return tuple(_read_text(one) for one in _of(list, value))


def _read_any_kommuner(value: object) -> tuple[str, ...]:
    found = tuple(_matching(_KOMMUNE)(one) for one in _of(list, value))
    if len(set(found)) != len(found):
        raise Misfit
    return found


def _read_kommuner(value: object) -> tuple[str, ...]:
    found = _read_any_kommuner(value)
    if not found:
        raise Misfit
    return found


def _read_broker(value: object) -> str:
    found = _of(str, value)
    if found == EMBEDDED:
        return found
    url = _split(found)
    if url.scheme not in _MQTT or not url.hostname or url.path.strip("/") or url.query:
        raise Misfit
    if "@" in url.netloc:  # the name has its own key, and the password is no setting at all
        raise Misfit
    return found


def _read_database(value: object) -> str:
    found = _of(str, value)
    if _SERVER.fullmatch(found):
        return found
    # Three slashes: what follows is a path, relative to where the program was started.
    if not found.startswith(_SQLITE) or not found.removeprefix(_SQLITE).strip("/"):
        raise Misfit
    return found


def _read_issuer(value: object) -> str:
    # Whoever answers there says who people are: nothing but TLS, except on this machine itself.
    found = _of(str, value)
    url = _split(found)
    here = url.scheme == "http" and url.hostname in _THIS_MACHINE
    if not (url.scheme == "https" or here) or not url.hostname or url.query or "#" in found:
        raise Misfit
    if "@" in url.netloc:
        raise Misfit
    return found


def _read_group_roles(value: object) -> dict[str, str]:
    found = _of(dict, value)
    roles = {_read_text(group): _of(str, role) for group, role in found.items()}
    if set(roles.values()) - set(ROLES):
        raise Misfit
    return roles


def _read_group_kommuner(value: object) -> dict[str, tuple[str, ...]]:
    return {_read_text(group): _read_kommuner(codes) for group, codes in _of(dict, value).items()}


def _split(text: str) -> _Url:
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as error:
        raise Misfit from error
    if port is not None and not 0 < port <= _HIGHEST_PORT:
        raise Misfit
    return _Url(url.scheme, url.netloc, url.hostname, url.path, url.query)


@dataclass(frozen=True, slots=True)
class _Url:
    scheme: str
    netloc: str
    hostname: str | None
    path: str
    query: str


def _read_visit(value: object) -> str:
    # Nothing but the visit's own id: a link ends up in histories and proxies' logs.
    found = _of(str, value)
    plain = _PLACEHOLDER.sub("x", found)
    url = _split(plain)
    used = set(_PLACEHOLDER.findall(found))
    if url.scheme != "https" or not url.hostname or "{" in plain or "}" in plain:
        raise Misfit
    if used != {_VISIT}:
        raise Misfit
    return found


text = Form("text", _read_text)
optional_text = Form("optional_text", _optional(_read_text))
key = Form("key", _read_text)
texts = Form("texts", _read_texts)
any_texts = Form("any_texts", _read_any_texts)
flag = Form("flag", lambda value: _of(bool, value))
name = Form("name", _matching(_NAME))
group = Form("name", _optional(_matching(_NAME)))
variable = Form("variable", _optional(_matching(_VARIABLE)))
kommuner = Form("kommuner", _read_kommuner)
any_kommuner = Form("any_kommuner", _read_any_kommuner)
broker_url = Form("broker_url", _read_broker, {"embedded": EMBEDDED})
database_url = Form("database_url", _read_database)
sip_address = Form("sip_address", _optional(_matching(_HOST_AND_PORT)))
issuer = Form("issuer", _optional(_read_issuer))
group_roles = Form("group_roles", _read_group_roles, {"options": ", ".join(ROLES)})
group_kommuner = Form("group_kommuner", _read_group_kommuner)
visit_url = Form("visit_url", _optional(_read_visit), {"allowed": _VISIT})
table = Form("table", lambda value: _of(dict, value))


def choice(*options: str) -> Form:
    """Return the form of one word out of `options`."""

    def read(value: object) -> str:
        # A version such as 5 may be written without quotation marks.
        found = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if found not in options or not isinstance(found, str):
            raise Misfit
        return found

    return Form("choice", read, {"options": ", ".join(options)})


def choices(*options: str, needed: Sequence[str] = (), or_none: bool = False) -> Form:
    """Return the form of a list of words out of `options`, with `needed` among them.

    `or_none`: the list may be empty.
    """

    def read(value: object) -> tuple[str, ...]:
        found = tuple(_of(str, one) for one in _of(list, value))
        if not (found or or_none) or set(found) - set(options) or set(needed) - set(found):
            raise Misfit
        return tuple(one for one in options if one in found)

    facts = {"options": ", ".join(options), "needed": ", ".join(needed)}
    return Form("choices_with" if needed else "choices", read, facts)


def whole(low: int, high: int) -> Form:
    """Return the form of a whole number from `low` to `high`, both included."""

    def read(value: object) -> int:
        found = _of(int, value)
        if not low <= found <= high:
            raise Misfit
        return found

    return Form("whole_number", read, {"low": low, "high": high})


@dataclass(frozen=True, slots=True)
class Each:
    """A table with one value of `form` for each of `names`."""

    names: Sequence[str]
    form: Form
