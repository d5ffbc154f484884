"""The list of proposed themes, and how one leaves it."""

from __future__ import annotations

HELP_CHALLENGE_THEMES = "the proposed themes, page by page"
HELP_CHALLENGE_UNPROPOSE = "take a theme that you proposed off the list"
HELP_THEME_REMOVE = "take a proposed theme off the list, for a reason that the log has"
THEMES_REMOVE = "For organisers: {command} takes one off the list."
THEME_WITHDRAW = "Withdraw {number}"
THEME_OFF = "Theme {number} is off the list."


def not_your_theme(proposal: str) -> str:
    """Somebody else proposed it."""
    return f"Theme {proposal} is not yours to withdraw."


def theme_proposed(proposal: str, gave_way: str = "") -> str:
    """A theme is on the list, and which one made room for it."""
    said = f"It is on the list, as {proposal}."
    if gave_way:
        said += f" The list was full, so theme {gave_way}, which nobody else was for, gave way."
    return said
