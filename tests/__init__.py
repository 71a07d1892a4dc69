"""Tests, file for file beside the code."""
