"""Every card of a ballot, at its shortest and its longest, for the golden files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.ballot import OwnBallot, Word
from bot.cards import Card
from bot.challenge import (
    Challenge,
    ChallengeState,
    Contender,
    GuessMade,
    Offered,
    PickMade,
    Plan,
    PraiseGiven,
    Side,
)
from bot.challenge_requests import ChallengeRef
from bot.listings import Notice, ReportedContender
from bot.models import Facet, Origin
from bot.present.challenges.ballot import ballot_card, not_voting_card, report_card
from bot.present.guarding import ContenderRow, contender_decided, noticed, reports_card
from bot.wording import en
from tests.unit.strategies import OPENED

LONGEST = 1000  # characters of an entry
ALIASES = tuple(f"en{a}{b}" for a in "bcdf" for b in "ghjkm")
CHALLENGE = Challenge(
    community="commun1ty0",
    id="x12",
    number=12,
    state=ChallengeState.VOTING,
    theme="what the rain keeps",
    opened=OPENED,
    deadline=OPENED + timedelta(days=3),
    closes=OPENED + timedelta(days=5),
    plan=Plan(),
    seed=7,
    voting_since=OPENED + timedelta(days=3),
)
REF = ChallengeRef(CHALLENGE.community, CHALLENGE.id)
POOL = {
    alias: Contender(
        alias, f"The rain keeps a diary of window {n},\nand reads it aloud.", Origin.AI
    )
    for n, alias in enumerate(ALIASES, 1)
}
PICKS = tuple(
    PickMade(3, n, ALIASES[2 * n - 2], ALIASES[2 * n - 1], side)
    for n, side in enumerate((*Side, *Side), 1)
)[:7]
BALLOT = OwnBallot(
    word=Word.OPEN,
    challenge=CHALLENGE,
    member=3,
    owns=frozenset({3}),
    pool=POOL,
    offer=Offered(3, ALIASES[4], ALIASES[5]),
    waiting=None,
    offered=3,
    raised=0,
    picks=PICKS[:2],
    guesses=(),
    praises=(),
    asked=(),
    shown={},
)
DONE = replace(BALLOT, offer=None, offered=7, picks=PICKS, asked=ALIASES[:3])


def long_text(number: int) -> str:
    """As long as an entry may be: lines, marks that platforms read as markup, and wide letters."""
    words = f"entry {number} keeps *every* drop_of_it & <more> — ünd 雨 `so` on;\n"
    return (words * 40)[:LONGEST]


_LONG_POOL = {
    alias: replace(each, text=long_text(n)) for n, (alias, each) in enumerate(POOL.items())
}
LONG = replace(
    BALLOT,
    pool=_LONG_POOL,
    challenge=replace(CHALLENGE, theme="what the rain keeps, " * 9 + "and why"),
    offer=Offered(20, ALIASES[4], ALIASES[5]),
    offered=20,
    raised=20,
    picks=(replace(PICKS[0], number=19),),
)
_THREE = {alias: POOL[alias] for alias in ALIASES[:3]}
GUESSED = tuple(GuessMade(3, alias, None) for alias in ALIASES[:3])

BALLOTS: dict[str, Card] = {
    "first": ballot_card(
        replace(BALLOT, offer=Offered(1, ALIASES[0], ALIASES[1]), offered=1, picks=())
    ),
    "next": ballot_card(BALLOT),
    # Of three entries one is the reader's own: there is one pair for them.
    "few": ballot_card(
        replace(
            BALLOT,
            pool={a: replace(e, author=3 if a == ALIASES[2] else 0) for a, e in _THREE.items()},
            offer=Offered(1, ALIASES[0], ALIASES[1]),
            offered=1,
            picks=(),
        )
    ),
    "quick": ballot_card(BALLOT, en.BALLOT_QUICK),
    "late": ballot_card(BALLOT, en.BALLOT_LATE),
    "unpicked": ballot_card(
        replace(
            BALLOT,
            offer=Offered(2, ALIASES[2], ALIASES[3]),
            waiting=Offered(3, ALIASES[4], ALIASES[5]),
            picks=PICKS[:1],
        ),
        en.BALLOT_UNPICKED,
    ),
    "unthemed": ballot_card(replace(BALLOT, challenge=replace(CHALLENGE, theme=""))),
    "longest": ballot_card(LONG, en.BALLOT_LATE),
    "report": report_card(BALLOT, 3, (ALIASES[4], ALIASES[5])),
    "report_longest": report_card(LONG, 20, (ALIASES[4], ALIASES[5])),
    "done": ballot_card(DONE),
    "done_longest": ballot_card(replace(DONE, pool=_LONG_POOL)),
    "done_second_question": ballot_card(replace(DONE, guesses=GUESSED[:1])),
    "done_praises": ballot_card(
        replace(DONE, guesses=GUESSED, praises=(PraiseGiven(3, Facet.DEEP, ALIASES[1]),)),
        en.BALLOT_SAID,
    ),
    "done_praises_longest": ballot_card(replace(DONE, pool=_LONG_POOL, guesses=GUESSED)),
    "done_all": ballot_card(replace(DONE, offered=20, guesses=GUESSED)),
    "done_one": ballot_card(replace(DONE, offered=1, picks=PICKS[:1], asked=ALIASES[:2])),
    "nothing": ballot_card(replace(BALLOT, pool={}, offer=None, offered=0, picks=())),
    "waits": not_voting_card(replace(CHALLENGE, state=ChallengeState.OPEN)),
    "over": not_voting_card(replace(CHALLENGE, state=ChallengeState.CLOSED)),
    "over_unthemed": not_voting_card(replace(CHALLENGE, state=ChallengeState.CLOSED, theme="")),
    "cancelled": not_voting_card(replace(CHALLENGE, state=ChallengeState.CANCELLED)),
    "reports": reports_card(
        [
            ContenderRow(REF, ReportedContender("x12", ALIASES[0], long_text(1), hidden=True)),
            ContenderRow(REF, ReportedContender("x12", ALIASES[1], "a short one", hidden=False)),
        ],
        1,
        more=False,
    ),
    "decided": contender_decided(
        REF, ALIASES[0], en.CONTENDER_HIDDEN_NOW.format(alias=ALIASES[0]), undo=True
    ),
    "noticed": Card(
        tuple(
            noticed(
                [
                    Notice(0, "what the rain keeps", "it is a song’s line", "contender"),
                    Notice(0, "", "it is a song’s line", "contender"),
                ]
            )
        ),
        "An organiser took your entry out.",
    ),
}
