"""The closing card of a round: it celebrates the best and names the tallies."""

from __future__ import annotations

from bot.actions import Action, encode
from bot.cards import Bar, Block, Button, Buttons, Card, Heading, Note, Paragraph, Plain, Strong
from bot.models import Entry, Facet, Round, RoundState, Tally
from bot.present.lines import count_people, excerpt, fill, words
from bot.present.round_notes import heading
from bot.present.rounds import piece, removed_card, text_of
from bot.stats.approval import score
from bot.wording import en


def result_card(round_: Round) -> Card:
    """What is posted when a round has closed."""
    if round_.state is RoundState.WITHDRAWN:
        return removed_card(round_)
    order = ranked(round_)
    title = fill(en.RESULT_HEADING if order else en.RESULT_HEADING_UNVOTED, prompt=heading(round_))
    blocks: list[Block] = [Heading(title)]
    if not round_.standing:
        blocks.append(Paragraph((Plain(en.RESULT_EMPTY),)))
        summary = en.RESULT_EMPTY
    elif not order:
        blocks.append(Paragraph((Plain(en.RESULT_NONE),)))
        summary = en.RESULT_NONE
    else:
        best = [entry for entry in order if _score(round_, entry) == _score(round_, order[0])]
        best = best[:_MOST_SHARED]
        said = en.RESULT_SHARED if len(best) > 1 else en.RESULT_BEST
        blocks.append(Paragraph((Strong(said),)))
        blocks += [piece(round_, entry, tallies=True, votable=False) for entry in best]
        blocks += _bars(round_, order)
        blocks += _facets(round_)
        people = count_people(round_.voters)
        blocks.append(Note((Plain(words(en.RESULT_THANKS, voters=people)),)))
        summary = f"{said}: {' / '.join(excerpt(text_of(entry), 200) for entry in best)}"
    if round_.prompt:
        to = encode(Action("again", round_.community, round_.id))
        blocks.append(Buttons((Button(to, en.AGAIN, typed="again"),)))
    return Card(tuple(blocks), summary)


_MOST_SHARED = 5


def ranked(round_: Round) -> list[Entry]:
    """The entries that were approved of, best approval score first."""
    given = [entry for entry in round_.standing if _tally(round_, entry).approvals]
    return sorted(given, key=lambda entry: (-_score(round_, entry), entry.number))


def _tally(round_: Round, entry: Entry) -> Tally:
    return round_.tallies.get(entry.number, Tally())


def _score(round_: Round, entry: Entry) -> float:
    tally = _tally(round_, entry)
    return round(score(tally.approvals, tally.seen_by, round_.prior), 6)


def _bars(round_: Round, order: list[Entry]) -> list[Block]:
    return [
        Bar(
            label=(Plain(str(entry.number)),),
            count=_tally(round_, entry).approvals,
            of=max(_tally(round_, entry).seen_by, 1),
            value=(
                Plain(
                    words(
                        en.VOTES_OF,
                        count=_tally(round_, entry).approvals,
                        of=max(_tally(round_, entry).seen_by, 1),
                    )
                ),
            ),
        )
        for entry in order
    ]


def _facets(round_: Round) -> list[Block]:
    """For each reason that was given, who was given it most."""
    lines: list[Block] = []
    for facet in Facet:
        counts = {e.number: _tally(round_, e).facets.get(facet, 0) for e in round_.standing}
        most = max(counts.values(), default=0)
        if most:
            winners = [number for number, count in counts.items() if count == most]
            text = words(en.RESULT_FACET, most=en.MOST[facet], numbers=en.numbers(winners))
            lines.append(Note((Plain(text),)))
    return lines
