"""Makes the Windows installer: `workstation-<version>-x64.msi`, its bill of materials, policy templates.

    python installer/build.py                       # Debian: in the lab; Windows: as it is
    python installer/build.py --certificate IT.pfx --timestamp URL
    python installer/build.py --telephony FILE.whl  # Windows: the wheel that Debian built

README.md tells what happens in which order. What is made is kept by what went in: a second time
takes seconds.
"""

import argparse
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file

from installer import bill, judging, notices, product, shop, signing, source_code
from installer.freeze import WindowsPython, frozen
from installer.msi import package
from installer.policy import __main__ as templates
from installer.shipped import packages

_HERE = Path(__file__).parent
_LOCKS = [product.ROOT / "requirements.txt", _HERE / "requirements.txt"]
_GOES_IN = (
    "bill.py", "build.py", "judging.py", "msi_checks.py", "msi_sequences.py", "msi_tables.py",
    "notices.py", "parts.py", "parts.toml", "sbom_checks.py", "shipped.py", "signing.py", "msi",
    "licences",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was asked for."""

    version: str
    """Of the package; the programs have the project's, so that the try of an upgrade freezes once."""
    signer: signing.Signer
    telephony: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What an order gives."""

    msi: Path
    bill: Path


def build(order: Order) -> Made:
    """Return the MSI and its bill, made where they are not kept; raises BuildFailedError."""
    python = _python(order.telephony)
    program = frozen(python, product.version())
    key = shop.key_of(
        program.name, order.version, order.signer.certificate, *(_HERE / one for one in _GOES_IN)
    )

    def make(folder: Path) -> None:
        _make(order, python, program, folder)

    folder = shop.kept("msi", key, make)
    return Made(msi=next(folder.glob("*.msi")), bill=next(folder.glob("*.cdx.json")))


def _make(order: Order, python: WindowsPython, program: Path, folder: Path) -> None:
    staged, work = folder / "program", folder / "work"
    shutil.copytree(program / "dist/workstation", staged)
    for name in product.PROGRAMS:
        order.signer.sign(staged / f"{name}.exe")
    inside = list(packages(python, program))
    notices.add_notices(staged, inside, order.version)
    libraries = list(bill.libraries(inside, staged))
    text = bill.bill(order.version, libraries, bill.hashes(staged))
    (staged / "sbom.cdx.json").write_text(text, encoding="utf-8")
    actions = folder / "actions.dll"
    package.build_actions(actions)
    order.signer.sign(actions)
    work.mkdir()
    made = package.compiled(
        package.Package(
            version=order.version,
            program=staged,
            icon=program / "made/workstation.ico",
            actions=actions,
        ),
        work,
    )
    order.signer.sign(made)
    made.replace(folder / made.name)
    # The bill beside the MSI lists the one inside as well.
    text = bill.bill(order.version, libraries, bill.hashes(staged))
    (folder / made.with_suffix(".cdx.json").name).write_text(text, encoding="utf-8")
    judging.judge(folder / made.name, json.loads(text))
    shutil.rmtree(work)
    shutil.rmtree(staged)


def _python(telephony: Path | None) -> WindowsPython:
    if sys.platform == "win32":
        from installer import native  # noqa: PLC0415  # this or the lab is there

        if telephony is None:
            raise shop.BuildFailedError(
                "--telephony FILE.whl: the telephone library for Windows is built on Debian, by "
                "python -m installer.telephony.build windows"
            )
        return native.native_python(_LOCKS, telephony)
    from installer.lab.machine import fresh  # noqa: PLC0415  # as above
    from installer.lab.python import lab_python  # noqa: PLC0415
    from installer.lab.telephony import wheel  # noqa: PLC0415

    return lab_python(_LOCKS, [telephony or wheel()], fresh("freezer"))


def _source(version: str, into: Path) -> Path:
    if sys.platform == "win32":
        raise shop.BuildFailedError("--source: Debian has the archives of the telephone library")
    from installer.lab.telephony import archives  # noqa: PLC0415  # as above

    return source_code.put(version, archives(), into)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="installer/build.py", description=__doc__)
    parser.add_argument("--version", help="instead of the project's, to try an upgrade")
    parser.add_argument("--telephony", type=Path, help="the wheel of the telephone library")
    parser.add_argument("--certificate", type=Path, help="a .pfx; default: one made for tests")
    parser.add_argument("--timestamp", default="", help="URL of a time-stamping server")
    parser.add_argument("--into", type=Path, default=product.ROOT / "dist", help="default: dist/")
    parser.add_argument("--source", action="store_true", help="with the source code; on Debian")
    parser.add_argument("--needs", action="store_true", help="print the Debian packages needed")
    return parser.parse_args()


def main() -> int:
    """Print the paths of what was made, or say on standard error why there is none and return 1."""
    asked = _asked()
    if asked.needs:
        from installer.lab.machine import NEEDS  # noqa: PLC0415  # only on Debian

        sys.stdout.write("\n".join(NEEDS) + "\n")
        return 0
    try:
        version = product.checked(asked.version) if asked.version else product.version()
        signer = signing.given(asked.certificate, asked.timestamp)
        made = build(Order(version=version, signer=signer, telephony=asked.telephony))
        asked.into.mkdir(parents=True, exist_ok=True)
        source = [_source(version, asked.into)] if asked.source else []
    except (shop.BuildFailedError, product.WrongVersionError) as failure:
        shop.say(str(failure))
        return 1
    for file in (made.msi, made.bill):
        shutil.copyfile(file, asked.into / file.name)
    templates.put(asked.into / "PolicyDefinitions")
    for file in (made.msi, made.bill, *source):
        sys.stdout.write(f"{asked.into / file.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
