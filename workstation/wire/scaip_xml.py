"""The XML that SCAIP needs and no more of it: one flat element, without types, entities or size."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from workstation.wire.errors import Reason, WireError

LIMIT: Final = 16 * 1024
"""Bytes. A message with every tag at its longest is a tenth of that; a SIP packet holds 64 KiB."""
ELEMENTS: Final = 64
"""The standard has some thirty tags."""
_DEPTH: Final = 3
_WRAPPER: Final = "scaip"

_DECLARED: Final = re.compile(r"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})""")
_CODECS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "iso-8859-1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}
"""What units write in; Python knows codecs that run longer than a message deserves."""
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(slots=True)
class Element:
    """A root and its direct children, in order; texts are trimmed and on one line."""

    name: str = ""
    """The root's, without a prefix, in lower case; `<scaip>` may stand around it or instead."""
    children: list[tuple[str, str]] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    """Children that have children of their own, which say nothing."""


def element(body: bytes) -> Element:
    """Read one element; raises WireError `too_large`, `too_deep`, `entities` or `not_xml`."""
    if len(body) > LIMIT:
        raise WireError(Reason.TOO_LARGE, expected=str(LIMIT))
    reading = _Reading()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.said.append
    # Before anything is declared: no entity is ever made, so none can grow.
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text(body), True)  # noqa: FBT003 - expat takes it by place
    except (expat.ExpatError, ValueError) as error:
        raise WireError(Reason.NOT_XML, where=_place(error)) from None
    return reading.found


def text(body: bytes) -> str:
    """Return a body as text; what is no UTF-8 and says nothing is taken for Latin-1."""
    body = body.strip(b"\0\r\n\t ") if not body.startswith((b"\xff\xfe", b"\xfe\xff")) else body
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace").strip("\0\r\n\t ")
    declared = _DECLARED.match(body[:256].decode("latin-1"))
    codec = _CODECS.get(declared[1].lower(), "utf-8") if declared else "utf-8"
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        return body.decode("latin-1")


def line(said: str) -> str:
    """Return a text on one line, of characters that storage and screen can hold."""
    plain = "".join(one if one.isprintable() else " " for one in said)
    return " ".join(plain.split())


class _Reading:
    """What expat tells, put together."""

    def __init__(self) -> None:
        self.found = Element()
        self.said: list[str] = []
        self._open: list[str] = []
        self._count = 0
        self._is_wrapped = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > ELEMENTS:
            raise WireError(Reason.TOO_LARGE, expected=f"{ELEMENTS} elements")
        name = name.rpartition(":")[2].casefold()
        self._open.append(name)
        depth = len(self._open) - self._is_wrapped
        if depth > _DEPTH:
            raise WireError(Reason.TOO_DEEP, expected=str(_DEPTH))
        if len(self._open) == 1:
            self.found.name = name
        elif self._begins_inside(name):
            self.found.name, self._is_wrapped = name, True
        elif depth > 2:  # noqa: PLR2004 - root, child
            self.found.nested.append(self._open[-2])
        self.said.clear()

    def _begins_inside(self, name: str) -> bool:
        root = self.found.name
        return root == _WRAPPER and name in ("mrq", "mrs") and not self.found.children

    def end(self, _name: str) -> None:
        name = self._open.pop()
        if len(self._open) - self._is_wrapped == 1:
            self.found.children.append((name, line("".join(self.said))))
        self.said.clear()


def _refuse(*_declared: object) -> None:
    raise WireError(Reason.ENTITIES)


def _place(error: Exception) -> str:
    at = getattr(error, "lineno", None)
    return f"{at}:{getattr(error, 'offset', 0)}" if at is not None else ""
