"""How the challenge stands, for one member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    CommandRef,
    Heading,
    Literal,
    Note,
    Paragraph,
    Plain,
    When,
)
from bot.challenge import Challenge, ChallengeState
from bot.present.challenges.announcements import (
    enter_button,
    themes_button,
    title_line,
    vote_button,
)
from bot.present.challenges.contributing import remind_button
from bot.present.lines import fill
from bot.wording import en


@dataclass(frozen=True, slots=True)
class Seen:
    """What one member sees of the latest challenge, and when the next begins."""

    challenge: Challenge | None
    next: datetime | None
    entered: bool = False
    reminded: bool = False
    organiser: bool = False


def status_card(seen: Seen) -> Card:
    """How it stands, and what there is to do."""
    challenge = seen.challenge
    blocks: list[Block] = [Heading((Plain(en.STATUS_HEADING),))]
    ways: list[Button] = []
    if challenge is None:
        blocks.append(Paragraph((Plain(en.STATUS_NEVER),)))
    else:
        blocks.append(Paragraph(title_line(challenge)))
        if not challenge.theme and challenge.taking_entries:
            gone = en.THEME_GONE_ORGANISERS if seen.organiser else en.THEME_GONE
            blocks.append(Paragraph((Plain(gone),)))
        said, ways = _stage(challenge, seen)
        blocks += said
    running = challenge is not None and challenge.running
    if seen.next is not None:
        blocks.append(Note(fill(en.STATUS_NEXT, next=When(seen.next))))
    elif not running:
        blocks.append(Note((Plain(en.STATUS_NO_NEXT),)))
    ways += [
        themes_button(),
        Button(encode(Action("verdict")), en.STATUS_VERDICT, "challenge verdict"),
    ]
    blocks.append(Buttons(tuple(ways)))
    if seen.organiser:
        blocks.append(Buttons(tuple(_organisers(challenge))))
        if running:
            blocks.append(
                Note(
                    fill(
                        en.STATUS_ORGANISERS,
                        extend=CommandRef("muse-admin challenge-extend"),
                        cancel=CommandRef("muse-admin challenge-cancel …"),
                    )
                )
            )
    return Card(tuple(blocks), en.STATUS_HEADING)


def _stage(challenge: Challenge, seen: Seen) -> tuple[list[Block], list[Button]]:
    match challenge.state:
        case ChallengeState.OPEN:
            line = Paragraph(fill(en.STATUS_OPEN, deadline=When(challenge.deadline)))
            own = Note((Plain(en.STATUS_ENTERED if seen.entered else en.STATUS_NOT_ENTERED),))
            ways = [enter_button(challenge)]
            if not seen.entered:
                ways.append(remind_button(challenge, reminded=seen.reminded))
            return [line, own], ways
        case ChallengeState.VOTING:
            line = Paragraph(fill(en.STATUS_VOTING, closes=When(challenge.closes)))
            return [line], [vote_button(challenge)]
        case ChallengeState.CANCELLED:
            return [Paragraph(fill(en.CHALLENGE_OFF, why=Literal(challenge.why)))], []
        case ChallengeState.CLOSED:
            text = en.STATUS_CLOSED if challenge.counted else en.STATUS_COUNTING
            results = Button(
                encode(Action("resultsof", challenge.community, challenge.id)),
                en.STATUS_RESULTS,
                "challenge results",
            )
            return [Paragraph((Plain(text),))], [results] if challenge.counted else []


def _organisers(challenge: Challenge | None) -> list[Button]:
    ways = [
        Button(
            encode(Action("plan", argument="plan.when")),
            en.STATUS_SETUP,
            typed="muse-admin challenge-setup",
        )
    ]
    if challenge is None or not challenge.running:
        ways.append(
            Button(
                encode(Action("tryplan", argument="example")),
                en.PLAN_EXAMPLE,
                typed="muse-admin challenge-example",
            )
        )
    return ways
