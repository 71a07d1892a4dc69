"""What stays out of the frozen program is not missed by any of its modules."""

import os
import subprocess
import sys

import pytest

from installer import leaving_out, product
from tests.installer.frozen import library

BLOCKED = """
import importlib, pkgutil, runpy, sys
from importlib.abc import MetaPathFinder

class Blocked(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in {names!r}:
            raise ModuleNotFoundError(f"{{name}} stays out", name=name)

runpy.run_path("installer/starting/without_opengl.py")
sys.meta_path.insert(0, Blocked())
import main, ui, workstation
for package in (ui, workstation):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not found.name.startswith({skipped!r}):
            importlib.import_module(found.name)
import amqtt.broker, amqtt.plugins.authentication
"""
DRAWN = """
import runpy
runpy.run_path("installer/starting/without_opengl.py")
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
screen = QApplication([])
import pyqtgraph
plot = pyqtgraph.PlotWidget(background="w")
plot.plot([0.0, 1.0, 2.0], [0.0, 2.0, 1.0], pen=pyqtgraph.mkPen("r", width=3))
plot.resize(400, 300)
picture = plot.grab().toImage()
places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
assert sum(picture.pixelColor(*place) == QColor("red") for place in places) > 400
"""
# Alembic's, inside a migration; and what only Windows has, or only Linux.
SKIPPED = (
    "workstation.adapters.db.migrations.env", "workstation.adapters.windows", "ui.screen_saver",
)  # fmt: skip


def test_no_module_of_the_program_needs_what_stays_out():
    code = BLOCKED.format(names=set(leaving_out.MODULES), skipped=SKIPPED)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=product.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_plot_is_drawn_without_the_modules_for_opengl():
    done = subprocess.run(
        [sys.executable, "-c", DRAWN], cwd=product.ROOT, capture_output=True, text=True, check=False,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "place",
    [
        "PySide6\\opengl32sw.dll",
        "PySide6\\Qt6OpenGL.dll",
        "PySide6\\Qt6DBus.dll",
        "PySide6\\avcodec-61.dll",
        "PySide6\\plugins\\platforms\\qdirect2d.dll",
        "PySide6\\translations\\qtbase_de.qm",
    ],
)
def test_what_no_desk_uses_stays_out(place):
    assert not leaving_out.is_wanted(place)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6\\Qt6Widgets.dll",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6\\plugins\\imageformats\\qsvg.dll",
        "PySide6\\translations\\qtbase_da.qm",
        "psycopg_binary\\pq.cp312-win_amd64.pyd",
    ],
)
def test_what_a_desk_needs_goes_in(place):
    assert leaving_out.is_wanted(place)


def test_of_the_resources_goes_in_what_the_program_reads():
    assert leaving_out.is_shipped("resources/translations/da/LC_MESSAGES/workstation.mo")
    assert not leaving_out.is_shipped("resources/translations/da/LC_MESSAGES/workstation.po")
    assert not leaving_out.is_shipped("resources/sounds/make_sounds.py")


def test_the_runtime_of_c_goes_in_once_and_is_the_newest(tmp_path):
    (tmp_path / "a.dll").write_bytes(library(14, 29, 30153, 0))
    (tmp_path / "b.dll").write_bytes(library(14, 44, 35211, 0))
    of_python, of_qt = str(tmp_path / "a.dll"), str(tmp_path / "b.dll")
    core = ("PySide6\\Qt6Core.dll", "c.dll", "BINARY")
    found = leaving_out.one_runtime(
        [
            ("PySide6\\VCRUNTIME140.dll", of_qt, "BINARY"),
            ("VCRUNTIME140.dll", of_python, "BINARY"),
            ("shiboken6\\MSVCP140.dll", of_python, "BINARY"),
            core,
        ]
    )
    assert found == [
        core,
        ("VCRUNTIME140.dll", of_qt, "BINARY"),
        ("MSVCP140.dll", of_python, "BINARY"),
    ]
