"""Settings of a hub of its own for one measurement: fresh database, the given broker, no telephone."""

from __future__ import annotations

import itertools
from pathlib import Path

_NUMBERS = itertools.count(1)
_CONFIG = """[hub]
kommuner = ["0510", "0860"]
[database]
url = "sqlite:///{database}"
[broker]
url = "mqtt://127.0.0.1:{port}"
client_id = "bench-{number}"
[sip]
kind = "off"
[log]
level = "error"
"""


def config(folder: Path, port: int) -> Path:
    """Write a settings file and return it; each call names another database and session."""
    number = next(_NUMBERS)
    path = folder / f"hub-{number}.toml"
    database = folder / f"hub-{number}.sqlite"
    path.write_text(_CONFIG.format(database=database, port=port, number=number), encoding="utf-8")
    return path
