"""What the policy editor writes into the registry for each setting is that setting in the program."""

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from installer.policy.governed import REGISTRY_TYPES, Shape, governed
from installer.policy.templates import KEY, NAMESPACE, admx
from workstation import settings
from workstation.adapters.windows import registry
from workstation.adapters.windows.policy import as_policy
from workstation.paths import default_config
from workstation.settings import SettingsError
from workstation.settings.reading import FILES

SETTINGS = {one.dotted: one for one in governed()}
X = f"{{{NAMESPACE}}}"
POLICIES = {
    policy.get("valueName")
    or next(iter(policy.iterfind(f"{X}elements/*"))).get("valueName"): policy
    for policy in fromstring(admx(tuple(SETTINGS.values()))).iter(f"{X}policy")
}
TEXTS = {
    "broker_url": "mqtts://broker.hub.example:8883",
    "database_url": "postgresql://desk@db.hub.example:5432/hub",
    "group_kommuner": '{ "/haderslev" = ["0510"] }',
    "group_roles": '{ "/desk" = "operator" }',
    "issuer": "https://id.hub.example/realms/hub",
    "key": "Ctrl+Alt+F12",
    "name": "hub-1",
    "optional_text": "desk 7",
    "sip_address": "sip.hub.example:5061",
    "text": "true",  # a text even where TOML would have something else
    "variable": "WORKSTATION_SOME_PASSWORD",
    "visit_url": "https://visit.hub.example/{visit}",
}
TABLES = {"group_kommuner": {"/haderslev": ("0510",)}, "group_roles": {"/desk": "operator"}}
LINES = {
    "kommuner": ["0510", "0860"],
    "any_kommuner": ["0510"],
    "texts": ["one", "two words"],
    "any_texts": ["one"],
}
HUB = """
[hub]
kommuner = ["0510"]
[database]
url = "sqlite:///hub.sqlite"
[broker]
url = "mqtts://other.hub.example"
[sip]
kind = "direct"
address = "sip.hub.example"
username = "desk"
[scaip]
address = "sip.hub.example"
username = "receiver"
[sign_in.oidc]
issuer = "https://id.hub.example"
client_id = "desk"
roles = { "/other" = "it" }
"""


@pytest.fixture
def hub(tmp_path):
    """A file that decides otherwise, and a file of certificates."""
    (tmp_path / "hub.toml").write_text(HUB, encoding="utf-8")
    (tmp_path / "ca.pem").write_text("certificates", encoding="utf-8")
    return tmp_path / "hub.toml"


def loaded(config: Path, values: dict[str, object]) -> settings.Settings:
    policy = as_policy(registry.named(values.items()))
    return settings.load(config, {}, defaults=default_config(), policy=policy)


def value_at(found, dotted):
    for part in dotted.split("."):
        found = found[part] if isinstance(found, dict) else getattr(found, part)
    return found


def written(dotted, config):
    """What the editor can write for a setting, each with what it means."""
    one, policy = SETTINGS[dotted], POLICIES[dotted]
    match one.shape:
        case Shape.FLAG:
            for tag, meaning in (("enabledValue", True), ("disabledValue", False)):
                yield int(policy.find(f"{X}{tag}/{X}decimal").get("value")), meaning
        case Shape.NUMBER:
            element = policy.find(f"{X}elements/{X}decimal")
            for limit in ("minValue", "maxValue"):
                yield int(element.get(limit)), int(element.get(limit))
        case Shape.CHOICE:
            for choice in policy.iter(f"{X}string"):
                yield choice.text, choice.text
        case _:
            yield from written_text(one, config)


def written_text(one, config):
    if one.shape is Shape.LINES:
        lines = LINES.get(one.form.name) or list(one.options)
        yield lines, tuple(lines)
        return
    text = str(config.with_name("ca.pem")) if one.key in FILES else TEXTS[one.form.name]
    yield text, TABLES.get(one.form.name, text)
    if one.may_be_empty and one.dotted not in NEEDED:
        yield '""', None


NEEDED = {"sip.address", "sip.username", "sign_in.oidc.issuer", "sign_in.oidc.client_id"}
"""What the file above needs, so that they cannot be taken away."""


@pytest.mark.parametrize("dotted", SETTINGS)
def test_what_the_editor_writes_is_the_setting(dotted, hub):
    for value, meaning in written(dotted, hub):
        found = loaded(hub, {dotted: value})
        assert value_at(found, dotted) == meaning
        assert found.origins.managed == (dotted,)


def test_the_template_and_the_program_mean_the_same_key():
    assert KEY == registry.KEY
    assert set(REGISTRY_TYPES) == set(Shape)


def test_the_editors_own_marks_are_no_settings(hub):
    found = loaded(hub, {"**del.hub.name": " ", "**delvals.": " ", "hub.name": "Nord"})
    assert found.hub.name == "Nord"
    assert found.origins.managed == ("hub.name",)


@pytest.mark.parametrize(
    ("dotted", "value", "reason"),
    [
        ("sip.port", 70000, "wrong_value"),
        ("sip.port", "many", "wrong_value"),
        ("sip.ice", 2, "wrong_value"),
        ("sip.kind", "satellite", "wrong_value"),
        ("hub.kommuner", ["Haderslev"], "wrong_value"),
        ("hub.colour", "green", "unknown_key"),
        ("database.url", "postgresql://desk:hunter2@db.hub.example/hub", "secret_in_file"),
    ],
)
def test_a_value_that_fits_no_setting_is_refused_by_name(hub, dotted, value, reason):
    with pytest.raises(SettingsError) as refused:
        loaded(hub, {dotted: value})
    assert refused.value.reason == reason
    assert refused.value.key == dotted
    assert refused.value.where == f"HKLM\\{KEY}\\{dotted}"
    assert "hunter2" not in str(refused.value)
