"""Pictures of results: bars with their ranges, and a verdict over the weeks.

Drawn with Pillow, which is imported with the first picture, on a panel of their own, so that they
read the same among light and dark surroundings. The colours are Okabe and Ito's, which all kinds
of colour vision tell apart, and whatever a colour says a word says too. Sizes are for a phone: a
picture that is 800 wide is shown about 370 wide there, so no letter is smaller than 26. Of
people's texts only what the font has is drawn.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cards import Illustration
from bot.challenge_results import Closed, Placed
from bot.models import Image, Origin
from bot.present.lines import excerpt
from bot.stats.win_shares import Estimate
from bot.wording import en

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, MARGIN = 800, 36
LARGE, SMALL = 34, 27  # sizes of letters
ROWS = 10  # bars of a picture
ROW, BAR = 100, 34
PAPER, EDGE, TRACK = "#1d1f26", "#565a66", "#353945"
INK, FAINT = "#f4f4f7", "#c3c6d0"
COLOURS = {
    Origin.HUMAN: "#56b4e9",
    Origin.AI: "#e69f00",
    Origin.TOGETHER: "#2ab58a",  # Okabe and Ito's green, a little lighter for the dark panel
    Origin.DECK: "#9a9ea9",
}
_MAKERS = {
    Origin.HUMAN: en.CHART_HUMAN,
    Origin.AI: en.CHART_AI,
    Origin.TOGETHER: en.CHART_TOGETHER,
    Origin.DECK: en.CHART_AI,
}
#: What the font has, and is told from its box for what it hasn't by a test. Accents it lacks.
DRAWABLE = frozenset("".join(map(chr, range(0x20, 0x7F))) + "‘’“”…«»·°")
_INSTEAD = str.maketrans(
    {"–": "-", "—": "-", "ß": "ss", "Æ": "Ae", "æ": "ae", "Œ": "Oe", "œ": "oe"}
)
_EXCERPT = 34  # characters of a piece
_DOTS = 26  # weeks, more than which are a line only


@dataclass(frozen=True, slots=True)
class Week:
    """What was so far known after a challenge; None as long as the two had not met."""

    number: int
    estimate: Estimate | None


def results_picture(closed: Closed) -> Illustration | None:
    """The order as bars with their ranges; None where nobody picked."""
    order = closed.counted.order
    if not order or not closed.counted.picks:
        return None
    rows = order[:ROWS]
    more = len(order) - len(rows)
    height = MARGIN + 96 + ROW * len(rows) + (48 if more else 0) + 92 + MARGIN
    canvas = _Canvas(height)
    number = en.CHART_CHALLENGE.format(number=closed.challenge.number)
    canvas.text(MARGIN, MARGIN, number, LARGE, INK)
    canvas.text(MARGIN, MARGIN + 44, en.CHART_RESULTS, SMALL, FAINT)
    top = MARGIN + 100
    for each in rows:
        _bar(canvas, top, each, closed.pool[each.alias].text)
        top += ROW
    if more:
        canvas.text(MARGIN, top + 8, en.CHART_MORE.format(count=more), SMALL, FAINT)
        top += 48
    canvas.scale(top + 4)
    canvas.text(MARGIN, top + 46, en.CHART_KEY, SMALL, FAINT)
    said = " ".join(_said(each, closed.pool[each.alias].text) for each in rows)
    if more:
        said = f"{said} {en.CHART_MORE.format(count=more)}."
    name = f"challenge-{closed.challenge.number}"
    return Illustration(
        name, canvas.png(), en.CHART_ALT.format(number=closed.challenge.number, rows=said)
    )


def history_picture(weeks: Sequence[Week]) -> Illustration | None:
    """People against AI after each challenge, with its range; None before they have met."""
    known = [week for week in weeks if week.estimate is not None]
    if not known:
        return None
    canvas = _Canvas(640)
    canvas.text(MARGIN, MARGIN, en.CHART_HISTORY, LARGE, INK)
    left, right, top, bottom = MARGIN + 70, WIDTH - MARGIN - 16, 110, 500
    for share in (0, 25, 50, 75, 100):
        y = bottom - (bottom - top) * share / 100
        canvas.rule(left, right, y, dashed=share == 50)
        canvas.text(MARGIN + 54, y - 16, str(share), SMALL, FAINT, right=True)
    step = (right - left) / max(1, len(weeks) - 1)
    points = []
    for place, week in enumerate(weeks):
        if week.estimate is not None:
            x = left + step * place if len(weeks) > 1 else (left + right) / 2
            shares = (week.estimate.share, week.estimate.low, week.estimate.high)
            points.append((x, *(bottom - (bottom - top) * each for each in shares)))
    canvas.band(points)
    for place in sorted({0, (len(weeks) - 1) // 2, len(weeks) - 1}):
        x = left + step * place if len(weeks) > 1 else (left + right) / 2
        canvas.centred(x, bottom + 12, str(weeks[place].number))
    canvas.text(MARGIN, bottom + 60, en.CHART_HISTORY_KEY, SMALL, FAINT)
    said = " ".join(
        _week(week.number, week.estimate) for week in known[-ROWS:] if week.estimate is not None
    )
    return Illustration("verdict", canvas.png(), en.CHART_HISTORY_ALT.format(rows=said))


def _week(number: int, estimate: Estimate) -> str:
    return en.CHART_HISTORY_ROW.format(
        number=number,
        share=round(100 * estimate.share),
        low=round(100 * estimate.low),
        high=round(100 * estimate.high),
    )


def _said(placed: Placed, text: str) -> str:
    return en.CHART_ALT_ROW.format(
        place=placed.place,
        piece=excerpt(text, _EXCERPT) or placed.alias,
        origin=_MAKERS[placed.origin],
        chance=round(100 * placed.chance),
        low=round(100 * placed.low),
        high=round(100 * placed.high),
    )


def drawable(text: str) -> str:
    """A text's beginning as a picture can show it: letters without their accents, and no emoji.

    '' where it has letters that the font lacks: then a picture has the alias.
    """
    folded = unicodedata.normalize("NFKD", text.translate(_INSTEAD))
    if any(char.isalpha() and char not in DRAWABLE for char in folded):
        return ""
    kept = "".join(char if char in DRAWABLE else " " if char.isspace() else "" for char in folded)
    return excerpt(kept, _EXCERPT)


def _bar(canvas: _Canvas, top: float, placed: Placed, text: str) -> None:
    label = drawable(text)
    said = label or placed.alias
    width = canvas.text(MARGIN, top, f"{placed.place}.", LARGE, INK)
    figures = f"{round(100 * placed.chance)}"
    canvas.text(WIDTH - MARGIN, top, figures, LARGE, INK, right=True)
    maker = _MAKERS[placed.origin]
    room = WIDTH - 2 * MARGIN - width - 90 - canvas.width(f" · {maker}", SMALL)
    while said and canvas.width(said, SMALL) > room:
        said = said[:-2].rstrip("…").rstrip() + "…" if len(said) > 3 else ""
    canvas.text(MARGIN + width + 12, top + 6, f"{said} · {maker}", SMALL, INK)
    canvas.bar(top + 48, placed.chance, placed.low, placed.high, COLOURS[placed.origin])


class _Canvas:
    """A panel and the few things that are drawn on it."""

    def __init__(self, height: int) -> None:
        from PIL import Image as Pictures
        from PIL import ImageDraw as Drawing

        self._image = Pictures.new("RGB", (WIDTH, height), PAPER)
        self._draw: ImageDraw = Drawing.Draw(self._image)
        self._draw.rectangle((0, 0, WIDTH - 1, height - 1), outline=EDGE, width=2)
        self._fonts: dict[int, FreeTypeFont] = {}

    def text(
        self, x: float, y: float, text: str, size: int, colour: str, *, right: bool = False
    ) -> float:
        """Write something, from `x` on or with `right` up to it; how wide it is."""
        width = self.width(text, size)
        self._draw.text((x - width if right else x, y), text, colour, self._font(size))
        return width

    def centred(self, x: float, y: float, text: str) -> None:
        """Write something with its middle at `x`, as far as the panel allows."""
        width = self.width(text, SMALL)
        left = min(max(MARGIN / 2, x - width / 2), WIDTH - MARGIN / 2 - width)
        self._draw.text((left, y), text, FAINT, self._font(SMALL))

    def width(self, text: str, size: int) -> float:
        """How wide something would be."""
        return self._font(size).getlength(text)

    def bar(self, top: float, chance: float, low: float, high: float, colour: str) -> None:
        """A bar up to the estimate, and over it a line from end to end of its range."""
        left, right = MARGIN, WIDTH - MARGIN
        reach = right - left
        self._draw.rectangle((left, top, right, top + BAR), fill=TRACK)
        self._draw.rectangle((left, top, left + reach * chance, top + BAR), fill=colour)
        half = left + reach / 2
        for y in range(int(top), int(top) + BAR, 10):
            self._draw.line((half, y, half, min(y + 5, top + BAR)), fill=INK, width=2)
        middle, ends = top + BAR / 2, (left + reach * low, left + reach * high)
        # Light on a dark edge: it shows on the bar and beside it.
        for ink, width in ((PAPER, 10), (INK, 4)):
            edge = (width - 4) / 2
            self._draw.line((ends[0] - edge, middle, ends[1] + edge, middle), ink, width)
            for x in ends:
                self._draw.line((x, top + 5 - edge, x, top + BAR - 5 + edge), ink, width)

    def scale(self, y: float) -> None:
        """What the width means: 0, 50 and 100."""
        self.text(MARGIN, y, "0", SMALL, FAINT)
        self.centred(WIDTH / 2, y, "50")
        self.text(WIDTH - MARGIN, y, "100", SMALL, FAINT, right=True)

    def rule(self, left: float, right: float, y: float, *, dashed: bool) -> None:
        """A line across, dashed where it is the one that matters."""
        if not dashed:
            self._draw.line((left, y, right, y), TRACK, 2)
            return
        x = left
        while x < right:
            self._draw.line((x, y, min(x + 12, right), y), FAINT, 3)
            x += 22

    def band(self, points: Sequence[tuple[float, ...]]) -> None:
        """A line through x and y of the points, and a band between their ends."""
        colour = COLOURS[Origin.HUMAN]
        if len(points) > 1:
            upper = [(x, high) for x, _, _, high in points]
            lower = [(x, low) for x, _, low, _ in reversed(points)]
            self._draw.polygon([*upper, *lower], fill="#2b4a60")
            self._draw.line(upper, colour, 2)
            self._draw.line(lower, colour, 2)
            self._draw.line([(x, y) for x, y, _, _ in points], INK, 5)
        else:
            ((x, _, low, high),) = points
            self._draw.line((x, low, x, high), colour, 8)
        for x, y, _, _ in points if len(points) <= _DOTS else ():
            self._draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=INK)

    def png(self) -> Image:
        """The picture."""
        kept = io.BytesIO()
        self._image.save(kept, "PNG", optimize=True)
        return Image(kept.getvalue())

    def _font(self, size: int) -> FreeTypeFont:
        from PIL import ImageFont

        if size not in self._fonts:
            font = ImageFont.load_default(size)
            assert isinstance(font, ImageFont.FreeTypeFont), "Pillow is built without FreeType"
            self._fonts[size] = font
        return self._fonts[size]
