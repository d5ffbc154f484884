"""Muse under load for as long as one likes, killed now and then. `make soak`."""
