"""`main.py sound`: tries headset and microphone without a window and without a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TextIO

from workstation.application.errors import LineFailed
from workstation.commands.printing import json_line
from workstation.texts import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workstation.adapters.sip.sound_trial import Does, Levels
    from workstation.settings import Settings

_BAR: Final = 20


def run(settings: Settings, does: Does, *, seconds: float, as_json: bool, out: TextIO) -> int:
    """Print the devices, then the levels as they come; 0 when the microphone heard anything, else 1.

    Raises LineFailed `unknown_sound_device` or `no_sound_device`.
    """
    # The telephone's library is loaded only where it is asked for.
    from workstation.adapters.sip import sound_devices, sound_trial  # noqa: PLC0415 - as said above

    sip = settings.sip
    wanted = sound_devices.Wanted(headset=sip.sound, microphone=sip.microphone or "")
    with sound_trial.aside(out) as ours:
        trial = sound_trial.SoundTrial()
        try:
            return _tried(
                trial.names, trial.levels(wanted, does, seconds), as_json=as_json, out=ours
            )
        except sound_devices.SoundMissing as error:
            raise LineFailed(
                "unknown_sound_device" if error.known else "no_sound_device",
                wanted=f"{wanted.headset} {wanted.microphone}".strip(),
                known=", ".join(error.known),
            ) from error
        finally:
            trial.close()


def _tried(names: tuple[str, ...], levels: Iterator[Levels], *, as_json: bool, out: TextIO) -> int:
    if as_json:
        print(json_line({"devices": names}, out), file=out, flush=True)
    else:
        print(_("Devices: {names}").format(names=", ".join(names)), file=out, flush=True)
    loudest = 0
    for level in levels:
        loudest = max(loudest, level.microphone)
        if as_json:
            row = {"microphone": level.microphone, "headset": level.headset}
            text = json_line(row, out)
        else:
            hears, speaks = _("Microphone"), _("Headset")
            text = f"{hears} {_bar(level.microphone)}  {speaks} {_bar(level.headset)}"
        print(text, file=out, flush=True)
    return 0 if loudest else 1


def _bar(percent: int) -> str:
    filled = round(_BAR * percent / 100)
    return "#" * filled + "." * (_BAR - filled)
