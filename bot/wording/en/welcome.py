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
    "Everybody may ask, write and vote, and take back what is theirs. {mine} shows you what I keep "
    "of you. Organisers are the people who may manage this place, and whoever they name."
)
WELCOME_ORGANISERS = (
    "For organisers: {settings} says where I answer, how long rounds stay open and who may vote. "
    "{busy} sets several things at once. You can begin without setting anything."
)
WELCOME_WEEKLY = (
    "Once a week people and AI can compete here without names, and you are the judges. Organisers "
    "set that up with {setup}."
)
