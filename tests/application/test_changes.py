"""Telling those who watch."""

from workstation.application.changes import Watchers


def test_everybody_is_told_in_order_though_one_fails(caplog) -> None:
    told: list[str] = []
    watchers: Watchers[[str]] = Watchers()

    def broken(_what: str) -> None:
        raise KeyError

    watchers.add(lambda what: told.append(f"1 {what}"))
    watchers.add(broken)
    watchers.add(lambda what: told.append(f"2 {what}"))
    watchers.tell("a")
    assert told == ["1 a", "2 a"]
    assert "a watcher failed" in caplog.text


def test_who_stops_watching_is_told_no_more_even_from_within() -> None:
    told: list[str] = []
    watchers: Watchers[[]] = Watchers()

    def once() -> None:
        told.append("once")
        watchers.remove(once)

    watchers.add(once)
    watchers.add(lambda: told.append("always"))
    watchers.tell()
    watchers.tell()
    watchers.remove(once)
    assert told == ["once", "always", "always"]
