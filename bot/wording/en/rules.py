"""What a community may set for itself, in words."""

from __future__ import annotations

from collections.abc import Sequence

YES, NO = "yes", "no"
ANY = "any"
NEVER = "never"
NO_PAUSE = "none"
AS_RUN = "what Muse’s operator allows"
RULE_NONE = "none"
#: How a number that was typed is said.
RULE_UNITS = {
    "hours": "{count} hours",
    "entries": "{count}",
    "pause": "{count} seconds",
    "quiet": "{count} seconds",
    "reports": "{count}",
    "account-days": "{count} days",
    "member-days": "{count} days",
    "tokens": "{count} tokens",
    "member-tokens": "{count} tokens",
}
LANGUAGE_PROMPT = "the prompt’s own"
LANGUAGES = (
    ("en", "English"),
    ("es", "Spanish"),
    ("fr", "French"),
    ("de", "German"),
    ("pt", "Portuguese"),
    ("it", "Italian"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("uk", "Ukrainian"),
    ("tr", "Turkish"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("zh", "Chinese"),
    ("ar", "Arabic"),
    ("hi", "Hindi"),
)
FORMS_ALL, FORMS_SHORT = "all of them", "only short ones"
FORMS_ONE = "only {form}"
TALLIES_VOTE = "who has voted"
TALLIES_ALWAYS = "everybody, always"
TALLIES_CLOSE = "nobody before the end"

#: What each rule is called, and what it does.
RULES = {
    "answers": ("Muse answers", "Whether people can give Muse prompts here."),
    "language": ("Language", "Which language Muse writes in."),
    "forms": ("Forms", "Which kinds of text people can ask for."),
    "hours": ("Rounds stay open", "How long people can vote and add pieces."),
    "tallies": ("Who sees the votes", "Who sees them before the round closes."),
    "entries": ("Pieces per member", "How many pieces one member can add to a round."),
    "pause": ("Pause for a member", "How long a member waits before opening another round."),
    "quiet": ("Pause for a channel", "How long before another round can be opened in a channel."),
    "links": ("Links", "Whether people’s texts can have links in them."),
    "moderation": (
        "Check for harmful texts",
        "Whether the model service checks texts too, where it can.",
    ),
    "reports": (
        "Reports that hide a piece",
        "How many, until you decide. Those of newcomers don’t count.",
    ),
    "account-days": ("Age of an account", "How old an account must be to vote or add a piece."),
    "member-days": ("Time as a member", "How long somebody must be here to vote or add a piece."),
    "tokens": (
        "Model use a day",
        "How much the model reads and writes for everybody. A token is about four letters.",
    ),
    "member-tokens": ("Model use a day, per member", "The same for one member."),
}
SECTIONS = {
    "place": "Where and how",
    "rounds": "Rounds",
    "pace": "Pace",
    "safety": "Safety",
    "budget": "Budget",
}
PRESETS = {
    "relaxed": ("Relaxed", "for friends: no waiting, links allowed, everybody can vote at once"),
    "busy": (
        "Busy",
        (
            "for a big place: 2 minutes between a member’s rounds, no links, votes from accounts "
            "that are a week old"
        ),
    ),
    "strict": (
        "Strict",
        (
            "for rough times: 10 minutes between a member’s rounds, no links, votes from accounts "
            "that are a month old, after a week here"
        ),
    ),
}
PRESET_BACK = "back"  #: what is said in place of a preset's name to undo the last one
RULES_HEADING = "How Muse behaves here"
RULES_SET = "Set for every channel: {rules}."
RULES_SET_HERE = "Only in this channel: {rules}."
RULES_SET_OTHER = "One other channel has settings of its own."
RULES_SET_OTHERS = "{count} other channels have settings of their own."
RULES_SET_ONE = "{label}: {value}"
RULES_SET_NOTHING = "Nothing has been changed yet. What stands in brackets is in use."
RULES_CHANNEL = "What you choose below holds in this channel only."
RULES_WHOLE = "What you choose below holds in every channel."
RULES_SAME = "These settings are the same in every channel."
RULES_ONLY_HERE = "Only this channel"
RULES_EVERYWHERE = "Every channel"
RULES_PRESETS = "Or set several things at once:"
RULES_PRESET = "{command}: {line}"
RULE_SET = "{label}: {value}."
RULE_UNDO = "Undo"
PRESET_SET = "This place is now set up as “{name}”."
PRESET_UNDONE = "Undone. Those settings are as they were before."
NO_PRESET = "There is nothing to undo: no “Relaxed”, “Busy” or “Strict” has been chosen here."
#: A rule in the organisers' log.
RULE_DEED = "“{label}” to {value}"
RULE_DEED_HERE = "“{label}” to {value} for one channel"
RULE_DEED_CHANGED = "{deed}, from {before}"
RULE_BY_ITSELF = "the usual"


def bad_rule(label: str, value: str, choices: Sequence[str], highest: int) -> str:
    """A value that a rule does not take."""
    listed = ", ".join(choices)
    number = f" or a whole number up to {highest:,}" if highest else ""
    return f"“{label}” can’t be “{value[:40]}”. Choose one of these: {listed}{number}."


def no_such_rule(name: str, close: str, names: Sequence[str]) -> str:
    """A rule that there is none of."""
    near = f" Did you mean “{close}”?" if close else ""
    return f"There is nothing called “{name[:40]}” to set.{near} There are: {', '.join(names)}."


def not_per_channel(label: str) -> str:
    """A rule that holds everywhere or nowhere."""
    return f"“{label}” is the same in every channel. Set it for every channel."
