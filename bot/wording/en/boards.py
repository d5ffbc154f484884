"""How rounds end, and the boards."""

from __future__ import annotations

RESULT_HEADING = "The votes are in: {prompt}"
RESULT_HEADING_UNVOTED = "Closed: {prompt}"
RESULT_BEST = "The favourite"
RESULT_SHARED = "The favourites, level on votes"
RESULT_FACET = "{most}: {numbers}"
RESULT_NONE = (
    "The round has closed without a vote. Everything stays to be read; ask again any time."
)
RESULT_EMPTY = "The round has closed empty. Ask again any time."
RESULT_THANKS = "{voters} voted."
VOTES_ONE = "1 vote"
VOTES_OF = "{count} of {of}"
VOTES_MANY = "{count} votes"
PEOPLE_ONE = "One person"
PEOPLE_MANY = "{count} people"

MOST = {
    "moved": "Most moving",
    "original": "Most original",
    "deep": "Deepest",
}

# Boards.
BOARD_HEADING = "Top {board}, {period}"
BOARD_EMPTY_PEOPLE = (
    "Nobody is here yet: points come from votes on your own pieces, when a round closes."
)
BOARD_EMPTY = "Nothing is here yet. A round counts when it closes."
BOARD_PAGE = "{first}–{last} of {total}"
BOARD_PAST_END = "That page is past the end: there are only {total} here."
BOARD_ENTRY = "voted for by {approvals} of {seen} · {who}"
BOARD_ENTRY_MUSE = "voted for by {approvals} of {seen} · {lens}, {origin}"
BOARD_POINT = "{points} point"
BOARD_POINTS = "{points} points"
LENS_SETTLED = "settled"
LENS_EXPLORING = "still exploring"
BOARD_LENS = "{rate} % ({approvals} of {seen}, in {rounds})"
BOARD_LENS_UNSEEN = "nobody has voted on it yet ({rounds})"
ROUNDS_ONE = "1 round"
ROUNDS_MANY = "{count} rounds"
BOARD_HOW_ENTRIES = (
    "Ranked by how many of those who voted after a piece was there chose it. "
    "While votes are few, a piece stays near the average."
)
BOARD_HOW_PEOPLE = (
    "A point for each vote on your piece, half a point where it was remixed from yours."
)
BOARD_HOW_LENSES = "How often a piece from this angle was chosen by those who saw it and voted."
