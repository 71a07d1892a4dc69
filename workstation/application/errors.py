"""What can go wrong outside the hub's own rules; `workstation.complaints` has the sentences."""


class WorldError(Exception):
    """Something outside failed: `reason` names it, `facts` are what the sentence tells of it."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason, facts)
        self.reason = reason
        self.facts = facts


class StoreUnavailable(WorldError):
    """The database cannot be used now: `locked`, `full`, `corrupt`, `unreachable` and the like."""

    PASSING = frozenset(
        {
            # A server's certificate is renewed at the server: alarms are shown until then.
            "bad_certificate",
            "certificate_early",
            "certificate_expired",
            "certificate_name",
            "certificate_unknown",
            "connection_lost",
            "full",
            "locked",
            "no_answer",
            "starting_up",
            "too_many",
            "unknown_host",
            "unreachable",
        }
    )
    """Reasons that may pass by themselves; any other needs a person, and is said at once."""


class SchemaMismatch(WorldError):
    """The database's schema is `newer` or `older` than this program's, or `foreign` to it."""


class RowRefused(WorldError):
    """The database refuses this very row and would refuse it again."""


class LineFailed(WorldError):
    """The telephone cannot do that, e.g. `down`, `malformed_target`, `no_sound_device`."""


class SoundFailed(WorldError):
    """Alarms cannot be heard: `no_device`, `refused`, `no_answer`, `not_started`."""


class BrokerFailed(WorldError):
    """The broker cannot be used, e.g. `unreachable`, `refused_password`, `bad_certificate`."""


class JournalFailed(WorldError):
    """The desk's own journal cannot be used: `full`, `locked`, `read_only`, `unreachable`."""


class CacheUnavailable(WorldError):
    """Cards cannot be kept here: `no_key_store`, `no_key_file`, `unreadable`, `unwritable`."""


class AuditFailed(WorldError):
    """The access log's keys do not do: `no_key`, `bad_key`, `other_key`, `hidden`."""


class RecordingFailed(WorldError):
    """A call is not recorded, or a recording not heard: `no_key`, `wrong_key`, `missing` and more."""


class CommandFailed(WorldError):
    """The settings' command that calls for help failed: `not_found`, `timeout`, `exit`."""


class MachineFailed(WorldError):
    """What all users of this machine share cannot be set: `no_folder`, `unwritable`, `no_secret`, …."""


class StillOpen(WorldError):
    """A window of this program is there: `no_answer` to a second start, `not_closed` in time."""


class AlreadyTaken(Exception):
    """Somebody else has the alarm; `provisional` where only their desk says so, not the database."""

    def __init__(self, by: str, at: object, *, provisional: bool = False) -> None:
        super().__init__(by, at)
        self.by = by
        self.at = at
        self.provisional = provisional


class Changed(Exception):
    """The row changed since it was read; `current` is what stands there now."""

    def __init__(self, current: object) -> None:
        super().__init__(current)
        self.current = current


class NotFound(Exception):
    """There is no row of that key."""
