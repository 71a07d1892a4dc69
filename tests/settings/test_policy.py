"""A policy wins over everything, is told by its registry value, and is known afterwards."""

from pathlib import Path

import pytest

from tests.settings.test_reading import OWN
from workstation.paths import default_config
from workstation.settings import Policy, Settings, SettingsError, load

KEY = "HKLM\\Policies\\"


def read(
    folder: Path, values: dict[str, object], text: str | None = OWN, **environ: str
) -> Settings:
    config = None
    if text is not None:
        config = folder / "hub.toml"
        config.write_text(text, encoding="utf-8")
    policy = Policy(where=KEY, values=values)
    return load(config, environ, defaults=default_config(), policy=policy)


def wrong(folder: Path, values: dict[str, object], text: str | None = OWN) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(folder, values, text)
    return caught.value


def test_it_wins_over_the_file_the_user_and_the_environment(tmp_path: Path) -> None:
    chosen = tmp_path / "sound.toml"
    chosen.write_text('[sip]\nsound = "chosen"\n')
    config = tmp_path / "hub.toml"
    config.write_text(OWN + 'sound = "filed"\n')
    settings = load(
        config,
        {"WORKSTATION_SIP__SOUND": "named", "WORKSTATION_LOG__LEVEL": "debug"},
        defaults=default_config(),
        chosen=chosen,
        policy=Policy(where=KEY, values={"sip.sound": "fixed"}),
    )
    assert settings.sip.sound == "fixed"
    assert settings.log.level == "debug"
    assert settings.origins.managed == ("sip.sound",)
    given = settings.origins.given
    assert given["sip.sound"] == ("policy", KEY + "sip.sound")
    assert given["log.level"] == ("environment", "WORKSTATION_LOG__LEVEL")
    assert given["sip.kind"] == ("file", str(config))
    assert given["hub.name"] == ("default", str(default_config()))


@pytest.mark.parametrize(
    ("key", "value", "read_as"),
    [
        ("sip.ice", 1, True),
        ("sip.ice", 0, False),
        ("sip.ice", "true", True),
        ("sip.port", 1, 1),
        ("sip.port", 5060, 5060),
        ("sip.port", "5060", 5060),
        ("hub.name", "Hub 1", "Hub 1"),
        ("hub.name", "1234", "1234"),
        ("sip.stun", ["one", "two:3478"], ("one", "two:3478")),
        ("sip.stun", '["one"]', ("one",)),
        ("broker.protocol", 5, "5"),
    ],
)
def test_each_way_to_write_a_value(
    key: str, value: object, read_as: object, tmp_path: Path
) -> None:
    section, name = key.split(".")
    found = getattr(getattr(read(tmp_path, {key: value}), section), name)
    assert (found, type(found)) == (read_as, type(read_as))


def test_a_table_with_names_that_are_not_ours(tmp_path: Path) -> None:
    values: dict[str, object] = {"sign_in.oidc.roles": '{ "/desk" = "operator" }'}
    assert read(tmp_path, values).sign_in.oidc.roles == {"/desk": "operator"}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"log.level": "loud"}, "wrong_value"),
        ({"sip.port": 2**32 - 1}, "wrong_value"),
        ({"sip.ice": 2}, "wrong_value"),
        ({"log.levle": "info"}, "unknown_key"),
        ({"broker.ca_file": "/no/such.pem"}, "no_file"),
        ({"hub.name": "https://anna:secret@hub"}, "secret_in_file"),
    ],
)
def test_what_is_wrong_is_told_by_the_registry_s_value(
    values: dict[str, object], reason: str, tmp_path: Path
) -> None:
    error = wrong(tmp_path, values)
    assert (error.reason, error.where) == (reason, KEY + next(iter(values)))


def test_a_hub_may_be_given_by_policy_alone(tmp_path: Path) -> None:
    whole: dict[str, object] = {
        "hub.kommuner": ["0510"],
        "database.url": "sqlite:///x",
        "broker.url": "mqtt://broker",
        "sip.kind": "off",
    }
    assert read(tmp_path, whole, None).broker.url == "mqtt://broker"
    error = wrong(tmp_path, {"broker.url": "mqtt://broker"}, None)
    assert (error.reason, error.where) == ("missing", KEY)
    assert error.key == "hub.kommuner, database.url, sip.kind"


def test_without_a_hub_s_keys_the_rest_stays_embedded(tmp_path: Path) -> None:
    settings = read(tmp_path, {"hub.theme": "dark"}, None)
    assert settings.broker.is_embedded
    assert settings.hub.theme == "dark"
