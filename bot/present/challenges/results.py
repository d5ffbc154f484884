"""The results of a challenge: what is posted when it closed, and all of it in pages."""

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
    Note,
    Paragraph,
    Piece,
    Plain,
    Span,
    Strong,
    Style,
)
from bot.challenge_results import Closed, Out, Placed
from bot.models import SpaceRef
from bot.present.challenges.celebrating import FEW_GUESSES, celebrated
from bot.present.challenges.makers import figures, hundred, maker, named, place, theme_of
from bot.present.lines import count_people, excerpt, fill, joined, words
from bot.present.linking import place as place_name
from bot.wording import en

PAGE = 3  # pieces of a page, in full: the longest three fit every platform
ROOM = 1_200  # characters that the podium's texts may take on the posted card
_ROWS = 5  # of the order, after the podium
_PODIUM = 5  # pieces shown
_SPACES = 3  # of a linked community, on the posted card


def results_card(closed: Closed) -> Card:
    """What is posted when a challenge has closed and is counted, or was a quiet week."""
    if closed.challenge.quiet:
        return _quiet(closed)
    counted = closed.counted
    podium = (counted.podium or counted.order)[:_PODIUM]
    blocks: list[Block] = [Heading(_title(closed)), Paragraph(lead(closed))]
    texts = [closed.pool[each.alias].text or en.FORGOTTEN_PIECE for each in podium]
    shown = fitted(texts, ROOM)
    blocks += [
        Piece(each.place if counted.picks else number, text, place(closed, each))
        for number, (each, text) in enumerate(zip(podium, shown, strict=True), 1)
    ]
    if shown != texts:
        blocks.append(Note((Plain(en.RESULTS_SHORTENED),)))
    blocks += _cheers(closed)
    blocks += _others(closed, counted.order[len(podium) :])
    blocks += [Note(line) for line in told(closed, _SPACES)]
    made = [closed.pool[each.alias] for each in counted.first]
    if not closed.challenge.example and any(e.author and not e.muses for e in made):
        nominate = CommandRef("challenge nominate …")
        blocks.append(Note(fill(en.RESULTS_MAY_NAME, nominate=nominate)))
    blocks += _ways(closed)
    return Card(tuple(blocks), _summary(closed, podium))


def results_page(closed: Closed, page: int) -> Card:
    """A page of the whole order, with every figure, for one reader."""
    if closed.challenge.quiet:
        return _quiet(closed, page)
    order = closed.counted.order
    first = (page - 1) * PAGE
    rows = order[first : first + PAGE]
    blocks: list[Block] = [Heading(_title(closed))]
    if page == 1:
        blocks.append(Paragraph(lead(closed)))
    blocks += [
        Piece(
            each.place if closed.counted.picks else number,
            closed.pool[each.alias].text or en.FORGOTTEN_PIECE,
            figures(closed, each),
        )
        for number, each in enumerate(rows, first + 1)
    ]
    if page == 1:
        blocks += [*_cheers(closed), *(Note(line) for line in told(closed))]
        if closed.counted.picks:
            blocks.append(Note((Plain(en.RESULTS_HOW),)))
    blocks += _turns(closed, page, len(order))
    blocks += _ways(closed, whole=True)
    return Card(tuple(blocks), _text(lead(closed)))


def lead(closed: Closed) -> Line:
    """Who won, in a sentence."""
    counted = closed.counted
    if not counted.order:
        return (Plain(en.RESULTS_EMPTY),)
    if not counted.first:
        return (Plain(en.RESULTS_UNVOTED),)
    if counted.shared:
        return (Strong(words(en.RESULTS_SHARED, count=len(counted.first))),)
    first = counted.first[0]
    template = en.RESULTS_CLOSE if first.close else en.RESULTS_FIRST
    return fill(template, who=maker(closed, closed.pool[first.alias]))


def fitted(texts: Sequence[str], room: int) -> list[str]:
    """The texts, the longest of them shortened to one length, so that all fit."""
    left, cap = room, room
    for index, length in enumerate(sorted(map(len, texts))):
        cap = left // (len(texts) - index)
        if length > cap:
            break
        left -= length
    else:
        return list(texts)
    return [text if len(text) <= cap else excerpt(text, cap) for text in texts]


def _title(closed: Closed) -> Line:
    example = closed.challenge.example
    template = en.RESULTS_HEADING_EXAMPLE if example else en.RESULTS_HEADING
    return fill(template, theme=theme_of(closed))


def _cheers(closed: Closed) -> list[Block]:
    lines = celebrated(closed)
    return [Paragraph(joined(lines))] if lines else []


def _others(closed: Closed, rest: Sequence[Placed]) -> list[Block]:
    """The order after the podium, a line each."""
    if not rest:
        return []
    lines: list[Line] = [(Strong(en.RESULTS_ALSO),)] if closed.counted.picks else []
    lines += [place(closed, each) for each in rest[:_ROWS]]
    if len(rest) > _ROWS:
        lines.append(fill(en.RESULTS_MORE, count=len(rest) - _ROWS))
    return [Paragraph(joined(lines))]


