"""What stays out of the frozen program is not missed by any of its modules."""

import subprocess
import sys

import pytest

from installer import leaving_out, product

BLOCKED = """
import importlib, pkgutil, sys
from importlib.abc import MetaPathFinder

class Blocked(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in {names!r}:
            raise ModuleNotFoundError(f"{{name}} stays out", name=name)

sys.meta_path.insert(0, Blocked())
import main, ui, workstation
for package in (ui, workstation):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not found.name.startswith({skipped!r}):
            importlib.import_module(found.name)
import amqtt.broker, amqtt.plugins.authentication
"""
# Alembic's, inside a migration; and what only Windows has.
SKIPPED = ("workstation.adapters.db.migrations.env", "workstation.adapters.windows")


def test_no_module_of_the_program_needs_what_stays_out():
    code = BLOCKED.format(names=set(leaving_out.MODULES), skipped=SKIPPED)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=product.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "place",
    [
        "PySide6\\opengl32sw.dll",
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
