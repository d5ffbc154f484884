"""From values to cards. Pure."""
