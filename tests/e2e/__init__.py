"""Muse from outside, as whole processes."""
