"""A member's own entry of a challenge: the form, how voters will see it, the reminder."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Field,
    FieldKind,
    FormCard,
    Heading,
    Literal,
    Note,
    Option,
    Paragraph,
    Piece,
    Plain,
    Strong,
    Style,
    When,
)
from bot.challenge import Challenge, Contribution, Declared
from bot.challenge_requests import ChallengeRef
from bot.present.lines import fill, themed, words
from bot.wording import en

ROOM = 4  # a form takes so many times the longest entry, since mark-up is taken away
_FORM_MOST = 4000


@dataclass(frozen=True, slots=True)
class Band:
    """How long an entry may be, in characters."""

    least: int
    most: int

    @property
    def line(self) -> str:
        """The same in words."""
        return words(en.ENTRY_BAND, least=self.least, most=self.most)


def entry_form(ref: ChallengeRef, entry: Contribution | None, band: Band) -> FormCard:
    """The form for one's entry, with what stands filled in."""
    text = Field(
        "text",
        en.FORM_CHALLENGE_TEXT,
        max_length=min(_FORM_MOST, ROOM * band.most),
        value=entry.text if entry else "",
        hint=band.line,
    )
    how = Field(
        "how",
        en.FORM_CHALLENGE_HOW,
        FieldKind.SELECT,
        value=(entry.declared if entry else Declared.MINE).value,
        options=tuple(Option(each.value, en.DECLARED[each.value]) for each in Declared),
    )
    action = encode(Action("enter", ref.community, ref.challenge))
    return FormCard(en.FORM_CHALLENGE, action, (text, how), en.FORM_CHALLENGE_SUBMIT)


def entry_card(
    challenge: Challenge,
    entry: Contribution | None,
    band: Band,
    *,
    reminded: bool,
    done: str = "",
) -> Card:
    """What a member has put in, as voters will see it, and what they can do with it."""
    blocks: list[Block] = []
    if done:
        blocks.append(Paragraph((Strong(done),)))
    if challenge.theme:
        blocks.append(Paragraph(fill(en.ENTRY_THEME, theme=Literal(challenge.theme))))
    else:
        blocks.append(Paragraph((Plain(en.THEME_GONE),)))
    if entry is None:
        blocks.append(Paragraph(fill(en.ENTRY_NONE, band=band.line)))
    else:
        blocks.append(Note((Plain(en.ENTRY_PREVIEW),)))
        blocks.append(Piece(1, entry.text, (Plain(en.DECLARED_SHORT[entry.declared.value]),)))
    blocks.append(Note(fill(en.ENTRY_UNTIL, deadline=When(challenge.deadline))))
    blocks.append(Note((Plain(en.ENTRY_COUNTS),)))
    blocks.append(Buttons(tuple(_ways(challenge, entry, reminded=reminded))))
    return Card(tuple(blocks), done or en.ENTRY_SUMMARY)


def _ways(challenge: Challenge, entry: Contribution | None, *, reminded: bool) -> list[Button]:
    community, ident = challenge.community, challenge.id
    label = en.ENTRY_EDIT if entry else en.ENTRY_WRITE
    ways = [
        Button(
            encode(Action("contribute", community, ident)),
            label,
            typed="challenge enter …",
            style=Style.PLAIN if entry else Style.MAIN,
        )
    ]
    if entry:
        ways.append(
            Button(
                encode(Action("takeback", community, ident)),
                en.PRESS_TAKE_BACK,
                typed="challenge takeback",
                style=Style.DANGER,
            )
        )
    else:
        ways.append(remind_button(challenge, reminded=reminded))
    return ways


def remind_button(challenge: Challenge, *, reminded: bool) -> Button:
    """Be reminded, or no more."""
    argument = "off" if reminded else "on"
    return Button(
        encode(Action("remind", challenge.community, challenge.id, argument=argument)),
        en.REMIND_OFF if reminded else en.REMIND_ON,
        typed="challenge remind off" if reminded else "challenge remind",
    )


def reminder_card(challenge: Challenge) -> Card:
    """What is said in private to who wanted to be reminded."""
    write = Button(
        encode(Action("contribute", challenge.community, challenge.id)),
        en.ENTRY_WRITE,
        typed="challenge enter …",
        style=Style.MAIN,
    )
    return Card(
        (
            Heading((Plain(en.REMINDER_HEADING),)),
            Paragraph(
                fill(
                    en.REMINDER,
                    theme=themed(challenge.theme),
                    deadline=When(challenge.deadline),
                )
            ),
            Buttons((write,)),
            Note((Plain(en.REMINDER_WHY),)),
        ),
        en.REMINDER_HEADING,
    )
