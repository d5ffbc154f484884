"""Muse on Discord: events in, cards drawn; nothing of the game in it."""
