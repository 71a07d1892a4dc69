"""Sentences for settings that cannot be used: where, which key, what is expected."""

from typing import Final

from workstation.complaints.phrasing import filled
from workstation.settings import Form, FormName, SettingsError, SettingsReason
from workstation.texts import N_, _

REASONS: Final[dict[SettingsReason, str]] = {
    "missing": N_(
        "{where}: {key} is missing; a desk with a file of its own must give it there or in the "
        "environment."
    ),
    "needed_with": N_("{where}: {key} is missing; it is needed with {detail}."),
    "no_file": N_("{where}: there is no such file; check the path."),
    "same_key": N_(
        "{where}: {key} and {detail} both have the key {got}; give one of them another."
    ),
    "secret_in_file": N_(
        "{where}: {key} holds a password; take it out and name an environment variable in "
        "password_env instead."
    ),
    "syntax": N_("{where}, line {line}: this is not TOML ({detail}); correct the line."),
    "unknown_key": N_("{where}: there is no setting {key}; look it up in docs/settings.md."),
    "unreadable": N_(
        "{where}: the file cannot be read ({detail}); check its rights and that it is UTF-8 text."
    ),
    "wrong_value": N_("{where}: {key} is {got}, but must be {expected}."),
}
"""A sentence for each reason of SettingsError."""

NO_CA_FILE: Final = N_("{where}: {key} names the file {got}, which does not exist; check the path.")
NEARLY: Final = N_("{where}: there is no setting {key}; did you mean {detail}?")

FORMS: Final[dict[FormName, str]] = {
    "any_kommuner": N_("a list of different four-digit codes in quotation marks ([] for none)"),
    "any_texts": N_("a list of texts in quotation marks ([] for none)"),
    "broker_url": N_(
        'mqtt://HOST:PORT, mqtts://HOST:PORT or "{embedded}", without a name and password'
    ),
    "choice": N_("one of {options}"),
    "database_url": N_(
        "sqlite:///FILE or postgresql://USER@HOST:PORT/DATABASE, without a password"
    ),
    "flag": N_("true or false"),
    "group_kommuner": N_(
        'a table GROUP = [CODES], such as "/haderslev" = ["0510"] ({{}} for none)'
    ),
    "group_roles": N_("a table GROUP = ROLE, each role one of {options} ({{}} for none)"),
    "issuer": N_(
        'an https:// address (http:// on this machine only) without a name, password or query ("" '
        "for none)"
    ),
    "key": N_("one key with or without others held, such as F1, Ctrl+N or Alt+1"),
    "kommuner": N_('a list of different four-digit codes in quotation marks, such as ["0510"]'),
    "name": N_("at most 32 letters, digits, dots, underscores and hyphens"),
    "optional_text": N_('a text in quotation marks ("" for none)'),
    "sip_address": N_('HOST or HOST:PORT ("" for none)'),
    "table": N_("a table of its own"),
    "text": N_("a text in quotation marks"),
    "choices": N_("a list out of {options}"),
    "choices_with": N_("a list out of {options}, with {needed} in it"),
    "texts": N_("a list of texts in quotation marks"),
    "variable": N_('the name of an environment variable ("" for none)'),
    "visit_url": N_('an https:// link with {allowed} and nothing personal ("" for none)'),
    "whole_number": N_("a whole number from {low} to {high}"),
}
"""What each form of value looks like, inside a sentence."""


def of_settings(error: SettingsError) -> str:
    """Return the sentence for a setting that cannot be used."""
    message = REASONS[error.reason]
    if error.reason == "no_file" and error.key:
        message = NO_CA_FILE
    elif error.reason == "unknown_key" and error.detail:
        message = NEARLY
    expected = form_text(error.expected) if error.expected else ""
    got = error.got or _("empty")
    facts = {"where": error.where, "key": error.key, "line": error.line, "detail": error.detail}
    return filled(message, {**facts, "got": got, "expected": expected})


def form_text(form: Form) -> str:
    """Return what a value of this form looks like."""
    return filled(FORMS[form.name], form.facts)
