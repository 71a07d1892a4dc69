"""Sentences for what fails outside: database, broker, telephone, sound."""

from collections.abc import Mapping
from typing import Final

from workstation.application.errors import (
    AuditFailed,
    BrokerFailed,
    CacheUnavailable,
    CommandFailed,
    JournalFailed,
    LineFailed,
    MachineFailed,
    RecordingFailed,
    RowRefused,
    SchemaMismatch,
    SoundFailed,
    StillOpen,
    StoreUnavailable,
    WorldError,
)
from workstation.application.health import ALARMS, DATABASE, MUTED, SOUND, TELEPHONE
from workstation.complaints.audit import AUDIT
from workstation.complaints.hub import CLOCKS, COMMAND, ELSEWHERE, SECOND, WINDOW
from workstation.complaints.journal import CARDS, IN_STORE, JOURNAL
from workstation.complaints.machine import MACHINE
from workstation.complaints.phrasing import filled
from workstation.complaints.recording import RECORDING
from workstation.complaints.server import SERVER
from workstation.complaints.telephone import LINE, registration_refused
from workstation.texts import N_

STORE: Final = {
    "starting": N_("The database is starting; wait a moment, alarms are shown meanwhile."),
    "locked": N_(
        "The database is busy with another program; it is tried again by itself, and if it "
        "stays so, close other programs that use {url}."
    ),
    "full": N_(
        "The disk is full, so nothing can be stored; free some space now, what waits is stored "
        "by itself."
    ),
    "corrupt": N_(
        "The database {url} is damaged or is no database; call IT to restore it from a backup."
    ),
    "unreachable": N_(
        "The database {url} cannot be opened; check that its folder exists and may be written "
        "to, or call IT."
    ),
    "read_only": N_("The database {url} may only be read; ask IT for the right to write to it."),
    "unsupported": N_(
        "This program has no driver for that kind of database; set database.url to sqlite:///FILE or "
        "postgresql://USER@HOST/DATABASE."
    ),
    "closed": N_(
        "The program is closing, so nothing more is stored; start it again and repeat the last "
        "step."
    ),
    "stuck": N_(
        "The database has not answered for {seconds} s; it is tried again by itself, call IT if it "
        "stays so."
    ),
    **SERVER,
    **IN_STORE,
}
"""Reasons of StoreUnavailable."""

SCHEMA: Final = {
    "newer": N_(
        "The database is of a newer version ({have}) than this program ({want}); install the "
        "newer program."
    ),
    "older": N_(
        "The database is of an older version than this program ({want}); run {program} migrate, "
        "then start again."
    ),
    "empty": N_(
        "The database {url} is empty; run {program} migrate once, with a user who owns it, then start "
        "again."
    ),
    "foreign": N_(
        "The database {url} belongs to another program; set database.url to one of its own."
    ),
}
"""Reasons of SchemaMismatch."""

ROW: Final = {
    "constraint": N_(
        "The database refused this entry because it contradicts what is stored; check it and "
        "save again."
    ),
    "not_finite": N_(
        "A reading was no number, so it was not stored; look at the device's raw message."
    ),
    "not_served": N_(
        "This desk does not serve the kommune of this entry, so the database refused it; ask IT to "
        "check the desk's roles."
    ),
    "too_big": N_("This entry is too large to be stored; shorten it and save again."),
    "unstorable": N_(
        "This entry has signs that cannot be stored; write it anew without them and save again."
    ),
}
"""Reasons of RowRefused."""

