"""The layers: what wins, and what every mistake is told with."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.paths import default_config, root
from workstation.settings import Settings, SettingsError, load
from workstation.settings.reading import schema

OWN = """
[hub]
kommuner = ["0510"]
[database]
url = "sqlite:///hub.sqlite"
[broker]
url = "mqtt://127.0.0.1:1883"
[sip]
kind = "off"
"""


def read(text: str, folder: Path, **environ: str) -> Settings:
    config = folder / "hub.toml"
    config.write_text(text, encoding="utf-8")
    return load(config, environ, defaults=default_config())


def wrong(text: str, folder: Path, **environ: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(text, folder, **environ)
    return caught.value


def embedded(**environ: str) -> Settings:
    return load(None, environ, defaults=default_config())


def test_without_a_file_the_embedded_mode() -> None:
    settings = embedded()
    assert settings.broker.is_embedded
    assert settings.source is None


def test_the_file_wins_over_the_defaults_and_the_environment_over_the_file(tmp_path: Path) -> None:
    settings = read(
        OWN + 'sound = "null"\n', tmp_path, WORKSTATION_BROKER__URL="mqtts://other:8883"
    )
    assert settings.hub.kommuner == ("0510",)
    assert settings.sip.sound == "null"
    assert settings.broker.url == "mqtts://other:8883"
    assert settings.broker.client_id == "eteam"
    assert settings.source == tmp_path / "hub.toml"


def test_a_table_per_kind_is_changed_key_by_key(tmp_path: Path) -> None:
    settings = read(OWN + "[alarms.escalate_after_s]\nemergency = 30\n", tmp_path)
    assert settings.alarms.escalate_after_s["emergency"] == 30
    assert settings.alarms.escalate_after_s["technical"] == 14400


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("hub.kommuner", 'kommuner = ["0510"]'),
        ("database.url", 'url = "sqlite:///hub.sqlite"'),
        ("broker.url", 'url = "mqtt://127.0.0.1:1883"'),
        ("sip.kind", 'kind = "off"'),
    ],
)
def test_a_file_of_its_own_inherits_nothing_embedded(key: str, line: str, tmp_path: Path) -> None:
    error = wrong(OWN.replace(line, ""), tmp_path)
    assert (error.reason, error.key) == ("missing", key)
    assert error.where.endswith("hub.toml")


def test_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    assert wrong("", tmp_path).key == "hub.kommuner, database.url, broker.url, sip.kind"


def test_what_must_be_given_may_come_from_the_environment(tmp_path: Path) -> None:
    text = OWN.replace('url = "mqtt://127.0.0.1:1883"', "")
    settings = read(text, tmp_path, WORKSTATION_BROKER__URL="mqtt://broker")
    assert settings.broker.url == "mqtt://broker"


def test_an_unknown_key_is_named_with_its_file_and_the_nearest_known(tmp_path: Path) -> None:
    error = wrong(OWN + "[log]\nlevle = 'info'\n", tmp_path)
    assert (error.reason, error.key, error.detail) == ("unknown_key", "log.levle", "log.level")
    assert error.where.endswith("hub.toml")


def test_an_unknown_section_is_an_error_even_when_empty(tmp_path: Path) -> None:
    assert wrong(OWN + "[nonsense]\n", tmp_path).key == "nonsense"


def test_an_empty_section_changes_nothing(tmp_path: Path) -> None:
    assert read(OWN + "[alarms]\n[log]\n", tmp_path) == read(OWN, tmp_path)


@pytest.mark.parametrize(
    ("line", "key", "form"),
    [
        ("[log]\nlevel = 3", "log.level", "choice"),
        ("[retention]\nreadings_days = '7'", "retention.readings_days", "whole_number"),
        ("[retention]\nreadings_days = true", "retention.readings_days", "whole_number"),
        ("[retention]\nreadings_days = 0", "retention.readings_days", "whole_number"),
        ("[log.level]\nx = 1", "log.level", "choice"),
        ("alarms = 1", "alarms", "table"),
        ("[alarms]\nescalate_after_s = 60", "alarms.escalate_after_s", "table"),
        ("[visit]\nurl_template = 'https://x.example/{name}'", "visit.url_template", "visit_url"),
        ("[sound]\ndevice = []", "sound.device", "optional_text"),
    ],
)
def test_a_wrong_value_is_told_with_its_key_and_form(
    line: str, key: str, form: str, tmp_path: Path
) -> None:
    error = wrong(f"{line}\n{OWN}" if line.startswith("alarms") else f"{OWN}{line}\n", tmp_path)
    assert (error.reason, error.key) == ("wrong_value", key)
    assert error.expected is not None
    assert error.expected.name == form


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        embedded(WORKSTATION_HUB__LANGUAGE="sv")
    assert caught.value.where == "WORKSTATION_HUB__LANGUAGE"
    assert caught.value.got == "sv"


def test_a_broker_keeps_for_two_weeks_and_not_longer_than_redeliveries_are_known() -> None:
    for hours in ("335", "721"):
        with pytest.raises(SettingsError) as caught:
            embedded(WORKSTATION_BROKER__SESSION_EXPIRY_H=hours)
        assert caught.value.key == "broker.session_expiry_h"
    with pytest.raises(SettingsError) as caught:
        embedded(WORKSTATION_RETENTION__MESSAGES_DAYS="30")
    assert caught.value.key == "retention.messages_days"


def test_an_unknown_variable_is_an_error_and_a_secret_is_none_of_ours() -> None:
    with pytest.raises(SettingsError) as caught:
        embedded(WORKSTATION_BROKER__PASSWORD="x")
    assert caught.value.reason == "unknown_key"
    embedded(WORKSTATION_BROKER_PASSWORD="x", PATH="y")


def test_a_variable_is_toml_where_it_can_be_and_text_where_it_cannot() -> None:
    settings = embedded(
        WORKSTATION_HUB__KOMMUNER='["0860", "0510"]',
        WORKSTATION_HUB__NAME="Hjørring",
        WORKSTATION_BROKER__USERNAME="1234",
        WORKSTATION_BROKER__CLIENT_ID='"quoted"',
        WORKSTATION_BROKER__PROTOCOL="3.1.1",
        WORKSTATION_SIP__SIMULATED="true",
        WORKSTATION_ALARMS__ESCALATE_AFTER_S__EMERGENCY="45",
    )
    assert settings.hub.kommuner == ("0860", "0510")
    assert settings.hub.name == "Hjørring"
    assert settings.broker.username == "1234"
    assert settings.broker.client_id == "quoted"
    assert settings.broker.protocol == "3.1.1"
    assert settings.sip.simulated is True
    assert settings.alarms.escalate_after_s["emergency"] == 45


def test_a_version_may_be_written_as_a_number(tmp_path: Path) -> None:
    assert read(OWN.replace("[sip]", "protocol = 5\n[sip]"), tmp_path).broker.protocol == "5"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path / "none.toml", {}, defaults=default_config())
    assert (caught.value.reason, caught.value.where) == ("no_file", str(tmp_path / "none.toml"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, {}, defaults=default_config())
    assert caught.value.reason == "unreadable"


def test_a_syntax_error_has_its_line(tmp_path: Path) -> None:
    error = wrong("[hub]\nname = \n", tmp_path)
    assert (error.reason, error.line) == ("syntax", 2)
    assert wrong("[hub]\nname = [", tmp_path).line == 2
    assert wrong(f"x = {'[' * 100_000}", tmp_path).reason == "syntax"


def test_a_file_that_is_not_utf8_is_told_and_windows_mark_is_read_over(tmp_path: Path) -> None:
    config = tmp_path / "hub.toml"
    config.write_bytes(OWN.replace("[hub]", "[hub]\nname = 'Hjørring'").encode("cp1252"))
    with pytest.raises(SettingsError) as caught:
        load(config, {}, defaults=default_config())
    assert caught.value.reason == "unreadable"
    config.write_bytes(OWN.encode("utf-8-sig"))
    assert load(config, {}, defaults=default_config()).hub.kommuner == ("0510",)


def test_a_password_in_a_file_is_refused_and_never_shown(tmp_path: Path) -> None:
    error = wrong(OWN.replace("mqtt://", "mqtt://me:s3cret@"), tmp_path)
    assert (error.reason, error.key) == ("secret_in_file", "broker.url")
    with pytest.raises(SettingsError) as caught:
        embedded(WORKSTATION_BROKER__URL="mqtt://me:s3cret@host")
    assert "s3cret" not in caught.value.got
    assert "s3cret" not in str(caught.value)


def test_a_ca_file_is_found_beside_the_file_that_names_it(tmp_path: Path) -> None:
    text = OWN.replace("[sip]", 'ca_file = "ca.pem"\n[sip]')
    assert wrong(text, tmp_path).reason == "no_file"
    (tmp_path / "ca.pem").touch()
    assert read(text, tmp_path).broker.ca_file == str(tmp_path / "ca.pem")


def test_a_registrar_needs_an_address_and_a_name(tmp_path: Path) -> None:
    text = OWN.replace('"off"', '"registrar"')
    assert wrong(text, tmp_path).key == "sip.address"
    assert wrong(text + 'address = "pbx"\n', tmp_path).key == "sip.username"
    assert read(text + 'address = "pbx"\nusername = "desk"\n', tmp_path).sip.address == "pbx"


def test_the_example_of_production_is_a_desk(tmp_path: Path) -> None:
    example = root() / "config" / "production.example.toml"
    (tmp_path / "hub-ca.pem").touch()
    settings = read(example.read_text(encoding="utf-8"), tmp_path)
    assert not settings.broker.is_embedded
    assert not settings.sip.simulated


def test_the_example_of_production_is_a_desk_of_many_and_encrypted_throughout(
    tmp_path: Path,
) -> None:
    example = root() / "config" / "production.example.toml"
    (tmp_path / "hub-ca.pem").touch()
    settings = read(example.read_text(encoding="utf-8"), tmp_path)
    assert settings.database.is_shared
    assert "sslmode=verify-full" in settings.database.url
    assert settings.database.ca_file == str(tmp_path / "hub-ca.pem")
    assert settings.broker.url.startswith("mqtts://")
    assert settings.sip.transport == "tls"


def test_what_the_example_of_production_has_commented_can_be_used(tmp_path: Path) -> None:
    example = (root() / "config" / "production.example.toml").read_text(encoding="utf-8")
    for name in ("desk.pem", "desk.key", "hub-ca.pem"):
        (tmp_path / name).touch()
    commented = re.compile(r'^# (?=\[|[a-z_]+ = |"/)', re.MULTILINE)
    with_password = '\nurl = "postgresql://desk_7@db.hub.example/eteam?sslmode=verify-full"\n'
    used = commented.sub("", example).replace(with_password, "\n", 1)
    settings = read(used.replace('public_key = "…"', 'public_key = ""'), tmp_path)
    assert "sslcert=" in settings.database.url
    assert settings.broker.certificate_file == str(tmp_path / "desk.pem")
    assert settings.parts.desk == ("alarms",)
    assert settings.watch.command
    assert settings.sign_in.oidc.issuer


def test_the_data_folder_stands_in_the_database_url(tmp_path: Path) -> None:
    assert (
        embedded().database.address(tmp_path)
        == f"sqlite:///{tmp_path.as_posix()}/workstation.sqlite"
    )


@given(
    key=st.sampled_from(["__".join(key).upper() for key, _ in schema()]),
    value=st.text().filter(lambda text: "\0" not in text),
)
def test_any_text_in_any_variable_gives_settings_or_an_error_that_names_it(
    key: str, value: str
) -> None:
    name = f"WORKSTATION_{key}"
    wrong: list[tuple[str, bool]] = []
    try:
        embedded(**{name: value})
    except SettingsError as error:
        wrong.append((error.where, len(error.got) <= 60))
    assert wrong in ([], [(name, True)])


@given(content=st.binary(max_size=300))
def test_any_bytes_give_settings_or_an_error_that_names_the_file(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config = tmp_path_factory.getbasetemp() / f"any-{os.getpid()}.toml"
    config.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load(config, {}, defaults=default_config())
    assert caught.value.where == str(config)


OIDC = """
[sign_in]
kind = "oidc"
[sign_in.oidc]
issuer = "https://login.hub.example/realms/hub"
client_id = "workstation"
[sign_in.oidc.roles]
"/desk/operators" = "operator"
team.night = "night"
[sign_in.oidc.kommuner]
"/haderslev" = ["0510"]
"/both" = ["0510", "0860"]
"""


def test_a_provider_s_groups_are_tables_of_the_desk_s_own(tmp_path: Path) -> None:
    own = read(OWN + OIDC, tmp_path).sign_in.oidc
    assert own.roles == {"/desk/operators": "operator", "team.night": "night"}
    assert own.kommuner == {"/haderslev": ("0510",), "/both": ("0510", "0860")}
    assert (own.scopes, own.groups_claim) == (("openid", "profile"), "groups")
    other = read(OWN + OIDC, tmp_path, WORKSTATION_SIGN_IN__OIDC__ROLES='{"/it" = "it"}')
    assert other.sign_in.oidc.roles == {"/it": "it"}
    assert embedded().sign_in.oidc.roles == {}


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('"operator"', '"boss"', "sign_in.oidc.roles", "wrong_value"),
        ('["0510"]', '"0510"', "sign_in.oidc.kommuner", "wrong_value"),
        ('["0510"]', '["Haderslev"]', "sign_in.oidc.kommuner", "wrong_value"),
        ("https://login", "http://login", "sign_in.oidc.issuer", "wrong_value"),
        ("https://login", "https://me:secret@login", "sign_in.oidc.issuer", "secret_in_file"),
        (
            'issuer = "https://login.hub.example/realms/hub"',
            "",
            "sign_in.oidc.issuer",
            "needed_with",
        ),
        ('client_id = "workstation"', "", "sign_in.oidc.client_id", "needed_with"),
        ("client_id", "client_name", "sign_in.oidc.client_name", "unknown_key"),
    ],
)
def test_what_a_provider_needs(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    error = wrong(OWN + OIDC.replace(old, new), tmp_path)
    assert (error.reason, error.key) == (reason, key)


def test_a_provider_without_roles_lets_nobody_in(tmp_path: Path) -> None:
    text = OIDC.partition("[sign_in.oidc.roles]")[0]
    error = wrong(OWN + text, tmp_path)
    assert (error.reason, error.key) == ("needed_with", "sign_in.oidc.roles")
