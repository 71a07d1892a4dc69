"""Keeps the sound devices that this machine's user chose, as a layer of the settings."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from workstation.application.sound_choice import SoundChoice

_ESCAPED = {ord('"'): '\\"', ord("\\"): "\\\\", 0x7F: "\\u007F"} | {
    code: f"\\u{code:04X}" for code in range(32)
}


def keep(choice: SoundChoice, file: Path) -> None:
    """Write `choice` in place of the last one, whole or not at all; raises OSError."""
    text = (
        "# Written by the window's page of sound devices; delete this file to go by the hub's.\n"
        f"[sip]\nsound = {_quoted(choice.headset)}\nmicrophone = {_quoted(choice.microphone)}\n"
        f"[sound]\nring_device = {_quoted(choice.ring_device)}\n"
    )
    draft = file.with_name(f"{file.name}-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _quoted(name: str) -> str:
    # A device's name comes from its maker: it may hold anything, also half a character.
    plain = name.encode("utf-8", "replace").decode("utf-8")
    return f'"{plain.translate(_ESCAPED)}"'
