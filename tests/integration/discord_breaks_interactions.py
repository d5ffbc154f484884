"""Breaking the rules of interactions."""

from __future__ import annotations

from tests.fakes.discord_message import EPHEMERAL, V2
from tests.integration.discord_bench import (
    CHOICES,
    DEFER,
    DEFER_UPDATE,
    MODAL,
    SAY,
    UPDATE,
    Answer,
    Bench,
    bodies,
    breaks,
    button,
    modal,
    row,
)

PLAIN = {"content": "x"}


@breaks("unknown_interaction")
async def _(bench: Bench) -> Answer:
    return await bench.call("POST", "/interactions/1/nothing/callback", {"type": DEFER})


@breaks("ack_in_time")
async def _(bench: Bench) -> Answer:
    good, bad = await bench.slash(), await bench.slash()
    bench.server.advance(2.5)
    assert (await bench.answer(good, DEFER)).status == 204
    bench.server.advance(0.6)
    return await bench.answer(bad, DEFER)


@breaks("token_life")
async def _(bench: Bench) -> Answer:
    asked = await bench.slash()
    await bench.answer(asked, DEFER)
    bench.server.advance(14 * 60)
    original = bench.hook(asked, "@original")
    assert (await bench.call("PATCH", original, PLAIN)).status == 200
    bench.server.advance(61)
    return await bench.call("PATCH", original, PLAIN)


@breaks("webhook_token")
async def _(bench: Bench) -> Answer:
    return await bench.call("POST", f"/webhooks/{bench.app}/nothing", PLAIN)


@breaks("ack_first")
async def _(bench: Bench) -> Answer:
    return await bench.call("POST", bench.hook(await bench.slash()), PLAIN)


@breaks("ack_once")
async def _(bench: Bench) -> Answer:
    asked = await bench.slash()
    assert (await bench.answer(asked, SAY, PLAIN)).status == 204
    return await bench.answer(asked, SAY, PLAIN)


@breaks("modal_after_defer")
async def _(bench: Bench) -> Answer:
    asked = await bench.slash()
    await bench.answer(asked, DEFER)
    return await bench.answer(asked, MODAL, modal())


@breaks("modal_after_modal")
async def _(bench: Bench) -> Answer:
    asked = await bench.slash()
    await bench.answer(asked, MODAL, modal())
    sent = await bench.server.submit(bench.ada, await asked.modal(), {"f": "x"})
    return await bench.answer(sent, MODAL, modal())


@breaks("update_component")
async def _(bench: Bench) -> Answer:
    pressed = await bench.click()
    assert (await bench.answer(pressed, UPDATE, PLAIN)).status == 204
    assert (await bench.answer(await bench.click(), DEFER_UPDATE)).status == 204
    return await bench.answer(await bench.slash(), DEFER_UPDATE)


@breaks("choices_only")
async def _(bench: Bench) -> Answer:
    return await bench.answer(await bench.slash(), CHOICES, {"choices": []})


async def suggest(bench: Bench, choices: object) -> Answer:
    await bench.slash()
    typed = await bench.server.autocomplete(bench.ada, bench.channel, "muse", "form", form="ha")
    return await bench.answer(typed, CHOICES, {"choices": choices})


def choices(n: int, name: str = "x", value: str = "x") -> list[dict[str, str]]:
    return [{"name": name, "value": value}] * n


bodies(
    {
        "choices_count": (choices(26), choices(25)),
        "choice_name": (choices(1, name="x" * 101), choices(1, name="x" * 100)),
        "choice_value": (choices(1, value="x" * 101), choices(1, value="x" * 100)),
    },
    suggest,
)


@breaks("defer_flags")
async def _(bench: Bench) -> Answer:
    assert (await bench.answer(await bench.slash(), DEFER, {"flags": EPHEMERAL})).status == 204
    return await bench.answer(await bench.slash(), DEFER, {"flags": V2})


@breaks("defer_followup")
async def _(bench: Bench) -> None:
    asked = await bench.slash()
    await bench.answer(asked, DEFER, {"flags": EPHEMERAL})
    first = (await bench.call("POST", bench.hook(asked), PLAIN)).said
    original = asked.interaction.original
    assert original is not None
    assert (first["id"], first["flags"]) == (str(original.id), EPHEMERAL)
    second = (await bench.call("POST", bench.hook(asked), PLAIN)).said
    assert (second["id"] != first["id"], second["flags"]) == (True, 0)


@breaks("ephemeral_hidden")
async def _(bench: Bench) -> Answer:
    _, message = await bench.private()
    assert message not in bench.server.messages(bench.channel)
    assert (await bench.call("GET", bench.messages)).said == []
    return await bench.call("PATCH", bench.path(message), PLAIN)


@breaks("ephemeral_token")
async def _(bench: Bench) -> Answer:
    asked, message = await bench.private()
    assert (await bench.call("PATCH", bench.hook(asked, str(message.id)), PLAIN)).status == 200
    # A button on it gives a new token, whose “original” it becomes.
    shown = PLAIN | {"components": [row(button())]}
    await bench.call("PATCH", bench.hook(asked, "@original"), shown)
    pressed = await bench.server.click(bench.ada, message, "x")
    await bench.answer(pressed, DEFER_UPDATE)
    assert (await bench.call("PATCH", bench.hook(pressed, "@original"), PLAIN)).status == 200
    other = await bench.slash()
    await bench.answer(other, DEFER)
    return await bench.call("PATCH", bench.hook(other, str(message.id)), PLAIN)
