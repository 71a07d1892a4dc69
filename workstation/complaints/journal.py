"""Sentences for what a desk keeps on its own disk while the database is away."""

from typing import Final

from workstation.texts import N_

JOURNAL: Final = {
    "full": N_(
        "The database is away and this computer's disk is full, so nothing can be kept here; free "
        "some space now, alarms stay with the broker meanwhile."
    ),
    "locked": N_(
        "The database is away and another program uses this desk's journal; close the other one, or "
        "start this one with --instance."
    ),
    "read_only": N_(
        "The database is away and this desk may not write its journal; ask IT for the right to write "
        "to the user's data folder."
    ),
    "unreachable": N_(
        "The database is away and this desk's journal cannot be opened; call IT, alarms stay with "
        "the broker meanwhile."
    ),
}
"""Reasons of JournalFailed."""

IN_STORE: Final = {f"journal_{reason}": said for reason, said in JOURNAL.items()}
"""The same as reasons of StoreUnavailable: neither the database nor the journal takes anything."""

CARDS: Final = {
    "no_key_store": N_(
        "This computer has no key store that keeps a key, so no cards are kept for when the database "
        "is away; install one, or set database.card_cache to file-key or off."
    ),
    "no_key_file": N_(
        "The key of the kept cards ({file}) cannot be made or read; ask IT for the right to write to "
        "the user's data folder."
    ),
    "unreadable": N_(
        "The kept cards ({file}) cannot be read; ask IT for the right to read the user's data folder."
    ),
    "unwritable": N_(
        "The cards cannot be kept ({file}); ask IT for the right to write to the user's data folder."
    ),
}
"""Reasons of CacheUnavailable."""
