"""Makes no_desk_free.wav: what a caller hears when every desk is busy; needs Debian's espeak-ng.

A hub that has a person's voice for it sets `scaip.announcement` instead. 16 kHz, as G722 carries it,
with a pause behind the words, since they are repeated until the caller hangs up.
"""
# ruff: noqa: INP001 - a script beside its files, not a package

import audioop
import subprocess
import wave
from pathlib import Path

WORDS = (
    "Velkommen til n\u00f8dkaldscentralen. Alle medarbejdere taler i telefon lige nu. "
    "Dit kald er modtaget, og der er sl\u00e5et alarm. Bliv ved telefonen, eller l\u00e6g p\u00e5. "
    "Vi ringer til dig, s\u00e5 snart vi kan."
)
RATE = 16_000
PAUSE_S = 3
FILE = Path(__file__).with_name("no_desk_free.wav")


def main() -> None:
    """Speak, bring to 16 kHz mono, and add the pause."""
    command = ["espeak-ng", "-v", "da", "-s", "140", "-w", str(FILE), WORDS]
    subprocess.run(command, check=True)  # noqa: S603 - a fixed command
    with wave.open(str(FILE)) as spoken:
        rate, width = spoken.getframerate(), spoken.getsampwidth()
        sound = spoken.readframes(spoken.getnframes())
    sound, _ = audioop.ratecv(sound, width, 1, rate, RATE, None)
    with wave.open(str(FILE), "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(width)
        made.setframerate(RATE)
        made.writeframes(sound + bytes(width * RATE * PAUSE_S))


if __name__ == "__main__":
    main()
