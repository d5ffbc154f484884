"""What an announcement wants of Slack, and the pictures and files that go with cards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.slack.grants import OneWorkspace
from adapters.slack.limits import MESSAGE_BLOCKS
from adapters.slack.options import SlackOptions
from adapters.slack.stage import SlackStage
from bot.cards import (
    Announcement,
    Attachment,
    Button,
    Buttons,
    Card,
    Event,
    Illustration,
    Paragraph,
    Plain,
)
from bot.models import Address, Image, SpaceRef, UserRef
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Channel

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WAYS = Buttons((Button("1~show~c~r~~", "See all"),))
CARD = Card((Paragraph((Plain("A new challenge is open."),)), WAYS), "A new challenge is open.")
DRAWN = Illustration("board", Image(b"\x89PNG", "image/png"), "Ana leads, with 5 of 9 votes.")


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
def room(slack: SlackServer) -> Channel:
    return slack.channel("room", [slack.member("ana")])


@pytest.fixture
async def stage(slack: SlackServer) -> AsyncIterator[SlackStage]:
    made = a_stage(slack)
    yield made
    await made.close()


def a_stage(slack: SlackServer) -> SlackStage:
    options = SlackOptions(bot_token=slack.workspace.bot_token, api_url=slack.api_url)
    return SlackStage(options, OneWorkspace(options), picture_pause=0.0)


def at(room: Channel) -> Address:
    return Address(SpaceRef("slack", room.team), room.id)


def announcing(**wanted: object) -> Card:
    return replace(CARD, announce=Announcement(**wanted))  # type: ignore[arg-type]


async def test_one_group_is_mentioned_and_only_when_it_is_posted(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    card = announcing(mention="S0123ABC")
    message = await stage.post(at(room), card, "open:1")
    assert [each.who for each in slack.pings] == ["!subteam^S0123ABC"]
    await stage.edit(message, card)
    assert len(slack.pings) == 1
    assert slack.refusals == []


@pytest.mark.parametrize("forged", ["", "channel", "!here", "S1>", "U0123ABC"])
async def test_nothing_else_is_mentioned(
    slack: SlackServer, stage: SlackStage, room: Channel, forged: str
) -> None:
    await stage.post(at(room), announcing(mention=forged), "open:1")
    assert slack.pings == []


async def test_a_mention_finds_room_in_a_long_announcement(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    notes = tuple(Paragraph((Plain(f"line {n}"),)) for n in range(2 * MESSAGE_BLOCKS))
    card = replace(announcing(mention="S0123ABC"), blocks=(*notes, WAYS))
    message = await stage.post(at(room), card, "open:1")
    assert len(room.messages[message.id].body["blocks"]) == MESSAGE_BLOCKS
    assert slack.refusals == []


async def test_it_is_pinned_in_place_of_the_one_before_and_has_a_thread(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    first = await stage.post(at(room), announcing(pin=True), "open:1")
    event = Event("The challenge", NOON, NOON)
    wanted = announcing(pin=True, unpin=first.id, thread="Talk about it here", event=event)
    second = await stage.post(at(room), wanted, "open:2")
    assert room.pins == [second.id]
    (talk,) = [m for m in room.visible if m.thread_ts == second.id]
    assert talk.says == "Talk about it here"
    assert await stage.post(at(room), wanted, "open:2") == second
    assert len(slack.called("pins.add")) == 2
    assert slack.refusals == []


async def test_what_can_not_be_done_leaves_the_announcement_standing(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    slack.faults.error("pins.add", "missing_scope")
    slack.faults.error("pins.remove", "no_pin")
    wanted = announcing(pin=True, unpin="1.2", honour="S1", honours=(UserRef("slack", "U1"),))
    message = await stage.post(at(room), wanted, "open:1")
    assert room.messages[message.id].says.startswith("A new challenge is open.")


async def test_an_illustration_is_shown_above_the_buttons_with_its_words(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    card = replace(CARD, illustration=DRAWN)
    message = await stage.post(at(room), card, "result:1")
    await stage.edit(message, card)
    kinds = [block["type"] for block in room.messages[message.id].body["blocks"]]
    assert kinds == ["rich_text", "image", "actions"]
    assert room.messages[message.id].body["blocks"][1]["alt_text"] == DRAWN.alt
    assert len(slack.called("files.completeUploadExternal")) == 1
    # What shows something else by now is another file: the first may show who was forgotten.
    first = room.messages[message.id].body["blocks"][1]["slack_file"]["id"]
    anew = replace(DRAWN, image=Image(b"\x89PNG anew", "image/png"))
    await stage.edit(message, replace(CARD, illustration=anew))
    assert room.messages[message.id].body["blocks"][1]["slack_file"]["id"] != first


async def test_where_it_can_not_be_had_its_words_are_shown(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    slack.faults.error("files.getUploadURLExternal", "storage_limit_reached")
    message = await stage.post(at(room), replace(CARD, illustration=DRAWN), "result:1")
    assert DRAWN.alt in room.messages[message.id].says


async def test_a_file_of_ones_own_comes_in_the_direct_messages(
    slack: SlackServer, stage: SlackStage
) -> None:
    ana = slack.member("ana")
    file = Attachment("muse.json", "application/json", '{"pieces": []}')
    await stage.files.hand(ana.team, ana.id, file)
    (sent,) = slack.world.direct(ana.team, ana.id).visible
    (held,) = slack.world.files.values()
    assert held.data == b'{"pieces": []}'
    assert held.shares == [sent.ts]


async def test_an_announcement_that_another_process_posted_is_pinned_and_not_posted_again(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    slack.faults.error("pins.add", "internal_error", times=1)  # as if it had died before that
    card = announcing(mention="", pin=True, thread="Talk about it here.")
    posted = await stage.post(at(room), card, "challenge:c:x1.results.s")
    other = a_stage(slack)
    found = await other.post(at(room), card, "challenge:c:x1.results.s", doubtful=True)
    assert found == posted
    assert len(slack.called("chat.postMessage")) == 2  # the message and its thread's first
    assert len(slack.called("pins.add")) == 2
    await other.close()


async def test_the_thread_of_what_another_process_posted_is_opened_where_it_is_not_there(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    key, talked = "challenge:c:x1.results.s", announcing(mention="", thread="Talk about it here.")
    posted = await stage.post(at(room), announcing(mention=""), key)  # and died over the thread
    for number in range(3):  # those after it find the thread, the first one opens it
        slack.faults.error("conversations.replies", "internal_error", times=int(number == 1))
        other = a_stage(slack)
        assert await other.post(at(room), talked, key, doubtful=True) == posted
        (talk,) = [m for m in room.visible if m.thread_ts == posted.id]
        assert talk.says == "Talk about it here."
        await other.close()
    assert len(slack.called("chat.postMessage")) == 2
