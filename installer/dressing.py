"""What the two programs wear: the icon in its sizes and the version resources."""

import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from installer import product

SIZES: Final = (16, 20, 24, 32, 40, 48, 64, 96, 128, 256)
"""Pixels: Windows' own at 100, 125, 150 and 200 % of a screen's scale."""
_LARGEST_IN_A_BYTE: Final = 255
_DANISH_UNICODE: Final = (0x0406, 1200)

_VERSION_RESOURCE: Final = """VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3f, flags=0, OS=0x40004,
    fileType=1, subtype=0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable('{language:04x}{charset:04x}', [
      StringStruct('CompanyName', '{maker}'),
      StringStruct('FileDescription', '{described}'),
      StringStruct('FileVersion', '{version}'),
      StringStruct('InternalName', '{program}'),
      StringStruct('LegalCopyright', 'MPL-2.0; with the telephone library GPL-3.0-or-later'),
      StringStruct('OriginalFilename', '{program}.exe'),
      StringStruct('ProductName', '{product}'),
      StringStruct('ProductVersion', '{version}')])]),
    VarFileInfo([VarStruct('Translation', [{language}, {charset}])])
  ]
)
"""


def dress(folder: Path, version: str) -> None:
    """Write workstation.ico and a .version for each program, as `workstation.spec` takes them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "workstation.ico").write_bytes(icon(product.ROOT / "resources/icons/app.svg"))
    for program, described in product.PROGRAMS.items():
        text = version_resource(program, described, version)
        (folder / f"{program}.version").write_text(text, encoding="utf-8")


def icon(drawing: Path) -> bytes:
    """Return an .ico of an SVG drawing: a PNG for each of SIZES."""
    renderer = QSvgRenderer(str(drawing))
    return packed((size, _picture(renderer, size)) for size in SIZES)


def packed(pictures: Iterable[tuple[int, bytes]]) -> bytes:
    """Return an .ico of square PNG pictures, each with its size in pixels."""
    pictures = list(pictures)
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries = b""
    for size, content in pictures:
        side = size if size <= _LARGEST_IN_A_BYTE else 0
        entries += struct.pack("<BBBBHHII", side, side, 0, 0, 1, 32, len(content), offset)
        offset += len(content)
    return head + entries + b"".join(content for _, content in pictures)


def version_resource(program: str, described: str, version: str) -> str:
    """Return what Windows shows under a program's properties, as PyInstaller reads it."""
    language, charset = _DANISH_UNICODE
    return _VERSION_RESOURCE.format(
        numbers=(*map(int, version.split(".")), 0),
        version=version,
        program=program,
        described=described,
        maker=product.MAKER,
        product=product.NAME,
        language=language,
        charset=charset,
    )


def _picture(renderer: QSvgRenderer, size: int) -> bytes:
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


if __name__ == "__main__":
    dress(Path(sys.argv[1]), sys.argv[2])
