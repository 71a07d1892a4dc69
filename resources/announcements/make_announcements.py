"""Makes the announcements here; needs Debian's espeak-ng.

`no_desk_free.wav`: what a caller hears when every desk is busy, with a pause behind the words, since
they are repeated until the caller hangs up. `recording_spoken.wav` and `recording_tone.wav`: what both
hear when a call begins to be recorded. A hub that has a person's voice for them sets
`scaip.announcement` and `recording.announcement` instead. 16 kHz, as G722 carries it.
"""
# ruff: noqa: INP001 - a script beside its files, not a package

import array
import audioop
import math
import subprocess
import wave
from pathlib import Path

NO_DESK_FREE = (
    "Velkommen til n\u00f8dkaldscentralen. Alle medarbejdere taler i telefon lige nu. "
    "Dit kald er modtaget, og der er sl\u00e5et alarm. Bliv ved telefonen, eller l\u00e6g p\u00e5. "
    "Vi ringer til dig, s\u00e5 snart vi kan."
)
RECORDED = "Samtalen optages."
RATE = 16_000
WIDTH = 2
PAUSE_S = 3
HERTZ, BEEP_S, GAP_S, LOUD = 1400, 0.3, 0.2, 8000
"""A tone that no speech has, within what every telephone carries."""
FOLDER = Path(__file__).parent


def main() -> None:
    """Make the files."""
    spoken = _spoken(NO_DESK_FREE)
    _write("no_desk_free.wav", spoken + bytes(WIDTH * RATE * PAUSE_S))
    _write("recording_spoken.wav", _spoken(RECORDED))
    _write("recording_tone.wav", _beep() + bytes(round(WIDTH * RATE * GAP_S)) + _beep())


def _spoken(words: str) -> bytes:
    """Speak, and bring to 16 kHz mono."""
    file = FOLDER / "spoken.wav"
    command = ["espeak-ng", "-v", "da", "-s", "140", "-w", str(file), words]
    subprocess.run(command, check=True)  # noqa: S603 - a fixed command
    with wave.open(str(file)) as spoken:
        rate, width = spoken.getframerate(), spoken.getsampwidth()
        sound = spoken.readframes(spoken.getnframes())
    file.unlink()
    return audioop.ratecv(sound, width, 1, rate, RATE, None)[0]


def _beep() -> bytes:
    """Return a tone that comes and goes softly."""
    count = round(RATE * BEEP_S)
    edge = RATE // 100
    return array.array(
        "h",
        (
            round(
                LOUD
                * min(1, at / edge, (count - at) / edge)
                * math.sin(math.tau * HERTZ * at / RATE)
            )
            for at in range(count)
        ),
    ).tobytes()


def _write(name: str, sound: bytes) -> None:
    with wave.open(str(FOLDER / name), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(WIDTH)
        made.setframerate(RATE)
        made.writeframes(sound)


if __name__ == "__main__":
    main()
