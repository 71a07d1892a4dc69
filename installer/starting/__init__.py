"""What both frozen programs run before `main.py`; PyInstaller puts it into them."""
