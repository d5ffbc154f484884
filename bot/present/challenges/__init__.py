"""Challenges, drawn: values to cards. Pure."""