BROKER: Final = {
    "unreachable": N_(
        "The alarm broker at {host}:{port} does not answer; check the network, and use the "
        "fallback procedure until alarms come again."
    ),
    "connection_lost": N_(
        "The connection to the alarm broker was lost; it is tried again by itself, use the "
        "fallback procedure if it stays so."
    ),
    "refused_password": N_(
        "The alarm broker refuses the name or the password; ask IT to check broker.username and "
        "broker.password_env."
    ),
    "refused_client_id": N_(
        "The alarm broker refuses this desk's client id; ask IT to check broker.client_id."
    ),
    "refused_topics": N_(
        "The alarm broker does not let this desk listen to all its topics; ask IT to check the "
        "rights of broker.username."
    ),
    "refused_writing": N_(
        "The alarm broker does not let broker.username write to {topic}; ask IT to check the rights "
        "of that user."
    ),
    "refused": N_(
        "The alarm broker refuses this desk (code {code}); ask IT to look into the broker's log."
    ),
    "unsupported_protocol": N_(
        "The alarm broker does not speak this version of MQTT; ask IT to set broker.protocol to "
        '"3.1.1".'
    ),
    "taken_over": N_(
        "Another program took over this desk's place at the alarm broker; close the other one, "
        "or start this one with --instance."
    ),
    "certificate_unknown": N_(
        "The alarm broker's certificate is not trusted, because nobody in broker.ca_file has signed "
        "it; ask IT to check that file, and that {host} is the real broker."
    ),
    "certificate_name": N_(
        "The alarm broker's certificate is for another name than {host}; ask IT to write the name of "
        "the certificate into broker.url, or to renew the certificate with this one."
    ),
    "certificate_expired": N_(
        "The alarm broker's certificate has expired; ask IT to renew it now, no alarms come before."
    ),
    "certificate_early": N_(
        "The alarm broker's certificate is not valid yet; ask IT to check the clock of this computer "
        "first, then the certificate's dates."
    ),
    "bad_certificate": N_(
        "The alarm broker's certificate is not trusted ({detail}); ask IT to check broker.ca_file."
    ),
    "own_certificate_missing": N_(
        "The alarm broker wants a certificate of this desk; ask IT to set broker.certificate_file and "
        "broker.key_file."
    ),
    "own_certificate_refused": N_(
        "The alarm broker refuses this desk's own certificate ({detail}); ask IT to renew "
        "broker.certificate_file with the authority that the broker trusts."
    ),
    "no_certificate_file": N_(
        "{file} cannot be read as a certificate or key; ask IT to check broker.certificate_file and "
        "broker.key_file."
    ),
    "wrong_key": N_(
        "The key in {file} does not belong to broker.certificate_file; ask IT to put the two that "
        "were made together."
    ),
    "wrong_key_password": N_(
        "The key in {file} does not open with the password of broker.key_password_env; ask IT to "
        "check it."
    ),
    "old_tls": N_(
        "The alarm broker at {host}:{port} encrypts in an outdated way (older than TLS 1.2); ask IT "
        "to update it."
    ),
    "tls_refused": N_(
        "The alarm broker at {host}:{port} ended the encrypted connection ({detail}); ask IT to look "
        "into the broker's log."
    ),
    "wants_tls": N_(
        "The alarm broker at {host}:{port} answers encrypted only; ask IT to write mqtts:// instead of "
        "mqtt:// into broker.url."
    ),
    "hung_up": N_(
        "The alarm broker at {host}:{port} hung up without a word; ask IT whether that port is for "
        "encrypted connections (mqtts://) or for something else."
    ),
    "bad_address": N_(
        "{url} is no address of an alarm broker; set broker.url to mqtt://HOST or mqtts://HOST."
    ),
    "no_ca_file": N_("The certificate file {file} cannot be read; ask IT to check broker.ca_file."),
    "no_tls": N_(
        "The alarm broker at {host}:{port} does not answer encrypted; ask IT to check "
        "broker.url and its port."
    ),
    "embedded_ended": N_(
        "The broker that this program starts ended by itself (code {code}); start the program "
        "again, and call IT if it happens twice."
    ),
}
"""Reasons of BrokerFailed and of a feed's state."""

SOUND_REASONS: Final = {
    "no_device": N_(
        "No loudspeaker was found, so alarms cannot be heard; connect one or turn it on, and watch "
        "the screen until then."
    ),
    "refused": N_(
        "The sound device takes no sound; choose another in the system's settings, and watch the "
        "screen until then."
    ),
    "no_answer": N_(
        "The sound device does not answer; unplug it and plug it in again, and watch the screen "
        "until then."
    ),
    MUTED: N_(
        "This computer's sound is off, so no alarm can be heard here; turn it on beside the clock, "
        "and watch the screen until then."
    ),
    "not_started": N_("The part of the program that plays sounds cannot start; reinstall it."),
    "stopped": N_("Sound has stopped and is being started again; watch the screen until then."),
    "no_sound_device": N_(
        "No sound device works, so alarms cannot be heard; connect one or turn it on, and watch "
        "the screen until then."
    ),
}
"""Reasons why alarms make no sound."""

STARTING: Final = N_("It is starting; wait a moment.")
OTHERWISE: Final = N_(
    "Something outside this program failed ({reason}); try again, and call IT if it stays so."
)

NOT_TRIED: Final = {
    "no_settings": N_("Not tried; correct the settings first."),
}
"""Reasons of a bare WorldError."""

_BY_TYPE: Final[dict[type[WorldError], dict[str, str]]] = {
    StoreUnavailable: STORE,
    SchemaMismatch: SCHEMA,
    RowRefused: ROW,
    BrokerFailed: BROKER,
    LineFailed: LINE,
    SoundFailed: SOUND_REASONS,
    RecordingFailed: RECORDING,
    AuditFailed: AUDIT,
    JournalFailed: JOURNAL,
    CacheUnavailable: CARDS,
    CommandFailed: COMMAND,
    StillOpen: WINDOW,
    MachineFailed: MACHINE,
}
_BY_PART: Final = {
    ALARMS: BROKER,
    DATABASE: {**STORE, **ROW, **SCHEMA, **CLOCKS},
    TELEPHONE: {**LINE, **SECOND},
    SOUND: {**SOUND_REASONS, **ELSEWHERE},
}


def of_world(error: WorldError) -> str:
    """Return the sentence for what failed outside."""
    for kind, table in _BY_TYPE.items():
        if isinstance(error, kind):
            return _said(table, error.reason, error.facts)
    return _said(NOT_TRIED, error.reason, error.facts)


def of_part(name: str, reason: str, facts: Mapping[str, object]) -> str:
    """Return the sentence for a part of the desk (`application.health`) that does not work."""
    table = {"starting": STARTING, **_BY_PART.get(name, {})}
    code = facts.get("sip_code")
    if reason not in table and isinstance(code, int) and code:
        table = {reason: registration_refused(code)}
    return _said(table, reason, facts)


def _said(table: Mapping[str, str], reason: str, facts: Mapping[str, object]) -> str:
    return filled(table.get(reason, OTHERWISE), {"reason": reason, **facts})
