"""What one who took part is told of theirs, and theirs alone: a card, and a note."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import Block, Card, CommandRef, Heading, Line, Note, Paragraph, Piece, Plain
from bot.challenge import Contender
from bot.challenge_results import Closed, Guesser, Out, Placed, ResultNote
from bot.models import Origin
from bot.present.challenges.makers import THEME, facets, hundred, maker, place, shown, theme_of
from bot.present.lines import excerpt, fill, joined, themed, words
from bot.wording import en

_SEAL = 16  # characters of a commitment, to know it by
_OUT = {Out.STRUCK: en.OWN_STRUCK, Out.HIDDEN: en.OWN_HIDDEN}


def own_card(closed: Closed) -> Card:
    """How a member's own entry did, in words, and how well they guessed."""
    title = fill(en.OWN_HEADING, theme=theme_of(closed))
    blocks: list[Block] = [Heading(title)]
    for entry in closed.mine:
        blocks += _entry(closed, entry)
    guesses = next((g for g in closed.counted.guessers if g.member == closed.own), None)
    if not closed.mine:
        blocks.append(Paragraph((Plain(en.OWN_NOTHING),)))
    if closed.own and guesses is not None:
        blocks.append(Paragraph((Plain(_guessed(guesses)),)))
    return Card(tuple(blocks), _summary(blocks))


def result_note(note: ResultNote) -> Line:
    """What is told of a challenge with one's next private card."""
    theme = themed(excerpt(note.theme, THEME))
    if note.out:
        return fill(en.NOTE_OUT, theme=theme, why=en.NOTE_WHY[note.out])
    entry = note.entry
    if entry is None:
        if note.guesses is None:
            return fill(en.NOTE_UNVOTED, theme=theme)
        return fill(en.NOTE_VOTER, theme=theme, right=note.guesses.right, of=note.guesses.of)
    if entry.place == 1:
        template = en.NOTE_FIRST_CLOSE if entry.close else en.NOTE_FIRST
        template = en.NOTE_FIRST_SHARED if note.shared else template
    else:
        template = en.NOTE_SHARED if note.shared else en.NOTE_PLACE
    chance, low, high = map(hundred, (entry.chance, entry.low, entry.high))
    more = [words(en.NOTE_CHANCE, chance=chance, low=low, high=high)]
    if said := facets(entry):
        more.append(words(en.NOTE_FACETS, facets=said))
    if entry.guessed:
        more.append(words(en.NOTE_FOOLED, fooled=entry.fooled, of=entry.guessed))
    if note.guesses is not None:
        more.append(words(en.NOTE_GUESSES, right=note.guesses.right, of=note.guesses.of))
    line = fill(
        template,
        theme=theme,
        place=en.ordinal(entry.place),
        of=note.entries,
        more=" ".join(more),
    )
    if entry.place == 1 and not note.example and entry.origin is not Origin.DECK:
        nominate = CommandRef("challenge nominate …")
        line += (Plain(" "), *fill(en.NOTE_MAY_NAME, nominate=nominate))
    return line


def _entry(closed: Closed, entry: Contender) -> list[Block]:
    placed, out = closed.counted.placed(entry.alias), closed.counted.out.get(entry.alias)
    if closed.challenge.quiet and entry.standing:
        said = Paragraph((Plain(en.OWN_QUIET),))
        return [Piece(1, entry.text, maker(closed, entry)), said]
    if closed.challenge.quiet:
        out = Out.STRUCK if entry.struck else Out.HIDDEN if entry.hidden else None
    if placed is None:
        return [Paragraph((Plain(_OUT.get(out or Out.GONE, en.OWN_NOTHING)),))]
    text = entry.text or en.FORGOTTEN_PIECE
    blocks: list[Block] = [Piece(placed.place, text, place(closed, placed))]
    if not closed.counted.picks:
        return [*blocks, Paragraph((Plain(en.OWN_UNVOTED),))]
    blocks.append(Paragraph(joined([(Plain(line),) for line in _words(closed, placed)])))
    if entry.commitment:
        sealed = words(en.OWN_SEALED, commitment=entry.commitment[:_SEAL])
        blocks.append(Note((Plain(sealed),)))
    return blocks


def _words(closed: Closed, placed: Placed) -> list[str]:
    """Place, interval, facets, and who was fooled, a sentence or two each."""
    order = closed.counted.order
    shared = sum(each.place == placed.place for each in order) > 1
    template = en.OWN_PLACE_SHARED if shared else en.OWN_PLACE
    if placed.place == 1 and placed.close and not shared:
        template = en.OWN_PLACE_CLOSE
    chance, low, high = map(hundred, (placed.chance, placed.low, placed.high))
    said = [
        words(template, place=placed.place, of=len(order)),
        words(en.OWN_CHANCE, chance=chance, low=low, high=high),
    ]
    pairs = en.OWN_SHOWN_ONE if placed.appearances == 1 else en.OWN_SHOWN
    said.append(words(pairs, shown=placed.appearances, won=_halves(placed.won)))
    if placed.appearances < _FEW:
        said.append(words(en.OWN_FEW, shown=shown(placed.appearances)))
    if found := facets(placed):
        said.append(words(en.OWN_FACETS, facets=found))
    said.append(_fooled(placed))
    return said


_FEW = 10  # appearances, as for “too close to call”


def _fooled(placed: Placed) -> str:
    if not placed.guessed:
        return en.OWN_UNGUESSED
    if not placed.fooled:
        template = en.OWN_UNFOOLED_ONE if placed.guessed == 1 else en.OWN_UNFOOLED
        return words(template, of=placed.guessed)
    taken = [
        en.TAKEN_FOR[origin]
        for origin in Origin
        if origin is not placed.origin.guessed_as
        and placed.guesses.get(origin)
        and origin in en.TAKEN_FOR
    ]
    return words(
        en.OWN_FOOLED,
        of=placed.guessed,
        fooled=placed.fooled,
        others=taken[0] if len(taken) == 1 else words(en.OR, one=taken[0], two=taken[1]),
    )


def _guessed(guesses: Guesser) -> str:
    if guesses.of == 1:
        return words(en.OWN_GUESS, right=en.OWN_RIGHT if guesses.right else en.OWN_WRONG)
    return words(en.OWN_GUESSES, of=guesses.of, right=guesses.right)


def _halves(won: float) -> str:
    whole, half = divmod(round(won * 2), 2)
    return f"{whole or ('' if half else 0)}{'½' if half else ''}"


def _summary(blocks: Sequence[Block]) -> str:
    spans = [span for block in blocks if isinstance(block, Paragraph) for span in block.line]
    return "".join(span.text for span in spans if isinstance(span, Plain)).replace("\n", " ")
