"""The arithmetic of votes. Pure."""
