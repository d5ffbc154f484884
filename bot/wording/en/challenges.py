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
PRESS_TAKE_BACK = "Take it out"
HELP_CHALLENGE_GROUP = "The weekly challenge"
HELP_CHALLENGE_LISTED = (
    "is the weekly challenge: enter, vote, propose a theme, see results; {example} lists it all."
)

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
    "zone": ("Time zone", "The zone that this time is in."),
    "open-days": ("Days for entries", "How long people can put something in."),
    "voting-days": ("Days of voting", "How long people can choose between entries."),
    "ai": ("AI takes part", "Whether Muse enters pieces by its model, too."),
    "voters": ("Who may vote", "Keeps out accounts that were made only to vote."),
    "themes": ("Themes come from", "Where there are no such themes, the next of these."),
    "mention": ("Role to mention", "The one role that announcements may ping."),
    "winner-role": ("Winner’s role", "Given to the winner until the next one."),
    "event": ("Calendar", "Whether the place’s calendar shows the challenge."),
}
#: The same, of the daily prompt.
DAILY = {
    "channel": ("Channel", "Where Muse gives its prompt."),
    "days": ("Days", "On which days."),
    "time": ("Time", "When on these days."),
    "zone": ("Time zone", "The zone that this time is in."),
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


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_ONE, DAYS_MANY = "one day", "{count} days"
DAYS_EVERY, DAYS_WEEK = "every day", "Monday to Friday"
ELECTORATES = {
    "settled": "accounts of a week that were here when it began",
    "anyone": "anybody who may vote here",
}
THEME_SOURCES = {
    "members": "what members propose and vote for",
    "muse": "Muse, from what it knows of this place",
    "deck": "Muse’s own list",
}
DECLARED = {"mine": "by me alone", "helped": "by me, with AI’s help"}
DECLARED_SHORT = {"mine": "yours alone", "helped": "yours, with AI’s help"}

PLAN_HEADING = "The weekly challenge"
PLAN_SUMMARY = (
    "Every {day} at {time} ({zone}) a theme is announced. People have {open} to put something in, "
    "then {voting} to choose between entries; then come the results."
)
PLAN_SUMMARY_HOW = "{ai} Themes come from: {themes}."
PLAN_AI_ON = "AI takes part where there is a model."
PLAN_AI_OFF = "AI does not take part."
PLAN_NEXT = "The next one begins {next}."
PLAN_NOT_RUNNING = "Nothing begins by itself yet: start it when all is as you like it."
PLAN_CURRENT = (
    "One is running. What you change here holds from the next, but for the channel: what is still "
    "to be told of this one is told there."
)
PLAN_NOT_HERE = "Nothing is announced in this place yet: choose a channel of it."
PLAN_TYPED = "Any time and any time zone can be typed: {command}"
PLAN_RUN, PLAN_PAUSE = "Begin one each week", "Pause"
PLAN_NOW = "Begin one now"
PLAN_EXAMPLE = "Try it within the hour"
PLAN_PARTS = {"when": "When and where", "how": "How it goes"}
PARAM_PLAN_PART = "which part"
PLAN_SET = "Set: {label}."
PLAN_GAVE_WAY = "{label}: now {days}, so that both fit into a week."
PLAN_IS_SET = "Set up. It holds from the next challenge."
PLAN_RUNS = "A challenge begins each week from now on."
PLAN_PAUSED = "Paused. What runs now goes on to its end."
CHALLENGE_SKIPPED = "The next one is left out."
NOTHING_TO_SKIP = "No challenge is planned that could be left out."
PLAN_CHANGED = "Somebody else changed it at the same time. Please try again."
CHALLENGE_SOON = "Muse is looking for a theme; the challenge begins as soon as it has one."
CHALLENGE_STARTED = "It has begun, on {theme}. Entries close {deadline}, voting ends {closes}."
EXAMPLE_STARTED = (
    "An example has begun here, on {theme}, and counts for nothing. Put something in: entries "
    "close {deadline}, voting ends {closes}. Muse’s own list takes part, so that you can vote."
)
CHALLENGE_STARTED_SUMMARY = "The challenge has begun."
CHALLENGE_LONGER = "It has more time now, and everybody is told."
CHALLENGE_CANCELLED = "It is off, and everybody is told why."
THEME_IS_RUNNING = (
    "That is the theme of the challenge, so Muse writes nothing on it here until the results. In a "
    "private message to Muse you can try it; /challenge enter is for your own."
)
NO_CHALLENGE_RUNS = "No challenge is running."
EMPTY_WHY = "Say why it is off: everybody is told."
ONE_DAY = "A challenge begins on one day of the week. For example: Friday."
DAYS_OF_CHALLENGE = "Say how many days, from 1 to 6. Entries and voting fit into a week together."
NO_SUCH_ROLE = "Choose a role from the list, or say no to have no role."
NO_SUCH_CHANNEL = "Choose a channel from the list, or say here."

CHALLENGE_TITLE = "Challenge {number}: “{theme}”"
CHALLENGE_TITLE_UNTHEMED = "Challenge {number}"
UNTHEMED = "number {number}"  # in place of a theme, where who thought of it is forgotten
UNTHEMED_ON = "a theme that was taken back"  # where a sentence is “on” it
THEME_GONE = "Its theme was taken back. It goes on without one: write what you like."
THEME_GONE_ORGANISERS = "Its theme was taken back. You can let it go on without one, or end it."
CHALLENGE_IS_EXAMPLE = "An example, for trying it out: it counts for nothing."
CHALLENGE_OPENED = "Put in one piece of your own until {deadline}. {band}"
ENTRY_BAND = "From {least} to {most} characters."
CHALLENGE_BLIND = (
    "Nobody sees who wrote what before the results, which name the makers, nor how many take part "
    "before voting begins. As long as entries are open you can change yours, or take it out."
)
CHALLENGE_AI = "There may be entries by AI among them."
CHALLENGE_HOW = "{status} shows how it stands, and reminds you if you like."
CHALLENGE_CLOSED_TO_ENTRIES = "Entries have closed."
CHALLENGE_ENTER = "Enter"
CHALLENGE_VOTE = "Vote"
CHALLENGE_THEMES = "Themes for the next"
CHALLENGE_OPENED_SUMMARY = "A new challenge: {theme}"
CHALLENGE_EXTENDED = (
    "Fewer than three people have put something in, so entries stay open until {deadline}."
)
CHALLENGE_EXTENDED_SUMMARY = "The challenge stays open for longer."
CHALLENGE_MORE_OPEN = "There is more time: entries close {deadline}."
CHALLENGE_MORE_VOTING = "There is more time: voting ends {closes}."
CHALLENGE_LONGER_SUMMARY = "The challenge has more time."
CHALLENGE_VOTING = "Entries have closed, and voting is open until {closes}."
CHALLENGE_VOTING_HOW = (
    "You are shown two at a time, without names: pick the one you like better. Seven times is "
    "a good help. The results say who wrote what."
)
CHALLENGE_SEALS = (
    "Each entry is sealed: a hash of its text and its maker, shown now so that nothing can be "
    "changed later. The keys to check the seals come with the results."
)
CHALLENGE_SEALS_HALVED = "Here is the first half of each seal."
CHALLENGE_SEALS_CUT = "Here is the first half of {shown} of the {count} seals."
CHALLENGE_SEALS_WHOLE = "All of them, whole, as a file: {command}. The one hash of them all: {root}"
CHALLENGE_VOTING_SUMMARY = "Voting is open: {theme}"
CHALLENGE_OFF = "This challenge is off. The organisers say: “{why}”"
CHALLENGE_OFF_SUMMARY = "The challenge is off."
CHALLENGE_EVENT = "Challenge: {theme}"
CHALLENGE_THREAD = "Results: {theme}"

STATUS_HEADING = "The challenge"
STATUS_NEVER = "There has been no challenge here yet."
STATUS_OPEN = "It is open for entries until {deadline}."
STATUS_ENTERED = "You have put something in."
STATUS_NOT_ENTERED = "You have not put anything in yet."
STATUS_VOTING = "Voting is open until {closes}."
STATUS_COUNTING = "Voting is over, and the picks are being counted."
STATUS_CLOSED = "It is over, and the results are there."
STATUS_NEXT = "The next one begins {next}."
STATUS_NO_NEXT = "The next one is not planned yet. Organisers set that up."
STATUS_RESULTS = "Results"
STATUS_VERDICT = "People or AI?"
STATUS_SETUP = "Set up"
STATUS_ORGANISERS = "For organisers: {extend} gives it more time, {cancel} ends it without results."

FORM_CHALLENGE = "Your entry"
FORM_CHALLENGE_TEXT = "Your entry, as one piece of text"
FORM_CHALLENGE_HOW = "How was it made?"
FORM_CHALLENGE_SUBMIT = "Put it in"
ENTRY_THEME = "Theme: “{theme}”"
ENTRY_NONE = "You have not put anything in yet. {band}"
ENTRY_PREVIEW = "As voters will see it:"
ENTRY_UNTIL = "You can change it, or take it out, until {deadline}."
ENTRY_COUNTS = "A piece that is nearly one of Muse’s counts as made together with Muse."
ENTRY_SUMMARY = "Your entry"
ENTRY_WRITE = "Write your entry"
ENTRY_EDIT = "Change it"
ENTERED = "It is in."
ENTERED_ANEW = "It is in, in place of the one before."
TAKEN_OUT = "It is out."
NOTHING_IN = "There was nothing of yours in it."
EMPTY_CHALLENGE_ENTRY = "There is no text in it. Write something first."
REMIND_ON, REMIND_OFF = "Remind me", "Don’t remind me"
REMINDED = "Muse writes to you in private before entries close, if you have put in nothing."
REMINDED_NOT = "Muse does not remind you."
REMINDER_HEADING = "Entries close soon"
REMINDER = "The challenge on {theme} takes entries until {deadline}."
REMINDER_WHY = "You asked to be reminded. It was for this once."


DAILY_HEADING = "The daily prompt"
DAILY_SUMMARY = (
    "Muse gives people a prompt: {days}, at {time} ({zone}). They answer and vote as in any round, "
    "and at the week’s end the best answers are shown."
)
DAILY_NEXT = "The next comes {next}."
DAILY_NOT_RUNNING = "No prompt comes by itself yet."
DAILY_START, DAILY_STOP = "Give one", "Stop"
WEEK_HEADING = "The week’s best answers"
WEEK_HOW = "By your votes. The next prompt is on its way."

CHALLENGE_RUNS = (
    "A challenge is running already. One at a time: cancel it, or wait for its results."
)
PLACE_IN_CHALLENGE = "A challenge is running. Places can be joined and parted between challenges."
NO_CHALLENGE = "There is no challenge here. /challenge says when the next begins."
CHALLENGE_OVER = "That part of the challenge is over."
ENTRIES_OVER = "Entries have closed. /challenge says how it stands."
NOT_WON = "Only who won the last challenge names the next theme. Anybody may propose one, though."
NAMED_ALREADY = (
    "Somebody who shares the first place with you has named the next theme already. Propose yours "
    "for another."
)
NAMED_LATE = "The next challenge has begun, so its theme is settled. Propose yours for another."


def no_such_theme(proposal: str) -> str:
    """A proposal that no proposed theme has."""
    return f"There is no theme {proposal[:9]}. /challenge propose lists them."


def theme_already(proposal: str) -> str:
    """Somebody proposed it before."""
    return f"That is proposed already, as {proposal}. Vote for it: /challenge upvote {proposal}."


def too_many_themes(limit: int) -> str:
    """No room on the list of themes."""
    return (
        f"There are {limit} proposed themes, which is the most, and all have votes. Vote for one."
    )


def too_many_own_themes(limit: int) -> str:
    """No room for another theme of one's own."""
    return (
        f"You have {limit} themes on the list, which is the most of one member. "
        "/challenge unpropose 1 takes theme 1 off, where it is yours."
    )


def out_of_band(length: int, least: int, most: int) -> str:
    """An entry that is too short or too long."""
    return f"An entry has {least} to {most} characters, and yours has {length}."


def too_many_hours(limit: int) -> str:
    """More time than can be given at once."""
    return f"Give it from 1 to {limit} hours more."


def no_such_zone(value: str) -> str:
    """A zone that there is none of."""
    return f"There is no time zone “{value[:40]}”. For example: Europe/Vienna or America/New_York."


def no_such_time(value: str) -> str:
    """A time of day that can't be read."""
    return f"“{value[:20]}” is no time of day. For example: 18:30."


def no_such_day(value: str) -> str:
    """Days that can't be read."""
    return f"“{value[:40]}” is no day. For example: Friday, or Monday and Thursday."


def on_or_off(value: str) -> str:
    """Neither on nor off."""
    return f"“{value[:40]}” is neither on nor off."


def none_of_these(value: str, choices: Sequence[str]) -> str:
    """A value that can't be set."""
    return f"“{value[:40]}” can’t be set. There are: {', '.join(choices)}."
