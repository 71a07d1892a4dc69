"""Stands in for Qt's OpenGL modules: pyqtgraph imports them, and uses them for plots that ask for it.

No plot of the desk asks (`useOpenGL` is off), and its libraries are 11 MB.
"""

import sys
from types import ModuleType


class QOpenGLWidget:
    """What no window is; pyqtgraph asks each whether it is one."""


for _name in ("QtOpenGL", "QtOpenGLWidgets"):
    _module = ModuleType(f"PySide6.{_name}")
    vars(_module)["QOpenGLWidget"] = QOpenGLWidget
    sys.modules[_module.__name__] = _module
