"""Who watches over the watchers."""

from dataclasses import replace

import pytest

from workstation import paths, settings
from workstation.bootstrap.hub_watch import secret_names, watches
from workstation.settings.reading import schema


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


def test_every_variable_of_a_secret_is_kept_from_the_command_that_calls_for_help() -> None:
    keys = [key for key, form in schema() if form.name == "variable"]
    environ = {
        f"WORKSTATION_{'__'.join(key).upper()}": f"SECRET_{number}"
        for number, key in enumerate(keys)
    }
    found = settings.load(None, environ, defaults=paths.default_config())
    assert len(keys) > 5
    assert secret_names(found) == set(environ.values())
