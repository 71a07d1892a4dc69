"""Registers and rounds written by other systems: files to facts, or what is wrong with which line."""
