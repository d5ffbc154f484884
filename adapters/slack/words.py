"""What the adapter says itself, beside the core's cards: of Slack and of nothing else."""

from __future__ import annotations

from typing import Final

APP: Final = "Muse"
DESCRIPTION: Final = "Creative prompts, four different answers, and your votes."
LONG_DESCRIPTION: Final = (
    "Type a prompt and Muse answers with four different creative responses. Put your own beside "
    "them, remix them, and vote. Boards show what your community likes best: pieces by people, "
    "by the AI, and by both together. Every number is a person’s vote; no AI judges anything, "
    "and nobody’s name is stored."
)
COMMAND_HINT: Final = "a lighthouse afraid of the dark | help | top"
COMMAND_LINE: Final = "Ask for a round of creative answers, vote, see the boards"
SHORTCUT_ASK: Final = "Muse"
SHORTCUT_ASK_LINE: Final = "Open a round with a form, also from a thread"
SHORTCUT_ON_THIS: Final = "Muse on this"
SHORTCUT_ON_THIS_LINE: Final = "Open a round on this message"
SHORTCUT_REMIX: Final = "Remix"
SHORTCUT_REMIX_LINE: Final = "Say what Muse is to make of this message"

BY_SOCKET: Final = "A manifest for Socket Mode; with MUSE_PUBLIC_URL alone it is one for the web."
BY_WEB: Final = "A manifest for events over the web; with SLACK_APP_TOKEN it is for Socket Mode."
FOR_ONE: Final = (
    "For one workspace; with SLACK_CLIENT_ID and SLACK_CLIENT_SECRET many can install Muse."
)
FOR_MANY: Final = "Many workspaces can install Muse with it."

LOADING: Final = "One moment…"
CLOSE: Final = "Close"
SEND: Final = "Send"
SEE_ALL: Final = "See all"
BACK: Final = "Back"
NEXT: Final = "Next"
WRITING: Final = "being written…"
WHERE: Final = "Where?"
WHERE_HINT: Final = "Muse posts the round there, for everyone."
MAKE_OF_IT: Final = "What should Muse make of it?"
BEGIN_FROM: Final = "To begin from"
CUT_TO_FIT: Final = "The message is longer than a form can hold; this is its beginning."
YES: Final = "yes"
NO: Final = "no"
FILE_COMES: Final = "The file is in your direct messages with Muse."
FILE_FAILED: Final = "The file could not be sent. {why}"
SENT: Final = "Sent. It appears in the channel."
UNCONNECTED: Final = "not connected"
NOT_NOW: Final = "That took too long to open. Please try again."
NOT_INSTALLED: Final = "Muse is not installed in this workspace any more."
NO_TEXT: Final = "There is no text in this message to begin from."
NOT_HERE: Final = (
    "Muse can’t write here. Invite it first: /invite @Muse. In a conversation between people, "
    "use a channel instead."
)
SOMEBODY: Final = "a member on {platform}"
FORGOTTEN: Final = "someone who left"
NO_CHOICES: Final = "There is nothing to choose from."


def more(count: int) -> str:
    """What does not fit into a message, and where it is."""
    what = "1 more does" if count == 1 else f"{count} more do"
    return f"{what} not fit into one Slack message. “{SEE_ALL}” shows everything."


def page_of(page: int, pages: int) -> str:
    """Where one is in something long."""
    return f"Page {page} of {pages}"
