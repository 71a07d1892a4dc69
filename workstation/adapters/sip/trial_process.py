"""The process behind the window's sound page: what it finds goes out as JSON lines on what was fd 1."""

import gc
import json
import os
import threading
from typing import IO, Final, cast

from workstation.adapters.sip.sound_devices import SoundMissing, Wanted
from workstation.adapters.sip.sound_trial import Does, SoundTrial

_AT_MOST_S: Final = 3600.0


def run(headset: str, microphone: str, does: str) -> int:
    """Say which devices there are, then the levels until stdin ends; return the exit code.

    Lines: `{"microphones": […], "headsets": […]}`, `{"microphone": 0-100, "headset": 0-100}`, and
    `{"failed": reason}` with a reason of LineFailed.
    """
    # As the line's own process: pjlib writes to fd 1, and what it writes belongs in the log.
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    over = threading.Event()
    threading.Thread(target=_wait_for_end, args=(over,), daemon=True).start()
    gc.disable()  # a pj object collected in the other thread would abort the process
    trial = SoundTrial()
    try:
        _say(out, microphones=trial.microphones, headsets=trial.headsets)
        wanted = Wanted(headset=headset, microphone=microphone)
        for level in trial.levels(wanted, cast("Does", does), _AT_MOST_S):
            if over.is_set():
                break
            _say(out, microphone=level.microphone, headset=level.headset)
    except SoundMissing as error:
        _say(out, failed="unknown_sound_device" if error.known else "no_sound_device")
        return 1
    except BrokenPipeError:
        return 0  # the window is gone
    finally:
        trial.close()
    return 0


def _wait_for_end(over: threading.Event) -> None:
    with os.fdopen(os.dup(0), "rb") as orders:
        orders.read()
    over.set()


def _say(out: IO[bytes], **words: object) -> None:
    out.write(json.dumps(words).encode() + b"\n")
