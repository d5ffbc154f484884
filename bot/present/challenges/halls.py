"""What stays of challenges: every podium. And files to take along."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import Action, encode
from bot.cards import (
    Attachment,
    Block,
    Button,
    Buttons,
    Card,
    Heading,
    Line,
    Note,
    Paragraph,
    Plain,
    Strong,
    When,
)
from bot.challenge import Challenge
from bot.challenge_results import Closed
from bot.present.challenges.makers import hundred, named, theme_of
from bot.present.lines import fill, joined, person, words
from bot.wording import en

_PODIUM = 5  # pieces of one podium


def hall_card(podiums: Sequence[Closed], page: int, *, more: bool) -> Card:
    """Every podium, the latest first."""
    blocks: list[Block] = [Heading((Plain(en.HALL_HEADING),))]
    if not podiums and page == 1:
        blocks.append(Paragraph((Plain(en.HALL_EMPTY),)))
    for closed in podiums:
        challenge = closed.challenge
        title = fill(
            en.HALL_CHALLENGE,
            number=challenge.number,
            theme=theme_of(closed),
            when=When(challenge.closed or challenge.closes),
        )
        lines: list[Line] = [title]
        lines += [
            fill(en.HALL_ROW, place=en.ordinal(each.place), piece=named(closed, each.alias))
            for each in closed.counted.podium[:_PODIUM]
        ]
        if not closed.counted.podium:
            lines.append((Plain(en.HALL_NONE),))
        blocks.append(Paragraph(joined(lines)))
    turns = [
        Button(encode(Action("podiumsat", entry=to)), label, f"challenge hall {to}")
        for to, label, there in (
            (page - 1, en.PREVIOUS, page > 1),
            (page + 1, en.NEXT, more),
        )
        if there
    ]
    if turns:
        blocks.append(Buttons(tuple(turns)))
    return Card(tuple(blocks), en.HALL_HEADING)


_ABOUT = {
    "html": en.FILE_HTML,
    "csv": en.FILE_CSV,
    "jsonl": en.FILE_JSONL,
    "commitments": en.FILE_SEALS,
}
#: The kinds of files, each with its name's ending and its media type.
KINDS = {
    "html": ("html", "text/html"),
    "csv": ("csv", "text/csv"),
    "jsonl": ("jsonl", "application/jsonl"),
    "commitments": ("json", "application/json"),
}


def file_card(closed: Closed, kind: str, text: str) -> Card:
    """A file of the results, with what it is, and the other kinds."""
    challenge = closed.challenge
    ending, mime = KINDS[kind]
    name = words(en.FILE_NAME, number=challenge.number)
    if kind == "commitments":
        name += "-seals"
    others = [
        Button(
            encode(Action("resultfile", challenge.community, challenge.id, argument=other)),
            other,
            f"challenge export {other}",
        )
        for other in KINDS
        if other != kind
    ]
    about = _ABOUT[kind]
    return Card(
        (Paragraph((Plain(about),)), Buttons(tuple(others))),
        about,
        file=Attachment(f"{name}.{ending}", mime, text),
    )


def published_card(challenge: Challenge, text: str) -> Card:
    """The seals as a file, while people vote."""
    name = words(en.FILE_NAME, number=challenge.number)
    ending, mime = KINDS["commitments"]
    about = en.FILE_PUBLISHED
    file = Attachment(f"{name}-seals-published.{ending}", mime, text)
    return Card((Paragraph((Plain(about),)),), about, file=file)


def unlike_card(closed: Closed) -> Card:
    """For organisers: voters whose picks are unlike the rest's, and how little that proves."""
    counted = closed.counted
    title = fill(en.UNLIKE_HEADING, theme=theme_of(closed))
    blocks: list[Block] = [Heading(title)]
    if not counted.unlike:
        blocks.append(Paragraph((Plain(en.UNLIKE_NONE),)))
        return Card(tuple(blocks), en.UNLIKE_NONE)
    rows = [
        fill(
            en.UNLIKE_ROW,
            who=person(closed.people.get(each.member)),
            picks=each.picks,
            rate=hundred(each.own_taste),
        )
        for each in counted.unlike
    ]
    said = en.UNLIKE_CHANGES if counted.podium_changes else en.UNLIKE_SAME
    blocks += [
        Paragraph(joined(rows)),
        Paragraph((Strong(said),)),
        Note((Plain(en.UNLIKE_MEANS),)),
    ]
    return Card(tuple(blocks), en.UNLIKE_MEANS)
