"""What Slack takes, as data. Lengths are in characters, times in seconds.

Each number has its page; what Slack does not document is marked as found, with where.
"""

from __future__ import annotations

from typing import Final

# Messages. https://docs.slack.dev/reference/block-kit/blocks
MESSAGE_BLOCKS: Final = 50
#: All the text of a message's blocks. Found: past about 12,000 characters Slack answers
#: `msg_blocks_too_long`, its containers counted too.
#: https://github.com/slackapi/bolt-js/issues/2509, https://github.com/slackapi/bolt-js/issues/2867
MESSAGE_TEXT: Final = 11_000
#: What a block counts for besides its text, so that the sum stays below that.
BLOCK_COST: Final = 60
#: The text behind the blocks. https://docs.slack.dev/reference/methods/chat.update
FALLBACK: Final = 3_000

# Blocks and elements. https://docs.slack.dev/reference/block-kit
SECTION_TEXT: Final = 3_000
HEADER_TEXT: Final = 150
CONTEXT_ELEMENTS: Final = 10
CONTEXT_TEXT: Final = 2_000
ACTIONS_ELEMENTS: Final = 25
BUTTON_TEXT: Final = 75
ACTION_ID: Final = 255
OPTIONS: Final = 100
OPTION_TEXT: Final = 75
PLACEHOLDER: Final = 150
ALT_TEXT: Final = 2_000
INPUT_LENGTH: Final = 3_000
INPUT_LABEL: Final = 2_000

# Views. https://docs.slack.dev/reference/views/modal-views
VIEW_BLOCKS: Final = 100
VIEW_TITLE: Final = 24
VIEW_METADATA: Final = 3_000
#: A whole view as JSON, below the 250 kB at which Slack answers `view_too_large`.
#: https://docs.slack.dev/reference/methods/views.open
VIEW_BYTES: Final = 200_000

# Files. https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
PICTURE_KINDS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}

# Time. https://docs.slack.dev/interactivity/handling-user-interaction
ACK_SECONDS: Final = 3.0
RESPONSE_URL_SECONDS: Final = 30 * 60.0

# Streams. https://docs.slack.dev/reference/methods/chat.appendStream
STREAM_BLOCKS: Final = 50

#: Calls a minute that Slack grants to a workspace, by method.
#: https://docs.slack.dev/apis/web-api/rate-limits; `chat.postMessage` has one a second a channel.
PER_MINUTE: Final = {
    "chat.update": 50,
    "chat.appendStream": 100,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.join": 50,
    "conversations.open": 50,
    "conversations.replies": 50,
    "pins.add": 20,
    "pins.remove": 20,
    "users.info": 100,
}