def told(closed: Closed, spaces: int | None = None) -> list[Line]:
    """How you guessed, who voted where, and what is not in the order. `spaces` at most."""
    counted = closed.counted
    lines: list[Line] = []
    if counted.picks:
        lines.append(
            fill(en.RESULTS_THANKS, voters=count_people(counted.voters), picks=picks(counted.picks))
        )
    guessed = counted.guessed
    if guessed is not None and guessed.guesses >= FEW_GUESSES:
        shares = (guessed.right, guessed.chance, guessed.low, guessed.high)
        right, chance, low, high = map(hundred, shares)
        lines.append(fill(en.RESULTS_GUESSED, right=right, chance=chance, low=low, high=high))
    elif guessed is not None:
        right, of = round(guessed.right * guessed.guesses), guessed.guesses
        lines.append(fill(en.RESULTS_GUESSED_FEW, right=right, count=of))
    lines += _spaces(closed)[:spaces]
    if counted.out:
        lines.append(fill(en.RESULTS_OUT_OF, reasons=_reasons(closed)))
    if counted.podium_changes:
        lines.append((Plain(en.RESULTS_UNLIKE),))
    return lines


def picks(count: int) -> str:
    """``once in all``, ``40 times in all``."""
    return en.RESULTS_PICK if count == 1 else words(en.RESULTS_PICKS, count=count)


def _spaces(closed: Closed) -> list[Line]:
    lines: list[Line] = []
    for each in closed.counted.turnouts:
        where = place_name(SpaceRef(*each.space.split(":", 1)))
        if not each.picks:
            lines.append(fill(en.RESULTS_SPACE_NONE, place=where))
            continue
        template = en.RESULTS_SPACE_FIRST if each.first else en.RESULTS_SPACE
        first = joined([named(closed, alias) for alias in each.first], ", ")
        voters = count_people(each.voters)
        lines.append(
            fill(template, place=where, voters=voters, picks=picks(each.picks), pieces=first)
        )
    return lines


def _reasons(closed: Closed) -> str:
    found = list(closed.counted.out.values())
    counts = {why: found.count(why) for why in Out if why in found}
    said = [
        one if count == 1 else words(many, count=count)
        for (one, many), count in ((en.RESULTS_OUT[why], count) for why, count in counts.items())
    ]
    return " ".join(said)


def _quiet(closed: Closed, page: int = 0) -> Card:
    """A week of too few entries: what was made is shown all the same. `page` 0 is the post."""
    pieces = [each for each in closed.pool.values() if each.standing]
    title = fill(en.RESULTS_QUIET_HEADING, theme=theme_of(closed))
    said = en.RESULTS_QUIET if pieces else en.RESULTS_QUIET_NONE
    blocks: list[Block] = [Heading(title), Paragraph((Plain(said),))]
    first = max(0, page - 1) * PAGE
    rows = pieces[first : first + PAGE] if page else pieces[:_PODIUM]
    texts = [each.text for each in rows]
    shown = texts if page else fitted(texts, ROOM)
    blocks += [
        Piece(number, text, maker(closed, each))
        for number, (each, text) in enumerate(zip(rows, shown, strict=True), first + 1)
    ]
    if shown != texts or (not page and len(pieces) > len(rows)):
        blocks.append(Note((Plain(en.RESULTS_SHORTENED),)))
    if page:
        blocks += _turns(closed, page, len(pieces))
    elif pieces:
        blocks.append(Buttons((_button(closed, "resultsof", en.SHOW, "challenge results"),)))
    return Card(tuple(blocks), said)


def _turns(closed: Closed, page: int, total: int) -> list[Block]:
    first = (page - 1) * PAGE
    if total and first >= total:
        return [Paragraph((Plain(words(en.RESULTS_PAST_END, total=total)),))]
    blocks: list[Block] = []
    if total > PAGE:
        last = min(first + PAGE, total)
        said = words(en.RESULTS_PAGE, first=first + 1, last=last, total=total)
        blocks.append(Note((Plain(said),)))
    turns = [
        _button(closed, "results", label, f"challenge results {to}", to)
        for to, label in ((page - 1, en.PREVIOUS), (page + 1, en.NEXT))
        if to >= 1 and (to - 1) * PAGE < total
    ]
    return [*blocks, Buttons(tuple(turns))] if turns else blocks


def _ways(closed: Closed, *, whole: bool = False) -> list[Block]:
    """What one can see next."""
    row = [_button(closed, "mineof", en.RESULTS_MINE, "challenge mine")]
    if not whole:
        row.insert(0, _button(closed, "resultsof", en.SHOW, "challenge results"))
    page = encode(
        Action("resultfile", closed.challenge.community, closed.challenge.id, argument="html")
    )
    row.append(Button(page, en.RESULTS_SAVE, "challenge export"))
    row.append(Button(encode(Action("verdict")), en.RESULTS_VERDICT, "challenge verdict"))
    row.append(Button(encode(Action("podiums")), en.RESULTS_HALL, "challenge hall"))
    return [Buttons(tuple(row))]


def _button(closed: Closed, verb: str, label: str, typed: str, page: int = 0) -> Button:
    action = Action(verb, closed.challenge.community, closed.challenge.id, page)
    return Button(encode(action), label, typed, Style.PLAIN)


def _summary(closed: Closed, podium: Sequence[Placed]) -> str:
    texts = [excerpt(closed.pool[each.alias].text or en.FORGOTTEN_PIECE, 100) for each in podium]
    return words(en.RESULTS_SUMMARY, lead=_text(lead(closed)), pieces=" / ".join(texts)).strip()


def _text(line: Line) -> str:
    """A line as plain text; who a person is, a summary can't say."""
    return "".join(_plain(span) for span in line)


def _plain(span: Span) -> str:
    text = getattr(span, "text", "")
    return text if isinstance(text, str) and text else en.SOMEONE
