"""Microphone, headset and ring device chosen and tried in the window."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QProgressBar, QPushButton, QWidget

from tests.builders import NOW
from tests.fakes import FakeSession
from ui.presenters import sound_page
from ui.presenters.sound_page import PAGE, SoundPagePresenter
from ui.theme import light
from ui.views.citizen_editor import CitizenEditor
from ui.views.details import Details, Page
from ui.views.sound_page import SoundPage
from workstation.application.sound_choice import SoundChoice
from workstation.paths import default_config
from workstation.settings import load


class FakeTrial(QObject):
    """A child that remembers what it was to try."""

    devices = Signal(object, object)
    levels = Signal(int, int)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.tries: list[tuple[str, str, str]] = []
        self.is_on = False

    def start(self, *words: str) -> None:
        self.tries.append(words)
        self.is_on = True

    def stop(self) -> None:
        self.is_on = False

    def end(self) -> None:
        self.is_on = False


class FakePlayer(QObject):
    """The alarms' player, with one loudspeaker."""

    names_known = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rings_on: list[str] = []

    def ask_names(self) -> None:
        self.names_known.emit(["Loudspeaker"])

    def ring_on(self, device: str) -> None:
        self.rings_on.append(device)


class Shown:
    """The page, opened."""

    def __init__(self, qtbot, now: SoundChoice) -> None:
        self.trial, self.player = FakeTrial(), FakePlayer()
        self.kept: list[SoundChoice] = []
        self.fault: OSError | None = None
        self.busy = False
        self.page = SoundPage()
        qtbot.addWidget(self.page)
        self.presenter = SoundPagePresenter(
            trial=self.trial, player=self.player, now=now, choose=self._choose,
            is_busy=lambda: self.busy,
        )  # fmt: skip
        self.presenter.attach(self.page, self.page.show)
        self.presenter.open()

    def _choose(self, choice: SoundChoice) -> None:
        if self.fault is not None:
            raise self.fault
        self.kept.append(choice)

    def pick(self, title: str, name: str) -> None:
        [box] = [one for one in self.page.findChildren(QComboBox) if one.accessibleName() == title]
        box.setCurrentIndex(box.findData(name))
        assert box.currentData() == name
        box.activated.emit(box.currentIndex())

    def press(self, text: str) -> None:
        [made] = [one for one in self.page.findChildren(QPushButton) if one.text() == text]
        made.click()

    @property
    def levels(self) -> dict[str, int]:
        return {one.accessibleName(): one.value() for one in self.page.findChildren(QProgressBar)}

    @property
    def told(self) -> str:
        return self.page._told.text()


@pytest.fixture
def shown(qtbot) -> Shown:
    made = Shown(qtbot, SoundChoice(headset="default"))
    made.trial.devices.emit(("Mic", "Jabra"), ("Jabra", "Speakers"))
    return made


def test_opened_it_listens_to_what_is_in_use(shown):
    assert shown.trial.tries == [("default", "", "listen")]
    shown.trial.levels.emit(62, 7)
    assert shown.levels == {"Microphone": 62, "Headset": 7}


def test_what_is_picked_is_tried_then_kept_and_used(shown):
    shown.pick("Headset", "Jabra")
    shown.pick("Microphone", "Mic")
    shown.pick("The telephone rings on", "Loudspeaker")
    assert shown.trial.tries[-1] == ("Jabra", "Mic", "listen")
    shown.press("Use these")
    choice = SoundChoice(headset="Jabra", microphone="Mic", ring_device="Loudspeaker")
    assert shown.kept == [choice]
    assert shown.player.rings_on == ["Loudspeaker"]
    assert not shown.trial.is_on, "the line could not open the devices"
    assert "from now on" in shown.told


def test_what_policy_gives_is_shown_and_cannot_be_changed(shown):
    shown.page.manage(["sip.sound", "hub.theme"])
    boxes = {one.accessibleName(): one.isEnabled() for one in shown.page.findChildren(QComboBox)}
    assert boxes == {
        "Headset (managed by IT)": False,
        "Microphone": True,
        "The telephone rings on": True,
    }
    shown.pick("Microphone", "Mic")
    shown.press("Use these")
    assert shown.kept == [SoundChoice(headset="default", microphone="Mic")]


