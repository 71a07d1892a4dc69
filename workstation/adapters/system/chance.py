"""Chance as nobody can foresee it: the machine's own."""

import secrets


class SystemChance:
    """Draws lots by the machine's source of randomness; a test gives one that it knows."""

    def below(self, number: int) -> int:
        """Return one of 0 … number - 1, each as likely as the others."""
        return secrets.randbelow(number)
