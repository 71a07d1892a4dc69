"""The lab's Python: what only Wine is to blame for is done again, what is wrong is told."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from installer.lab.machine import Machine
from installer.lab.python import LabPython
from installer.shop import BuildFailedError


class Failing(Machine):
    """A machine that fails as told, and then runs."""

    def __init__(self, folder: Path, *failures: str) -> None:
        super().__init__(folder)
        self.failures = list(failures)

    def run(
        self, *command: object, cwd: Path | None = None, env: Mapping[str, str] | None = None
    ) -> str:
        if self.failures:
            raise BuildFailedError(self.failures.pop(0))
        return "done"


def test_a_process_that_wine_could_not_start_is_started_again(tmp_path: Path) -> None:
    machine = Failing(tmp_path, "OSError: [WinError 1359] Internal error")
    assert LabPython(tmp_path, machine).run("-V", cwd=tmp_path, env={}) == "done"


@pytest.mark.parametrize(
    "failures", [("SyntaxError",), ("[WinError 1359]", "[WinError 1359] again")]
)
def test_what_fails_otherwise_or_twice_has_failed(tmp_path: Path, failures: tuple[str]) -> None:
    machine = Failing(tmp_path, *failures)
    with pytest.raises(BuildFailedError) as told:
        LabPython(tmp_path, machine).run("-V", cwd=tmp_path, env={})
    assert str(told.value) == failures[-1]