def test_with_all_three_given_there_is_nothing_to_use(shown):
    shown.page.manage(["sip.sound", "sip.microphone", "sound.ring_device"])
    [use] = [one for one in shown.page.findChildren(QPushButton) if one.text() == "Use these"]
    assert not use.isEnabled()


def test_a_microphone_is_not_offered_as_a_headset(shown):
    [box] = [one for one in shown.page.findChildren(QComboBox) if one.accessibleName() == "Headset"]
    assert [box.itemData(place) for place in range(box.count())] == [
        "default", "Jabra", "Speakers",
    ]  # fmt: skip


def test_a_device_that_is_not_connected_stays_what_is_in_use(qtbot):
    shown = Shown(qtbot, SoundChoice(headset="Unplugged"))
    shown.trial.devices.emit((), ("Jabra",))
    assert shown.page.choice.headset == "Unplugged"


def test_tone_and_own_voice_go_on_and_off(shown):
    for press, does in [
        ("Test tone", "tone"), ("Hear yourself", "echo"), ("Hear yourself", "listen"),
    ]:  # fmt: skip
        shown.press(press)
        assert shown.trial.tries[-1][2] == does


def test_the_trial_ends_with_the_page(shown):
    shown.press("Test tone")
    shown.page.hide()
    assert not shown.trial.is_on
    assert shown.page.does == "listen"


def test_a_call_takes_the_devices_at_once(shown):
    shown.presenter.call_changed()
    assert shown.trial.is_on
    shown.busy = True
    shown.presenter.call_changed()
    assert not shown.trial.is_on
    assert "A call is on" in shown.told


def test_nothing_is_tried_or_changed_in_a_call(shown):
    shown.busy = True
    before = list(shown.trial.tries)
    shown.press("Test tone")
    assert "A call is on" in shown.told
    shown.press("Use these")
    assert shown.trial.tries == before
    assert shown.kept == []


def test_a_choice_that_cannot_be_kept_is_told_and_nothing_changes(shown):
    shown.fault = PermissionError(13, "Permission denied")
    shown.press("Use these")
    assert "Permission denied" in shown.told
    assert shown.player.rings_on == []


@pytest.mark.parametrize(
    ("reason", "words"),
    [("unknown_sound_device", "not connected"), ("not_started", "cannot be started")],
)
def test_why_it_cannot_be_tried_is_a_sentence(shown, reason, words):
    shown.trial.failed.emit(reason)
    assert words in shown.told


def test_a_library_without_sound_devices_is_given_none(shown):
    shown.pick("Headset", "Jabra")
    shown.trial.failed.emit("no_sound_device")
    shown.press("Use these")
    assert shown.kept == []
    assert "no sound device" in shown.told


def test_a_call_on_the_line_or_ringing_counts_and_nothing_else(qtbot):
    theme, page = light(), SoundPage()
    kept: list[SoundChoice] = []
    details = Details(
        lambda: theme, NOW, telemetry=QWidget(), register=CitizenEditor(),
        more=(Page(key=PAGE, title="Sound", widget=page),),
    )  # fmt: skip
    qtbot.addWidget(details)
    waiting: list[str] = []
    desk = SimpleNamespace(
        phone=SimpleNamespace(is_free=True, watch=lambda _changed: None),
        incoming=SimpleNamespace(waiting=lambda: tuple(waiting), watch=lambda _changed: None),
        session=FakeSession(),
        choose_sound=kept.append,
    )
    screens = SimpleNamespace(sound=page, details=details, frame=details)
    settings = load(None, {}, defaults=default_config())
    sound_page.attached(desk, screens, settings, FakePlayer())
    page.used.emit(page.choice)
    waiting.append("somebody")
    page.used.emit(page.choice)
    waiting.clear()
    desk.phone.is_free = False
    page.used.emit(page.choice)
    assert len(kept) == 1
