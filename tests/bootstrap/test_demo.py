"""The demo's own database on a machine that had an earlier version."""

import asyncio
from pathlib import Path

import pytest

from tests.adapters.db.test_schema import older
from workstation import paths, settings
from workstation.bootstrap import demo

pytestmark = pytest.mark.peer


def test_what_an_earlier_version_left_is_brought_along(tmp_path: Path) -> None:
    older(tmp_path / "workstation.sqlite", "0013")
    own = settings.load(None, {}, defaults=paths.default_config())

    async def shown() -> int:
        async with demo.desk(own, demo.Demo(scenario="quiet", data=tmp_path)) as desk:
            return len(desk.station.citizens.all())

    assert asyncio.run(shown()) > 0
