"""Breaking the rules of modals and App Home, of response_url, and of a modal's answers."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack_breaks import (
    breaks,
    button_in,
    client,
    field,
    fine,
    modal,
    plain,
    room,
    said,
    section,
)
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_sample_app import SampleApp, on_socket
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import View


def _trigger(slack: SlackServer, view: View | None = None) -> str:
    """A trigger that some act of a member's gave."""
    acted = slack.begin(slack.member(), None, view=view)
    assert acted.trigger is not None
    return acted.trigger.id


async def _opened(slack: SlackServer, **parts: Any) -> View:
    """A modal that is open."""
    body = modal(**parts)
    made = await fine(client(slack).views_open(trigger_id=_trigger(slack), view=body))
    return slack.world.views[made["view"]["id"]]


@breaks("trigger-known")
async def _(slack: SlackServer) -> str:
    return await said(client(slack).views_open(trigger_id="1.2.abc", view=modal()))


@breaks("trigger-fresh")
async def _(slack: SlackServer) -> str:
    soon, late = _trigger(slack), _trigger(slack)
    slack.clock.shift(2.5)
    await fine(client(slack).views_open(trigger_id=soon, view=modal()))
    slack.clock.shift(0.6)
    return await said(client(slack).views_open(trigger_id=late, view=modal()))


@breaks("trigger-once")
async def _(slack: SlackServer) -> str:
    trigger = _trigger(slack)
    await fine(client(slack).views_open(trigger_id=trigger, view=modal()))
    return await said(client(slack).views_open(trigger_id=trigger, view=modal()))


@breaks("view-known")
async def _(slack: SlackServer) -> str:
    view = await _opened(slack)
    await fine(client(slack).views_update(view_id=view.id, view=modal(title=plain("Next"))))
    assert view.title == "Next"
    await slack.close(slack.world.members[view.user], view)
    return await said(client(slack).views_update(view_id=view.id, view=modal()))


@breaks("view-hash")
async def _(slack: SlackServer) -> str:
    view = await _opened(slack)
    old = view.hash
    await fine(client(slack).views_update(view_id=view.id, hash=old, view=modal()))
    return await said(client(slack).views_update(view_id=view.id, hash=old, view=modal()))


@breaks("view-stack")
async def _(slack: SlackServer) -> str:
    view = await _opened(slack)
    for _number in range(2):
        await fine(client(slack).views_push(trigger_id=_trigger(slack, view), view=modal()))
    return await said(client(slack).views_push(trigger_id=_trigger(slack, view), view=modal()))


@breaks("view-external")
async def _(slack: SlackServer) -> str:
    await _opened(slack, external_id="ballot-1")
    again = modal(external_id="ballot-1")
    await fine(client(slack).views_update(external_id="ballot-1", view=again))
    return await said(client(slack).views_open(trigger_id=_trigger(slack), view=again))


@breaks("view-size")
async def _(slack: SlackServer) -> str:
    heavy = modal(blocks=[section("x" * 3_000) for _ in range(90)])
    return await said(client(slack).views_open(trigger_id=_trigger(slack), view=heavy))


@breaks("home-enabled")
async def _(slack: SlackServer) -> str:
    member = slack.member()
    home = {"type": "home", "blocks": [section()]}
    await fine(client(slack).views_publish(user_id=member.id, view=home))
    assert slack.world.homes[member.id].says == "\nx"
    slack.workspace.home_enabled = False
    return await said(client(slack).views_publish(user_id=member.id, view=home))


async def _answering(slack: SlackServer, answer: dict[str, Any]) -> str:
    """The error that the fake notes when a submission is answered so."""
    sample = SampleApp(slack)

    @sample.app.view("odd")
    async def odd(ack: Any) -> None:
        await ack(answer)

    async with on_socket(slack, sample):
        view = await _opened(
            slack, callback_id="odd", submit=plain("Go"), blocks=[field(), section(block_id="text")]
        )
        member = slack.world.members[view.user]
        done = await slack.submit(member, view, {"prompt": "x"})
        assert view.open == (done.seen_error is not None or bool(done.errors))
    return slack.refusals[-1].error if done.seen_error else "ok"


@breaks("submission-action")
async def _(slack: SlackServer) -> str:
    return await _answering(slack, {"response_action": "shake"})


@breaks("submission-errors")
async def _(slack: SlackServer) -> str:
    good = {"response_action": "errors", "errors": {"prompt": "No."}}
    assert await _answering(slack, good) == "ok"
    return await _answering(slack, {"response_action": "errors", "errors": {"text": "No."}})


async def _webhook(url: str, **body: Any) -> str:
    answer = await AsyncWebhookClient(url).send(**body)
    return "ok" if answer.status_code == 200 else answer.body.split('"')[-2]


@breaks("response-url-known")
async def _(slack: SlackServer) -> str:
    return await _webhook(f"{slack.url}/respond/T1/unknown", text="x")


@breaks("response-url-uses")
async def _(slack: SlackServer) -> str:
    member = slack.member()
    channel = slack.channel("room", [member])
    message = await button_in(slack, channel)
    url = slack.response_urls.give(channel, member, message.ts).url
    assert await _webhook(url, text="to you") == "ok"
    assert (await slack.ephemeral_to(member)).text == "to you"
    assert await _webhook(url, text="to all", response_type="in_channel") == "ok"
    assert channel.visible[-1].text == "to all"
    assert await _webhook(url, text="anew", replace_original=True) == "ok"
    assert (message.text, message.blocks) == ("anew", [])
    assert await _webhook(url, delete_original=True) == "ok"
    assert message.deleted
    assert await _webhook(url, text="fifth") == "ok"
    return await _webhook(url, text="sixth")


@breaks("response-url-life")
async def _(slack: SlackServer) -> str:
    member = slack.member()
    channel = slack.channel("room", [member], bot=False)  # the app need not be there
    url = slack.response_urls.give(channel, member).url
    slack.clock.shift(30 * 60 - 1)
    assert await _webhook(url, text="in time") == "ok"
    slack.clock.shift(2)
    return await _webhook(url, text="too late")


@breaks("slash-thread")
async def _(slack: SlackServer) -> str:
    with pytest.raises(Refused) as refused:
        await slack.slash(slack.member(), room(slack), "x", thread_ts="1.000001")
    return refused.value.error
