"""What of a community's past and lore is put into a brief. Pure: everything drawn is drawn from
the round's seed, so that a round that is taken up again is told the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from bot.brief import Kept
from bot.writing.similarity import content

LORE_LINES = 4  # a few: a brief full of in-jokes gives a round of in-jokes
LORE_AT_LEAST = 2  # lines that fit by no word may fit by their sense
LOVED_PIECES = 3
LOVED_VOTES = 2  # one vote is one member's taste, not the community's


def relevant_lore(lines: Sequence[str], prompt: str, seed: int) -> tuple[str, ...]:
    """The lines that share words with the prompt, most first; if few do, others at random.

    The measure is lexical: the share of the line's content words that stand in the prompt.
    """
    asked = content(prompt)
    shared = {line: len(content(line) & asked) / max(1, len(content(line))) for line in lines}
    fitting = sorted((line for line in shared if shared[line]), key=lambda line: -shared[line])
    others = [line for line in shared if not shared[line]]
    Random(f"lore {seed}").shuffle(others)
    room = max(0, LORE_AT_LEAST - len(fitting))
    return (*fitting[:LORE_LINES], *others[:room])


def loved(
    pieces: Sequence[Kept], form: str, lenses: Collection[str], seed: int, spare: Collection[str]
) -> tuple[str, ...]:
    """A few pieces of that form which the community voted for, those of these lenses first.

    Drawn anew each round from the hall of fame; `spare` are texts to leave out.
    """
    good = [
        piece
        for piece in pieces
        if piece.form == form and piece.approvals >= LOVED_VOTES and piece.text not in spare
    ]
    Random(f"loved {seed}").shuffle(good)
    good.sort(key=lambda piece: piece.lens not in lenses)
    return tuple(piece.text for piece in good[:LOVED_PIECES])
