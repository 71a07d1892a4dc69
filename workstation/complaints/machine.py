"""Sentences for what all users of a machine share: its settings, its secrets."""

from typing import Final

from workstation.texts import N_

MACHINE: Final = {
    "no_folder": N_(
        "This system has no folder of its own for this program; name a settings file with --config, "
        "or the folder in WORKSTATION_MACHINE_DATA."
    ),
    "unwritable": N_(
        "{path} cannot be written ({why}); do this as an administrator, and check the rights of that "
        "folder."
    ),
    "no_key_store": N_(
        "The system's key store does not work ({why}); unlock it, or put the password into the "
        "environment variable."
    ),
    "no_secret": N_("There is no secret {name}; secret list tells which there are."),
    "bad_name": N_(
        "{name} cannot be a secret's name; take the name that the settings say in password_env."
    ),
    "certificate_expired": N_(
        "A certificate of {key} ended on {at}; have it renewed, and put the new one in its place."
    ),
    "certificate_unreadable": N_(
        "{path}, which {key} names, is no file of certificates (PEM); put the right one there."
    ),
    "empty": N_("No secret was given; type it, or put it into standard input."),
}
"""Reasons of MachineFailed."""
