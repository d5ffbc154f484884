"""The figures as Prometheus is shown them."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from bot import figures
from bot.figures import FIGURES, Figure
from bot.metrics import MOST_SERIES, PrometheusMeter
from bot.ports import Unmetered

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(
    meter: PrometheusMeter, now: dict[Figure, float | dict[str, float] | None] | None = None
) -> Samples:
    text = meter.shown(now or {}).decode()
    families = text_string_to_metric_families(text)
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for f in families for s in f.samples}


def test_counting_and_timing() -> None:
    meter = PrometheusMeter()
    meter.add(figures.VOTES)
    meter.add(figures.VOTES, by=2)
    meter.add(figures.TOKENS, "fake-1", "in", by=40)
    meter.took(figures.COMMAND_TIME, 0.02, "slack")
    meter.took(figures.COMMAND_TIME, -5.0, "slack")
    found = samples(meter, {figures.AGENDA_BEHIND: 7.5})
    assert found["muse_votes_total", ()] == 3
    assert found["muse_tokens_total", (("kind", "in"), ("model", "fake-1"))] == 40
    assert found["muse_command_seconds_count", (("platform", "slack"),)] == 2
    assert found["muse_command_seconds_sum", (("platform", "slack"),)] == 0.02
    assert found["muse_command_seconds_bucket", (("le", "0.01"), ("platform", "slack"))] == 1
    assert found["muse_agenda_behind_seconds", ()] == 7.5
    assert math.isnan(
        samples(meter, {figures.AGENDA_BEHIND: None})["muse_agenda_behind_seconds", ()]
    )


def test_a_gauge_by_a_word() -> None:
    meter = PrometheusMeter()

    def due(now: dict[str, float] | None) -> dict[str, float]:
        found = samples(meter, {figures.AGENDA_DUE: now})
        name = figures.AGENDA_DUE.name
        return {
            dict(labels)["verb"]: value for (has, labels), value in found.items() if has == name
        }

    assert due({}) == {}
    assert due({"write": 3.0, "show@slack": 5.0}) == {"write": 3.0, "show@slack": 5.0}
    assert due({"write": 4.0}) == {"write": 4.0, "show@slack": 0.0}, "done is not as it was"
    assert all(map(math.isnan, due(None).values()))


def test_what_has_not_happened_is_shown_as_none() -> None:
    found = samples(PrometheusMeter())
    assert found["muse_rounds_opened_total", ()] == 0
    assert found["process_resident_memory_bytes", ()] > 0
    assert not [name for name, _ in found if name.endswith("_created")]


def test_a_meter_keeps_to_itself() -> None:
    one, other = PrometheusMeter(), PrometheusMeter()
    one.add(figures.VOTES)
    assert samples(other)["muse_votes_total", ()] == 0
    everywhere = {sample.name for family in REGISTRY.collect() for sample in family.samples}
    assert not [name for name in everywhere if name.startswith("muse_")]


@pytest.mark.parametrize("odd", ["", "two words", "a\nb", "ünlike", "x" * 81, '"', "{}"])
def test_a_label_that_is_no_plain_word_is_put_with_the_others(odd: str) -> None:
    meter = PrometheusMeter()
    meter.add(figures.TOKENS, odd, "in")
    assert samples(meter)["muse_tokens_total", (("kind", "in"), ("model", "other"))] == 1


def test_labels_are_bounded() -> None:
    meter = PrometheusMeter()
    for number in range(5 * MOST_SERIES):
        meter.add(figures.TOKENS, f"model-{number}", "in")
    meter.add(figures.TOKENS, "model-0", "in")
    told = {key: value for key, value in samples(meter).items() if key[0] == "muse_tokens_total"}
    assert len(told) == MOST_SERIES + 1
    assert sum(told.values()) == 5 * MOST_SERIES + 1
    assert told["muse_tokens_total", (("kind", "in"), ("model", "model-0"))] == 2


def test_every_figure_has_a_name_that_says_its_unit() -> None:
    names = [each.name for each in FIGURES]
    assert len(set(names)) == len(names)
    declared = {each for each in vars(figures).values() if isinstance(each, Figure)}
    assert declared == set(FIGURES)
    for each in FIGURES:
        assert re.fullmatch(r"muse_[a-z_]+_(total|seconds)", each.name)
        assert (each.kind == "counter") == each.name.endswith("_total")
        assert list(each.buckets) == sorted(each.buckets)
        assert bool(each.buckets) == (each.kind == "histogram")
        assert each.says.endswith(".")


def test_every_figure_is_in_the_page_for_operators() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
    told = set(re.findall(r"`(muse_\w+)`", page))
    assert told == {each.name for each in FIGURES}


def test_where_nobody_watches_nothing_is_done() -> None:
    Unmetered().add(figures.VOTES)
    Unmetered().took(figures.STORE_TIME, 1.0)
