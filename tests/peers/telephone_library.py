"""Which pjsua2 the SIP process has: the one installed, or ours, unpacked where it is found first."""

import os
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from installer.telephony.shelf import Shelf

# Looked for when this is imported: the tests' own cache folder is put in place later.
WHEEL: Final = Shelf("linux").wheel(f"cp{sys.version_info.major}{sys.version_info.minor}")
MISSING: Final = "no telephone library of our own yet: ./dev test builds it"


def is_needed() -> bool:
    """Whether there is one to test, or should be: where CI runs, it must be there."""
    return WHEEL is not None or "CI" in os.environ


def is_installed() -> bool:
    """Whether ours is the installed one as well (`./dev telephony`): then there is no other."""
    return find_spec("_pjsua2") is not None


def unpack(folder: Path) -> Path:
    """Unpack ours into `folder`, which then goes first on a process's PYTHONPATH."""
    assert WHEEL is not None, MISSING
    with zipfile.ZipFile(WHEEL) as wheel:
        wheel.extractall(folder)
    return folder
