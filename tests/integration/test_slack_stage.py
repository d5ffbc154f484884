"""The stage alone, as a worker has it: against the Slack on loopback, without Bolt or a game."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.slack.finding import EVENT_TYPE
from adapters.slack.grants import OneWorkspace
from adapters.slack.options import SlackOptions
from adapters.slack.stage import SlackStage
from bot.cards import (
    Button,
    Buttons,
    Card,
    Heading,
    Note,
    Paragraph,
    Pending,
    Person,
    Picture,
    Piece,
    Plain,
)
from bot.errors import StageFailed
from bot.models import Address, Image, MessageRef, SpaceRef, UserRef
from tests.fakes.slack_server import SlackServer
from tests.fakes.slack_state import Channel, Message


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
    await made.web.grants.grant(slack.workspace.id)
    yield made
    await made.close()


def a_stage(slack: SlackServer) -> SlackStage:
    options = SlackOptions(bot_token=slack.workspace.bot_token, api_url=slack.api_url)
    return SlackStage(options, OneWorkspace(options), picture_pause=0.0)


def at(room: Channel, thread: str = "", reader: str = "") -> Address:
    return Address(SpaceRef("slack", room.team), room.id, thread, reader)


def card(*texts: str, busy: bool = False) -> Card:
    pieces = tuple(Piece(n, text, (Plain("by Muse"),)) for n, text in enumerate(texts, 1))
    coming = (Pending(len(texts) + 1),) if busy else ()
    ways = Buttons((Button("1~show~c~r~~", "See all"),))
    return Card((Heading((Plain("A prompt"),)), *pieces, *coming, ways), "A prompt", busy)


def of(room: Channel, message: MessageRef) -> Message:
    return room.messages[message.id]


async def test_a_key_is_posted_once_and_is_in_the_metadata(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    first = await stage.post(at(room), card("one"), "round:r1")
    assert await stage.post(at(room), card("one"), "round:r1") == first
    assert len(room.visible) == 1
    metadata = of(room, first).body["metadata"]
    assert metadata == {"event_type": EVENT_TYPE, "event_payload": {"key": "round:r1"}}
    (sent,) = slack.called("chat.postMessage")
    assert sent.args["unfurl_links"] is False
    assert sent.args["mrkdwn"] is False
    assert sent.args["text"] == "A prompt"


@pytest.mark.parametrize("thread", [False, True])
async def test_a_lost_reply_is_looked_for_once(
    slack: SlackServer, stage: SlackStage, room: Channel, *, thread: bool
) -> None:
    root = await stage.post(at(room), card("root"), "round:root") if thread else None
    slack.faults.drop_reply("chat.postMessage", times=1)
    address = at(room, root.id if root else "")
    message = await stage.post(address, card("one"), "round:r1")
    assert "one" in of(room, message).says
    looked = "conversations.replies" if thread else "conversations.history"
    assert len(slack.called(looked)) == 1
    assert len([m for m in room.visible if "one" in m.says]) == 1


async def test_what_another_process_posted_is_found(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    posted = await stage.post(at(room), card("one"), "round:r1")
    other = a_stage(slack)
    await other.web.grants.grant(slack.workspace.id)
    assert await other.post(at(room), card("two"), "round:r1", doubtful=True) == posted
    assert await other.post(at(room), card("two"), "round:r2", doubtful=True) != posted
    assert len(room.visible) == 2
    await other.close()


@pytest.mark.parametrize(("replies", "page"), [(450, 1_000), (40, 15)])
async def test_what_another_process_posted_is_found_in_a_long_thread(
    slack: SlackServer, stage: SlackStage, room: Channel, replies: int, page: int
) -> None:
    slack.world.page_most = page
    ana = slack.member("ana")
    root = await stage.post(at(room), card("root"), "round:root")
    for number in range(replies):
        await slack.say(ana, room, f"reply {number}", thread_ts=root.id)
    posted = await stage.post(at(room, root.id), card("one"), "round:r1")
    other = a_stage(slack)
    await other.web.grants.grant(slack.workspace.id)
    assert await other.post(at(room, root.id), card("two"), "round:r1", doubtful=True) == posted
    assert len([m for m in room.visible if "one" in m.says or "two" in m.says]) == 1
    await other.close()


async def test_a_thread_without_end_is_looked_through_so_far(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    slack.world.page_most = 3
    ana = slack.member("ana")
    root = await stage.post(at(room), card("root"), "round:root")
    for number in range(60):
        await slack.say(ana, room, f"reply {number}", thread_ts=root.id)
    await stage.post(at(room, root.id), card("one"), "round:r1", doubtful=True)
    assert len(slack.called("conversations.replies")) == 10


async def test_a_direct_message_that_another_process_posted_is_found(
    slack: SlackServer, stage: SlackStage
) -> None:
    ana = slack.member("ana")
    address = Address(SpaceRef("slack", slack.workspace.id), f"@{ana.id}")
    posted = await stage.post(address, card("one"), "remind:c:x1.1")
    other = a_stage(slack)
    await other.web.grants.grant(slack.workspace.id)
    found = await other.post(address, card("one"), "remind:c:x1.1", doubtful=True)
    assert found.id == posted.id
    assert len(slack.called("chat.postMessage")) == 1
    await other.close()


async def test_what_never_arrived_is_posted_with_the_next_try(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    slack.faults.status("chat.postMessage", 503, times=1)
    with pytest.raises(StageFailed, match="problem of its own"):
        await stage.post(at(room), card("one"), "round:r1")
    message = await stage.post(at(room), card("one"), "round:r1")
    assert [m.ts for m in room.visible] == [message.id]


async def test_many_changes_are_few_and_the_last_is_shown(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    message = await stage.post(at(room), card("one"), "round:r1")
    changes = [stage.edit(message, card("one", f"change {n}")) for n in range(30)]
    await asyncio.gather(*changes)
    assert "change 29" in of(room, message).says
    assert len(slack.called("chat.update")) <= 3


async def test_a_busy_card_keeps_nobody_waiting(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    message = await stage.post(at(room), card(busy=True), "round:r1")
    slack.faults.hang("chat.update", times=1)
    await stage.edit(message, card("one", busy=True))
    last = asyncio.create_task(stage.edit(message, card("one", "two")))
    await asyncio.sleep(0.01)
    assert not last.done()
    slack.faults.release()
    await last
    assert "two" in of(room, message).says


async def test_who_waits_for_a_change_as_the_stage_closes_is_told(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    message = await stage.post(at(room), card("one"), "round:r1")
    hanging = slack.faults.hang("chat.update", times=1)
    changing = asyncio.create_task(stage.edit(message, card("two")))
    async with asyncio.timeout(10):
        while not hanging.met:  # noqa: ASYNC110 - the fake counts what it meets, and tells nobody
            await asyncio.sleep(0.001)
        await stage.close()
        with pytest.raises(StageFailed, match="stopping"):
            await changing


async def test_who_waits_for_a_change_that_has_not_begun_as_the_stage_closes_is_told(
    stage: SlackStage, room: Channel
) -> None:
    message = await stage.post(at(room), card("one"), "round:r1")
    changing = asyncio.create_task(stage.edit(message, card("two")))
    await asyncio.sleep(0)  # it has asked, and nothing was done yet
    async with asyncio.timeout(10):
        await stage.close()
        with pytest.raises(StageFailed, match="stopping"):
            await changing


async def test_retry_after_is_obeyed_and_the_last_state_arrives(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    message = await stage.post(at(room), card("one"), "round:r1")
    slack.faults.limit("chat.update", seconds=1, times=1)
    began = asyncio.get_running_loop().time()
    await asyncio.gather(
        *(stage.edit(message, card("one", f"change {n}")) for n in range(5)),
    )
    assert asyncio.get_running_loop().time() - began >= 1.0
    assert "change 4" in of(room, message).says
    assert len(slack.called("chat.update")) <= 3


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("channel_not_found", "/invite @Muse"),
        ("is_archived", "Unarchive it"),
        ("account_inactive", "Install it again"),
        ("token_revoked", "Install it again"),
        ("restricted_action", "admin"),
        ("missing_scope", "manifest"),
        ("something_new", "something_new"),
    ],
)
async def test_an_error_names_its_remedy(
    slack: SlackServer, stage: SlackStage, room: Channel, error: str, remedy: str
) -> None:
    slack.faults.error("chat.postMessage", error)
    with pytest.raises(StageFailed, match=remedy) as told:
        await stage.post(at(room), card("one"), "round:r1")
    assert slack.workspace.bot_token not in str(told.value)


async def test_a_public_channel_is_joined_and_a_closed_one_is_not(
    slack: SlackServer, stage: SlackStage
) -> None:
    ana = slack.member("ana")
    public = slack.channel("public", [ana], bot=False)
    await stage.post(at(public), card("one"), "round:r1")
    assert slack.workspace.bot_user in public.members
    closed = slack.channel("closed", [ana], kind="group", bot=False)
    with pytest.raises(StageFailed, match="/invite @Muse"):
        await stage.reach(at(closed))
    archived = slack.channel("archived", [ana])
    archived.archived = True
    with pytest.raises(StageFailed, match="Unarchive"):
        await stage.reach(at(archived))
    await stage.reach(at(public))


async def test_names_are_drawn_and_nobody_is_told(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    bea = slack.member("*bea* <!here>")
    there = Person(UserRef("slack", bea.id))
    elsewhere = Person(UserRef("discord", "7"))
    line = (Plain("by "), there, Plain(" and "), elsewhere)
    said = Card((Paragraph(line), Note(line)), "Names")
    message = await stage.post(at(room), said, "round:r1")
    assert "by *bea* &lt;!here&gt; and a member on Discord" in of(room, message).says
    assert slack.pings == []
    assert len(slack.called("users.info")) == 1
    assert await stage.display_name(UserRef("slack", bea.id)) == "*bea* <!here>"
    assert await stage.display_name(UserRef("discord", "7")) == "a member on Discord"
    assert len(slack.called("users.info")) == 1


async def test_an_admin_elsewhere_manages_nothing_here(
    slack: SlackServer, stage: SlackStage
) -> None:
    home = slack.workspace.id
    admin, member = slack.member("admin", is_admin=True), slack.member("member")
    stranger = slack.member("stranger", slack.add_workspace("Elsewhere"), is_admin=True)
    assert await stage.people.manages(home, admin.id)
    assert not await stage.people.manages(home, member.id)
    assert not await stage.people.manages(home, stranger.id)


async def test_a_picture_is_uploaded_once_and_shown(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    message = await stage.post(at(room), card("one"), "round:r1")
    image = Image(b"\x89PNG\r\n\x1a\n picture")
    kept = await stage.keep(message, image, "r1-1")
    assert await stage.keep(message, image, "r1-1") == kept
    assert len(slack.called("files.completeUploadExternal")) == 1
    shown = Card((Piece(1, "A lamp.", (), None, Picture(kept, "A lamp.")),), "A lamp")
    await stage.edit(message, shown)
    assert kept in str(of(room, message).body["blocks"])
    with pytest.raises(StageFailed, match="PNG"):
        await stage.keep(message, Image(b"x", "image/webp"), "r1-2")


async def test_a_file_that_slack_does_not_know_yet_is_waited_for(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    slack.faults._add(
        "chat.postMessage",
        {
            "ok": False,
            "error": "invalid_blocks",
            "errors": ["invalid slack file [json-pointer:/blocks/0/slack_file]"],
        },
        200,
        {},
        {"times": 2},
    )
    await stage.post(at(room), card("one"), "round:r1")
    assert len(slack.called("chat.postMessage")) == 3
    unknown = Card((Picture("F00000000", "A lamp."),), "A lamp")
    with pytest.raises(StageFailed):
        await stage.post(at(room), unknown, "round:r2")


async def test_a_thread_streams_and_ends_as_the_card(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    ana = slack.member("ana")
    root = await stage.post(at(room), card("root"), "round:root")
    address = at(room, root.id, ana.id)
    message = await stage.post(address, card(busy=True), "round:r1")
    assert of(room, message).streaming
    await stage.edit(message, card("one", busy=True))
    await stage.edit(message, card("one", "two", busy=True))
    await stage.edit(message, card("one", "two"))
    held = of(room, message)
    assert not held.streaming
    assert held.says.count("one") == 1
    assert "See all" in held.says
    assert slack.refusals == []


async def test_another_process_ends_a_stream_that_was_left(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    ana = slack.member("ana")
    root = await stage.post(at(room), card("root"), "round:root")
    message = await stage.post(at(room, root.id, ana.id), card(busy=True), "round:r1")
    other = a_stage(slack)
    try:
        await other.edit(message, card("one", "two"))
    finally:
        await other.close()
    assert not of(room, message).streaming
    assert "two" in of(room, message).says


async def test_a_channel_without_a_reader_does_not_stream(
    slack: SlackServer, stage: SlackStage, room: Channel
) -> None:
    root = await stage.post(at(room), card("root"), "round:root")
    await stage.post(at(room, root.id), card(busy=True), "round:r1")
    await stage.post(at(room), card(busy=True), "round:r2")
    assert not slack.called("chat.startStream")


async def test_a_foreign_workspace_is_not_served(slack: SlackServer, stage: SlackStage) -> None:
    other = slack.add_workspace("Elsewhere")
    theirs = slack.channel("theirs", [], other)
    with pytest.raises(StageFailed, match="not installed"):
        await stage.post(at(theirs), card("one"), "round:r1")
