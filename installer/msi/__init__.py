"""The MSI: its source, its custom actions, and what makes it of a frozen program."""
