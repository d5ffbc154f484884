"""Calling the fake of OpenAI through Muse's own writer."""

from __future__ import annotations

from typing import Any

from bot.brief import Brief
from bot.errors import WriterFailed
from bot.models import Draft
from bot.writing.calls import Retries, Timeouts, Usage
from bot.writing.openai_writer import OpenAIWriter
from tests.fakes.openai_server import MODEL, OpenAIServer

BRIEF = Brief("the last lighthouse", "free", ("night-shift", "child", "list", "smell-first"))
SECRET = "sk-very-secret-0123456789"
#: A busy machine is no failure of the service; what hangs is given up by `SHORT`.
PATIENT = Timeouts(connect=20.0, first=20.0, between=20.0, whole=60.0)
SHORT = Timeouts(connect=20.0, first=1.0, between=1.0, whole=60.0)
SOON = Retries(times=2, longest=0.5, first=0.01)


def writer(server: OpenAIServer, **options: Any) -> OpenAIWriter:
    given: dict[str, Any] = {"model": MODEL, "timeouts": PATIENT, "retries": SOON} | options
    return OpenAIWriter(api_key=SECRET, base_url=server.url, **given)


async def written(
    server: OpenAIServer, brief: Brief = BRIEF, **options: Any
) -> tuple[list[Draft], WriterFailed | None, list[Usage]]:
    """What one brief gives: its drafts, what was raised after them, and the usage told."""
    drafts: list[Draft] = []
    usage: list[Usage] = []
    raised: WriterFailed | None = None
    async with writer(server, **options) as made:
        try:
            async for draft in made.write(brief, usage.append):
                drafts.append(draft)  # noqa: PERF401 - what came before a failure counts
        except WriterFailed as failure:
            raised = failure
    assert SECRET not in repr(raised)
    return drafts, raised, usage
