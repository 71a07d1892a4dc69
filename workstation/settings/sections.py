"""Every key there is, as the frozen values that the rest of the program is handed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from workstation.settings import forms
from workstation.settings.forms import EMBEDDED, Each, choice, choices, whole
from workstation.settings.layers import Origins
from workstation.settings.recording import RecordingSettings
from workstation.settings.sign_in import SignInSettings

KINDS = ("emergency", "supervision", "medication", "missed_visit", "technical")
"""The kinds of alarm, as in `domain.kind`; a test holds the two together."""
UNIT_KINDS = (
    "pendant", "pull_cord", "fall_sensor", "smoke_detector", "water_sensor", "door_sensor",
    "motion_sensor", "bed_sensor", "medicine_dispenser", "pulse_watch", "climate_sensor",
    "gateway", "other",
)  # fmt: skip
"""The classes of device, as in `domain.citizen`; a test holds the two together."""
UNIT_PROFILES = ("volume_1_up", "volume_3_up")
"""The tones of alarm units, as in `domain.unit_voice`; a test holds the two together."""
VISIT_KINDS = ("screen_visit", "planned_call", "night_check")
"""The kinds of visit, as in `domain.round`; a test holds the two together."""
ACTIONS = (
    "take_next", "silence", "release", "shelve", "note", "outcome_solved_by_phone",
    "outcome_responder_sent", "outcome_false_alarm", "outcome_no_contact",
    "outcome_technical", "outcome_test", "call", "next_number", "hold", "mute", "hang_up",
    "redial", "dial", "answer", "decline", "transfer", "swap_calls", "join_calls",
    "call_again", "call_backs", "pause_recording", "stop_recording",
    "unit_listen", "unit_speak", "unit_duplex", "unit_louder", "unit_quieter", "unit_output",
    "unit_clear_down", "start_visit", "column_queue", "column_citizen", "column_round",
    "find", "switch_user", "sign_out", "lock", "test_sound", "sound_devices", "theme",
    "close_notice", "all_keys",
)  # fmt: skip
"""What a key can be set for; the window's table of actions has the same names."""

