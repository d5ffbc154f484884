"""The list of proposed themes: how one comes to it, is voted for, and leaves it."""

from __future__ import annotations

HELP_CHALLENGE_THEMES = "the proposed themes, page by page"
HELP_CHALLENGE_UNPROPOSE = "take a theme that you proposed off the list"
HELP_THEME_REMOVE = "take a proposed theme off the list, for a reason that the log has"
EMPTY_THEME = "There is no theme in that. For example: what the lift hears at night."
THEME_SHORT = "A theme needs three letters or digits at least. Please say a little more."
THEME_HAD = "That is close to one of the last themes. Please find another."
THEMES_HEADING = "Themes for the next challenges"
THEMES_NONE = "Nobody has proposed one yet."
THEMES_NAMED = "Who won the last challenge has named the next theme. These are for those after it."
THEMES_HOW = "The more votes a theme has, the likelier it is drawn."
THEME_ROW = "{number}. “{theme}” · {votes}"
THEME_YOURS = "you voted for it"
THEME_PASSED_OVER = "passed over for now: close to one of the last themes"
THEME_VOTE = "Vote for {number}"
THEME_PROPOSE = "Propose a theme"
THEME_VOTED = "You are for theme {number}."
THEME_UNVOTED = "You are not for theme {number} any more."
THEME_NAMED = "The next challenge’s theme is “{theme}”."
FORM_THEME = "A theme in a few words"
FORM_THEME_HINT = "what the lift hears at night"
FORM_THEME_SUBMIT = "Propose it"
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
