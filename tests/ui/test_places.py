import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from ui.places import Place, Places, Screen, inside, set_of
from workstation.paths import root

LEAST = QSize(1024, 640)


def screen(name="left", x=0, y=0, width=1920, height=1080, *, scale=1.0, taskbar=48):
    return Screen(
        name=name,
        whole=QRect(x, y, width, height),
        free=QRect(x, y, width, height - taskbar),
        scale=scale,
    )


def place(x=100, y=100, width=1280, height=800, *, maximised=False):
    return Place(x=x, y=y, width=width, height=height, maximised=maximised)


LEFT, RIGHT = screen(), screen("right", x=1920, width=2560, height=1440, scale=1.25)


def test_a_set_is_its_screens_in_any_order_and_another_scale_is_another_set():
    assert set_of([LEFT, RIGHT]) == set_of([RIGHT, LEFT])
    others = [[LEFT], [LEFT, screen("right", x=1920, width=2560, height=1440)],
              [screen(x=2560), screen("right", width=2560, height=1440, scale=1.25)]]  # fmt: skip
    assert len({set_of(one) for one in [[LEFT, RIGHT], *others]}) == 4


def test_a_place_that_can_be_seen_stays():
    for stands in (place(), place(2000, 200, maximised=True)):
        assert inside(stands, [LEFT, RIGHT], LEAST) == stands


@pytest.mark.parametrize(
    ("stands", "seen"),
    [
        (place(2600, 300), place(640, 232)),  # its screen is gone
        (place(-900, -500), place(0, 32)),
        (place(1900, 1000), place(640, 232)),
        (place(0, 0, 5000, 3000), place(0, 32, 1920, 1000)),
        (place(10, 0, maximised=True), place(10, 32, maximised=True)),
    ],
)
def test_what_would_be_off_the_screen_is_brought_back(stands, seen):
    assert inside(stands, [LEFT], LEAST) == seen


@given(
    stands=st.builds(
        place,
        *[st.integers(-20_000, 20_000)] * 2,
        *[st.integers(1, 20_000)] * 2,
        maximised=st.booleans(),
    ),
    screens=st.sampled_from(
        [[LEFT], [LEFT, RIGHT], [RIGHT, LEFT], [screen(width=1024, height=768)]]
    ),
)
def test_wherever_it_stood_all_of_it_can_be_reached(stands, screens):
    seen = inside(stands, screens, LEAST)
    assert any(one.free.contains(seen.rect) for one in screens)
    assert seen.maximised is stands.maximised
    assert inside(seen, screens, LEAST) == seen


def test_each_set_of_screens_has_its_own_place(tmp_path):
    places = Places(tmp_path / "new" / "places.json")
    assert places.of("home") is None
    places.keep("home", place())
    places.keep("office", place(3000))
    again = Places(tmp_path / "new" / "places.json")
    assert (again.of("home"), again.of("office")) == (place(), place(3000))


def test_only_the_latest_sets_are_remembered(tmp_path):
    places = Places(tmp_path / "places.json")
    for number in range(31):
        places.keep(f"set {number}", place(number))
        places.keep("home", place())
    assert places.of("set 1") is None
    assert places.of("set 30") == place(30)
    assert places.of("home") == place()


@given(said=st.one_of(st.binary(max_size=40), st.just(b"[" * 100_000)))
def test_a_file_that_makes_no_sense_is_none(tmp_path_factory, said):
    file = tmp_path_factory.mktemp("places") / "places.json"
    file.write_bytes(said)
    places = Places(file)
    assert places.of("home") is None
    places.keep("home", place())
    assert places.of("home") == place()


@pytest.mark.parametrize(
    "said", [[], 3, {}, {"x": "1"}, {"x": 1, "y": 1, "width": 1, "height": None, "maximised": 1}]
)
def test_a_place_that_makes_no_sense_is_none(tmp_path, said):
    file = tmp_path / "places.json"
    file.write_text(json.dumps({"home": said}))
    assert Places(file).of("home") is None


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path):
    (tmp_path / "file").touch()
    Places(tmp_path / "file" / "places.json").keep("home", place())


WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
from ui.places import Places
from ui.standing import Standing

app = QApplication([])
window = QMainWindow()
window.setMinimumSize(1024, 640)
standing = Standing(app, window, Places(Path(sys.argv[1])))
standing.begin()
window.show()


def act():
    print(*window.geometry().getRect(), window.isMaximized(), flush=True)
    if sys.argv[2:]:
        window.setWindowState(window.windowState().WindowNoState)
        window.setGeometry(*map(int, sys.argv[2:6]))
        if sys.argv[6:]:
            window.setWindowState(window.windowState().WindowMaximized)
    QTimer.singleShot(0, end)


def end():
    standing.end()
    app.quit()


QTimer.singleShot(0, act)
app.exec()
"""


def window(folder, screens, *move):
    """Open a window on screens that are only memory; return where it stood."""
    attached = [
        {"name": name, "x": x, "y": 0, "width": width, "height": height, "dpr": scale,
         "logicalDpi": 96, "logicalBaseDpi": 96}
        for name, x, width, height, scale in screens
    ]  # fmt: skip
    (folder / "screens.json").write_text(json.dumps({"screens": attached}))
    done = subprocess.run(
        [sys.executable, "-c", WINDOW, str(folder / "places.json"), *map(str, move)],
        cwd=root(), capture_output=True, text=True, timeout=60, check=True,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={folder / 'screens.json'}"},
    )  # fmt: skip
    *numbers, maximised = done.stdout.split()
    return (*map(int, numbers), maximised == "True")


def test_a_window_comes_back_on_the_second_screen_and_at_home_without_it(tmp_path):
    office = [("left", 0, 1920, 1080, 1.0), ("right", 1920, 2560, 1440, 1.0)]
    home = [("left", 0, 1920, 1080, 1.0)]
    assert window(tmp_path, office)[4], "where it has never been it fills the screen"
    window(tmp_path, office, 2100, 100, 1400, 900)
    assert window(tmp_path, office) == (2100, 100, 1400, 900, False)
    assert window(tmp_path, home)[4], "these screens have a place of their own"
    window(tmp_path, home, 50, 60, 1200, 700)
    assert window(tmp_path, office) == (2100, 100, 1400, 900, False)
    assert window(tmp_path, home) == (50, 60, 1200, 700, False)
    window(tmp_path, office, 2100, 100, 1400, 900, "maximised")
    assert window(tmp_path, office)[4]
    assert window(tmp_path, home) == (50, 60, 1200, 700, False)


@pytest.mark.parametrize("scales", [(1.0, 1.5), (1.0, 2.0), (1.5, 1.0), (2.0, 1.25)])
def test_it_comes_back_between_screens_of_different_scales(tmp_path, scales):
    """Each screen has its own scale, as a laptop's beside an office's."""
    first, second = scales
    # A screen begins where its neighbour ends, in pixels of the screen itself.
    office = [("left", 0, 2560, 1440, first), ("right", 2560, 3840, 2160, second)]
    window(tmp_path, office, 2700, 100, 1100, 700)
    stood = window(tmp_path, office)
    assert stood == (2700, 100, 1100, 700, False)
    away = [("left", 0, 2560, 1440, first)]
    assert window(tmp_path, away)[4], "nowhere to be seen before: it fills the screen that is left"
    assert window(tmp_path, office) == stood
