"""What Muse says when it is new somewhere."""

from __future__ import annotations

HELP_WELCOME = "what Muse said when it was new here"

WELCOME_HEADING = "Hello, I am Muse"
WELCOME_WHAT = (
    "Give me a prompt, and I answer with four different pieces.\n"
    "You put yours beside them, remix what you like, and vote. The best are celebrated."
)
WELCOME_TRY = "Three things to try:"
WELCOME_MUSE = "gets four answers to a prompt of yours"
WELCOME_PROMPT = "has me give all of you something to write about"
WELCOME_SPARK = "asks you three questions, to find what only you could write"
EXAMPLE_PROMPT = "a lighthouse afraid of the dark"
WELCOME_EXAMPLE = "See an example round"
WELCOME_INVITE = "Give us a prompt"
WELCOME_ASK = "Ask me something"
WELCOME_SETUP = "Set Muse up"
WELCOME_CHALLENGE = "Set up a weekly challenge"
WELCOME_WHO = (
    "Anybody may ask, write and vote, take back what is theirs, and see with {mine} what I keep "
    "of them. Organisers are whoever may manage this place, and whom they name."
)
WELCOME_ORGANISERS = (
    "For organisers: {settings} says where I answer, how long rounds stay open and who may vote. "
    "{busy} or another preset sets several at once. Nothing has to be set to begin."
)
WELCOME_WEEKLY = (
    "Once a week people and AI can compete here without names, and you judge: organisers begin "
    "that with {setup}."
)
