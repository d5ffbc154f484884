"""What a member can do at the loopback Discord, and how it reaches an app."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord_asked import NeverShown
from tests.fakes.discord_message import EPHEMERAL
from tests.fakes.discord_modals import CannotAct
from tests.fakes.discord_permissions import May
from tests.fakes.discord_rules import Json
from tests.fakes.discord_state import Event
from tests.integration import discord_bench as b
from tests.integration.discord_bench import Bench, bench


@pytest.fixture
async def ready() -> AsyncIterator[Bench]:
    async with bench() as made:
        yield made


@pytest.fixture
def told(ready: Bench) -> list[Event]:
    """Everything that the app is told from here on."""
    found: list[Event] = []
    ready.world.listeners.append(found.append)
    return found


TREE: Json = {
    "name": "challenge",
    "description": "x",
    "options": [
        {
            "type": 1,
            "name": "enter",
            "description": "x",
            "options": [
                {"type": 3, "name": "text", "description": "x", "required": True, "max_length": 9},
                {
                    "type": 3,
                    "name": "form",
                    "description": "x",
                    "choices": [{"name": "Haiku", "value": "haiku"}],
                },
                {"type": 6, "name": "with", "description": "x"},
                {"type": 7, "name": "where", "description": "x"},
                {"type": 8, "name": "as", "description": "x"},
            ],
        },
        {"type": 1, "name": "status", "description": "x"},
    ],
}


async def test_a_subcommand_with_people_and_places(ready: Bench, told: list[Event]) -> None:
    assert (await ready.commands(TREE)).status == 200
    role = ready.server.role(ready.guild, "prompters")
    options = {"text": "a line", "form": "haiku", "with": ready.ada, "as": role}
    await ready.server.slash(
        ready.ada, ready.channel, "challenge enter", **options, where=ready.channel
    )
    data = told[-1].data["data"]
    inner = data["options"][0]
    assert (inner["name"], inner["type"]) == ("enter", 1)
    values = {each["name"]: each["value"] for each in inner["options"]}
    assert values["with"] == str(ready.ada.id)
    assert data["resolved"]["users"][values["with"]]["global_name"] == "Ada"
    assert data["resolved"]["roles"][str(role.id)]["name"] == "prompters"
    assert data["resolved"]["channels"][str(ready.channel.id)]["name"] == "prompts"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("challenge", {}),
        ("challenge leave", {}),
        ("challenge enter", {}),
        ("challenge enter", {"text": "a long line"}),
        ("challenge enter", {"text": "x", "form": "sonnet"}),
    ],
)
async def test_what_the_client_does_not_send(
    ready: Bench, name: str, options: dict[str, str]
) -> None:
    await ready.commands(TREE)
    with pytest.raises(CannotAct):
        await ready.server.slash(ready.ada, ready.channel, name, **options)


async def test_a_command_in_private(ready: Bench, told: list[Event]) -> None:
    await ready.commands(b.COMMAND, {"name": "here", "description": "x", "contexts": [0]})
    private = ready.world.dm(ready.ada)
    asked = await ready.server.slash(ready.ada, private, "muse")
    seen = told[-1].data
    assert (seen["user"]["global_name"], seen["context"], "member" in seen) == ("Ada", 1, False)
    await ready.answer(asked, b.SAY, {"content": "only us"})
    assert (await asked.message()).channel is private
    with pytest.raises(CannotAct):
        await ready.server.slash(ready.ada, private, "here")


async def test_what_an_interaction_says_of_its_member(ready: Bench, told: list[Event]) -> None:
    await ready.commands(b.COMMAND)
    mod = ready.server.member(ready.guild, "Mod", May.MANAGE_GUILD, age=86_400.0)
    ready.server.deny(ready.channel, May.SEND_MESSAGES)
    await ready.server.slash(mod, ready.channel, "muse")
    seen = told[-1].data
    assert int(seen["member"]["permissions"]) & May.MANAGE_GUILD
    assert not int(seen["app_permissions"]) & May.SEND_MESSAGES
    assert int(seen["member"]["permissions"]) & May.SEND_MESSAGES


async def test_selects_and_stale_buttons(ready: Bench, told: list[Event]) -> None:
    two = [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}]
    parts = (b.row(b.select(options=two)), b.row(b.button(custom_id="y", disabled=True)))
    message = await ready.sent(b.v2(*parts))
    await ready.server.select(ready.ada, message, "x", ["b"])
    assert told[-1].data["data"]["values"] == ["b"]
    for values in (["c"], ["a", "b"], []):
        with pytest.raises(CannotAct):
            await ready.server.select(ready.ada, message, "x", values)
    with pytest.raises(CannotAct):
        await ready.server.click(ready.ada, message, "y")
    await ready.server.click(ready.ada, message, "v:1:gone", stale=True)
    assert told[-1].data["data"]["custom_id"] == "v:1:gone"


async def test_a_form_with_a_select(ready: Bench, told: list[Event]) -> None:
    two = [{"label": "A", "value": "a", "default": True}, {"label": "B", "value": "b"}]
    pick = b.label(b.select(options=two), label="Form")
    text = b.label(b.field(value="as it was", min_length=3), label="Text")
    asked = await ready.slash()
    await ready.answer(asked, b.MODAL, b.modal(b.text("Read this"), text, pick))
    form = await asked.modal()
    assert (form.field("Text").value, form.field("x").options) == ("as it was", ["a", "b"])
    await ready.server.submit(ready.ada, form, {})
    sent = [each["component"] for each in told[-1].data["data"]["components"]]
    assert (sent[0]["value"], sent[1]["values"]) == ("as it was", ["a"])
    await ready.server.submit(ready.ada, form, {"Form": "b", "Text": "as it is"})
    sent = [each["component"] for each in told[-1].data["data"]["components"]]
    assert (sent[0]["value"], sent[1]["values"]) == ("as it is", ["b"])
    for wrong in ({"Form": "c"}, {"Form": ["a", "b"]}, {"Text": "x"}, {"Nothing": "x"}):
        with pytest.raises(CannotAct):
            await ready.server.submit(ready.ada, form, wrong)
    with pytest.raises(LookupError):
        form.field("Nothing")


async def test_what_never_comes_is_said(ready: Bench) -> None:
    asked = await ready.slash()
    with pytest.raises(NeverShown, match="no acknowledgement"):
        await asked.acknowledged(patience=0.01)
    await ready.answer(asked, b.DEFER, {"flags": EPHEMERAL})
    with pytest.raises(NeverShown, match="no message"):
        await asked.message(patience=0.01)
    with pytest.raises(NeverShown, match="no modal, but defer"):
        await asked.modal(patience=0.01)
    await ready.call("PATCH", ready.hook(asked, "@original"), {"content": "at last"})
    assert (await asked.private()).text == "at last"
    with pytest.raises(LookupError):
        (await asked.private()).button("Vote")


async def test_deletion_of_an_answer(ready: Bench) -> None:
    asked, message = await ready.private()
    assert (await ready.call("DELETE", ready.hook(asked, "@original"))).status == 204
    assert message.deleted
    assert (await ready.call("GET", ready.hook(asked, "@original"))).said["code"] == 10008
    await ready.call("POST", ready.hook(asked), {"content": "more"})
    assert (await asked.followup()).text == "more"


async def test_a_message_that_goes_meanwhile(ready: Bench) -> None:
    pressed = await ready.click()
    assert pressed.interaction.source is not None
    ready.server.delete(pressed.interaction.source)
    late = await ready.answer(pressed, b.UPDATE, {"content": "x"})
    assert (late.status, late.said["code"]) == (404, 10008)
    assert pressed.interaction.ack is None
    assert (await ready.answer(pressed, b.DEFER_UPDATE)).status == 204
    late = await ready.call("PATCH", ready.hook(pressed, "@original"), {"content": "x"})
    assert late.said["code"] == 10008
    ready.server.delete(ready.channel)
    gone = await ready.call("POST", ready.hook(pressed), {"content": "x"})
    assert gone.said["code"] == 10003


async def test_only_an_interaction_speaks_in_private(ready: Bench) -> None:
    message = await ready.sent({"content": "for all", "flags": EPHEMERAL})
    assert not message.ephemeral
    assert message in ready.server.messages(ready.channel)


async def test_a_failed_edit_changes_nothing(ready: Bench) -> None:
    message = await ready.sent(b.v2(b.text("as it was")))
    bad = b.v2(b.text("new"), b.row(b.button(label="x" * 81)))
    assert (await ready.call("PATCH", ready.path(message), bad)).status == 400
    assert (message.text, message.versions, message.edited_at) == (
        "as it was",
        ["as it was"],
        None,
    )
