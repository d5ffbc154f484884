"""Themes that members proposed, to vote for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import Action, encode
from bot.cards import (
    Block,
    Button,
    Buttons,
    Card,
    CommandRef,
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

PAGE = 10  # themes of a card, each with a button
_ROW = 5


@dataclass(frozen=True, slots=True)
class Listed:
    """The proposed themes, for a reader. `had` are those that are passed over, since they are close
    to one of the latest; `named`: the last winner has named the next.
    """

    proposals: Sequence[Proposal]
    reader: int = 0
    had: frozenset[str] = frozenset()
    named: bool = False
    organiser: bool = False


def themes_card(listed: Listed, page: int = 1, *, at: str = "", done: Line = ()) -> Card:
    """A page of the themes by votes, the most first: the one on which the theme `at` is, where that
    is given.
    """
    blocks: list[Block] = [Heading((Plain(en.THEMES_HEADING),))]
    if done:
        blocks.append(Paragraph(done))
    if listed.named:
        blocks.append(Note((Plain(en.THEMES_NAMED),)))
    ordered = sorted(listed.proposals, key=lambda each: (-len(each.votes), int(each.id)))
    pages = max(1, -(-len(ordered) // PAGE))
    page = next((n // PAGE + 1 for n, e in enumerate(ordered) if e.id == at), min(page, pages))
    shown = ordered[(page - 1) * PAGE : page * PAGE]
    blocks += [Paragraph(_row(each, listed)) for each in shown]
    if not shown:
        blocks.append(Paragraph((Plain(en.THEMES_NONE),)))
    buttons = [_button(each, listed.reader) for each in shown]
    own = [_withdraw(each) for each in shown if listed.reader and each.member == listed.reader]
    for row in (buttons[:_ROW], buttons[_ROW:], own[:_ROW], [_propose(), *_turns(page, pages)]):
        if row:
            blocks.append(Buttons(tuple(row)))
    blocks.append(Note((Plain(en.THEMES_HOW),)))
    if listed.organiser and shown:
        command = CommandRef("muse-admin challenge-unlist …")
        blocks.append(Note(fill(en.THEMES_REMOVE, command=command)))
    return Card(tuple(blocks), "".join(_said(span) for span in done) or en.THEMES_HEADING)


def _row(proposal: Proposal, listed: Listed) -> Line:
    marks = f" · {en.THEME_YOURS}" if listed.reader in proposal.votes else ""
    if proposal.id in listed.had:
        marks += f" · {en.THEME_PASSED_OVER}"
    return fill(
        en.THEME_ROW,
        number=proposal.id,
        theme=Literal(proposal.theme),
        votes=count_votes(len(proposal.votes)) + marks,
    )


def _turns(page: int, pages: int) -> list[Button]:
    return [
        Button(encode(Action("themesat", entry=to)), label, f"challenge themes {to}")
        for to, label in ((page - 1, en.PREVIOUS), (page + 1, en.NEXT))
        if 1 <= to <= pages
    ]


def _withdraw(proposal: Proposal) -> Button:
    return Button(
        encode(Action("unpropose", argument=proposal.id)),
        words(en.THEME_WITHDRAW, number=proposal.id),
        typed=f"challenge unpropose {proposal.id}",
    )


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
