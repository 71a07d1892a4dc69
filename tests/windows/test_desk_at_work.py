"""The installed programs against a broker, a database and a telephone on Linux."""

import pytest

from tests.windows.desk import Hub, WindowsDesk

pytestmark = pytest.mark.peer


def test_check_finds_settings_database_broker_and_telephone(installed: WindowsDesk) -> None:
    rows = {row["what"]: row for row in installed.rows("check")}
    for part in ("settings", "database", "broker", "sip"):
        assert rows[part]["ok"], rows[part]
    assert "settings.toml" in rows["settings"]["detail"]
    # Wine has no sound device here; a desk has one, and hears so when it has not.
    assert "sound" in rows


def test_a_call_to_a_telephone_connects(installed: WindowsDesk, hub: Hub) -> None:
    said = installed.ctl("call", hub.phone.uri, "--json", "--seconds", "3")
    assert '"answered"' in said.stdout, said.stdout
    assert said.returncode == 0, said.stdout
