"""The workstation of an e-team hub, without its window: runs and is tested without a screen."""

__version__ = "0.1.0"
