"""Sentences for calls that are not recorded, and for recordings that cannot be heard."""

from typing import Final

from workstation.texts import N_

RECORDING: Final = {
    "no_public_key": N_(
        "Nothing is recorded here: recording.public_key is not set; calls go on as ever; IT makes a "
        "key with {program} recordings key."
    ),
    "bad_public_key": N_(
        "Nothing is recorded here: recording.public_key is no key; calls go on as ever; IT puts the "
        "one there that {program} recordings key printed."
    ),
    "no_announcement": N_(
        "Nothing is recorded here: the announcement cannot be played; calls go on as ever; IT checks "
        "recording.announcement."
    ),
    "disk_full": N_(
        "This call is no longer recorded: the disk of recording.folder is full; go on with the call, "
        "and tell IT."
    ),
    "not_writable": N_(
        "Nothing is recorded here: recording.folder may not be written to; calls go on as ever; IT "
        "checks its rights."
    ),
    "no_folder": N_(
        "The folder of the recordings, recording.folder, is not there; ask IT to check it."
    ),
    "disk_slow": N_(
        "This call is no longer recorded: recording.folder takes sound too slowly; go on with the "
        "call, and tell IT."
    ),
    "disk_failed": N_(
        "This call is no longer recorded: recording.folder failed; go on with the call, and tell IT."
    ),
    "line_lost": N_("The telephone ended during the recording; what was said until then is kept."),
    "no_key": N_(
        "Recordings cannot be heard here: there is no private key in {variable}; ask IT to put it "
        "there."
    ),
    "no_kommune": N_(
        "Nothing is recorded here: recording.kommuner names none of this hub's; put in those whose "
        "calls may be recorded."
    ),
    "bad_key": N_(
        "What {variable} holds is no private key of the recordings; put the one there that {program} "
        "recordings key printed."
    ),
    "wrong_key": N_(
        "The private key in {variable} does not open this recording; it was made with the key {key}."
    ),
    "missing": N_("The recording's file is not in recording.folder; ask IT whether it was moved."),
    "unreadable": N_("The recording's file cannot be read; ask IT to check its folder's rights."),
    "no_recording": N_(
        "The file of that name is no recording; ask IT to restore it from a backup."
    ),
    "damaged": N_("The recording is damaged, or somebody has changed it; tell IT."),
    "changed": N_("This is not the file that was recorded: somebody has changed it; tell IT."),
    "deleted": N_("The recording was removed when its time was over."),
    "not_removable": N_(
        "Recordings whose time is over cannot be removed; ask IT to check the rights of "
        "recording.folder."
    ),
}
"""Reasons of RecordingFailed, and why a recording ended before its call."""
