"""SCAIP's `<mrq>`, read as units really write it and written as the standard is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from workstation.domain.scaip import CONTENT_TYPE, Answer, Fault, MessageType, Request, Unreadable
from workstation.wire.errors import Reason, WireError
from workstation.wire.scaip_xml import LIMIT, element, text
from workstation.wire.scaip_xml_writer import written

_ROOTS: Final = ("mrq", "scaip")
_REF: Final = re.compile(r"<(?:\w+:)?ref>\s*([0-9A-Za-z]{1,16})\s*</", re.IGNORECASE)
_CID: Final = re.compile(r"<(?:\w+:)?cid>\s*([0-9A-Za-z]{1,16})\s*</", re.IGNORECASE)
_SAYS_SCAIP: Final = re.compile(rb"<\s*(?:\w+:)?(?:mrq|scaip)\b", re.IGNORECASE)
_XML_TYPES: Final = (CONTENT_TYPE, "application/xml", "text/xml")


@dataclass(frozen=True, slots=True)
class _Tag:
    longest: int
    form: re.Pattern[str] | None = None
    pad: int = 0


_ALNUM: Final = re.compile(r"[0-9A-Za-z]+")
_DIGITS: Final = re.compile(r"[0-9]+")
_ADDRESS: Final = re.compile(r"(?:sip|sip-pp|tel|gsm|no-voice|sips):.*", re.IGNORECASE)
TAGS: Final[dict[str, _Tag]] = {
    "ref": _Tag(16, _ALNUM),
    "ver": _Tag(5),
    "sco": _Tag(1, re.compile("[0-3]")),
    "cha": _Tag(1, re.compile("[01]")),
    "mty": _Tag(2, re.compile("|".join(MessageType), re.IGNORECASE)),
    "hbo": _Tag(16),
    "cid": _Tag(16, _ALNUM),
    "dty": _Tag(4, _DIGITS, 4),
    "did": _Tag(12),  # the standard says 8; 12 are seen
    "dco": _Tag(16),
    "dte": _Tag(32),
    "crd": _Tag(128, _ADDRESS),
    "stc": _Tag(4, _DIGITS, 4),
    "stt": _Tag(32),
    "pri": _Tag(2, _DIGITS),
    "lco": _Tag(3, _DIGITS, 3),
    "lva": _Tag(64),
    "lte": _Tag(64),
    "lge": _Tag(128),
    "ico": _Tag(128),
    "ite": _Tag(128),
    "ame": _Tag(128),
}
"""The longest and the form of each tag's text, and how many digits a code is filled up to."""
_REQUIRED: Final = ("ref", "cid", "dty")
_USED: Final = frozenset({
    "ref", "cid", "dty", "did", "mty", "stc", "crd", "cha", "lco", "stt", "dte", "lte", "ite",
})  # fmt: skip
_LONGEST_SHOWN: Final = 256


def read(body: bytes, content_type: str = CONTENT_TYPE) -> Request | Unreadable:
    """Return what a unit says; any bytes give one of the two, and nothing is raised.

    Tags come in any order, padded or not; one that is not as it should be is a fault of the
    request, which is understood all the same.
    """
    try:
        found = element(body)
    except WireError as error:
        return _unreadable(body, content_type, error)
    if found.name == "mrs":
        return Unreadable(reason=Reason.BAD_VALUE, where="mrs", is_alarm=False)
    if found.name not in _ROOTS:
        other = WireError(Reason.BAD_VALUE, where=found.name[:64], expected="mrq")
        return _unreadable(body, content_type, other)
    return _request(found.children, found.nested)


def write(fields: Mapping[str, str]) -> str:
    """Return a `<mrq>` of these tags, in their order, as a unit sends it; nothing is checked."""
    return written("mrq", fields.items())


def _unreadable(body: bytes, content_type: str, error: WireError) -> Unreadable:
    plain = text(body[:LIMIT])
    ref, cid = _REF.search(plain), _CID.search(plain)
    kind = content_type.partition(";")[0].strip().lower()
    return Unreadable(
        reason=error.reason,
        where=error.where,
        ref=ref[1] if ref else "",
        cid=cid[1] if cid else "",
        answer=Answer.TOO_LONG if error.reason == Reason.TOO_LARGE else Answer.INVALID_FORMAT,
        is_alarm=kind in _XML_TYPES or _SAYS_SCAIP.search(body[:LIMIT]) is not None,
    )


def _request(children: list[tuple[str, str]], nested: list[str]) -> Request:
    said: dict[str, str] = {}
    faults = [Fault(tag=tag, answer=Answer.INVALID_FORMAT) for tag in nested]
    for tag, value in children:
        if tag in said and said[tag] != value:
            faults.append(Fault(tag=tag, answer=Answer.WRONG_CONTENT))
        said.setdefault(tag, value)
    faults += [Fault(tag=tag, answer=Answer.MISSING_TAG) for tag in _REQUIRED if not said.get(tag)]
    checked = {tag: _checked(tag, value, faults) for tag, value in said.items() if value}
    known = {tag: value for tag, value in checked.items() if tag in _USED}
    return Request(
        ref=known.get("ref", ""),
        cid=known.get("cid", ""),
        dty=known.get("dty", ""),
        did=known.get("did", ""),
        mty=_message_type(known.get("mty", "")),
        stc=known.get("stc", ""),
        crd=known.get("crd", ""),
        calls_back=known.get("cha") == "1",
        lco=known.get("lco", ""),
        text=" ".join(filter(None, (known.get(tag) for tag in ("stt", "dte", "lte", "ite")))),
        others=tuple((tag, value) for tag, value in checked.items() if tag not in _USED),
        faults=tuple(faults),
    )


def _checked(tag: str, value: str, faults: list[Fault]) -> str:
    """Return the value as far as it can be used, noting what is wrong with it."""
    form = TAGS.get(tag)
    if form is None:
        return value[:_LONGEST_SHOWN]
    if len(value) > form.longest:
        faults.append(Fault(tag=tag, answer=Answer.TOO_LONG))
        value = value[: form.longest]
    elif form.form is not None and form.form.fullmatch(value) is None:
        faults.append(Fault(tag=tag, answer=Answer.WRONG_CONTENT))
    return value.rjust(form.pad, "0") if value.isdigit() else value


def _message_type(said: str) -> MessageType:
    try:
        return MessageType(said.upper())
    except ValueError:
        return MessageType.ALARM  # also what it is when it is left out
