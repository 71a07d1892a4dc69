"""`check` says whether citizens' cards are kept for while a shared database is away."""

import json

import pytest

from tests.commands.conftest import HubFolder


def cards(hub: HubFolder, kind: str) -> dict[str, object]:
    text = hub.config.read_text()
    line = next(one for one in text.splitlines() if one.startswith('url = "sqlite'))
    shared = f'url = "postgresql://desk@127.0.0.1:1/hub"\ncard_cache = "{kind}"'
    hub.config.write_text(text.replace(line, shared))
    rows = [json.loads(one) for one in hub.run("check", "--json").out.splitlines()]
    return next(row for row in rows if row["what"] == "cards")


def test_without_a_key_store_it_says_what_to_set(hub: HubFolder) -> None:
    row = cards(hub, "keyring")
    assert row["ok"] is False
    assert "key store" in str(row["todo"])
    assert "database.card_cache" in str(row["todo"])


@pytest.mark.parametrize(("kind", "said"), [("file-key", "72 h"), ("off", "off, as set")])
def test_what_is_kept_is_told(hub: HubFolder, kind: str, said: str) -> None:
    row = cards(hub, kind)
    assert row["ok"] is True
    assert said in str(row["detail"])


def test_a_database_of_one_machine_keeps_none(hub: HubFolder) -> None:
    rows = [json.loads(one) for one in hub.run("check", "--json").out.splitlines()]
    assert "cards" not in [row["what"] for row in rows]
