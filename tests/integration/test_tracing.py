"""What whoever traces Muse sees of it, by OpenTelemetry's own SDK."""

from __future__ import annotations

import sys

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from bot.beginnings import PutOff
from bot.errors import StageFailed
from bot.game.composing import Composers
from bot.metering import metered_work
from bot.metrics import PrometheusMeter
from bot.models import RoundRef
from bot.references import following, reference
from bot.requests import Ask, Vote
from bot.settings import LimitSettings
from bot.storage.client import Store
from bot.tracing import REFERENCE, Spans, no_spans, spans
from bot.wiring import compose
from tests.support import FakeClock, MemoryStage, ScriptedWriter, Table


@pytest.fixture
def seen() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def table(
    store: Store,
    clock: FakeClock,
    stage: MemoryStage,
    writer: ScriptedWriter,
    seen: InMemorySpanExporter,
) -> Table:
    """A game that is traced."""
    muse = compose(
        store,
        clock,
        Composers.by(writer),
        LimitSettings(),
        "UTC",
        {"test": stage},
        lambda: 7,
        refresh_pause=0.0,
        meter=PrometheusMeter(spans=spans_seen(seen)),
    )
    return Table(muse, clock, stage, writer)


def spans_seen(seen: InMemorySpanExporter) -> Spans:
    """Spans that are seen at once."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(seen))
    return spans(provider)


def named(seen: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [each for each in seen.get_finished_spans() if each.name == name]


async def test_a_command_its_work_and_its_message_are_spans(
    table: Table, seen: InMemorySpanExporter
) -> None:
    with following("an event"):
        known = reference()
        await table.quick(Ask("a lighthouse afraid of the dark"))
    await table.muse.settle()
    [asked] = named(seen, "command ask")
    assert asked.attributes is not None
    assert asked.attributes[REFERENCE] == known != ""
    ref = await table.here()
    [written] = named(seen, "work write")
    assert written.attributes is not None
    assert ref.round in str(written.attributes[REFERENCE])
    posted = named(seen, "post test")[0]
    assert posted.parent is not None
    assert posted.parent.span_id == written.context.span_id


async def test_a_span_tells_no_text_and_nobody(table: Table, seen: InMemorySpanExporter) -> None:
    await table.do(Ask("a lighthouse afraid of the dark"), "ana")
    table.stage.failing = True
    await table.do(Vote((1,)), "bo")
    with pytest.raises(Exception, match="9"):
        await table.quick(Vote((9,)), "bo")
    [refused, *_] = [each for each in named(seen, "command vote") if not each.status.is_ok]
    assert refused.status.status_code is StatusCode.ERROR
    assert refused.status.description == "NotFound"
    assert not refused.events
    failed = [each for each in seen.get_finished_spans() if each.status.description]
    assert StageFailed.__name__ in {each.status.description for each in failed}
    told = "".join(each.to_json() for each in seen.get_finished_spans())
    for hidden in ("lighthouse", "ana", 'bo"', "the platform is down"):
        assert hidden not in told, hidden


def test_without_opentelemetry_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    assert spans() is no_spans
    with no_spans("command", "ask"):
        pass


async def test_work_that_is_put_off_is_no_failure(table: Table, seen: InMemorySpanExporter) -> None:
    meter = PrometheusMeter(spans=spans_seen(seen))

    async def later(_: RoundRef) -> None:
        raise PutOff(table.clock.now())

    work = metered_work({"proclaim": later}, meter)
    with pytest.raises(PutOff):
        await work["proclaim"](RoundRef("c", "r"))
    [put_off] = named(seen, "work proclaim")
    assert put_off.status.status_code is StatusCode.UNSET
    assert 'outcome="again"' in meter.shown({}).decode()
