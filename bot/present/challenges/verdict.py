"""The verdict on people, AI and both together, so that a person without statistics can follow."""

from __future__ import annotations

from bot.actions import Action, encode
from bot.cards import (
    Bar,
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Line,
    Literal,
    Note,
    Paragraph,
    Plain,
    Strong,
)
from bot.challenge_results import Told
from bot.present.challenges.makers import hundred
from bot.present.lines import fill, words
from bot.stats.verdict import Claim, Comparison
from bot.wording import en

_FAMILIES = 6  # model families that are told
_PLAIN = {
    Claim.MORE: en.PLAIN_MORE,
    Claim.LESS: en.PLAIN_LESS,
    Claim.EQUAL: en.PLAIN_EQUAL,
}


def no_verdict_card() -> Card:
    """Before the first challenge is counted."""
    heading = Heading((Plain(en.VERDICT_HEADING),))
    return Card((heading, Paragraph((Plain(en.VERDICT_NONE),)), _ways()), en.VERDICT_NONE)


def verdict_card(told: Told) -> Card:
    """What is known, how surely, and what is missing."""
    found = told.verdict
    claims = [_claim(each) for each in found.pairs if each.claim is not Claim.NONE]
    title = en.VERDICT_HEADING if claims else en.VERDICT_HEADING_SO_FAR
    blocks: list[Block] = [Heading((Plain(title),))]
    if not any(each.so_far for each in found.pairs):
        said = words(en.VERDICT_NO_MEETINGS, challenges=_challenges(len(told.numbers)))
        return Card((*blocks, Paragraph((Plain(said),)), _ways()), said)
    plain = in_plain_words(found.pairs[0])
    blocks.append(Paragraph((Plain(plain),)))
    blocks += [Paragraph((Strong(claim),)) for claim in claims]
    blocks += [_bar(each) for each in found.pairs]
    blocks += [_bar(each) for each in found.families[:_FAMILIES]]
    notes: list[Line] = [
        fill(
            en.VERDICT_BASIS,
            challenges=_challenges(len(told.numbers)),
            voters=_count(told.voters, en.VOTERS_ONE, en.VOTERS_MANY),
            picks=_count(told.picks, en.PICKS_ONE, en.PICKS_MANY),
        )
    ]
    notes += [_missing(each) for each in found.pairs if each.so_far and not each.evidence.enough]
    if told.guessed is not None:
        notes.append((Plain(_guessed(told)),))
    if undeclared := found.pairs[0].undeclared:
        shares = en.numbers([hundred(each.estimate.share) for each in undeclared])
        notes.append(fill(en.VERDICT_UNDECLARED, shares=shares))
    notes.append((Plain(en.VERDICT_SURE),))
    blocks += [Note(line) for line in notes]
    return Card((*blocks, _ways()), " ".join([plain, *claims]))


def in_plain_words(pair: Comparison) -> str:
    """One paragraph on people against AI."""
    if pair.so_far is None:
        return en.PLAIN_UNMET
    share, low, high = map(hundred, (pair.so_far.share, pair.so_far.low, pair.so_far.high))
    said = [words(en.PLAIN_FIRST, share=share), words(en.PLAIN_LUCK, low=low, high=high)]
    if not pair.evidence.enough:
        return " ".join([*said, en.PLAIN_EARLY])
    return " ".join([*said, _PLAIN.get(pair.claim, en.PLAIN_OPEN)])


def _claim(pair: Comparison) -> str:
    one = en.SIDES[pair.one.origin]
    two = en.SIDES_SMALL[pair.two.origin]
    return words(en.CLAIMS[pair.claim], one=one, two=two)


def _pair(pair: Comparison) -> Line:
    if pair.two.family:
        return fill(en.PAIR_FAMILY, family=Literal(pair.two.family))
    one, two = en.SIDES[pair.one.origin], en.SIDES_SMALL[pair.two.origin]
    return fill(en.PAIR, one=one, two=two)


def _bar(pair: Comparison) -> Bar:
    if pair.so_far is None:
        return Bar(_pair(pair), 0, 100, (Plain(en.PAIR_NEVER),))
    share, low, high = map(hundred, (pair.so_far.share, pair.so_far.low, pair.so_far.high))
    value = words(en.PAIR_SHARE, share=share, low=low, high=high)
    if pair.sure is not None:
        least, most = hundred(pair.sure.low), hundred(pair.sure.high)
        value = words(en.PAIR_SURE, share=share, low=low, high=high, least=least, most=most)
    return Bar(_pair(pair), share, 100, (Plain(value),))


def _missing(pair: Comparison) -> Line:
    ones, twos, challenges, voters = pair.evidence.missing
    what = [
        words(en.MISSING_ENTRIES, count=count, side=en.SIDES_SMALL[side.origin])
        for count, side in ((ones, pair.one), (twos, pair.two))
        if count
    ]
    if challenges:
        what.append(_count(challenges, *en.MISSING_CHALLENGES))
    sides = words(
        en.PAIR_SMALL, one=en.SIDES_SMALL[pair.one.origin], two=en.SIDES_SMALL[pair.two.origin]
    )
    if voters:
        what.append(_count(voters, *en.MISSING_VOTERS))
    return fill(en.MISSING, pair=sides, what=en.listed(what))


def _guessed(told: Told) -> str:
    guessed = told.guessed
    assert guessed is not None
    right, chance, low, high = map(
        hundred, (guessed.right, guessed.chance, guessed.low, guessed.high)
    )
    tells = en.GUESSED_TELLS if guessed.odds < _RARELY else en.GUESSED_CANT
    return words(en.VERDICT_GUESSED, right=right, chance=chance, low=low, high=high, told=tells)


_RARELY = 0.05  # how often chance may get as many right, for people to be said to tell


def _challenges(count: int) -> str:
    return _count(count, en.CHALLENGES_ONE, en.CHALLENGES_MANY)


def _count(count: int, one: str, many: str) -> str:
    return one if count == 1 else words(many, count=count)


def _ways() -> Buttons:
    return Buttons((Button(encode(Action("podiums")), en.RESULTS_HALL, "challenge hall"),))
