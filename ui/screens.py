"""Every widget of the window, made empty: nothing here knows a use case."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtGui import QKeySequence

from ui.keys import shown
from ui.main_window import MainWindow
from ui.models import alarms, rounds
from ui.theme import Theme
from ui.views.alarm_panel import AlarmPanel
from ui.views.call_log_page import CallLogPage
from ui.views.citizen_editor import CitizenEditor
from ui.views.columns import Parts
from ui.views.covered import Covered
from ui.views.details import Details, Page
from ui.views.duty_page import DutyPage
from ui.views.leaving import LeavingPanel
from ui.views.next_alarm import NextAlarmBar
from ui.views.notices import Notices
from ui.views.person_column import PersonColumn
from ui.views.queue import QueueView
from ui.views.ringing_bar import RingingBar
from ui.views.round_panel import RoundPanel
from ui.views.sign_in_panel import SignInPanel
from ui.views.sound_page import SoundPage
from ui.views.strip import Strip
from ui.views.technical_lane import TechnicalLane
from ui.views.telemetry_panel import TelemetryPanel
from ui.views.users_page import UsersPage
from workstation.texts import _


class Screens:
    """The views by name, and the frame that holds them."""

    def __init__(
        self,
        looks: Callable[[], Theme],
        bindings: Mapping[str, QKeySequence],
        now: Callable[[], datetime],
        frame: MainWindow | None = None,
    ) -> None:
        """Take `looks`, which returns the theme of the moment, and `now`, the time (aware UTC).

        `frame` is a window that stands there already, showing the shapes of what comes.
        """
        keys = {action: shown(sequence) for action, sequence in bindings.items()}
        moment = now()
        self.strip = Strip(looks, keys_key=keys["all_keys"], theme_key=keys["theme"])
        self.next_alarm = NextAlarmBar(looks, take_key=keys["take_next"])
        self.ringing = RingingBar(answer_key=keys["answer"], decline_key=keys["decline"])
        self.queue = QueueView(alarms.queue(moment), looks)
        self.lane = TechnicalLane(alarms.lane(moment), looks, sound_key=keys["test_sound"])
        self.panel = AlarmPanel(looks, keys)
        self.telemetry = TelemetryPanel(looks, now)
        self.editor = CitizenEditor()
        self.duty = DutyPage(looks, moment)
        self.users = UsersPage(looks, moment)
        self.sound = SoundPage()
        self.calls = CallLogPage(looks, now)
        self.details = Details(
            looks,
            moment,
            telemetry=self.telemetry,
            register=self.editor,
            more=(
                Page(key="duty", title=_("On duty"), widget=self.duty),
                Page(key="calls", title=_("Call log"), widget=self.calls),
                Page(key="users", title=_("Users"), widget=self.users),
                Page(key="sound", title=_("Sound"), widget=self.sound),
            ),
        )
        self.round = RoundPanel(rounds.table(moment), looks, start_key=keys["start_visit"])
        self.plan = Covered(self.round, _("The day's round"))
        self.sign_in = SignInPanel()
        self.leaving = LeavingPanel()
        self.person = PersonColumn(self.panel, self.details, self.sign_in, self.leaving)
        self.notices = Notices(close_key=keys["close_notice"])
        parts = Parts(
            strip=self.strip,
            next_alarm=self.next_alarm,
            queue=self.queue,
            technical=self.lane,
            person=self.person,
            plan=self.plan,
            notices=self.notices,
            ringing=self.ringing,
        )
        self.frame = frame or MainWindow()
        self.frame.fill(parts, bindings)
        self.frame.on("close_notice", self.notices.close_newest)
