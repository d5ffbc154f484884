"""The platforms: events in, cards out."""
