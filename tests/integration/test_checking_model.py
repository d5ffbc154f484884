"""`muse check` on the model, against the fake: each thing that can be wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.checking import model_checks
from bot.checking.findings import State
from bot.checking.model_checks import model_checks as look_at_model
from tests.fakes.openai_server import MODEL, OpenAIServer
from tests.fakes.openai_turns import raw as raw_answer
from tests.fakes.openai_turns import refuse, status
from tests.integration.checking_bench import Surroundings, only_bad, states
from tests.support import free_port

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Surroundings:
    return Surroundings.clean(monkeypatch, tmp_path)


@pytest.fixture
async def openai() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as made:
        yield made


def at_openai(server: OpenAIServer, **more: str) -> dict[str, str]:
    named = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "OPENAI_MODEL": MODEL}
    return named | more


async def test_a_good_model(around: Surroundings, openai: OpenAIServer) -> None:
    found = await look_at_model(around.settings(at_openai(openai)))
    assert states(found) == dict.fromkeys(("model", "model’s schema", "moderation"), State.FINE)
    assert openai.calls == 1
    assert "1. " in openai.requests[0]["messages"][-1]["content"], "one angle"


async def test_a_model_that_takes_less(around: Surroundings, openai: OpenAIServer) -> None:
    openai.refuses = ("response_format", "temperature")
    openai.moderations.status = 404
    found = await look_at_model(around.settings(at_openai(openai, OPENAI_TEMPERATURE="1")))
    assert states(found) == {
        "model": State.FINE,
        "model’s schema": State.NOTE,
        "model’s options": State.NOTE,
        "moderation": State.NOTE,
    }


@pytest.mark.parametrize(
    ("code", "remedy"), [(401, "OPENAI_API_KEY"), (429, "credit"), (500, "status page")]
)
async def test_a_service_that_will_not(
    around: Surroundings, openai: OpenAIServer, code: int, remedy: str
) -> None:
    openai.usual = status(code, message=f"Incorrect API key: {KEY}")
    bad = only_bad(await look_at_model(around.settings(at_openai(openai))))
    assert remedy in bad.remedy
    assert KEY not in bad.says


async def test_a_model_that_is_not_there(around: Surroundings, openai: OpenAIServer) -> None:
    bad = only_bad(await look_at_model(around.settings(at_openai(openai, OPENAI_MODEL="none"))))
    assert "OPENAI_MODEL" in bad.remedy


@pytest.mark.parametrize("turn", [raw_answer("What a prompt!"), refuse()])
async def test_a_model_that_writes_nothing(
    around: Surroundings, openai: OpenAIServer, turn: object
) -> None:
    openai.usual = turn  # type: ignore[assignment]  # a turn, as pytest hands it on
    assert only_bad(await look_at_model(around.settings(at_openai(openai)))).about == "model"


async def test_a_model_out_of_reach(around: Surroundings) -> None:
    given = {"OPENAI_BASE_URL": f"http://127.0.0.1:{free_port()}/v1", "OPENAI_MODEL": "x"}
    found = await look_at_model(around.settings(given))
    assert states(found) == {"model": State.WRONG, "moderation": State.WARNING}
    assert "OPENAI_BASE_URL" in found[0].remedy


async def test_moderation_that_is_required(around: Surroundings, openai: OpenAIServer) -> None:
    openai.moderations.status = 404
    given = at_openai(openai, MUSE_MODERATION="on")
    assert "MUSE_MODERATION" in only_bad(await look_at_model(around.settings(given))).remedy
    openai.moderations.status, openai.moderations.flags = 200, ("ships",)
    assert "harmless" in only_bad(await look_at_model(around.settings(given))).says
    off = await look_at_model(around.settings(given | {"MUSE_MODERATION": "off"}))
    assert states(off)["moderation"] is State.NOTE


async def test_a_slow_model(
    around: Surroundings, openai: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_checks, "SLOW", 0.0)
    found = await look_at_model(around.settings(at_openai(openai)))
    assert only_bad(found, State.WARNING).about == "model"
