"""One sentence with a next step for everything that can go wrong, in the operator's language."""

from workstation.application.errors import WorldError
from workstation.complaints.calls import call_sentence
from workstation.complaints.configured import form_text, of_settings
from workstation.complaints.imports import refusal_sentence
from workstation.complaints.messages import problem_sentence
from workstation.complaints.people import of_people
from workstation.complaints.rules import of_plain, of_rule
from workstation.complaints.world import of_part, of_world
from workstation.domain.alarm import IllegalStep
from workstation.domain.round import IllegalVisitStep
from workstation.settings import SettingsError
from workstation.texts import _
from workstation.wire.errors import WireError

__all__ = [
    "call_sentence",
    "form_text",
    "is_foreseen",
    "of_part",
    "problem_sentence",
    "refusal_sentence",
    "sentence",
]


def sentence(error: BaseException) -> str:
    """Return what happened and what to do next; never the text of an error that is not ours."""
    return _known(error) or _(
        "Something went wrong in this program; try again, and send IT the log if it stays so."
    )


def is_foreseen(error: BaseException) -> bool:
    """Whether a sentence says what happened; else it is a fault of ours, and the log must tell it."""
    return _known(error) is not None


def _known(error: BaseException) -> str | None:
    match error:
        case SettingsError():
            return of_settings(error)
        case WorldError():
            return of_world(error)
        case IllegalStep() | IllegalVisitStep():
            return of_rule(error)
        case WireError():
            return problem_sentence(error.reason, where=error.where, expected=error.expected)
        case Exception():
            return of_people(error) or of_plain(error)
        case _:
            return None
