"""Who calls, from the header of a call that comes in."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

_NAME_ADDR = re.compile(r"\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^<\"]*?))\s*<([^<>]*)>.*", re.DOTALL)
_USER = re.compile(r"(?:sips?|tel):([^@;>?]*)", re.IGNORECASE)
_NUMBER = re.compile(r"\+?[0-9*#]{2,20}")
_BETWEEN = re.compile(r"[ ().-]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
_LONGEST = 255
_ELSEWHERE = re.compile(r"^reason\s*:.*\bcause\s*=\s*200\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A `From` or `To` header's address; nothing of it is proven."""

    uri: str
    user: str
    """The user part, unescaped; empty where there is none."""
    number: str
    """The user part as a telephone number, `00` written as `+`; empty for other users."""
    name: str


def caller_of(header: str) -> Caller:
    """Read `"Name" <sip:user@host>;tag=…` or a bare address; anything is an address at worst."""
    found = _NAME_ADDR.fullmatch(header)
    name, uri = ("", header.partition(";")[0]) if found is None else (_name(found), found[3])
    uri = _plain(uri)
    user = _USER.match(uri)
    plain = _plain(unquote(user[1])) if user else ""
    return Caller(uri=uri, user=plain, number=_number(plain), name=_plain(name))


def _name(found: re.Match[str]) -> str:
    if found[1] is not None:
        return re.sub(r"\\(.)", r"\1", found[1])
    return found[2] or ""


def _number(user: str) -> str:
    digits = _BETWEEN.sub("", user)
    if _NUMBER.fullmatch(digits) is None:
        return ""
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _plain(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text).strip()[:_LONGEST]


def was_answered_elsewhere(cancel: str) -> bool:
    """Whether a CANCEL says that another telephone took the call (RFC 3326 section 3.1)."""
    head = cancel.partition("\r\n\r\n")[0]
    return _ELSEWHERE.search(head) is not None
