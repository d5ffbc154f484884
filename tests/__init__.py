"""Muse's tests."""
