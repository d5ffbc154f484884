"""Muse: a creative-prompt game for communities."""

__version__ = "0.1.0"
