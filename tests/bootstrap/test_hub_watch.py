"""Who watches over the watchers."""

from dataclasses import replace

import pytest

from workstation import paths, settings
from workstation.bootstrap.hub_watch import watches


@pytest.mark.parametrize(
    ("url", "command", "expected"),
    [
        ("sqlite:///hub.sqlite", (), False),
        ("sqlite:///hub.sqlite", ("call-for-help",), True),
        ("postgresql://desk@hub.example/eteam", (), True),
    ],
)
def test_a_machine_on_its_own_watches_only_where_somebody_is_called(
    url: str, command: tuple[str, ...], expected: bool
) -> None:
    found = settings.load(None, {}, defaults=paths.default_config())
    found = replace(
        found,
        database=replace(found.database, url=url),
        watch=replace(found.watch, command=command),
    )
    assert watches(found) is expected
