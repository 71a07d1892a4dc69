"""The system's browser."""

import webbrowser


class SystemBrowser:
    """Opens links in whatever browser the user has chosen."""

    def open(self, url: str) -> bool:
        """Open `url` in a new tab; False when there is no browser."""
        return webbrowser.open_new_tab(url)
