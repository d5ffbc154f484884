"""The painter with the real client, against a server on loopback that is told how to behave."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from bot.errors import WriterFailed
from bot.models import Image
from bot.writing.calls import AnswerUnusable, Retries, Timeouts, Usage, WriterRefused, WriterUnready
from bot.writing.openai_painter import OpenAIPainter
from bot.writing.painting import MAX_BYTES, prompt_of
from tests.fakes.openai_calls import SECRET
from tests.fakes.openai_images import (
    GPT_IMAGE,
    LOCAL,
    Images,
    Turn,
    blocked,
    body,
    cut,
    endless,
    failed,
    hang,
    only_address,
    painted,
    png,
    told,
)
from tests.fakes.openai_server import OpenAIServer

TOLD = "A woodcut of a lighthouse by night. One window is lit."
PATIENT = Timeouts(connect=20.0, first=20.0, between=20.0, whole=60.0)
SOON = Retries(times=2, longest=0.5, first=0.01)


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with OpenAIServer() as made:
        yield made


@pytest.fixture
def images(server: OpenAIServer) -> Images:
    return server.images


def painter(server: OpenAIServer, model: str = GPT_IMAGE, **options: Any) -> OpenAIPainter:
    given: dict[str, Any] = {"size": "1024x1024", "timeouts": PATIENT, "retries": SOON} | options
    return OpenAIPainter(model, api_key=SECRET, base_url=server.url, **given)


async def attempt(
    server: OpenAIServer, model: str = GPT_IMAGE, **options: Any
) -> tuple[Image | None, WriterFailed | None, list[Usage]]:
    """What painting one picture gives, what it raises, and the usage it tells."""
    usage: list[Usage] = []
    image: Image | None = None
    raised: WriterFailed | None = None
    async with painter(server, model, **options) as made:
        try:
            image = await made.paint(TOLD, usage.append)
        except WriterFailed as failure:
            raised = failure
    assert SECRET not in repr(raised)
    return image, raised, usage


# --- A good call.


async def test_a_picture_is_painted(server: OpenAIServer, images: Images) -> None:
    image, failure, usage = await attempt(server)
    assert failure is None
    assert image is not None
    assert image.mime == "image/png"
    assert image.data.endswith(b"IEND\xaeB`\x82")
    sent = len(prompt_of(TOLD)) // 4
    assert usage == [Usage(GPT_IMAGE, sent, 0, 272, reported=True)]
    (request,) = images.requests
    assert request == {"model": GPT_IMAGE, "prompt": prompt_of(TOLD), "size": "1024x1024"}
    assert images.headers[0]["Authorization"] == f"Bearer {SECRET}"


async def test_every_description_gets_its_own(server: OpenAIServer) -> None:
    async with painter(server) as made:
        four = await asyncio.gather(*(made.paint(f"A sea, number {n}.") for n in range(4)))
    assert len({image.data for image in four}) == 4


async def test_other_services_are_asked_for_base64(server: OpenAIServer, images: Images) -> None:
    image, failure, usage = await attempt(server, LOCAL, quality="low")
    assert (image is not None, failure) == (True, None)
    assert images.requests[0]["response_format"] == "b64_json"
    assert images.requests[0]["quality"] == "low"
    assert images.fetches == []
    assert usage == [Usage(LOCAL, 0, 0, 0, reported=False)]


async def test_without_a_callback_and_without_options(server: OpenAIServer, images: Images) -> None:
    async with painter(server, size=None) as made:
        assert (await made.paint(TOLD)).mime == "image/png"
        await made.close()
        assert (await made.paint(TOLD)).mime == "image/png"
    assert images.requests[0].keys() == {"model", "prompt"}


async def test_the_environment_is_not_read(
    server: OpenAIServer, images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-outside")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-from-outside")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-from-outside")
    async with OpenAIPainter(GPT_IMAGE, base_url=server.url) as made:
        await made.paint(TOLD)
    sent = json.dumps(images.headers[0])
    assert "outside" not in sent
    assert "admin" not in sent


def test_the_client_is_imported_late() -> None:
    code = (
        "import sys; from bot.game import painting; from bot.writing import openai_painter;"
        "openai_painter.OpenAIPainter('m', api_key='x');"
        "sys.exit('openai' in sys.modules or 'httpx2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- Servers that know less.


async def test_what_a_service_refuses_is_left_out_from_then_on(
    server: OpenAIServer, images: Images
) -> None:
    images.refuses, images.status = ("response_format", "size", "quality"), 422
    async with painter(server, LOCAL, quality="low") as made:
        for _ in range(2):
            assert (await made.paint(TOLD)).mime == "image/png"
        assert made.refused == {"response_format", "size", "quality"}
    assert (images.refused, images.calls) == (3, 2)
    assert images.requests[-1].keys() == {"model", "prompt"}
    assert len(images.fetches) == 2, "told no form, this kind of service gives addresses"


async def test_a_size_that_the_model_does_not_know(server: OpenAIServer, images: Images) -> None:
    image, failure, _ = await attempt(server, size="1000x1000")
    assert (image is not None, failure) == (True, None)
    assert "size" not in images.requests[-1]


async def test_a_refusal_told_only_in_words(server: OpenAIServer, images: Images) -> None:
    images.script = [failed(400, message="Extra inputs are not permitted: Response_Format")]
    image, failure, _ = await attempt(server, LOCAL)
    assert (image is not None, failure) == (True, None)
    assert "response_format" not in images.requests[1]


async def test_another_gpt_image_behind_a_gateway_is_not_told_its_form() -> None:
    for model in ("openai/gpt-image-2", "chatgpt-image-latest", "gpt-image-2.5-flare"):
        assert "response_format" not in OpenAIPainter(model)._request("x")
    for model in ("my-gpt-imagery-free", "flux"):
        assert OpenAIPainter(model)._request("x")["response_format"] == "b64_json"


@pytest.mark.parametrize("before", ["", "data:image/png;base64,", " \n"])
@pytest.mark.parametrize("name", ["b64_json", "url"])
async def test_base64_however_it_is_wrapped(
    server: OpenAIServer, images: Images, name: str, before: str
) -> None:
    if name == "url":
        before = "data:image/png;base64,"
    images.usual = told({name: before + base64.encodebytes(png()).decode()})
    image, failure, _ = await attempt(server)
    assert (image, failure) == (Image(png(), "image/png"), None)


# --- Pictures by address.


async def test_the_services_own_address_is_fetched_without_the_key(
    server: OpenAIServer, images: Images
) -> None:
    images.usual = only_address(png())
    image, failure, _ = await attempt(server, LOCAL)
    assert (image, failure) == (Image(png(), "image/png"), None)
    assert SECRET not in json.dumps(images.fetches)


async def test_a_relative_address(server: OpenAIServer, images: Images) -> None:
    images.usual = told({"url": images.store(png())})
    assert (await attempt(server, LOCAL))[0] == Image(png(), "image/png")


async def test_nobody_elses_address_is(server: OpenAIServer, images: Images) -> None:
    async with OpenAIServer() as other:
        path = other.images.store(png())
        images.usual = told({"url": other.url.replace("/v1", path)})
        image, failure, _ = await attempt(server, LOCAL)
        assert other.images.fetches == []
    assert image is None
    assert str(failure) == ("The image model's service keeps its pictures where Muse may not look.")
    assert images.calls == 1


async def test_a_redirection_is_not_followed(server: OpenAIServer, images: Images) -> None:
    images.usual = only_address(png(), within="/moved")
    _, failure, _ = await attempt(server, LOCAL)
    assert str(failure) == "The picture can't be fetched: its service answers with status 302."
    assert images.fetches == []


async def test_a_picture_that_is_gone(server: OpenAIServer, images: Images) -> None:
    images.usual = told({"url": "/pictures/none.png"})
    _, failure, usage = await attempt(server, LOCAL)
    assert "status 404" in str(failure)
    assert (images.calls, len(usage)) == (1, 1)


async def test_a_huge_one_is_not_fetched_to_its_end(server: OpenAIServer, images: Images) -> None:
    images.usual = only_address(png() + bytes(MAX_BYTES))
    _, failure, _ = await attempt(server, LOCAL)
    assert isinstance(failure, AnswerUnusable)
    assert str(failure) == "The image model's service gave far too much for a picture."


# --- Failures.


@pytest.mark.parametrize(
    ("turn", "kind", "words"),
    [
        (blocked(), WriterRefused, "will not have this"),
        (blocked("content_policy_violation"), WriterRefused, "will not have this"),
        (failed(401), WriterUnready, "does not accept the key"),
        (failed(404), WriterUnready, "does not know the model"),
        (failed(429, "insufficient_quota"), WriterUnready, "no credit left"),
        (failed(400), WriterFailed, "status 400"),
        (told(), AnswerUnusable, "gave no picture"),
        (told({}), AnswerUnusable, "gave no picture"),
        (told({"b64_json": "", "url": None}), AnswerUnusable, "gave no picture"),
        (told({"b64_json": 7}), AnswerUnusable, "gave no picture"),
        (told({"b64_json": "%%%"}), AnswerUnusable, "can't be read"),
        (told({"b64_json": "iVBORw0KGgo"}), AnswerUnusable, "can't be read"),
        (told({"b64_json": "PHN2Zy8+"}), AnswerUnusable, "is no picture"),
        (told({"url": "http://[::1"}), WriterFailed, "may not look"),
        (painted(b"GIF89a"), AnswerUnusable, "is no picture"),
        (body("not JSON"), AnswerUnusable, "can't be read"),
        (body("[" * 100_000), AnswerUnusable, "can't be read"),
        (body("[]"), AnswerUnusable, "gave no picture"),
        (body('{"data": {"b64_json": "x"}}'), AnswerUnusable, "gave no picture"),
        (body('{"error": {"message": "no"}}'), AnswerUnusable, "gave no picture"),
        (endless(28), AnswerUnusable, "far too much"),
    ],
)
async def test_each_failure_says_what_it_is_and_is_not_tried_again(
    server: OpenAIServer, images: Images, turn: Turn, kind: type[WriterFailed], words: str
) -> None:
    images.usual = turn
    image, failure, _ = await attempt(server)
    assert (image, images.calls) == (None, 1)
    assert type(failure) is kind
    assert words in str(failure)


@pytest.mark.parametrize("turn", [failed(429), failed(500), failed(503), cut()])
async def test_what_may_pass_is_tried_again(
    server: OpenAIServer, images: Images, turn: Turn
) -> None:
    images.script = [turn, turn]
    image, failure, _ = await attempt(server)
    assert (image is not None, failure, images.calls) == (True, None, 3)


@pytest.mark.parametrize("turn", [failed(429), failed(500), cut()])
async def test_but_not_for_ever(server: OpenAIServer, images: Images, turn: Turn) -> None:
    images.usual = turn
    image, failure, _ = await attempt(server)
    assert (image, images.calls) == (None, 3)
    assert isinstance(failure, WriterFailed)


async def test_a_wait_that_is_too_long_is_not_waited(server: OpenAIServer, images: Images) -> None:
    images.usual = failed(429, retry_after="60")
    _, failure, _ = await attempt(server)
    assert "too much to do" in str(failure)
    assert images.calls == 1


async def test_nobody_listens() -> None:
    async with OpenAIServer() as server:
        pass
    _, failure, usage = await attempt(server)
    assert str(failure) == "The model's service can't be reached."
    assert usage == []


@pytest.mark.parametrize(
    ("limits", "within"),
    [
        (replace(PATIENT, first=0.3), False),
        (replace(PATIENT, whole=0.3), False),
        (replace(PATIENT, between=0.2), True),
    ],
)
async def test_a_hang_is_waited_for_so_long(
    server: OpenAIServer, images: Images, limits: Timeouts, within: bool
) -> None:
    images.usual = hang(within=within)
    image, failure, usage = await attempt(server, timeouts=limits)
    assert (image, str(failure)) == (None, "The image model took too long.")
    assert images.calls <= 1
    assert len(usage) == within, "an answer that was begun has cost something"


# --- What a service says it used.


@pytest.mark.parametrize(
    "figures",
    ["null", "7", "{}", '{"input_tokens": 5}', '{"input_tokens": -1, "output_tokens": true}'],
)
async def test_figures_that_are_none(server: OpenAIServer, images: Images, figures: str) -> None:
    shown = base64.b64encode(png()).decode()
    images.usual = body(f'{{"data": [{{"b64_json": "{shown}"}}], "usage": {figures}}}')
    image, _, usage = await attempt(server)
    assert image is not None
    assert usage == [Usage(GPT_IMAGE, 0, 0, 0, reported=False)]


# --- The server's own rules.


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"model": "unknown"}, 404),
        ({"prompt": ""}, 400),
        ({"prompt": None}, 400),
        ({"prompt": "x" * 32_001}, 400),
        ({"n": 11}, 400),
        ({"response_format": "b64_json"}, 400),
        ({"response_format": "yaml", "model": LOCAL}, 400),
        ({"size": "1000x1000"}, 400),
        ({"size": "huge", "model": LOCAL}, 400),
        ({"quality": "best"}, 400),
    ],
)
async def test_the_server_keeps_its_rules(
    server: OpenAIServer, images: Images, change: dict[str, Any], status: int
) -> None:
    sent = {"model": GPT_IMAGE, "prompt": "A sea.", "size": "1024x1024", "quality": "low"}
    async with httpx2.AsyncClient() as client:

        async def ask(request: dict[str, Any], key: str = "Bearer x") -> httpx2.Response:
            at = f"{server.url}/images/generations"
            return await client.post(at, json=request, headers={"Authorization": key})

        assert (await ask(sent | change)).status_code == status
        assert (await ask(sent, key="")).status_code == 401
        assert (images.calls, images.refused) == (0, 2)
        good = (await ask(sent)).json()
        other = (await ask(sent | {"model": LOCAL})).json()
    assert base64.b64decode(good["data"][0]["b64_json"]).startswith(b"\x89PNG")
    assert good["usage"]["total_tokens"] > 272
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/pictures/0\.png", other["data"][0]["url"])
    assert "usage" not in other
