"""Servers that stand in for what Muse talks to, for the real clients to talk to."""
