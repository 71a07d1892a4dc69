"""Checks that every text an operator sees is in the catalogues, and wrapped for them at all.

`translations.py` checks, `translations.py --update` merges new message ids into the catalogues
and keeps every translation. The message ids are plain English, so English has no catalogue.
"""

import argparse
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

import screen_texts
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("da",)
CATALOGUE = "resources/translations/{language}/LC_MESSAGES/workstation.po"
MARKS = {
    "_": None,
    "N_": None,
    "_title": None,  # the domain's own mark: it may not import the catalogue
    "ngettext": (1, 2),
}
PERCENT = re.compile(r"%(?:\(\w+\))?[sdif]")


def extracted(root: Path) -> Catalog:
    """Return the message ids of the sources."""
    found = Catalog(charset="utf-8")
    for path in screen_texts.sources(root):
        place = path.relative_to(root).as_posix()
        for line, message, comments, _ in extract_from_file(
            "python", path, keywords=MARKS, comment_tags=("Translators:",), strip_comment_tags=True
        ):
            found.add(message, locations=[(place, line)], auto_comments=comments)
    return found


def fields(text: str) -> frozenset[str]:
    """Return the placeholders of a text, as they are written but for their format."""
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        named = {f"unreadable braces in {text!r}"}
    return frozenset(named | set(PERCENT.findall(text)))


def texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return a message's forms: one, or singular and plural."""
    return [value or ""] if isinstance(value, str | None) else list(value)


def fields_agree(message: Message) -> bool:
    """Whether each translated form has the placeholders of its original.

    A language's first form may follow the singular ("an alarm") or the plural ("{n} alarms").
    """
    originals = [fields(text) for text in texts(message.id)]
    first, *others = [fields(text) for text in texts(message.string)]
    return first in originals and all(form == originals[-1] for form in others)


def complaints_of(message: Message) -> Iterator[str]:
    """Yield what is wrong with one translated message."""
    if message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    if not all(text.strip() for text in texts(message.string)):
        yield f"not translated: {message.id!r}"
    elif not fields_agree(message):
        yield f"placeholders differ: {message.id!r} / {message.string!r}"


def read(path: Path, language: str) -> Catalog:
    """Return the catalogue in a file; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(
            locale=language,
            domain="workstation",
            project="eteam-workstation",
            version="1",
            msgid_bugs_address="CONTRIBUTING.md",
            last_translator="e-team",
            language_team="e-team",
            header_comment="# Danish texts of the e-team workstation.",
            fuzzy=False,
        )
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="workstation")


def catalogue_complaints(root: Path, language: str, wanted: Catalog) -> Iterator[str]:
    """Yield a sentence for everything that is wrong in one language."""
    path = root / CATALOGUE.format(language=language)
    has = read(path, language)
    ids = {message.id for message in wanted if message.id}
    known = {message.id for message in has if message.id}
    name = path.relative_to(root).as_posix()
    for missing in sorted(ids - known, key=str):
        place, line = next(iter(wanted[missing].locations), ("", 0))
        yield f"{name}: missing {missing!r} ({place}:{line}); --update adds it"
    for idle in sorted(known - ids, key=str):
        yield f"{name}: nobody says {idle!r} any more; --update takes it out"
    if has.obsolete:
        yield f"{name}: {len(has.obsolete)} obsolete messages; --update takes them out"
    for message in has:
        if message.id:
            yield from (f"{name}: {text}" for text in complaints_of(message))


def update(root: Path, language: str, wanted: Catalog) -> None:
    """Merge the message ids into a catalogue, keeping its translations."""
    path = root / CATALOGUE.format(language=language)
    catalogue = read(path, language)
    # Guesses from similar messages would need to be found and checked by somebody.
    catalogue.update(wanted, no_fuzzy_matching=True, update_header_comment=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # Line numbers would change with every edit of the code.
        write_po(
            file,
            catalogue,
            width=100,
            sort_by_file=True,
            ignore_obsolete=True,
            include_lineno=False,
        )


def main() -> int:
    """Check, or merge; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--update", action="store_true")
    chosen = parser.parse_args()
    wanted = extracted(chosen.root)
    if chosen.update:
        for language in LANGUAGES:
            update(chosen.root, language, wanted)
    wrong = [
        *screen_texts.complaints(chosen.root),
        *(
            text
            for language in LANGUAGES
            for text in catalogue_complaints(chosen.root, language, wanted)
        ),
    ]
    if not wanted:
        wrong.append(f"no texts found below {chosen.root}")
    print("\n".join(wrong) or f"{len(wanted)} texts, all translated")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
