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
    "hours": "{count} h",
    "entries": "{count}",
    "pause": "{count} s",
    "quiet": "{count} s",
    "reports": "{count}",
    "account-days": "{count} d",
    "member-days": "{count} d",
    "tokens": "{count}",
    "member-tokens": "{count}",
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
    "answers": ("Muse answers", "Whether Muse takes prompts here."),
    "language": ("Language", "What Muse writes in."),
    "forms": ("Forms", "Which shapes of answer may be asked for."),
    "hours": ("Rounds stay open", "How long a round takes votes, in hours."),
    "tallies": ("Who sees the votes", "Before a round closes."),
    "entries": ("Pieces a member", "How many one member may put into a round."),
    "pause": ("Pause for a member", "Seconds between two rounds of one member."),
    "quiet": ("Pause for a channel", "Seconds between two rounds in one channel."),
    "links": ("Links", "Whether people’s texts may hold links."),
    "moderation": ("Moderation", "Whether texts are checked by the model’s moderation too."),
    "reports": ("Reports that hide", "Reports by members of standing that hide a piece."),
    "account-days": ("Age of an account", "Days an account must be old to vote or add."),
    "member-days": ("Time as a member", "Days somebody must be here to vote or add."),
    "tokens": ("Tokens a day", "For the whole community, of the model’s."),
    "member-tokens": ("Tokens a day, a member", "For one member, of the model’s."),
}
SECTIONS = {
    "place": "Where and how",
    "rounds": "Rounds",
    "pace": "Pace",
    "safety": "Safety",
    "budget": "Budget",
}
PRESETS = {
    "relaxed": ("Relaxed", "for friends: no pauses, links are fine, anybody may vote at once"),
    "busy": (
        "Busy",
        "for a big place: 2 minutes between a member’s rounds, no links, accounts of a week",
    ),
    "strict": (
        "Strict",
        "for rough times: 10 minutes between a member’s rounds, no links, accounts of a month",
    ),
}
PRESET_BACK = "back"  #: what is said in place of a preset's name to undo the last one
RULES_HEADING = "How Muse behaves here"
RULES_SET = "Set for everywhere: {rules}."
RULES_SET_HERE = "Only in this channel: {rules}."
RULES_SET_OTHER = "One other channel has settings of its own."
RULES_SET_OTHERS = "{count} other channels have settings of their own."
RULES_SET_ONE = "{label}: {value}"
RULES_SET_NOTHING = "Nothing is set yet. What holds stands in brackets."
RULES_CHANNEL = "Below: only for this channel, where it can differ."
RULES_WHOLE = "Below: for everywhere here."
RULES_SAME = "Nothing of this can differ from channel to channel."
RULES_ONLY_HERE = "Only this channel"
RULES_EVERYWHERE = "Everywhere"
RULES_PRESETS = "A good start for most places:"
RULES_PRESET = "{command}: {line}"
RULE_SET = "{label}: {value}."
RULE_UNDO = "Undo"
PRESET_SET = "Set as for a {name} place."
PRESET_UNDONE = "Undone: those things are as they were before."
NO_PRESET = "There is nothing to undo: no “Relaxed”, “Busy” or “Strict” has been chosen here."
#: A rule in the organisers' log.
RULE_DEED = "“{label}” to {value}"
RULE_DEED_HERE = "“{label}” to {value} for one channel"
RULE_DEED_CHANGED = "{deed}, from {before}"
RULE_BY_ITSELF = "what it is by itself"


def bad_rule(label: str, value: str, choices: Sequence[str], highest: int) -> str:
    """A value that a rule does not take."""
    listed = ", ".join(choices)
    number = f" or a whole number up to {highest:,}" if highest else ""
    return f"“{value[:40]}” can’t be set for “{label}”. It takes: {listed}{number}."


def no_such_rule(name: str, close: str, names: Sequence[str]) -> str:
    """A rule that there is none of."""
    near = f" Did you mean “{close}”?" if close else ""
    return f"There is nothing called “{name[:40]}” to set.{near} There are: {', '.join(names)}."


def not_per_channel(label: str) -> str:
    """A rule that holds everywhere or nowhere."""
    return f"“{label}” is the same in every channel. Set it for everywhere."
