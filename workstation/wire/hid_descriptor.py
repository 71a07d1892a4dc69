"""Reads a HID report descriptor: which bit of which report means what (USB HID 1.11, section 6.2.2)."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, NoReturn

from workstation.wire.errors import Reason, WireError

MOST_BYTES: Final = 8192
_MOST_BITS: Final = 65_536
_MOST_FIELDS: Final = 4096
_MOST_PUSHED: Final = 16
_LONG: Final = 0xFE
_MAIN, _GLOBAL, _LOCAL = 0, 1, 2
_INPUT, _OUTPUT, _COLLECTION, _END = 8, 9, 10, 12
_FEATURE: Final = 11
_PAGE, _MINIMUM, _SIZE, _ID, _COUNT, _PUSH, _POP = 0, 1, 7, 8, 9, 10, 11
_USAGE, _FIRST, _LAST = 0, 1, 2
_HEADINGS: Final = {_PAGE: "page", _SIZE: "size", _COUNT: "count"}
_CONSTANT, _VARIABLE, _RELATIVE = 1, 2, 4
_WHOLE_USAGE: Final = 4
"""A usage of four bytes has its page in front."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value in a report: `size` bits from `bit` on, not counting the report's number."""

    report: int
    bit: int
    size: int
    usages: tuple[int, ...]
    """Page and usage in one (page * 65536 + usage); of an array, those its numbers stand for."""
    is_array: bool
    """The value is a place in `usages`, counted from `minimum`; any other means none of them."""
    is_relative: bool
    minimum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """What a device sends and takes; `output_bits` is each output report's length."""

    inputs: tuple[Field, ...]
    outputs: tuple[Field, ...]
    output_bits: dict[int, int]
    is_numbered: bool
    """Whether each report begins with its number."""


@dataclass(frozen=True, slots=True)
class _Globals:
    page: int = 0
    minimum: int = 0
    size: int = 0
    count: int = 0
    report: int = 0


@dataclass(slots=True)
class _Reader:
    now: _Globals = field(default_factory=_Globals)
    pushed: list[_Globals] = field(default_factory=list)
    usages: list[int] = field(default_factory=list)
    first: int | None = None
    depth: int = 0
    is_numbered: bool = False
    fields: dict[int, list[Field]] = field(default_factory=lambda: {_INPUT: [], _OUTPUT: []})
    bits: dict[tuple[int, int], int] = field(default_factory=dict)

    def take(self, kind: int, tag: int, data: bytes) -> None:
        if kind == _MAIN:
            self._main(tag, int.from_bytes(data, "little"))
            self.usages, self.first = [], None
        elif kind == _GLOBAL:
            self._global(tag, data)
        elif kind == _LOCAL:
            self._local(tag, data)

    def _main(self, tag: int, flags: int) -> None:
        if tag in (_INPUT, _OUTPUT, _FEATURE):
            self._values(tag, flags)
        elif tag == _COLLECTION:
            self.depth += 1
        elif tag == _END:
            self.depth -= 1
            if self.depth < 0:
                _refuse("end of a collection that did not begin")

    def _values(self, tag: int, flags: int) -> None:
        now = self.now
        start = self.bits.get((tag, now.report), 0)
        length = now.size * now.count
        if start + length > _MOST_BITS:
            _refuse("report", Reason.TOO_LARGE)
        self.bits[tag, now.report] = start + length
        if tag == _FEATURE or flags & _CONSTANT or not self.usages or now.size == 0:
            return
        is_array = not flags & _VARIABLE
        for number in range(now.count if is_array else min(now.count, len(self.usages))):
            if len(self.fields[tag]) >= _MOST_FIELDS:
                _refuse("fields", Reason.TOO_LARGE)
            self.fields[tag].append(
                Field(
                    report=now.report,
                    bit=start + number * now.size,
                    size=now.size,
                    usages=tuple(self.usages) if is_array else (self.usages[number],),
                    is_array=is_array,
                    is_relative=bool(flags & _RELATIVE),
                    minimum=now.minimum,
                )
            )

    def _global(self, tag: int, data: bytes) -> None:
        value = int.from_bytes(data, "little")
        if tag in _HEADINGS:
            heading = _HEADINGS[tag]
            self.now = replace(self.now, **{heading: min(value, _MOST_BITS + 1)})
        elif tag == _MINIMUM:
            self.now = replace(self.now, minimum=int.from_bytes(data, "little", signed=True))
        elif tag == _ID:
            self._number(value)
        elif tag == _PUSH:
            if len(self.pushed) >= _MOST_PUSHED:
                _refuse("push", Reason.TOO_DEEP)
            self.pushed.append(self.now)
        elif tag == _POP:
            if not self.pushed:
                _refuse("pop without push")
            self.now = self.pushed.pop()

    def _number(self, value: int) -> None:
        if not 0 < value <= 0xFF:  # noqa: PLR2004 - one byte, and 0 is reserved
            _refuse("report id")
        self.is_numbered = True
        self.now = replace(self.now, report=value)

    def _local(self, tag: int, data: bytes) -> None:
        value = int.from_bytes(data, "little")
        whole = value if len(data) == _WHOLE_USAGE else self.now.page << 16 | value
        if tag == _USAGE:
            self._add(whole, whole)
        elif tag == _FIRST:
            self.first = whole
        elif tag == _LAST and self.first is not None:
            self._add(self.first, whole)
            self.first = None

    def _add(self, first: int, last: int) -> None:
        if len(self.usages) + last - first >= _MOST_FIELDS:
            _refuse("usages", Reason.TOO_LARGE)
        self.usages += range(first, last + 1)


def read_descriptor(data: bytes) -> Descriptor:
    """Return what the descriptor says; raises WireError `bad_value`, `too_large` or `too_deep`."""
    if len(data) > MOST_BYTES:
        _refuse("descriptor", Reason.TOO_LARGE)
    reader = _Reader()
    for kind, tag, value in _items(data):
        reader.take(kind, tag, value)
    if reader.depth:
        _refuse("a collection that does not end")
    return Descriptor(
        inputs=tuple(reader.fields[_INPUT]),
        outputs=tuple(reader.fields[_OUTPUT]),
        output_bits={report: bits for (tag, report), bits in reader.bits.items() if tag == _OUTPUT},
        is_numbered=reader.is_numbered,
    )


def _items(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at < len(data):
        head = data[at]
        if head == _LONG:  # none is defined: passed over
            length = data[at + 1] if at + 1 < len(data) else len(data)
            at += 3 + length
            continue
        size = (0, 1, 2, 4)[head & 3]
        value = data[at + 1 : at + 1 + size]
        if len(value) < size:
            _refuse("an item that is cut off")
        yield head >> 2 & 3, head >> 4, value
        at += 1 + size


def _refuse(where: str, reason: Reason = Reason.BAD_VALUE) -> NoReturn:
    raise WireError(reason, where=f"hid: {where}")
