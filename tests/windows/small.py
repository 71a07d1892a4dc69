"""The product's own package around a program that is a stand-in: installed within a second or two."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from installer import product
from installer.lab.machine import COMPILER
from installer.msi import package
from installer.shop import run
from tests.windows.desk import WindowsDesk

HERE: Final = Path(__file__).parent
OLD, NEW = "1.2.3", "1.2.4"
_CODE: Final = "{{{code}}}"


def small(folder: Path, version: str) -> Path:
    """Return an MSI of a version, made in `folder`: its source, its actions, a few small files."""
    program, made = folder / f"program-{version}", folder / f"made-{version}"
    program.mkdir(parents=True)
    made.mkdir()
    run(COMPILER, "-O2", "-municode", "-static", "-s", "-o", program / "workstationctl.exe",
        HERE / "standin.c")  # fmt: skip
    (program / "workstation.exe").write_bytes(b"MZ of " + version.encode())
    (program / f"only-{version}.txt").write_text(version, encoding="utf-8")
    actions = folder / "actions.dll"
    if not actions.exists():
        package.build_actions(actions)
    icon = product.ROOT / "resources/icons/app.png"
    wanted = package.Package(version=version, program=program, icon=icon, actions=actions)
    return package.compiled(wanted, made)


def code_of(version: str) -> str:
    """Return a version's product code, as IT's inventory knows it."""
    return _CODE.format(code=product.guid("product", version))


@dataclass(frozen=True, slots=True)
class StandIn:
    """What the program on a desk was asked, and what it answers."""

    desk: WindowsDesk

    def answers(self, **codes: int) -> None:
        """Have it end with a code when it is asked a word, by the word's name in Python."""
        words = {
            "close": "close",
            "check": "install-settings --check",
            "settings": "install-settings",
        }
        lines = [f"{words[name]} {code}\n" for name, code in codes.items()]
        (self.desk.machine.drive / "answer.txt").write_text("".join(lines), encoding="utf-8")

    def asked(self) -> list[list[str]]:
        """Return the arguments of each call since this was asked last."""
        file = self.desk.machine.drive / "asked.txt"
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        file.unlink(missing_ok=True)
        return [call.split("\n") for call in text.split("\n\n")[:-1]]
