"""What Discord alone has to say: the words of its own surroundings, not of the game."""

from __future__ import annotations

#: Where a command has no native one of its own: what to press instead.
PRESSED = {
    "vote": "Vote",
    "unvote": "Take back",
    "add": "Add yours",
    "remix": "Remix",
    "refine": "Refine",
    "again": "Again",
    "answer": "Let Muse answer too",
    "show": "See all",
    "close": "Close",
    "withdraw": "Take … back",
    "challenge takeback": "Take it out",
    "challenge pick": "Left or Right",
    "challenge unpick": "Take last pick back",
    "challenge more": "More",
    "challenge flag": "Report",
    "challenge guess": "Who wrote this?",
    "challenge praise": "Original, Moving or Deep",
    "muse-admin given-up": "See what",
    "muse-admin try-again": "Try again",
}
SHORTENED = "Shortened here. “{see_all}” has the whole."
LEFT_OUT = "{count} more under “{see_all}”."
SHORTENED_HERE = "Shortened here: a message holds no more."
LEFT_OUT_HERE = "{count} more, which this message can’t hold."
LEFT_OUT_LINES = "…and {count} more."
SEE_ALL = "See all"
PAGE_NEXT = "More ({page} of {pages})"
PAGE_BACK = "Back ({page} of {pages})"
PENDING = "{number} …"
NOTHING = "(nothing to see)"
MINE = "✓"
FORGOTTEN = "someone who left"
MEMBER_ELSEWHERE = "a member on {platform}"
PICTURE = "A picture by Muse"

ON_THIS = "Muse on this"
REMIX = "Remix"
TWIST_TITLE = "Remix"
TWIST_LABEL = "What should Muse make of it?"
TWIST_HINT = "the same, told by the cat"
PIECE_LABEL = "Which piece?"
SOURCE_LABEL = "The text to begin from"

NO_TEXT = "There is no text in that message that Muse can read."
NOT_A_NUMBER = "“{text}” holds no numbers. For example: 1 3"
NOT_A_CHOICE = "“{text}” is none of them. There are: {choices}."
FORM_LATE = "The form could not be opened in time. Please press the button again."
TOO_LATE = "Discord did not wait. Please try again."

NO_PERMISSION = (
    "Muse may not write in this channel. Whoever manages the server can let it: "
    "it needs View Channel, Send Messages and Read Message History here."
)
NO_PERMISSION_FILES = (
    "Muse may not attach files in channel {channel}, so what a picture shows is said in words."
)
NO_PERMISSION_THREAD = (
    "Muse may not write in this thread. Whoever manages the server can let it: "
    "it needs View Channel and Send Messages in Threads here."
)
NO_FILES = "Muse may not attach pictures in this channel: it needs Attach Files there."
CHANNEL_GONE = "That channel or thread is no longer there."
MESSAGE_GONE = "That message is no longer there."
THREAD_ARCHIVED = "That thread is archived, so its messages can’t be changed."
NO_DM = "Discord does not let Muse write to that member in private."
NOT_TAKEN = "Discord would not take the message ({status}, code {code})."
UNCONNECTED = "not connected"
SHARDS_DOWN = "not connected: shards {shards}"
UNREACHED = "Discord can’t be reached right now."
TOO_FAST = "Discord asks Muse to slow down. The message follows."

NOT_PINNED = "An announcement was not pinned in channel {channel}: {why}"
NOT_UNPINNED = "An earlier announcement is still pinned in channel {channel}: {why}"
NO_THREAD = "An announcement in channel {channel} has no thread to talk in: {why}"
NO_EVENT = "An announcement is not among the events of server {guild}: {why}"
NOT_HONOURED = "A member of server {guild} was not given role {role}: {why}"
STILL_HONOURED = "A member of server {guild} still has role {role}: {why}"
NOBODY_TOLD = (
    "An announcement in channel {channel} names role {role}, and nobody is told: let anyone "
    "mention that role, or give Muse Mention Everyone there."
)
NOT_A_ROLE = "Announcements name no role in channel {channel}: {role} is not one that Muse pings."
NEEDS_PINS = "Muse needs Pin Messages there."
NEEDS_THREADS = "Muse needs Create Public Threads there."
NEEDS_EVENTS = "Muse’s role needs Create Events."
NEEDS_ROLES = "Muse’s role needs Manage Roles, and has to stand above that role in the list."
PINS_FULL = "The channel has as many pins as Discord allows."
EVENTS_FULL = "The server has as many events as Discord allows."
ROLE_GONE = "That role is no longer there."

SIGN_IN_REFUSED = (
    "Discord does not accept DISCORD_TOKEN. Copy it anew from the developer portal, page Bot: "
    "https://discord.com/developers/applications"
)
BAD_SHARDS = "Discord does not accept DISCORD_SHARD_IDS and DISCORD_SHARD_COUNT as they are."
CLOSED_BY_DISCORD = "Discord closed the connection for good (code {code})."
COMMAND_UNKNOWN = (
    "This is from another version of Muse. Reload Discord (Ctrl+R) or wait a minute, and try again."
)
