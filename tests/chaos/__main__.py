"""`python -m tests.chaos --seed N [--faults N]`: one run, its folder kept when something was wrong."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from tests.chaos.run import BETWEEN_S, run


def main() -> int:
    """Run once and say what was wrong; 1 when something was."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--faults", type=int, default=30)
    parser.add_argument("--ingests", type=int, default=1)
    parser.add_argument("--between", type=float, default=BETWEEN_S, help="seconds for each fault")
    wanted = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix=f"chaos-{wanted.seed}-", dir="/var/tmp"))
    verdict = run(
        folder,
        seed=wanted.seed,
        faults=wanted.faults,
        ingests=wanted.ingests,
        between_s=wanted.between,
    )
    for name, number in verdict.facts.items():
        print(f"  {name}: {number:g}")
    for said in verdict.wrong:
        print(f"WRONG: {said}")
    if verdict.wrong:
        print(f"{len(verdict.wrong)} things were wrong; logs of all processes: {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
