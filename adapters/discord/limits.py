"""What Discord bears, as data. Lengths are in characters; each limit names its source.

The sources are pages of https://docs.discord.com/developers.
"""

from __future__ import annotations

# A message. resources/message#create-message, components/reference
MESSAGE_COMPONENTS = 40  #: in all, nested ones too: components/reference#component-object
MESSAGE_TEXT = 4000  #: of all its text displays: components/reference#text-display
NONCE = 25  #: resources/message#create-message

# Buttons, rows and sections. components/reference
CUSTOM_ID = 100  #: #anatomy-of-a-component
ROW_BUTTONS = 5  #: #action-row
BUTTON_LABEL = 80  #: #button
SECTION_COMPONENTS = 3  #: the section, its one text and its button: #section
ROW_COMPONENTS = 1  #: the row itself, beside its buttons: #action-row
GALLERY_ITEMS = 10  #: #media-gallery
ALT_TEXT = 1024  #: a picture's description: #media-gallery

# Selects. components/reference#string-select
SELECT_OPTIONS = 25
SELECT_PLACEHOLDER = 150
OPTION_LABEL = 100
OPTION_VALUE = 100

# Modals. components/reference#label, #text-input; interactions/receiving-and-responding#modal
MODAL_TITLE = 45
MODAL_FIELDS = 5
FIELD_LABEL = 45
FIELD_DESCRIPTION = 100
INPUT_PLACEHOLDER = 100
INPUT_LENGTH = 4000

# Commands. interactions/application-commands#application-command-object
COMMAND_DESCRIPTION = 100
COMMAND_OPTIONS = 25
OPTION_CHOICES = 25
CHOICE_NAME = 100
STRING_OPTION = 6000
COMMANDS_OF_A_KIND = {"chat": 100, "message": 15}  #: #registering-a-command

# What an announcement may bring along.
THREAD_NAME = 100  #: resources/channel#start-thread-from-message
THREAD_MINUTES = 10_080  #: a thread is open for a week without a word, the longest: likewise
EVENT_NAME = 100  #: resources/guild-scheduled-event#guild-scheduled-event-object

# Time, in seconds. interactions/receiving-and-responding#interaction-callback
ACKNOWLEDGE = 3.0
TOKEN = 15 * 60.0

# What Muse keeps to, well within the above.
PROMPT = 1.0  #: seconds within which an answer needs no "is thinking…"
TOKEN_SAFE = TOKEN - 60.0  #: how long a token is counted on
EVENT_LEAD = 60.0  #: an event has to begin in the future, by Discord's clock
EDIT_PAUSE = 1.0  #: between two edits of a message: a bucket of five each five seconds
