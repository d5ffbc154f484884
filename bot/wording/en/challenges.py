"""The weekly challenge in words: its commands, its set-up, themes, entries and announcements."""

from __future__ import annotations

from collections.abc import Sequence

HELP_CHALLENGE = "how the weekly challenge stands, and what there is to do"
HELP_CHALLENGE_ENTER = "put your entry into the challenge, or another in its place"
HELP_CHALLENGE_TAKEBACK = "take your entry out of the challenge"
HELP_CHALLENGE_REMIND = "be reminded a day before entries close, or not"
HELP_CHALLENGE_PROPOSE = "propose a theme, or see what is proposed"
HELP_CHALLENGE_UPVOTE = "vote a proposed theme up, or with --off no more"
HELP_CHALLENGE_NOMINATE = "name the next theme, where you won the last challenge"
HELP_CHALLENGE_VOTE = "choose between two entries, a few times over"
HELP_CHALLENGE_PICK = "choose between the two entries in front of you"
HELP_CHALLENGE_UNPICK = "take your last pick back, before you make the next"
HELP_CHALLENGE_MORE = "have more pairs to choose from"
HELP_CHALLENGE_FLAG = "tell the organisers that one of the two should not be here"
HELP_CHALLENGE_GUESS = "guess who made an entry that Muse asks about"
HELP_CHALLENGE_PRAISE = "say which entry was original, moving or deep"
HELP_CHALLENGE_RESULTS = "the results of the last challenge"
HELP_CHALLENGE_MINE = "how your own entry did in the last challenge"
HELP_CHALLENGE_HALL = "the hall of fame: every challenge’s podium"
HELP_CHALLENGE_EXPORT = "the results as a file"
HELP_CHALLENGE_VERDICT = "people, AI, both together: what all challenges say so far"
HELP_CHALLENGE_SETUP = "when and where challenges run, and ways to change it"
HELP_CHALLENGE_SET = "set one thing of how challenges run"
HELP_CHALLENGE_PRESET = "set up challenges as a preset has it"
HELP_CHALLENGE_NOW = "begin a challenge now"
HELP_CHALLENGE_EXAMPLE = "try a challenge that is over within the hour and counts for nothing"
HELP_CHALLENGE_PAUSE = "begin no further challenge until it is resumed"
HELP_CHALLENGE_RESUME = "begin a challenge each week"
HELP_CHALLENGE_SKIP = "leave out the next challenge"
HELP_CHALLENGE_EXTEND = "give the running challenge more hours"
HELP_CHALLENGE_CANCEL = "end the running challenge without results"
HELP_CHALLENGE_UNLIKE = "voters whose picks are unlike the rest’s"
HELP_CHALLENGE_DECIDE = "hide, restore or strike an entry of the challenge"
HELP_DAILY_SETUP = "the daily prompt: when and where, and ways to change it"
HELP_DAILY_SET = "set one thing of the daily prompt"
#: What to press, where that does what a command does.
PRESS_PICK, PRESS_MORE, PRESS_FLAG = "Left or Right", "More", "Report"
PRESS_GUESS, PRESS_PRAISE = "Who wrote this?", "Original, Moving or Deep"
PRESS_TAKE_BACK = "Take it out"
HELP_CHALLENGE_GROUP = "The weekly challenge"
HELP_CHALLENGE_LISTED = "the weekly challenge: status, enter, vote, propose, results …; {example}"

PARAM_ENTRY = "your entry; without it you see what you have put in"
PARAM_HOW = "how it was made: by you alone, or with AI’s help"
PARAM_REMIND = "whether to be reminded"
PARAM_PROPOSAL = "the theme you propose; without it you see what is proposed"
PARAM_PROPOSED = "the number of the proposed theme"
PARAM_OFF = "no more"
PARAM_NOMINATED = "the next theme"
PARAM_SIDE = "which of the two"
PARAM_PAIR = "the number of the pair; without it, the one in front of you"
PARAM_ORIGIN = "who made it"
PARAM_GUESSED = "the number of the entry that is asked about"
PARAM_FACET = "what it was"
PARAM_PRAISED = "the number of the entry"
PARAM_FILE = "which kind of file"
PARAM_PLAN = "what to set"
PARAM_PLAN_PRESET = "which preset"
PARAM_CHALLENGE_THEME = "the theme; without it, Muse has one found"
PARAM_HOURS = "how many hours more; 24 if you don’t say"
PARAM_WHY_CANCEL = "why; everybody is told"
PARAM_DECISION = "what becomes of it"
PARAM_ALIAS = "the entry’s letters, as the report names it"

#: How a guess is typed; the last is no guess.
GUESS_WORDS = ("person", "ai", "together", "skip")

#: What can be set of challenges: what it is called, and what it does.
PLAN = {
    "channel": ("Channel", "Where challenges are announced."),
    "weekday": ("Day", "The day of the week on which one begins."),
    "time": ("Time", "When on that day it begins."),
    "zone": ("Time zone", "Whose clocks that time is by."),
    "open-days": ("Days for entries", "How long people can put something in."),
    "voting-days": ("Days of voting", "How long people can choose between entries."),
    "ai": ("AI takes part", "Whether Muse puts in entries of a model’s too."),
    "voters": ("Who may vote", "Against votes by accounts made for the purpose."),
    "themes": ("Themes come from", "Where these are lacking, from the next in line."),
    "mention": ("Role to mention", "The one role that an announcement may mention."),
    "winner-role": ("Winner’s role", "Given to the winner until the next one."),
    "event": ("Calendar", "Whether the place’s calendar shows the challenge."),
}
#: The same, of the daily prompt.
DAILY = {
    "channel": ("Channel", "Where Muse gives its prompt."),
    "days": ("Days", "On which days."),
    "time": ("Time", "When on these days."),
    "zone": ("Time zone", "Whose clocks that time is by."),
    "form": ("Form", "The shape of the answers."),
    "running": ("Daily prompt", "Whether Muse gives one."),
}
PLAN_PRESETS = {
    "weekend": ("Weekend", "begins Friday evening, two days for entries, two of voting"),
    "workweek": ("Work week", "begins Monday morning, over on Friday morning"),
    "week": ("All week", "begins Friday evening, four days for entries, three of voting"),
}


def unknown_plan(what: str, names: Sequence[str]) -> str:
    """Something that can't be set."""
    return f"There is nothing called “{what[:40]}” to set here. There are: {', '.join(names)}."


CHALLENGE_RUNS = (
    "A challenge is running already. One at a time: cancel it, or wait for its results."
)
PLACE_IN_CHALLENGE = "A challenge is running. Places can be joined and parted between challenges."
NO_CHALLENGE = "There is no challenge here. /challenge says when the next begins."
CHALLENGE_OVER = "That stage of the challenge is over."
ENTRIES_OVER = "Entries have closed. /challenge says how it stands."
NOT_WON = "Only who won the last challenge names the next theme. Anybody may propose one, though."
NAMED_LATE = "The next challenge has begun, so its theme is settled. Propose yours for another."


def no_such_theme(number: str) -> str:
    """A number that no proposed theme has."""
    return f"There is no theme {number[:9]}. /challenge propose lists them."


def theme_already(number: str) -> str:
    """Somebody proposed it before."""
    return f"That is proposed already, as {number}. Vote for it: /challenge upvote {number}."


def too_many_themes(limit: int) -> str:
    """No room on the list of themes."""
    return f"There are {limit} proposed themes, which is the most. Vote for one of them."


def too_many_own_themes(limit: int) -> str:
    """No room for another theme of one's own."""
    return f"You have {limit} themes on the list, which is the most of one member."
