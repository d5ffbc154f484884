"""Themes that members proposed, to vote for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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
    Line,
    Literal,
    Note,
    Paragraph,
    Plain,
    Span,
    Strong,
    Style,
)
from bot.challenge import Proposal
from bot.present.lines import count_votes, fill, words
from bot.requests import Blank
from bot.wording import en

MOST_SHOWN = 20  # themes of a card
MOST_BUTTONS = 10  # those that can be voted for by pressing
_ROW = 5


def themes_card(
    proposals: Sequence[Proposal],
    reader: int,
    *,
    named: bool,
    had: Collection[str] = (),
    done: Line = (),
) -> Card:
    """The themes by votes, the most first. `named`: the last winner has named the next. `had`:
    those that are passed over, since they are close to one of the latest.
    """
    blocks: list[Block] = [Heading((Plain(en.THEMES_HEADING),))]
    if done:
        blocks.append(Paragraph(done))
    if named:
        blocks.append(Note((Plain(en.THEMES_NAMED),)))
    ordered = sorted(proposals, key=lambda each: (-len(each.votes), int(each.id)))
    for each in ordered[:MOST_SHOWN]:
        marks = f" · {en.THEME_YOURS}" if reader in each.votes else ""
        if each.id in had:
            marks += f" · {en.THEME_PASSED_OVER}"
        blocks.append(
            Paragraph(
                fill(
                    en.THEME_ROW,
                    number=each.id,
                    theme=Literal(each.theme),
                    votes=count_votes(len(each.votes)) + marks,
                )
            )
        )
    if not proposals:
        blocks.append(Paragraph((Plain(en.THEMES_NONE),)))
    elif len(ordered) > MOST_SHOWN:
        more = len(ordered) - MOST_SHOWN
        blocks.append(Note((Plain(words(en.THEMES_MORE, count=more)),)))
    buttons = [_button(each, reader) for each in ordered[:MOST_BUTTONS]]
    blocks += [
        Buttons(tuple(buttons[start : start + _ROW])) for start in range(0, len(buttons), _ROW)
    ]
    blocks.append(Buttons((_propose(),)))
    blocks.append(Note((Plain(en.THEMES_HOW),)))
    return Card(tuple(blocks), "".join(_said(span) for span in done) or en.THEMES_HEADING)


def _said(span: Span) -> str:
    return span.text if isinstance(span, Plain | Strong | Literal) else ""


def _button(proposal: Proposal, reader: int) -> Button:
    voted = reader in proposal.votes
    verb = "untheme" if voted else "theme"
    typed = f"challenge upvote {proposal.id}" + (" --off" if voted else "")
    return Button(
        encode(Action(verb, argument=proposal.id)),
        words(en.THEME_VOTE, number=proposal.id),
        typed=typed,
        style=Style.MAIN if voted else Style.PLAIN,
    )


def _propose() -> Button:
    action = encode(Action("compose", argument=Blank.THEME))
    return Button(action, en.THEME_PROPOSE, typed="challenge propose …")


def theme_form(limit: int) -> FormCard:
    """The form for a theme that one proposes."""
    text = Field("text", en.FORM_THEME, FieldKind.LINE, max_length=limit, hint=en.FORM_THEME_HINT)
    return FormCard(en.THEME_PROPOSE, encode(Action("propose")), (text,), en.FORM_THEME_SUBMIT)
