"""Puts the window together: theme and screens first, presenters once the desk is open."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import QApplication

from ui import appearance, keys, qt_words, theme, times
from ui.beside import Beside
from ui.desk import Desk
from ui.first_paint import wanted_theme
from ui.fonts import FontMissing, load_fonts
from ui.main_window import MainWindow
from ui.presenters.desk import Presenters
from ui.screens import Screens
from ui.shapes import Shape
from ui.sounds import Sounds
from ui.tasks import Tasks
from ui.theme import Theme
from ui.touch import Touch
from workstation import paths
from workstation.application.ports import Clock
from workstation.complaints import sentence
from workstation.domain import kommuner
from workstation.domain.names import Kommune
from workstation.settings import Settings, SettingsError, forms
from workstation.texts import _

_log = logging.getLogger(__name__)
_MINUTE_MS = 60_000


def _bindings(settings: Settings) -> dict[str, QKeySequence]:
    """Return the keys as set; raises SettingsError that names the key."""
    where = str(settings.source or paths.default_config())
    try:
        return keys.bindings(settings.keys)
    except keys.KeyClash as error:
        raise SettingsError(
            "same_key",
            where=where,
            key=f"keys.{error.first}",
            detail=f"keys.{error.second}",
            got=error.sequence,
        ) from error
    except keys.UnreadableKey as error:
        raise SettingsError(
            "wrong_value",
            where=where,
            key=f"keys.{error.action}",
            expected=forms.key,
            got=error.sequence,
        ) from error


def _load_fonts() -> None:
    try:
        load_fonts(paths.resources())
    except FontMissing as error:
        # Other letters are better than no alarms.
        _log.warning("%s cannot be used; the system's own letters stand in", error.path.name)


class Window:
    """The window's life once it is loaded: filled, attached to a desk, detached, closed."""

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        sound_command: Sequence[str],
        clock: Clock,
        frame: MainWindow | None = None,
    ) -> None:
        """Make everything that needs no desk, in a `frame` that may stand there already.

        Raises SettingsError for keys that cannot be used.
        """
        self._app = app
        self._settings = settings
        self._clock = clock
        _load_fonts()
        self._scale = appearance.system_scale(app.font().pointSizeF())
        self._wanted = self._wanted_theme()
        self._dress(self._wanted)
        bindings = _bindings(settings)
        self._screens = Screens(self.looks, bindings, clock.now, frame)
        qt_words.speak(settings.hub.language, app)
        self._sounds = Sounds(
            sound_command,
            device=settings.sound.device or "",
            ring_device=settings.sound.ring_device or "",
        )
        self._tasks = Tasks(self._failed)
        self._presenters: Presenters | None = None
        self._beside: Beside | None = None
        self._closed = False
        self.frame = self._screens.frame
        self.frame.setWindowTitle(settings.hub.name)
        self.frame.setWindowIcon(QIcon(str(paths.resources() / "icons" / "app.svg")))
        self._show_hub(())
        self._say_instead(_("Opening"), _("Connecting to the database and the alarms …"))
        self.frame.on("theme", self.switch_theme)
        if "hub.theme" in settings.origins.managed:
            self._screens.strip.manage_theme()
        self._minute = QTimer(self.frame)
        self._minute.setInterval(_MINUTE_MS)
        self._minute.timeout.connect(self.follow_theme)

    def looks(self) -> Theme:
        """Return the theme of the moment."""
        return self._theme

    def attach(self, desk: Desk) -> None:
        """Bring the desk into the screens."""
        self._show_hub(desk.stand_ins)
        self._touch = Touch(desk.idle.touched)
        handle = self.frame.windowHandle()
        if handle is not None:
            handle.installEventFilter(self._touch)
        self._presenters = Presenters(
            desk, self._screens, self._sounds, self._tasks, self._settings
        )
        self._beside = Beside(
            desk,
            self.frame,
            self._settings,
            app=self._app,
            icon=self.frame.windowIcon(),
            choose=self._presenters.show_alarm,
        )
        self._sounds.open()
        self._minute.start()

    async def detach(self) -> None:
        """Let go of the desk: it is about to end."""
        if self._presenters is not None:
            self._presenters.close()
        if self._beside is not None:
            self._beside.close()
        self._sounds.close()
        self._minute.stop()
        await self._tasks.cancel()

    def refuse(self, said: str) -> None:
        """Say why there is no desk."""
        self._say_instead(_("No alarms here"), said)
        self._screens.notices.tell(said, key="no desk", lasting=True)

    def say_died(self, at: datetime) -> None:
        """Say that this window stands in the place of one that died, and what that means."""
        said = _(
            "The desk ended by itself at {time} and is open again with its alarms; call again whoever "
            "was on the line, and tell IT."
        )
        self._screens.notices.tell(said.format(time=times.hour(at)), key="died", lasting=True)

    def close(self) -> None:
        """Take the window away; what is still asked of it changes nothing."""
        self._closed = True
        self._minute.stop()
        self.frame.hide()
        self.frame.deleteLater()

    def switch_theme(self) -> None:
        """Dark or light, until clock or system next changes what is wanted, unless policy gives it."""
        if "hub.theme" in self._settings.origins.managed:
            self._screens.notices.tell(_("The colours are managed by IT."), key="theme")
            return
        self._show_theme(appearance.other(self._theme.name))

    def follow_theme(self) -> None:
        """Take what clock or system want when that has changed; once a minute is enough."""
        wanted = self._wanted_theme()
        if wanted != self._wanted:
            self._wanted = wanted
            self._show_theme(wanted)

    def _show_theme(self, name: theme.ThemeName) -> None:
        if self._closed:
            return  # Qt has deleted the buttons, or is about to
        self._dress(name)
        self._screens.strip.show_dark(dark=name == "dark")
        for shape in self.frame.findChildren(Shape):
            shape.show_theme(self._theme)
        self.frame.update()

    def _say_instead(self, head: str, sentence: str) -> None:
        """While there is no desk, nothing may look as if nobody waited."""
        self._screens.next_alarm.say(head, sentence)
        self._screens.queue.show_empty(sentence)
        self._screens.panel.show_nobody("")

    def _wanted_theme(self) -> theme.ThemeName:
        wanted = appearance.Appearance(self._settings.hub.theme)
        return wanted_theme(self._app, wanted, self._clock.now())

    def _dress(self, name: theme.ThemeName) -> None:
        self._theme = theme.themed(name, self._scale)
        theme.apply(self._app, self._theme, paths.resources())

    def _show_hub(self, stand_ins: Sequence[str]) -> None:
        words = {
            "embedded": _("EMBEDDED"),
            "simulated": _("SIMULATED"),
            "unencrypted": _("UNENCRYPTED"),
        }
        tags = [words[one] for one in stand_ins]
        names = [kommuner.name(Kommune(code)) for code in self._settings.hub.kommuner]
        self._screens.strip.show_hub(self._settings.hub.name, names, tags)
        title = " · ".join((self._settings.hub.name, *tags))
        self.frame.setWindowTitle(title)

    def _failed(self, error: BaseException) -> None:
        """Say in one sentence what could not be done; our own faults also go to the log."""
        _log.info("not done: %s", type(error).__name__, exc_info=error)
        if self._presenters is None:
            self._screens.notices.tell(sentence(error))
        else:
            self._presenters.say_failed(error)
