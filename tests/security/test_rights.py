"""What a desk says of its own login: too little is a sentence with the role to grant, too much as well."""

from pathlib import Path

import pytest

from tests.e2e.hub import Hub
from tests.peers.fenced import Fenced
from workstation import paths, settings
from workstation.application.errors import StoreUnavailable
from workstation.bootstrap import desk, served
from workstation.complaints import sentence
from workstation.settings import Settings

SETTINGS = """
[hub]
kommuner = [{kommuner}]
language = "en"
[database]
url = "{url}"
[sip]
kind = "off"
[broker]
url = "{broker}"
"""


def read(
    folder: Path, url: str, *kommuner: str, broker: str = "mqtts://hub.example", more: str = ""
) -> Settings:
    file = folder / "hub.toml"
    codes = ", ".join(f'"{code}"' for code in kommuner or ("0510",))
    text = SETTINGS.format(kommuner=codes, url=url, broker=broker)
    file.write_text(text.replace('kind = "off"', more or 'kind = "off"'))
    return settings.load(file, {}, defaults=paths.default_config())


@pytest.mark.peer
def test_a_desk_that_may_see_what_it_serves(fenced: Fenced, tmp_path: Path) -> None:
    found = served.check(read(tmp_path, fenced.url("desk"), "0860", "0510"))
    assert found is not None
    assert (found.fenced, set(found.served)) == (True, {"0510", "0860"})


@pytest.mark.peer
@pytest.mark.parametrize("who", ["desk_0510", "ingest"])
def test_a_kommune_that_the_login_does_not_serve(fenced: Fenced, tmp_path: Path, who: str) -> None:
    with pytest.raises(StoreUnavailable) as failure:
        served.check(read(tmp_path, fenced.url(who), "0510", "0851"))
    said = sentence(failure.value)
    assert failure.value.reason not in StoreUnavailable.PASSING
    assert "0851" in said
    assert "workstation_serves_0510_0851" in said
    assert fenced.login(who) in said


@pytest.mark.peer
def test_the_owner_and_administrators_are_told_apart(fenced: Fenced, tmp_path: Path) -> None:
    for who in (fenced.owner, "owner"):
        url = fenced.server.url(fenced.name, user=fenced.login(who) if who == fenced.owner else who)
        found = served.check(read(tmp_path, url, "0510"))
        assert found is not None
        assert not found.fenced


def test_a_file_has_no_logins(tmp_path: Path) -> None:
    assert served.check(read(tmp_path, f"sqlite:///{tmp_path}/hub.sqlite")) is None


@pytest.mark.peer
@pytest.mark.e2e
def test_check_and_migrate_say_it(fenced: Fenced, tmp_path: Path) -> None:
    hub = Hub(tmp_path, "mqtt://127.0.0.1:1")
    text = hub.config.read_text()
    old = next(line for line in text.splitlines() if line.startswith('url = "sqlite'))

    def as_login(who: str) -> None:
        hub.config.write_text(text.replace(old, f'url = "{fenced.url(who)}"'))

    as_login(fenced.owner)
    assert "sees every kommune" in hub.run("check").stdout
    migrated = hub.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert "GRANT workstation_desk, workstation_serves_0510_0860 TO" in migrated.stdout
    assert "GRANT workstation_ingest, workstation_purge, workstation_serves" in migrated.stdout
    as_login("desk_0860")
    checked = hub.run("check").stdout
    assert "does not let" in checked
    assert "kommuner 0510" in checked
    refused = hub.run("migrate")
    assert refused.returncode == 1
    assert "as the user who owns it" in refused.stderr
    as_login("desk")
    assert "sees every kommune" not in hub.run("check").stdout


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("postgresql://db.example/hub", False),
        ("postgresql://db.example/hub?sslmode=require", False),
        ("postgresql://db.example/hub?sslmode=disable", True),
        ("postgresql://db.example/hub?sslmode=prefer", True),
        ("postgresql://127.0.0.1/hub", False),
        ("postgresql:///hub?host=/var/run/postgresql", False),
        ("postgresql://a.example,b.example/hub?sslmode=disable", True),
        ("sqlite:///hub.sqlite", False),
    ],
)
def test_the_strip_says_unencrypted_for_a_database_that_is_spoken_to_plainly(
    tmp_path: Path, url: str, plain: bool
) -> None:
    assert ("unencrypted" in desk.stand_ins(read(tmp_path, url))) is plain
    also = desk.stand_ins(read(tmp_path, url, broker="mqtt://hub.example"))
    assert also.count("unencrypted") == 1


@pytest.mark.parametrize(
    ("address", "transport", "plain"),
    [
        ("sip.example", "tls", False),
        ("sip.example", "udp", True),
        ("sip.example:5060", "tcp", True),
        ("127.0.0.1:5060", "udp", False),
        ("localhost", "tcp", False),
    ],
)
def test_the_strip_says_unencrypted_for_a_telephone_that_is_spoken_to_plainly(
    tmp_path: Path, address: str, transport: str, plain: bool
) -> None:
    more = f'kind = "direct"\naddress = "{address}"\ntransport = "{transport}"'
    one = read(tmp_path, "postgresql://db.example/hub", more=more)
    assert ("unencrypted" in desk.stand_ins(one)) is plain
