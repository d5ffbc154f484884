"""Pictures: their size, that they can be read, and that their words say the same."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace

import pytest
from PIL import Image, ImageFont

from bot import charts
from bot.cards import Illustration
from bot.challenge_results import Counted
from bot.charts import DRAWABLE, Week, drawable, history_picture, results_picture
from bot.models import Origin
from bot.present.lines import excerpt
from bot.stats.win_shares import Estimate
from tests.unit import contests
from tests.unit.contests import closed_of, material_of, pool_of, voted

PHONE = 360  # points that a picture is wide in a phone's message


def opened(picture: Illustration | None) -> Image.Image:
    assert picture is not None
    assert picture.image.mime == "image/png"
    return Image.open(io.BytesIO(picture.image.data))


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def test_words_and_bars_stand_out() -> None:
    """WCAG 2.2: 4.5 for text, 3 for graphics."""
    for ink in (charts.INK, charts.FAINT):
        assert contrast(ink, charts.PAPER) >= 7
    for colour in charts.COLOURS.values():
        assert contrast(colour, charts.PAPER) >= 3
        assert contrast(colour, charts.TRACK) >= 3
    assert contrast(charts.INK, charts.TRACK) >= 4.5, "the range's line beside the bar"
    # On a bar the line has the panel's colour around it.
    assert all(contrast(c, charts.PAPER) >= 4.5 for c in charts.COLOURS.values())


def test_the_panel_shows_in_light_and_in_dark_surroundings() -> None:
    for around in ("#ffffff", "#f8f8f8", "#313338", "#1a1d21", "#000000"):
        assert max(contrast(charts.PAPER, around), contrast(charts.EDGE, around)) >= 1.5


# Viénot, Brettel and Mollon 1999 for red and green, as linear RGB matrices.
_BLIND = {
    "protan": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
    "deutan": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
}


@pytest.mark.parametrize("kind", _BLIND)
def test_people_who_see_fewer_colours_tell_origins_apart(kind: str) -> None:
    def seen(colour: str) -> list[float]:
        rgb = [(int(colour[n : n + 2], 16) / 255) ** 2.2 for n in (1, 3, 5)]
        return [
            255 * max(0.0, sum(w * c for w, c in zip(row, rgb, strict=True))) ** (1 / 2.2)
            for row in _BLIND[kind]
        ]

    shown = [charts.COLOURS[o] for o in (Origin.HUMAN, Origin.AI, Origin.TOGETHER)]
    for one, two in itertools.combinations(shown, 2):
        apart = sum((a - b) ** 2 for a, b in zip(seen(one), seen(two), strict=True)) ** 0.5
        assert apart > 40


def test_the_font_has_what_is_drawn() -> None:
    font = ImageFont.load_default(40)
    assert isinstance(font, ImageFont.FreeTypeFont)
    box = bytes(font.getmask("\uf8ff"))
    assert [c for c in sorted(DRAWABLE - {" "}) if bytes(font.getmask(c)) == box] == []
    assert bytes(font.getmask("雨")) == box, "what it hasn't is a box, as this test supposes"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Rain.", "Rain."),
        ("naïve façade — at sea", "naive facade - at sea"),
        ("rain 🌧️ again", "rain again"),
        ("雨が降る", ""),
        ("Łódź", ""),
        ("קיץ", ""),
        ("one\ntwo\tthree", "one two three"),
        ("", ""),
        ("🌧️", ""),
        ("word " * 20, "word word word word word word…"),
    ],
)
def test_of_a_text_only_what_the_font_has_is_drawn(text: str, shown: str) -> None:
    assert drawable(text) == shown


@pytest.mark.parametrize("entries", [1, 2, 10, 11, 40])
def test_letters_are_large_enough_for_a_phone(entries: int) -> None:
    pool = pool_of(["W" * 1000] * entries, [Origin.AI] * entries)
    strengths = [0.1 * n for n in range(entries)]
    picks = voted(pool, strengths, 10, 7)
    closed = closed_of(material_of(pool=pool, picks=picks, guesses=(), praises=()))
    picture = results_picture(closed)
    if entries == 1:
        assert picture is None, "nothing was picked"
        return
    image = opened(picture)
    assert image.width == charts.WIDTH
    assert image.height <= 1600
    assert charts.SMALL * PHONE / image.width >= 12, "points on a phone"
    assert picture is not None
    assert len(picture.image.data) < 300_000


def test_a_picture_says_in_words_what_it_shows() -> None:
    closed = closed_of()
    picture = results_picture(closed)
    assert picture is not None
    assert len(picture.alt) <= 1024, "Discord's limit"
    found = re.findall(r"(\d+)\. “([^”]+)”, ([\w ]+): (\d+), (\d+) to (\d+)\.", picture.alt)
    assert [(int(p), a, int(c), int(low), int(high)) for p, a, _, c, low, high in found] == [
        (
            e.place,
            excerpt(closed.pool[e.alias].text, 34),
            *(round(100 * x) for x in (e.chance, e.low, e.high)),
        )
        for e in closed.counted.order
    ]
    assert [maker for _, _, maker, *_ in found] == [
        {"human": "person", "ai": "AI", "together": "together"}[e.origin]
        for e in closed.counted.order
    ]


def test_bars_are_as_long_as_their_figures() -> None:
    closed = closed_of()
    image = opened(results_picture(closed)).convert("RGB")
    first, reach = charts.MARGIN + 100 + 48 + 1, charts.WIDTH - 2 * charts.MARGIN
    for row, each in enumerate(closed.counted.order):
        y = first + row * charts.ROW
        colour = tuple(int(charts.COLOURS[each.origin][n : n + 2], 16) for n in (1, 3, 5))
        long = sum(image.getpixel((x, y)) == colour for x in range(image.width))
        assert long == pytest.approx(reach * each.chance, abs=6), each.alias


def test_without_a_pick_there_is_no_picture() -> None:
    unvoted = closed_of(material_of(picks=(), guesses=(), praises=()))
    assert results_picture(unvoted) is None
    assert results_picture(replace(unvoted, counted=Counted())) is None


def test_the_longest_alternative_text_fits() -> None:
    picture = results_picture(contests.longest())
    assert picture is not None
    assert len(picture.alt) <= 1024
    assert picture.alt.endswith("And 27 more.")


@pytest.mark.parametrize("weeks", [1, 2, 13, 104])
def test_a_verdict_over_the_weeks_is_drawn_and_said(weeks: int) -> None:
    known = [
        Week(n, None if n == 1 and weeks > 1 else Estimate(0.5, 0.3, 0.7))
        for n in range(1, weeks + 1)
    ]
    picture = history_picture(known)
    assert picture is not None
    image = opened(picture)
    assert (image.width, image.height) == (charts.WIDTH, 640)
    assert f"After challenge {weeks}: 50, 30 to 70." in picture.alt
    assert len(picture.alt) <= 1024


def test_before_they_met_there_are_no_weeks_to_show() -> None:
    assert history_picture([]) is None
    assert history_picture([Week(1, None)]) is None
