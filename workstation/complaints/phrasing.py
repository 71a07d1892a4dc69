"""Fills a translated sentence with what an error tells."""

from collections.abc import Mapping

from workstation import paths
from workstation.texts import _

_LONGEST = 200


class _Known(dict[str, str]):
    """What is known; a sentence with a gap is better than none while an alarm waits."""

    def __missing__(self, name: str) -> str:
        return "–"


def filled(message: str, facts: Mapping[str, object]) -> str:
    """Return `message` in the operator's language with `{fact}` replaced, on one line.

    `{program}` is what a person types in front of a word of the command line.
    """
    known = {name: shown(value) for name, value in facts.items()}
    return _(message).format_map(_Known({"program": paths.command_name(), **known}))


def shown(value: object) -> str:
    """Return a fact as it may stand in a sentence: on one line, printable and not endless."""
    text = " ".join(str(value).split())
    text = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
