"""A recording that leaves the house, as a WAV file."""

from __future__ import annotations

import os
import secrets
import wave
from pathlib import Path
from typing import Final

_BINARY: Final = getattr(os, "O_BINARY", 0)


def save(path: Path, sound: bytes, *, rate: int) -> None:
    """Write 16-bit PCM of one channel; only its owner can read the file. Raises OSError."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR | _BINARY, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file, wave.open(file, "wb") as made:
            made.setnchannels(1)
            made.setsampwidth(2)
            made.setframerate(rate)
            made.writeframes(sound)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
