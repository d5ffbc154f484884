"""Figures kept for Prometheus, in a registry of their own. Imported only where they are shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.metrics_core import Metric

from bot.figures import FIGURES, Figure
from bot.ports import Meter
from bot.tracing import Spans, no_spans

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
#: Combinations of labels that one figure may have; what comes beyond is put together.
MOST_SERIES = 200
OTHER = "other"
_WORD = re.compile(r"[\w.:/@+-]{1,80}", re.ASCII)  # a model's name has the oddest of all


class PrometheusMeter(Meter):
    """Keeps the figures of one process, and its memory, processor time and open files.

    A label that is no plain word becomes ``other``, and so do all labels of a figure beyond its
    first `MOST_SERIES` combinations: whatever a model's service calls itself, memory is bounded.
    """

    def __init__(self, figures: tuple[Figure, ...] = FIGURES, spans: Spans = no_spans) -> None:
        """`spans` trace what goes on besides."""
        self._spans = spans
        self._registry = _Registry()
        ProcessCollector(registry=self._registry)
        self._metrics = {figure: _made(figure, self._registry) for figure in figures}
        self._series: dict[Figure, dict[tuple[str, ...], MetricWrapperBase]] = {
            figure: {} for figure in figures
        }
        for figure in figures:  # what has not happened yet is shown as none, not left out
            if not figure.labels:
                self._part(figure, ())

    def add(self, figure: Figure, *labels: str, by: float = 1) -> None:
        """Count something that happened."""
        part = self._part(figure, labels)
        assert isinstance(part, Counter), figure.name
        part.inc(by)

    def took(self, figure: Figure, seconds: float, *labels: str) -> None:
        """Note how long something took; less than nothing is nothing (a clock was set back)."""
        part = self._part(figure, labels)
        assert isinstance(part, Histogram), figure.name
        part.observe(max(0.0, seconds))

    def span(self, part: str, word: str) -> AbstractContextManager[None]:
        """Around a part of the work, for who traces it."""
        return self._spans(part, word)

    def shown(self, now: Mapping[Figure, float | Mapping[str, float] | None]) -> bytes:
        """All figures as text; `now` are the gauges, as they stand, None where not known.

        One with a label is given by it: what was there once and is left out now is 0.
        https://prometheus.io/docs/instrumenting/exposition_formats/
        """
        for figure, value in now.items():
            if not figure.labels:
                assert not isinstance(value, Mapping), figure.name
                self._set(figure, (), value)
                continue
            assert value is None or isinstance(value, Mapping), figure.name
            parts: dict[tuple[str, ...], float] = {
                (label,): each for label, each in (value or {}).items()
            }
            for labels in self._series[figure].keys() | parts.keys():
                self._set(figure, labels, None if value is None else parts.get(labels, 0.0))
        return generate_latest(self._registry)

    def _set(self, figure: Figure, labels: tuple[str, ...], value: float | None) -> None:
        gauge = self._part(figure, labels)
        assert isinstance(gauge, Gauge), figure.name
        gauge.set(math.nan if value is None else value)

    def _part(self, figure: Figure, labels: tuple[str, ...]) -> MetricWrapperBase:
        known = self._series[figure]
        found = known.get(labels)
        if found is not None:
            return found
        plain = tuple(label if _WORD.fullmatch(label) else OTHER for label in labels)
        if plain not in known and len(known) >= MOST_SERIES:
            plain = (OTHER,) * len(labels)
        if plain not in known:
            metric = self._metrics[figure]
            known[plain] = metric.labels(*plain) if figure.labels else metric
        return known[plain]


class _Registry(CollectorRegistry):
    """Figures without the moment at which each was made, which would be half of all lines."""

    def collect(self) -> Iterator[Metric]:
        for family in super().collect():
            family.samples = [each for each in family.samples if not each.name.endswith("_created")]
            yield family


def _made(figure: Figure, registry: CollectorRegistry) -> MetricWrapperBase:
    match figure.kind:
        case "counter":
            return Counter(figure.name, figure.says, figure.labels, registry=registry)
        case "gauge":
            return Gauge(figure.name, figure.says, figure.labels, registry=registry)
        case "histogram":
            return Histogram(
                figure.name,
                figure.says,
                figure.labels,
                registry=registry,
                buckets=figure.buckets,
            )
