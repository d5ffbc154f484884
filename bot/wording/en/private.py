"""What one member is told: their votes, what became of a wish, questions to them."""

from __future__ import annotations

RECEIPT_VOTED = "You voted for {numbers}."
RECEIPT_NONE = "You have no vote in this round now."
RECEIPT_CLOSED = "This round is closed; your vote counts as it stood."
RECEIPT_TALLY_HIDDEN = "The votes are shown when the round closes."
RECEIPT_WHY = "{number}: "
RECEIPT_WHY_ON = "✓ {number}: "
YOURS = "yours"
YOURS_TOO = "yours too"
REMIX_NUMBER = "Remix {number}"
TAKE_BACK = "Take back {number}"

ADDED = "Your piece is in, as {number}. You can take it back while the round is open."
REMIXED = "Your version is in, as {number}. Credit for {parent} stays with {ancestor}."
REMIXED_MUSE = "Your version is in, as {number}, beside {parent} that it came from."
TWIST_TAKEN = (
    "Muse is writing versions of {number} with your twist. They appear in the round, credited "
    "to you and Muse; credit for {number} stays with {ancestor}."
)
TWIST_TAKEN_MUSE = (
    "Muse is writing versions of {number} with your twist. They appear in the round, credited "
    "to you and Muse."
)
MUSE_ANSWERS_TOO = "Muse answers too. Its pieces appear below yours."
SPARK_HEADING = "Three questions for you"
SPARK_HEADING_ON = "Three questions for you, on “{theme}”"
SPARK_HOW = (
    "Answer one, in your head or on paper. What only you could know is what people vote for."
)
SPARK_MORE = "Three others"
REMIXED_UNAIDED = (
    "No AI model is connected, so your own words stand as the version. "
    "If they were meant for Muse to write from, take it back."
)
WITHDRAW_PIECE = "Take {number} back"
WITHDRAWN_PIECE = "Your piece {number} is taken back, and its text is gone from Muse."
WITHDRAWN_ROUND = "The round is taken back."
CLOSED_BY_YOU = "The round is closed. The result follows."
