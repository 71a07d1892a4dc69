"""Runs first: the modules are in one archive for both programs, not in each of them again.

PyInstaller's bootloader says here where its own are, and its importer, which runs next, reads it.
"""

import sys

vars(sys)["_pyinstaller_pyz"] = f"{vars(sys)['_MEIPASS']}\\modules.pyz"
