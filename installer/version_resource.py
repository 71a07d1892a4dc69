"""The version that Windows shows of a program or library."""

import struct
from pathlib import Path
from typing import Final

_FIXED_INFO: Final = struct.pack("<I", 0xFEEF04BD)


def version_of(program: Path) -> str:
    """Return `1.2.3.4` as a program's or library's resources have it, "" when it has none."""
    content = program.read_bytes()
    at = content.find(_FIXED_INFO) if content[:2] == b"MZ" else -1
    if at < 0:
        return ""
    high, low = struct.unpack_from("<II", content, at + 8)
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"
