"""`./dev bench [--json | --markdown] [--quick] [NAMES…]`: measures and says what it measured.

`hub` names all of the shared hub's figures, `telephony` all of the telephone's; `calls` (a million
in the call log), `chaos` (--seed N) and `soak` (--minutes N, --curve FILE) run only when named.
"""

from __future__ import annotations

import argparse
import importlib
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.bench import printing
from tests.bench.figure import Figure
from tests.bench.measuring import Bench

NAMES = (
    "ingest",
    "storm",
    "commit",
    "telemetry",
    "call",
    "proxied_call",
    "phone_faults",
    "scaip",
    "repaint",
    "keys",
    "plots",
    "month",
    "first_paint",
    "painted",
    "hub_races",
    "notify",
    "catch_up",
    "herd",
)
"""The modules here with a `measure`, in the order in which they run."""
LONG = ("calls", "chaos", "soak")
"""Further ones, which run only when they are named."""
GROUPS = {
    "telephony": ("call", "proxied_call", "phone_faults", "scaip"),
    "hub": ("hub_races", "notify", "catch_up", "herd", "commit", "telemetry"),
}

_FORMS = {"text": printing.as_text, "json": printing.as_json, "markdown": printing.as_markdown}


def run(bench: Bench, names: Sequence[str]) -> tuple[list[Figure], dict[str, str]]:
    """Return the figures of the modules, and why those failed that did."""
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    for name in names:
        started = time.monotonic()
        try:
            figures += importlib.import_module(f"tests.bench.{name}").measure(bench)
        except Exception as error:  # noqa: BLE001 - the others are still worth knowing
            traceback.print_exc()
            failed[name] = f"{type(error).__name__}: {error}"
        print(f"bench: {name} {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
    return figures, failed


def main(argv: Sequence[str]) -> int:
    """Measure what `argv` names; 0 unless something broke: a goal that is not met is a result."""
    parser = argparse.ArgumentParser(prog="dev bench", description=__doc__)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", dest="form", action="store_const", const="json")
    form.add_argument("--markdown", dest="form", action="store_const", const="markdown")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under two minutes")
    parser.add_argument("--into", type=Path, help="put the markdown table into this document")
    parser.add_argument("--seed", type=int, help="of the chaos run, which prints it")
    parser.add_argument("--minutes", type=float, help="of the soak")
    parser.add_argument("--curve", type=Path, help="where the soak draws (SVG, and CSV beside it)")
    known = (*NAMES, *LONG, *GROUPS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    wanted = parser.parse_args(argv)
    if unknown := set(wanted.names) - set(known):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    names = [one for name in wanted.names for one in GROUPS.get(name, (name,))]
    about = printing.machine()
    # Not the system's folder for what is temporary: that may be memory, where nothing is durable.
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir="/var/tmp"))
    os.environ["XDG_DATA_HOME"] = str(folder)
    try:
        bench = Bench(
            folder=folder,
            quick=wanted.quick,
            seed=random.randrange(10**6) if wanted.seed is None else wanted.seed,
            minutes=wanted.minutes,
            curve=wanted.curve or Path(tempfile.gettempdir()) / "soak.svg",
        )
        figures, failed = run(bench, names or NAMES)
    finally:
        shutil.rmtree(folder)
    print(_FORMS[wanted.form or "text"](figures, about, failed))
    if wanted.into is not None:
        printing.into(wanted.into, printing.as_markdown(figures, about, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
