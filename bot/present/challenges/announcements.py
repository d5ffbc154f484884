"""What is announced of a challenge before its results. Nothing here tells who takes part."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    CommandRef,
    Heading,
    Line,
    Literal,
    Note,
    Paragraph,
    Plain,
    Style,
    When,
)
from bot.challenge import Challenge
from bot.present.challenges.contributing import Band
from bot.present.lines import excerpt, fill, words
from bot.wording import en

_WHOLE = 64  # characters of a seal
_SHORT = 32  # and of one where there are many
_ROOM = 2_600  # characters that seals may take of an announcement
_EACH = 24  # seals in a paragraph
TITLE = 90  # characters that platforms have for a title


def opened_card(challenge: Challenge, band: Band, *, ai: bool) -> Card:
    """A challenge is open for entries; once it is not any more, the same without a button."""
    blocks: list[Block] = [Heading(title_line(challenge))]
    if challenge.taking_entries and not challenge.theme:
        blocks.append(Paragraph((Plain(en.THEME_GONE),)))
    if challenge.example:
        blocks.append(Note((Plain(en.CHALLENGE_IS_EXAMPLE),)))
    if challenge.taking_entries:
        blocks.append(
            Paragraph(fill(en.CHALLENGE_OPENED, deadline=When(challenge.deadline), band=band.line))
        )
        blocks.append(Paragraph((Plain(en.CHALLENGE_BLIND),)))
    else:
        blocks.append(Paragraph((Plain(en.CHALLENGE_CLOSED_TO_ENTRIES),)))
    if ai:
        blocks.append(Note((Plain(en.CHALLENGE_AI),)))
    if challenge.taking_entries:
        blocks.append(Buttons((enter_button(challenge), themes_button())))
        blocks.append(Note(fill(en.CHALLENGE_HOW, status=CommandRef("challenge status"))))
    return Card(tuple(blocks), words(en.CHALLENGE_OPENED_SUMMARY, theme=_named(challenge)))


def extended_card(challenge: Challenge) -> Card:
    """A quiet week gets more time."""
    return _short(
        challenge,
        fill(en.CHALLENGE_EXTENDED, deadline=When(challenge.deadline)),
        en.CHALLENGE_EXTENDED_SUMMARY,
        enter_button(challenge),
    )


def longer_card(challenge: Challenge) -> Card:
    """An organiser gave it more time."""
    if challenge.taking_entries:
        line = fill(en.CHALLENGE_MORE_OPEN, deadline=When(challenge.deadline))
        return _short(challenge, line, en.CHALLENGE_LONGER_SUMMARY, enter_button(challenge))
    line = fill(en.CHALLENGE_MORE_VOTING, closes=When(challenge.closes))
    return _short(challenge, line, en.CHALLENGE_LONGER_SUMMARY, vote_button(challenge))


def voting_card(challenge: Challenge, seals: Sequence[str], root: str) -> Card:
    """Voting is open; each entry's seal is published, in the order of the seals themselves. Where
    that is too much for a card it says what is left out, the `root` that stands for all of them,
    and where they are.
    """
    blocks: list[Block] = [
        Heading(title_line(challenge)),
        Paragraph(fill(en.CHALLENGE_VOTING, closes=When(challenge.closes))),
        Paragraph((Plain(en.CHALLENGE_VOTING_HOW),)),
        Buttons((vote_button(challenge),)),
        Note((Plain(en.CHALLENGE_SEALS),)),
    ]
    length = _WHOLE if len(seals) * (_WHOLE + 1) <= _ROOM else _SHORT
    most = _ROOM // (length + 1)
    shown = sorted(seals)[:most]
    for start in range(0, len(shown), _EACH):
        rows = "\n".join(seal[:length] for seal in shown[start : start + _EACH])
        blocks.append(Note((Plain(rows),)))
    if len(seals) > most or length < _WHOLE:
        left_out = en.CHALLENGE_SEALS_HALVED
        if len(seals) > most:
            left_out = words(en.CHALLENGE_SEALS_CUT, shown=len(shown), count=len(seals))
        blocks.append(Note((Plain(left_out),)))
        command = CommandRef("challenge export commitments")
        blocks.append(Note(fill(en.CHALLENGE_SEALS_WHOLE, command=command, root=root)))
    return Card(tuple(blocks), words(en.CHALLENGE_VOTING_SUMMARY, theme=_named(challenge)))


def cancelled_card(challenge: Challenge) -> Card:
    """It is off, and why."""
    line = fill(en.CHALLENGE_OFF, why=Literal(challenge.why))
    return _short(challenge, line, en.CHALLENGE_OFF_SUMMARY)


def calendar_title(challenge: Challenge) -> str:
    """What a platform's calendar calls it."""
    return words(en.CHALLENGE_EVENT, theme=excerpt(_named(challenge), TITLE - 20))


def talk_title(challenge: Challenge) -> str:
    """What the thread for talk about the results is called."""
    return words(en.CHALLENGE_THREAD, theme=excerpt(_named(challenge), TITLE - 20))


def enter_button(challenge: Challenge) -> Button:
    """To the form for an entry."""
    return Button(
        encode(Action("contribute", challenge.community, challenge.id)),
        en.CHALLENGE_ENTER,
        typed="challenge enter …",
        style=Style.MAIN,
    )


def vote_button(challenge: Challenge) -> Button:
    """To the ballot."""
    return Button(
        encode(Action("ballot", challenge.community, challenge.id)),
        en.CHALLENGE_VOTE,
        typed="challenge vote",
        style=Style.MAIN,
    )


def themes_button() -> Button:
    """To the themes that are proposed."""
    return Button(encode(Action("themes")), en.CHALLENGE_THEMES, typed="challenge propose …")


def _named(challenge: Challenge) -> str:
    return challenge.theme or words(en.UNTHEMED, number=challenge.number)


def title_line(challenge: Challenge) -> Line:
    """Its number, and its theme where it has one."""
    if not challenge.theme:
        return fill(en.CHALLENGE_TITLE_UNTHEMED, number=challenge.number)
    return fill(en.CHALLENGE_TITLE, number=challenge.number, theme=Literal(challenge.theme))


def _short(challenge: Challenge, line: Line, summary: str, *ways: Button) -> Card:
    blocks: list[Block] = [Heading(title_line(challenge)), Paragraph(line)]
    if ways:
        blocks.append(Buttons(ways))
    return Card(tuple(blocks), summary)
