"""What stays out of the frozen program: measured, and each with the part of it that is not used."""

import fnmatch
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath
from typing import Final

from installer.version_resource import version_of

Collected = tuple[str, str, str]
"""What PyInstaller found: its place in the bundle, where it is now, its kind."""

MODULES: Final = [
    # Asked for by libraries in functions that nobody calls here.
    "IPython", "PIL", "PyQt5", "PyQt6", "PySide6.QtDesigner", "PySide6.QtMultimediaWidgets",
    "PySide6.QtPrintSupport", "PySide6.QtQml",
    "PySide6.QtQuick", "PySide6.QtTest", "PySide6.QtUiTools", "PySide6.QtWebEngineCore",
    "PySide6.QtXml", "_pytest", "babel", "cupy", "hypothesis", "jedi", "lib2to3", "matplotlib",
    "numba", "numpy.distutils", "numpy.f2py", "numpy.testing", "pip", "pydoc_data",
    "pyqtgraph.examples", "pyqtgraph.opengl", "pytest", "pytestqt", "scipy", "setuptools",
    "tkinter", "unittest", "wheel",
    # 5 MB in each program: where in the world a number is, and which company's.
    "phonenumbers.carrier", "phonenumbers.carrierdata", "phonenumbers.geocoder",
    "phonenumbers.geodata",
    "phonenumbers.timezone", "phonenumbers.tzdata",
    # 4 MB in each: the broker's command line in colours; the embedded one is started by us.
    "amqtt.contrib", "amqtt.scripts", "markdown_it", "mdurl", "pygments", "rich", "shellingham",
    "typer",
    # 11 MB: every plot is drawn without; starting/without_opengl.py stands in for them.
    "PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets",
    # 1 MB: a Linux desktop is asked by it to keep its screen on.
    "PySide6.QtDBus",
    # Databases the desk does not speak.
    "sqlalchemy.dialects.mssql", "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.oracle",
]  # fmt: skip
"""Modules that the program never imports though something it imports names them."""

ENTRY_POINTS: Final = ("amqtt.broker.plugins", "amqtt.client.plugins", "keyring.backends")
"""Groups of plug-ins that are found by name at run time."""

_QT_PLUGINS: Final = (
    "iconengines/qsvgicon.dll",
    "imageformats/qico.dll",
    "imageformats/qsvg.dll",
    "multimedia/windowsmediaplugin.dll",
    "platforms/qoffscreen.dll",
    "platforms/qwindows.dll",
)
_QT_TRANSLATIONS: Final = ("qtbase_da.qm",)
_UNWANTED: Final = (
    # 20 MB: a software OpenGL for machines without; a window of widgets draws without any.
    "PySide6/opengl32sw.dll",
    "PySide6/d3dcompiler_*.dll",
    # 20 MB: FFmpeg; what the desk plays are .wav files, which Qt reads itself.
    "PySide6/av*.dll",
    "PySide6/sw*.dll",
    # Come with plug-ins that stay out, and with modules nobody imports.
    "PySide6/Qt6DBus.dll",
    "PySide6/Qt6MultimediaWidgets.dll",
    "PySide6/Qt6OpenGL*.dll",
    "PySide6/Qt6Pdf*.dll",
    "PySide6/Qt6Qml*.dll",
    "PySide6/Qt6Quick*.dll",
    "PySide6/Qt6VirtualKeyboard*.dll",
    "PySide6/qml/*",
    "pyqtgraph/colors/*",
    "pyqtgraph/icons/*.png",
    "pyqtgraph/examples/*",
    "numpy/*/tests/*",
    "*.pyi",
    "*/py.typed",
)
_RUNTIME: Final = ("MSVCP140*.DLL", "VCRUNTIME140*.DLL")
_NOT_SHIPPED: Final = ("*.po", "*.py", "*.pyc")


def is_shipped(path: str) -> bool:
    """Whether a file of `resources/` is for the program and not for those who write it."""
    return not any(fnmatch.fnmatchcase(path, pattern) for pattern in _NOT_SHIPPED)


def is_wanted(path: str) -> bool:
    """Whether a file that PyInstaller collected (its place in the bundle) goes in."""
    path = path.replace("\\", "/")
    for folder, kept in (("plugins", _QT_PLUGINS), ("translations", _QT_TRANSLATIONS)):
        start = f"PySide6/{folder}/"
        if path.startswith(start):
            return path.removeprefix(start) in kept
    return not any(fnmatch.fnmatchcase(path, pattern) for pattern in _UNWANTED)


def one_runtime(collected: Iterable[Collected]) -> list[Collected]:
    """Return what was collected with Microsoft's C++ runtime in one place, the newest that came.

    Python, Qt and shiboken each bring one. Windows loads one of a name, the first that is asked for,
    which would be Python's: what was compiled for a newer one must not run on that.
    """
    others, newest = list[Collected](), dict[str, Collected]()
    for place, source, kind in collected:
        name = PureWindowsPath(place).name.upper()
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in _RUNTIME):
            others.append((place, source, kind))
        elif name not in newest or _age(source) > _age(newest[name][1]):
            newest[name] = (PureWindowsPath(place).name, source, kind)
    return [*others, *newest.values()]


def _age(program: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version_of(Path(program)).split(".") if part)


def modules(root: Path, folder: str) -> list[str]:
    """Return the modules below a package's folder by name, found without importing any.

    PyInstaller's own way starts a process for each package, which takes ten seconds in Wine.
    """
    found = sorted((root / folder).rglob("*.py"))
    names = [file.relative_to(root).with_suffix("").as_posix() for file in found]
    return [name.removesuffix("/__init__").replace("/", ".") for name in names]
