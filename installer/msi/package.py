"""The MSI of a folder with the program: compiled by wixl on Debian and by WiX 3 on Windows."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from installer import product
from installer.msi import tables
from installer.msi.files import fragment, identifiers
from installer.shop import BuildFailedError, run

HERE: Final = Path(__file__).parent
_SETTINGS: Final = rf"[CommonAppDataFolder]{product.NAME}\settings.toml"
_OF_COMPONENTS: Final = ("Version", "EventSource", "Autostart", "StartMenu", "Desktop")


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What an MSI is made of."""

    version: str
    program: Path
    """The folder that becomes the installation folder."""
    icon: Path
    actions: Path
    """The library of custom actions."""


def compiled(package: Package, folder: Path) -> Path:
    """Return the MSI, made in `folder`, which is empty; raises BuildFailedError."""
    shutil.copytree(package.program, folder / "files", copy_function=shutil.copyfile)
    shutil.copyfile(package.icon, folder / "workstation.ico")
    shutil.copyfile(package.actions, folder / "actions.dll")
    shutil.copyfile(HERE / "workstation.wxs", folder / "workstation.wxs")
    (folder / "files.wxs").write_text(fragment(folder / "files"), encoding="utf-8")
    made = folder / f"workstation-{package.version}-x64.msi"
    if sys.platform == "win32":
        _by_wix(package, folder, made)
    else:
        _by_wixl(package, folder, made)
        tables.complete(made, HERE / "workstation.wxs", identifiers(folder / "files"))
    return made


def build_actions(made: Path) -> None:
    """Compile the library of custom actions: by mingw on Debian, by Zig's compiler on Windows."""
    source = HERE / "actions.c"
    options = ("-O2", "-shared", "-municode", "-o", made, source, "-lmsi")
    if sys.platform == "win32":
        run(sys.executable, "-m", "ziglang", "cc", "-target", "x86_64-windows-gnu", *options)
    else:
        run("x86_64-w64-mingw32-gcc", "-static", "-s", *options)


def variables(version: str) -> dict[str, str]:
    """Return what the source asks for by `$(var.…)`."""
    return {
        "ProductCode": product.guid("product", version),
        "UpgradeCode": product.UPGRADE_CODE,
        "Name": product.NAME,
        "Version": version,
        "Maker": product.MAKER,
        "Icon": "workstation.ico",
        "Actions": "actions.dll",
        "Settings": _SETTINGS,
        **{f"{name}Guid": product.guid("component", name) for name in _OF_COMPONENTS},
    }


def _by_wixl(package: Package, folder: Path, made: Path) -> None:
    given = [word for pair in variables(package.version).items() for word in ("-D", "=".join(pair))]
    said = run(
        "wixl", "-a", "x64", "-D", "Win64=yes", *given, "-o", made.name, "workstation.wxs",
        "files.wxs", cwd=folder,
    )  # fmt: skip
    if not made.exists():
        raise BuildFailedError(f"wixl made nothing: {said}")


def _by_wix(package: Package, folder: Path, made: Path) -> None:
    given = [f"-d{name}={value}" for name, value in variables(package.version).items()]
    given.append("-dHasConditions=yes")
    run("candle", "-nologo", "-arch", "x64", *given, "workstation.wxs", "files.wxs", cwd=folder)
    # What ICE38, 43, 57 want of shortcuts is one user's; ours are the machine's (msi_checks.py).
    # ICE40 warns of REINSTALLMODE, which is meant.
    quiet = [f"-sice:{name}" for name in ("ICE38", "ICE43", "ICE57", "ICE40", "ICE60")]
    run(
        "light", "-nologo", "-dcl:high", *quiet, "-o", made.name, "workstation.wixobj",
        "files.wixobj", cwd=folder,
    )  # fmt: skip
