"""The text of an imported file, whatever wrote it."""

from __future__ import annotations

from typing import Final

from workstation.adapters.record.lines import ImportRefused, Refusal

LARGEST_MB: Final = 32
_LARGEST: Final = LARGEST_MB * 1024 * 1024
# Windows' spreadsheets still write their own code page when asked for plain CSV.
_CODES: Final = ("utf-8-sig", "cp1252")


def text_of(content: bytes) -> str:
    """Return the file's text; raises ImportRefused for what is none, or too large."""
    if len(content) > _LARGEST:
        raise ImportRefused([Refusal("too_large", 1, facts={"limit": LARGEST_MB})])
    for code in _CODES:
        try:
            text = content.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ImportRefused([Refusal("not_text", _first_strange_line(content))])


def _first_strange_line(content: bytes) -> int:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return content.count(b"\n", 0, error.start) + 1
    return content.count(b"\n", 0, content.find(b"\0")) + 1
