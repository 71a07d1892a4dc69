"""Which calls are recorded, and where they lie: the keys of [recording]."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from workstation.settings import forms
from workstation.settings.forms import choice, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingSettings:
    """Off, unless a hub may record and says so."""

    calls: Annotated[Literal["off", "alarm_calls", "all"], choice("off", "alarm_calls", "all")]
    kommuner: Annotated[tuple[str, ...], forms.any_kommuner]
    """Only these kommuner's calls are recorded."""
    announce: Annotated[Literal["tone", "spoken"], choice("tone", "spoken")]
    announcement: Annotated[str | None, forms.optional_text]
    """A WAV file in the place of the program's own."""
    folder: Annotated[str, forms.text]
    keep_days: Annotated[int, whole(1, 3650)]
    public_key: Annotated[str | None, forms.optional_text]
    key_env: Annotated[str | None, forms.variable]

    def place(self, data: Path) -> Path:
        """Return the folder: `{data}` stands for this user's data folder."""
        return Path(self.folder.replace("{data}", data.as_posix()))
