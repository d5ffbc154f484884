"""The ballot: two entries to choose between, and what comes once it is done. Never a count of
anybody's picks but the reader's own, and nothing of an entry but its text.
"""

from __future__ import annotations

from bot.actions import Action, encode
from bot.ballot import OwnBallot
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Line,
    Literal,
    Note,
    Option,
    Paragraph,
    Plain,
    Select,
    Strong,
    Style,
    When,
)
from bot.challenge import Challenge, ChallengeState, Offered, Side
from bot.challenge_requests import ChallengeRef
from bot.models import Facet, Origin
from bot.present.lines import excerpt, fill, joined, words
from bot.present.receipts import said
from bot.wording import en

LABEL = 60  # characters of a piece, to know it by
MOST_OPTIONS = 25  # of a select, on every platform


def ballot_card(ballot: OwnBallot, note: str = "") -> Card:
    """The two entries that stand; or that the ballot is done, and what is asked then."""
    if ballot.offer is None:
        return _done(ballot, note)
    ref, offer = ballot.ref, ballot.offer
    blocks: list[Block] = [
        Heading((Plain(en.BALLOT_HEADING),)),
        Paragraph(_progress(ballot, offer)),
    ]
    if note:
        blocks.append(Paragraph((Strong(note),)))
    report = Button(_id("flag", ref, offer.number), en.BALLOT_REPORT, typed="challenge flag left …")
    # The one's button stands between the two, so that it is plain where the one ends.
    blocks += [
        _entry(en.BALLOT_LEFT, ballot.pool[offer.left].text),
        Buttons((_pick(ref, offer, Side.LEFT, en.BALLOT_LEFT, Style.MAIN),)),
        _entry(en.BALLOT_RIGHT, ballot.pool[offer.right].text),
        Buttons(
            (
                _pick(ref, offer, Side.RIGHT, en.BALLOT_RIGHT, Style.MAIN),
                _pick(ref, offer, Side.BOTH, en.BALLOT_BOTH),
                _pick(ref, offer, Side.SKIP, en.BALLOT_SKIP),
                report,
            )
        ),
    ]
    blocks += _undo(ballot)
    blocks.append(Note((Plain(en.BALLOT_HOW),)))
    return Card(tuple(blocks), note or en.BALLOT_HEADING)


def report_card(ballot: OwnBallot, number: int, pair: tuple[str, str]) -> Card:
    """Which of the two is to be reported, with both in front of the reader."""
    ref = ballot.ref
    left = Button(
        _id("flag", ref, number, Side.LEFT),
        en.BALLOT_REPORT_LEFT,
        typed="challenge flag left",
        style=Style.DANGER,
    )
    right = Button(
        _id("flag", ref, number, Side.RIGHT),
        en.BALLOT_REPORT_RIGHT,
        typed="challenge flag right",
        style=Style.DANGER,
    )
    back = Button(_id("pair", ref), en.BALLOT_REPORT_BACK, typed="challenge vote")
    return Card(
        (
            Heading((Plain(en.BALLOT_REPORT_HEADING),)),
            _entry(en.BALLOT_LEFT, ballot.pool[pair[0]].text),
            Buttons((left,)),
            _entry(en.BALLOT_RIGHT, ballot.pool[pair[1]].text),
            Buttons((right, back)),
            Note((Plain(en.BALLOT_REPORT_HOW),)),
        ),
        en.BALLOT_REPORT_HEADING,
    )


def not_voting_card(challenge: Challenge) -> Card:
    """Why no pick is taken now."""
    match challenge.state:
        case ChallengeState.OPEN:
            line = fill(en.VOTING_NOT_YET, when=When(challenge.deadline))
            return Card((Paragraph(line),), en.VOTING_WAITS)
        case ChallengeState.CANCELLED:
            return said(en.VOTING_CANCELLED)
    line = (Plain(en.VOTING_OVER_UNTHEMED),)
    if challenge.theme:
        line = fill(en.VOTING_OVER, theme=Literal(challenge.theme))
    action = encode(Action("resultsof", challenge.community, challenge.id))
    results = Button(action, en.SEE_RESULTS, typed="challenge results")
    return Card((Paragraph(line), Buttons((results,))), en.VOTING_OVER_UNTHEMED)


