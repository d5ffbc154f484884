"""What organisers see of words and reports, and what authors are told of their decisions."""

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
    Option,
    Paragraph,
    Plain,
    Select,
    Strong,
    Style,
)
from bot.challenge_requests import ChallengeRef
from bot.challenge_results import ResultNote
from bot.community_requests import DeleteRound
from bot.grammar import write
from bot.listings import Notice, Reported, ReportedContender
from bot.models import Round, RoundRef, View
from bot.present.challenges.own import result_note
from bot.present.lines import excerpt, fill, joined, naming, quote, words
from bot.requests import Blank
from bot.wording import en

MOST_OPTIONS = 25  # of a select, on every platform
MOST_REASONS = 3
LABEL = 60  # characters of a piece, to know it by


def words_card(listed: Sequence[str], done: str = "") -> Card:
    """The words that no text may hold, to organisers."""
    blocks: list[Block] = [Heading((Plain(en.WORDS_HEADING),))]
    if done:
        blocks.append(Paragraph((Strong(done),)))
    if listed:
        blocks.append(Paragraph(joined([(Literal(word),) for word in listed], ", ")))
    else:
        blocks.append(Paragraph((Plain(en.WORDS_NONE),)))
    blocks.append(Note(naming(en.WORDS_HOW)))
    return Card(tuple(blocks), done or en.WORDS_HEADING)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One reported entry; `few`: mostly the same few people report its author.

    `here`: its round is the latest here, so that a typed number means it.
    """

    ref: RoundRef
    reported: Reported
    few: bool
    here: bool = False


@dataclass(frozen=True, slots=True)
class ContenderRow:
    """One reported entry of a challenge: alias and text, and no more."""

    ref: ChallengeRef
    reported: ReportedContender


def reports_card(
    rows: Sequence[QueueRow | ContenderRow], page: int, *, more: bool, done: str = ""
) -> Card:
    """What waits for a decision: texts and counts, never who wrote or reported them."""
    blocks: list[Block] = [Heading((Plain(en.REPORTS_HEADING),))]
    if done:
        blocks.append(Paragraph((Strong(done),)))
    if not rows:
        blocks.append(Paragraph((Plain(en.REPORTS_NONE),)))
    for row in rows:
        blocks += _queued(row) if isinstance(row, QueueRow) else _queued_contender(row)
    if rows:
        blocks.append(Note(naming(en.REPORTS_HOW)))
    turns = []
    if page > 1:
        turns.append(_to(page - 1, en.PREVIOUS))
    if more:
        turns.append(_to(page + 1, en.REPORTS_MORE))
    if turns:
        blocks.append(Buttons(tuple(turns)))
    return Card(tuple(blocks), done or en.REPORTS_HEADING)


def _queued(row: QueueRow) -> list[Block]:
    reported, ref = row.reported, row.ref
    number = reported.entry.number
    count = en.REPORTS_COUNT_ONE
    if reported.reports != 1:
        count = words(en.REPORTS_COUNT, count=reported.reports)
    facts = [words(en.REPORTS_STANDING, count=count, of=reported.of_standing)]
    if reported.entry.hidden:
        facts.append(en.REPORTS_HIDDEN)
    if row.few:
        facts.append(en.REPORTS_FEW)
    text: Line = (Strong(f"{number} "), *quote(reported.entry.text))
    where = fill(en.REPORTS_ROW, prompt=quote(excerpt(reported.prompt)))
    why = [fill(en.REASON_ROW, why=Literal(reason)) for reason in reported.reasons[:MOST_REASONS]]
    return [
        Paragraph((*text, Plain(" "), *where)),
        Note(joined([(Plain(" · ".join(facts)),), *why])),
        Buttons(
            (
                Button(
                    encode(Action("keep", ref.community, ref.round, number)),
                    words(en.KEEP, number=number),
                    typed=words("muse-admin keep {number}", number=number) if row.here else "",
                    style=Style.MAIN,
                ),
                Button(
                    encode(Action("hide", ref.community, ref.round, number)),
                    words(en.HIDE, number=number),
                    typed=words("muse-admin hide {number}", number=number) if row.here else "",
                    style=Style.DANGER,
                ),
                Button(
                    encode(Action("compose", ref.community, ref.round, number, Blank.STRIKE)),
                    words(en.STRIKE, number=number),
                    typed=words("muse-admin disqualify {number} …", number=number)
                    if row.here
                    else "",
                ),
            )
        ),
    ]


def _queued_contender(row: ContenderRow) -> list[Block]:
    alias, ref = row.reported.alias, row.ref
    where = [words(en.CONTENDER_ROW, alias=alias)]
    if row.reported.hidden:
        where.append(en.CONTENDER_HIDDEN)
    return [
        Paragraph(quote(row.reported.text)),
        Note((Plain(" · ".join(where)),)),
        Buttons(
            (
                _decide(ref, "keep", alias, en.CONTENDER_KEEP, Style.MAIN),
                _decide(ref, "hide", alias, en.CONTENDER_HIDE, Style.DANGER),
            )
        ),
    ]


def _decide(
    ref: ChallengeRef, decision: str, alias: str, label: str, style: Style = Style.PLAIN
) -> Button:
    action = Action("decide", ref.community, ref.challenge, argument=f"{decision}.{alias}")
    typed = words("muse-admin challenge-decide {decision} {alias}", decision=decision, alias=alias)
    return Button(encode(action), words(label, alias=alias), typed, style)


def contender_decided(ref: ChallengeRef, alias: str, done: str, *, undo: bool) -> Card:
    """What became of a decision on a challenge's entry, with the way back where there is one."""
    blocks: list[Block] = [Paragraph((Plain(done),))]
    if undo:
        blocks.append(Buttons((_decide(ref, "restore", alias, en.UNDO),)))
    return Card(tuple(blocks), done)