_YEAR_S = 365 * 24 * 3600
_PER_KIND_S = Each(KINDS, whole(1, _YEAR_S))
_DAYS = whole(31, 36525)
"""The database itself removes no history that is younger than thirty days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSettings:
    """Which hub this desk belongs to, and how it speaks and looks."""

    name: Annotated[str, forms.text]
    kommuner: Annotated[tuple[str, ...], forms.kommuner]
    language: Annotated[Literal["da", "en"], choice("da", "en")]
    theme: Annotated[
        Literal["light", "dark", "auto", "clock"], choice("light", "dark", "auto", "clock")
    ]
    operator: Annotated[str | None, forms.optional_text]
    """Who sits here; None for the name the system's user has."""
    heartbeat_s: Annotated[int, whole(1, 60)]
    lease_s: Annotated[int, whole(3, 3600)]
    unwatched_after_s: Annotated[int, whole(3, _YEAR_S)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Where everything is kept."""

    url: Annotated[str, forms.database_url]
    password_env: Annotated[str | None, forms.variable]
    ca_file: Annotated[str | None, forms.optional_text]
    card_cache: Annotated[
        Literal["keyring", "file-key", "off"], choice("keyring", "file-key", "off")
    ]
    card_cache_h: Annotated[int, whole(1, 24 * 14)]

    @property
    def is_shared(self) -> bool:
        """Whether a server has it, for every desk of the hub, and not a file of this machine's."""
        return not self.url.startswith("sqlite")

    def address(self, data: Path) -> str:
        """Return the URL to open: `{data}` stands for this user's data folder."""
        return self.url.replace("{data}", data.as_posix())


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSettings:
    """Where the devices' messages come from."""

    url: Annotated[str, forms.broker_url]
    username: Annotated[str | None, forms.optional_text]
    password_env: Annotated[str | None, forms.variable]
    ca_file: Annotated[str | None, forms.optional_text]
    """Absolute once read, as all files here: relative to the file that names it."""
    certificate_file: Annotated[str | None, forms.optional_text]
    key_file: Annotated[str | None, forms.optional_text]
    key_password_env: Annotated[str | None, forms.variable]
    client_id: Annotated[str, forms.name]
    protocol: Annotated[Literal["5", "3.1.1"], choice("5", "3.1.1")]
    topics: Annotated[tuple[str, ...], forms.texts]
    readings_group: Annotated[str | None, forms.group]
    """Under which name the processes of a shared hub share the readings; None: each takes all."""
    session_expiry_h: Annotated[int, whole(24 * 14, 24 * 30)]
    """Two weeks at least; shorter than `retention.messages_days` can be, which knows redeliveries."""
    receive_maximum: Annotated[int, whole(1, 65535)]

    @property
    def is_embedded(self) -> bool:
        """Whether the program starts its own broker."""
        return self.url == EMBEDDED


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSettings:
    """Which parts of the broker's messages a process takes, by its role."""

    desk: Annotated[tuple[str, ...], choices("alarms", "readings", needed=("alarms",))]
    ingest: Annotated[tuple[str, ...], choices("alarms", "readings")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SipSettings:
    """The telephone."""

    kind: Annotated[Literal["off", "direct", "registrar"], choice("off", "direct", "registrar")]
    address: Annotated[str | None, forms.sip_address]
    username: Annotated[str | None, forms.optional_text]
    password_env: Annotated[str | None, forms.variable]
    codecs: Annotated[tuple[str, ...], forms.texts]
    sound: Annotated[str, forms.text]
    microphone: Annotated[str | None, forms.optional_text]
    """None for the microphone of `sound`."""
    echo_cancelling: Annotated[bool, forms.flag]
    noise_suppression: Annotated[bool, forms.flag]
    """Needs `echo_cancelling`, as does `automatic_gain`: one canceller does the three."""
    automatic_gain: Annotated[bool, forms.flag]
    transport: Annotated[Literal["udp", "tcp", "tls"], choice("udp", "tcp", "tls")]
    ca_file: Annotated[str | None, forms.optional_text]
    port: Annotated[int, whole(0, 65535)]
    fallback_address: Annotated[str | None, forms.sip_address]
    fallback_username: Annotated[str | None, forms.optional_text]
    fallback_password_env: Annotated[str | None, forms.variable]
    stun: Annotated[tuple[str, ...], forms.any_texts]
    ice: Annotated[bool, forms.flag]
    keep_alive_s: Annotated[int, whole(0, 3600)]
    simulated: Annotated[bool, forms.flag]
    """The peer is the demo's telephone, which alone may be rung for made-up citizens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaipSettings:
    """Alarm units over SIP."""

    kind: Annotated[Literal["off", "direct", "registrar"], choice("off", "direct", "registrar")]
    address: Annotated[str | None, forms.sip_address]
    username: Annotated[str | None, forms.optional_text]
    password_env: Annotated[str | None, forms.variable]
    port: Annotated[int, whole(0, 65535)]
    transport: Annotated[Literal["udp", "tcp", "tls"], choice("udp", "tcp", "tls")]
    ca_file: Annotated[str | None, forms.optional_text]
    fallback_address: Annotated[str | None, forms.sip_address]
    fallback_username: Annotated[str | None, forms.optional_text]
    fallback_password_env: Annotated[str | None, forms.variable]
    call_to: Annotated[str | None, forms.optional_text]
    answer_within_s: Annotated[int, whole(1, 30)]
    heartbeat_slack_s: Annotated[int, whole(1, 24 * 3600)]
    announce_after_s: Annotated[int, whole(1, 600)]
    announcement: Annotated[str | None, forms.optional_text]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingSettings:
    """Calls that come in, and the units that make them."""

    auto_answer: Annotated[tuple[str, ...], choices(*UNIT_KINDS, or_none=True)]
    """Kinds of unit whose calls a free desk answers by itself."""
    unit_profile: Annotated[str, choice(*UNIT_PROFILES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSettings:
    """The alarms' own sound."""

    device: Annotated[str | None, forms.optional_text]
    ring_device: Annotated[str | None, forms.optional_text]
    headset_buttons: Annotated[Literal["auto", "off"], choice("auto", "off")]
    least_volume_percent: Annotated[int, whole(0, 100)]
    volume_percent: Annotated[dict[str, int], Each((*KINDS, "ring"), whole(0, 100))]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """What the desk's machine is asked for."""

    keep_awake: Annotated[bool, forms.flag]
    """As long as somebody is signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitSettings:
    """The day's round."""

    url_template: Annotated[str | None, forms.visit_url]
    tolerance_min: Annotated[dict[str, int], Each(VISIT_KINDS, whole(1, 24 * 60))]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSettings:
    """How long the hub waits by itself, per kind of alarm."""

    escalate_after_s: Annotated[dict[str, int], _PER_KIND_S]
    untouched_after_s: Annotated[dict[str, int], _PER_KIND_S]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """Whom `ingest` calls when nobody watches."""

    command: Annotated[tuple[str, ...], forms.any_texts]
    """Program and arguments, without a shell; empty for none."""
    timeout_s: Annotated[int, whole(1, 600)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionSettings:
    """How long each kind of record is kept, and when it is looked at."""

    at_hour: Annotated[int, whole(0, 23)]
    readings_days: Annotated[int, whole(1, 3650)]
    minutes_days: Annotated[int, _DAYS]
    hours_days: Annotated[int, _DAYS]
    messages_days: Annotated[int, _DAYS]
    alarms_days: Annotated[int, _DAYS]
    calls_days: Annotated[int, _DAYS]
    visits_days: Annotated[int, _DAYS]
    access_log_days: Annotated[int, _DAYS]
    attempts_days: Annotated[int, _DAYS]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """Who signs for what is removed from the access log."""

    key_env: Annotated[str | None, forms.variable]
    public_key: Annotated[str | None, forms.optional_text]

    @property
    def public_keys(self) -> tuple[str, ...]:
        """The key that holds now, and those of earlier years behind it."""
        return tuple((self.public_key or "").split())


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSettings:
    """The program's own log."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"], choice("debug", "info", "warning", "error")
    ]
    file: Annotated[str | None, forms.optional_text]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, every key checked."""

    hub: HubSettings
    database: DatabaseSettings
    broker: BrokerSettings
    parts: PartSettings
    sip: SipSettings
    scaip: ScaipSettings
    incoming: IncomingSettings
    recording: RecordingSettings
    sound: SoundSettings
    desk: DeskSettings
    visit: VisitSettings
    alarms: AlarmSettings
    watch: WatchSettings
    retention: RetentionSettings
    audit: AuditSettings
    sign_in: SignInSettings
    log: LogSettings
    keys: Annotated[dict[str, str], Each(ACTIONS, forms.key)]
    """A key per action, as Qt writes it (`Ctrl+N`)."""
    source: Path | None = None
    """The file given with --config, or the machine's; None in the embedded mode."""
    origins: Origins = field(default_factory=Origins, compare=False)
    """Which layer gave each value."""