def _done(ballot: OwnBallot, note: str) -> Card:
    when = When(ballot.challenge.closes)
    if ballot.picked > 1:
        line = fill(en.BALLOT_DONE, count=ballot.picked, when=when)
    else:
        line = fill(en.BALLOT_DONE_ONE if ballot.picked else en.BALLOT_DONE_NONE, when=when)
    blocks: list[Block] = [Heading((Plain(en.BALLOT_DONE_HEADING),))]
    if note:
        blocks.append(Paragraph((Strong(note),)))
    blocks.append(Paragraph(line))
    if ballot.more_to_have:
        more = Button(_id("more", ballot.ref), en.BALLOT_MORE, "challenge more", Style.MAIN)
        blocks.append(Buttons((more,)))
    else:
        blocks.append(Note((Plain(en.BALLOT_ALL if ballot.picks else en.BALLOT_NO_PAIRS),)))
    blocks += _undo(ballot)
    blocks += _questions(ballot)
    return Card(tuple(blocks), note or en.BALLOT_DONE_HEADING)


def _questions(ballot: OwnBallot) -> list[Block]:
    """What is asked once a ballot is done; every question may be left."""
    if not ballot.asked:
        return []
    number = ballot.to_guess
    if number:
        alias = ballot.asked[number - 1]
        ask = words(en.GUESS_ASK, number=number, count=len(ballot.asked))
        answers = (
            (Origin.HUMAN, en.GUESS_PERSON, "person"),
            (Origin.AI, en.GUESS_AI, "ai"),
            (Origin.TOGETHER, en.GUESS_TOGETHER, "together"),
            (None, en.GUESS_PASS, "skip"),
        )
        return [
            _entry(ask, ballot.pool[alias].text),
            Buttons(
                tuple(
                    Button(
                        _id("guess", ballot.ref, number, origin or ""),
                        label,
                        words("challenge guess {word} {number}", word=word, number=number),
                    )
                    for origin, label, word in answers
                )
            ),
        ]
    options = _praisable(ballot)
    if not options:
        return []
    chosen = {praise.facet: praise.alias for praise in ballot.praises}
    blocks: list[Block] = [Paragraph((Plain(f"{en.GUESSES_DONE} {en.PRAISE_ASK}"),))]
    for facet in Facet:
        place = {alias: str(number) for number, alias in enumerate(ballot.seen, 1)}
        standing = place.get(chosen.get(facet, ""), "")
        blocks.append(
            Select(
                _id("praise", ballot.ref, 0, facet),
                en.PRAISE[facet],
                options,
                (standing,) if standing in [each.value for each in options] else (),
                typed=words("challenge praise {facet} …", facet=facet),
            )
        )
    return blocks


def _praisable(ballot: OwnBallot) -> tuple[Option, ...]:
    """The pieces that the member was shown, those first that they picked."""
    liked: set[str] = set()
    for pick in ballot.picks:
        if pick.side in (Side.LEFT, Side.BOTH):
            liked.add(pick.left)
        if pick.side in (Side.RIGHT, Side.BOTH):
            liked.add(pick.right)
    seen = [
        (number, alias)
        for number, alias in enumerate(ballot.seen, 1)
        if alias in ballot.pool and ballot.pool[alias].standing
    ]
    seen.sort(key=lambda each: (each[1] not in liked, each[0]))
    return tuple(
        Option(
            str(number),
            words(en.PRAISE_OPTION, number=number, text=excerpt(ballot.pool[alias].text, LABEL)),
        )
        for number, alias in seen[:MOST_OPTIONS]
    )


def _progress(ballot: OwnBallot, offer: Offered) -> Line:
    theme, number, quota = ballot.challenge.theme, offer.number, ballot.most
    if not theme:
        return fill(en.BALLOT_PROGRESS_UNTHEMED, number=number, quota=quota)
    return fill(en.BALLOT_PROGRESS, theme=Literal(theme), number=number, quota=quota)


def _entry(label: str, text: str) -> Paragraph:
    return Paragraph(joined([(Strong(label),), (Literal(text),)]))


def _undo(ballot: OwnBallot) -> list[Block]:
    last = ballot.last
    if last is None:
        return []
    action = _id("unpick", ballot.ref, last.number)
    return [Buttons((Button(action, en.BALLOT_UNDO, typed="challenge unpick"),))]


def _pick(
    ref: ChallengeRef, offer: Offered, side: Side, label: str, style: Style = Style.PLAIN
) -> Button:
    typed = words("challenge pick {side}", side=side)
    return Button(_id("pick", ref, offer.number, side), label, typed, style)


def _id(verb: str, ref: ChallengeRef, number: int = 0, argument: str = "") -> str:
    return encode(Action(verb, ref.community, ref.challenge, number, argument))
