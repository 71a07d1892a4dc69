"""`migrate` makes, keeps or refuses a database, and says which."""

import sqlite3

from tests.commands.conftest import HubFolder


def test_it_makes_a_database_and_leaves_one_of_this_version(hub: HubFolder) -> None:
    hub.database.unlink()
    made = hub.run("migrate")
    assert made.code == 0
    assert made.out.startswith("The database was made, in version ")
    again = hub.run("migrate")
    assert again.code == 0
    assert again.out.endswith("there was nothing to do.\n")


def test_a_newer_one_is_refused_with_a_sentence(hub: HubFolder) -> None:
    with sqlite3.connect(hub.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for word in ("migrate", "alarms", "calls", "round"):
        said = hub.run(word)
        assert (said.code, said.out) == (1, "")
        assert "newer version (9999)" in said.err


def test_a_foreign_one_is_refused_with_a_sentence(hub: HubFolder) -> None:
    hub.database.unlink()
    with sqlite3.connect(hub.database) as connection:
        connection.execute("CREATE TABLE something (x)")
    connection.close()
    said = hub.run("migrate")
    assert said.code == 1
    assert "belongs to another program" in said.err