def strike_form(ref: RoundRef, number: int, limit: int) -> FormCard:
    """The form for why an entry is disqualified, which its author is told."""
    text = Field("text", en.FORM_STRIKE, FieldKind.LINE, max_length=limit, hint=en.FORM_STRIKE_HINT)
    action = encode(Action("strike", ref.community, ref.round, number))
    return FormCard(words(en.STRIKE_HEADING, number=number), action, (text,), en.FORM_STRIKE_SUBMIT)


def remove_card(ref: RoundRef, round_: Round, why: str) -> Card:
    """What removing a round means, before it is done."""
    prompt = excerpt(round_.prompt)
    compose = Action("compose", ref.community, ref.round, argument=Blank.REMOVE)
    yes = Button(
        encode(compose),
        en.REMOVE_YES,
        typed=write(DeleteRound(why, sure=True)),
        style=Style.DANGER,
    )
    return Card(
        (
            Heading(fill(en.REMOVE_HEADING, prompt=Literal(prompt))),
            Paragraph((Plain(en.remove_means(len(round_.standing))),)),
            Note(fill(en.REMOVE_INSTEAD, command=CommandRef("muse-admin hide 3"))),
            Buttons((yes,)),
        ),
        words(en.REMOVE_HEADING, prompt=prompt),
    )


def remove_form(ref: RoundRef, limit: int) -> FormCard:
    """The form for why a round is removed, which removes it."""
    text = Field("text", en.FORM_REMOVE, FieldKind.LINE, max_length=limit, hint=en.FORM_REMOVE_HINT)
    action = encode(Action("wipe", ref.community, ref.round))
    return FormCard(en.FORM_REMOVE_HEADING, action, (text,), en.FORM_REMOVE_SUBMIT)


def _to(page: int, label: str) -> Button:
    typed = words("muse-admin reports {page}", page=page)
    return Button(encode(Action("reports", argument=str(page))), label, typed)


def waiting() -> Note:
    """What an organiser is told, below whatever they are shown, while reports wait."""
    return Note(fill(en.REPORTS_WAIT, command=CommandRef("muse-admin reports")))


def decided(ref: RoundRef, number: int, done: str, *, undo: bool) -> Card:
    """What became of a decision, with the way back where there is one."""
    blocks: list[Block] = [Paragraph((Plain(done),))]
    if undo:
        action = encode(Action("restore", ref.community, ref.round, number))
        typed = words("muse-admin restore {number}", number=number)
        blocks.append(Buttons((Button(action, en.UNDO, typed),)))
    return Card(tuple(blocks), done)


def noticed(notices: Sequence[Notice | ResultNote]) -> list[Block]:
    """What a member is told, above whatever else they are shown."""
    return [
        Paragraph(result_note(each) if isinstance(each, ResultNote) else _noticed(each))
        for each in notices
    ]


def _noticed(notice: Notice) -> Line:
    why = quote(notice.why)
    if notice.kind == "contender":
        if not notice.prompt:
            return fill(en.CONTENDER_NOTICE_UNTHEMED, why=why)
        return fill(en.CONTENDER_NOTICE, theme=quote(excerpt(notice.prompt)), why=why)
    prompt = quote(excerpt(notice.prompt)) if notice.prompt else en.PROMPT_TAKEN_BACK
    return fill(en.NOTICE, number=notice.number, prompt=prompt, why=why)


def report_select(view: View) -> Select | None:
    """The choice of a piece to report; None where there is none but one's own."""
    round_ = view.round
    options = [
        Option(
            str(entry.number),
            words(en.REPORT_OPTION, number=entry.number, text=excerpt(entry.text, LABEL)),
        )
        for entry in round_.placed
        if entry.text and not entry.hidden and not (view.reader and entry.author == view.reader)
    ]
    if not options:
        return None
    action = encode(Action("report", round_.community, round_.id))
    return Select(action, en.REPORT, tuple(options[:MOST_OPTIONS]), typed="report …")
