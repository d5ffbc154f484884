"""Muse in the terminal."""
