"""Muse on Slack, whole: the real adapter and core on a real Redis, against a Slack on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.actions import decode
from bot.storage import keys
from bot.storage.client import Store
from tests.e2e.slack_table import SlackTable, button, slack_table, votes


@pytest.fixture(params=["socket", "http"])
async def table(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[SlackTable]:
    """A game by Socket Mode, and one over signed HTTP."""
    async with slack_table(store, socket=request.param == "socket") as made:
        yield made


async def test_the_scenario(table: SlackTable) -> None:
    slack = table.slack
    ana, bea, cem = (slack.member(name) for name in ("ana", "bea", "cem"))
    room = slack.channel("room", members=[ana, bea, cem])

    message = await table.round(ana, room, "a lighthouse afraid of the dark")
    assert len(votes(message)) == 4
    assert "a lighthouse afraid of the dark" in message.says

    clicked = await slack.click(bea, message, button(message, "Add yours"))
    form = await clicked.view(lambda view: bool(view.body.get("submit")))
    sent = await slack.submit(bea, form, {"text": "It only ever wanted a night light."})
    assert sent.errors == {}
    await clicked.ephemeral("Your piece is in, as 5")
    await table.settle()
    assert len(votes(message)) == 5
    assert "bea" in message.says

    for member, number in ((ana, 5), (cem, 5), (bea, 1)):
        voted = await slack.click(member, message, votes(message)[number - 1])
        assert voted.ack.ok
        await voted.ephemeral(f"You voted for {number}")
    await table.settle()
    assert "3 people have voted" in message.says

    closed = await slack.slash(ana, room, "close")
    await closed.ephemeral("The round is closed")
    await table.settle()
    result = await slack.message_in(room, "The votes are in")
    assert "It only ever wanted a night light." in result.says

    top = await slack.slash(cem, room, "top people week")
    board = await top.ephemeral("bea")
    paged = await slack.click(cem, board, button(board, "pieces"))
    await paged.ephemeral("It only ever wanted a night light.")
    assert slack.refusals == []
    assert slack.pings == []


async def test_every_event_three_times_counts_once(table: SlackTable) -> None:
    slack = table.slack
    ana, bea = slack.member("ana"), slack.member("bea")
    room = slack.channel("room", members=[ana, bea])
    slack.deliveries.copies = 3

    message = await table.round(ana, room, "a lighthouse afraid of the dark")
    assert len([m for m in room.visible if votes(m)]) == 1
    clicked = await slack.click(bea, message, votes(message)[0])
    assert [ack.ok for ack in clicked.acks] == [True] * 3
    await clicked.ephemeral("You voted for 1")
    opened = await slack.click(bea, message, button(message, "Add yours"))
    form = await opened.view(lambda view: bool(view.body.get("submit")))
    await slack.submit(bea, form, {"text": "It only wanted a night light."})
    mentioned = await slack.mention(bea, room, "a moth who collects lamps")
    assert mentioned.ack.ok
    await table.settle()

    assert len([m for m in room.visible if votes(m)]) == 2
    assert len(votes(message)) == 5
    assert "One person has voted" in message.says
    receipts = [
        m for m in room.messages.values() if m.ephemeral_to == bea.id and "You voted" in m.says
    ]
    assert len(receipts) == 1
    assert slack.refusals == []


async def test_a_receipt_changes_in_place_and_there_is_one(table: SlackTable) -> None:
    slack = table.slack
    ana, bea = slack.member("ana"), slack.member("bea")
    room = slack.channel("room", members=[ana, bea])
    message = await table.round(ana, room, "a lighthouse")

    first = await slack.click(bea, message, votes(message)[0])
    receipt = await first.ephemeral("You voted for 1")
    why = await slack.click(bea, receipt, button(receipt, "1: deep"))
    await why.ephemeral("deep 1 (yours)")
    assert receipt.versions > 1
    second = await slack.click(bea, message, votes(message)[1])
    latest = await second.ephemeral("You voted for 1 and 2")
    await table.settle()
    mine = [m for m in room.messages.values() if m.ephemeral_to == bea.id and not m.deleted]
    assert mine == [latest]
    back = await slack.click(bea, latest, button(latest, "Take back 1"))
    await back.ephemeral("You voted for 2")
    assert slack.refusals == []


async def test_the_last_state_arrives_through_429s(table: SlackTable) -> None:
    slack = table.slack
    people = [slack.member(f"member{n}") for n in range(8)]
    room = slack.channel("room", members=people)
    message = await table.round(people[0], room, "a lighthouse")
    slack.faults.limit("chat.update", seconds=1, times=2)
    for member in people[1:]:
        await slack.click(member, message, votes(message)[0])
    await table.settle()
    assert "7 people have voted" in message.says


async def test_a_mention_is_a_prompt_and_a_reply_in_its_thread_refines_it(
    table: SlackTable,
) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])

    asked = await slack.mention(ana, room, "a lighthouse & a moth")
    message = await table.opened(asked)
    assert "a lighthouse &amp; a moth" in message.says
    assert message.thread_ts is None
    replied = await slack.mention(ana, room, "fewer words, and a dog", thread_ts=message.ts)
    child = await table.opened(replied)
    assert child.thread_ts == message.ts
    assert "fewer words, and a dog" in child.says
    assert "a lighthouse" in child.says
    helped = await slack.mention(ana, room, "help vote")
    await helped.ephemeral("/muse vote 2")
    assert slack.refusals == []


async def test_in_a_direct_message_a_round_streams_and_its_thread_refines_it(
    table: SlackTable,
) -> None:
    slack = table.slack
    ana = slack.member("ana")
    asked = await slack.dm(ana, "a lighthouse afraid of the dark")
    message = await table.opened(asked)
    assert asked.said is not None
    assert message.thread_ts == asked.said.ts
    assert slack.called("chat.startStream")
    assert slack.called("chat.stopStream")
    assert len(votes(message)) == 4
    replied = await slack.dm(ana, "and now with a dog", thread_ts=asked.said.ts)
    child = await table.opened(replied)
    assert "and now with a dog" in child.says
    assert slack.refusals == []


async def test_without_streaming_a_direct_message_is_answered_all_the_same(
    table: SlackTable,
) -> None:
    slack = table.slack
    ana = slack.member("ana")
    slack.faults.error("chat.startStream", "feature_not_enabled")
    message = await table.opened(await slack.dm(ana, "a lighthouse"))
    assert len(votes(message)) == 4
    again = await table.opened(await slack.dm(ana, "a moth"))
    assert len(votes(again)) == 4
    assert len(slack.called("chat.startStream")) == 1


async def test_the_shortcut_opens_a_form_from_anywhere(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    chosen = await slack.global_shortcut(ana, "muse_ask")
    form = await chosen.view(lambda view: bool(view.body.get("submit")))
    sent = await slack.submit(ana, form, {"prompt": "a lighthouse", "where": room.id})
    assert sent.errors == {}
    await table.settle()
    message = await slack.message_in(room, lambda m: bool(votes(m)))
    assert "a lighthouse" in message.says
    bare = await slack.slash(ana, room, "")
    assert await bare.view(lambda view: bool(view.body.get("submit")))
    assert slack.refusals == []


async def test_shortcuts_on_a_message_begin_from_it(table: SlackTable) -> None:
    slack = table.slack
    ana, bea = slack.member("ana"), slack.member("bea")
    room = slack.channel("room", members=[ana, bea])
    said = (await slack.say(bea, room, "The ferry was late & nobody minded.")).said
    assert said is not None

    message = await table.opened(await slack.message_shortcut(ana, said, "muse_on_this"))
    assert "The ferry was late &amp; nobody minded." in message.says
    chosen = await slack.message_shortcut(ana, said, "muse_remix")
    form = await chosen.view(lambda view: bool(view.body.get("submit")))
    assert "The ferry was late & nobody minded." in str(form.body)
    await slack.submit(
        ana, form, {"twist": "as a letter", "source": "The ferry was late & nobody minded."}
    )
    await table.settle()
    letter = await slack.message_in(room, "as a letter")
    assert "The ferry was late" in letter.says
    refining = await slack.message_shortcut(ana, message, "muse_remix")
    assert await refining.view("What should change?")
    assert slack.refusals == []


async def test_an_error_is_shown_on_the_field(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await table.round(ana, room, "a lighthouse")
    clicked = await slack.click(ana, message, button(message, "Refine"))
    form = await clicked.view(lambda view: bool(view.body.get("submit")))
    sent = await slack.submit(ana, form, {"twist": "shorter", "pieces": "77"})
    assert "no 77" in sent.errors["twist"]
    assert form.open


async def test_everything_that_a_message_has_no_room_for_is_in_a_modal(
    table: SlackTable,
) -> None:
    slack = table.slack
    people = [slack.member(f"member{n}") for n in range(16)]
    room = slack.channel("room", members=people)
    message = await table.round(people[0], room, "a lighthouse")
    for member in people[1:]:
        clicked = await slack.click(member, message, button(message, "Add yours"))
        form = await clicked.view(lambda view: bool(view.body.get("submit")))
        await slack.submit(member, form, {"text": f"By {member.name}. " + "word " * 190})
    await table.settle()
    assert "do not fit into one Slack message" in message.says
    clicked = await slack.click(people[3], message, button(message, "See all"))
    everything = await clicked.view("By member15.")
    assert "By member1." in everything.says
    vote = next(
        block["accessory"]["action_id"]
        for block in everything.body["blocks"]
        if "~vote~" in (block.get("accessory") or {}).get("action_id", "")
    )
    voted = await slack.click(people[3], everything, vote)
    receipt = await voted.view("You voted for 1")
    assert receipt.previous == everything.id
    assert slack.refusals == []


async def test_the_home_tab_has_the_boards_and_turns_their_pages(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    admin = slack.member("admin", is_admin=True)
    await slack.open_home(ana)
    home = await slack.home_of(ana, "pieces")
    assert "/muse" in home.says
    people = next(
        each["action_id"]
        for block in home.body["blocks"]
        for each in block.get("elements", [])
        if isinstance(each.get("text"), dict) and each["text"]["text"] == "people"
    )
    await slack.click(ana, home, people)
    turned = await slack.home_of(ana, "✓ people")
    assert "/muse" in turned.says
    await slack.open_home(admin)
    assert "static_select" in str((await slack.home_of(admin)).body)
    assert "static_select" not in str(turned.body)
    assert [each for each in slack.refusals if each.method != "usergroups.list"] == []


async def test_a_reply_that_is_lost_posts_nothing_twice(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    slack.faults.drop_reply("chat.postMessage", times=1)
    await table.round(ana, room, "a lighthouse")
    assert len([m for m in room.visible if votes(m)]) == 1


async def test_where_muse_can_not_write_it_says_how_to_let_it(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    closed = slack.channel("closed", members=[ana], kind="group", bot=False)
    asked = await slack.slash(ana, closed, "a lighthouse")
    told = await asked.ephemeral("/invite")
    assert "can’t see that channel" in told.says
    public = slack.channel("public", members=[ana], bot=False)
    message = await table.opened(await slack.slash(ana, public, "a moth"))
    assert "a moth" in message.says


async def test_another_workspaces_button_does_nothing(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    message = await table.round(ana, room, "a lighthouse")
    other = slack.add_workspace("Elsewhere")
    eve = slack.member("eve", other)
    theirs = slack.channel("theirs", [eve], other)
    placed = (await slack.say(eve, theirs, "hello")).said
    assert placed is not None
    placed.body["blocks"] = message.body["blocks"]
    clicked = await slack.click(eve, placed, votes(message)[0])
    assert clicked.ack.ok
    await table.settle()
    assert "No votes yet" in message.says
    assert not slack.called("chat.postEphemeral")


@pytest.mark.parametrize("sent", [True, False])
async def test_what_muse_keeps_of_a_member_comes_as_a_file_to_them_alone(
    table: SlackTable, sent: bool
) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    await table.round(ana, room, "a lighthouse")
    if not sent:
        slack.faults.error("files.getUploadURLExternal", "storage_limit_reached")
    asked = await slack.slash(ana, room, "mine export")
    told = await asked.ephemeral("everything Muse keeps of you")
    if not sent:
        assert "has no room for more files" in told.says
        return
    assert "in your direct messages with Muse" in told.says
    (file,) = slack.world.files.values()
    assert b"a lighthouse" in (file.data or b"")
    assert [m.ts for m in slack.world.direct(ana.team, ana.id).visible] == file.shares
    assert [m for m in room.visible if file.shares[0] == m.ts] == []
    assert slack.refusals == []


async def test_where_it_is_invited_first_it_says_what_it_is_once(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    rooms = [slack.channel(name, members=[ana], bot=False) for name in ("one", "two")]
    slack.deliveries.copies = 3
    for room in rooms:
        invited = await slack.invite(ana, room)
        assert all(ack.ok for ack in invited.acks)
        await table.settle()
    (said,) = [m for room in rooms for m in room.visible]
    assert said.channel == rooms[0].id
    begun = await slack.click(ana, said, button(said, "example"))
    assert begun.ack.ok
    await table.settle()
    assert any(votes(m) for m in rooms[0].visible)
    assert slack.refusals == []


async def test_a_channel_that_it_joins_by_itself_has_no_welcome(table: SlackTable) -> None:
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana], bot=False)
    await table.round(ana, room, "a lighthouse")
    assert len(room.visible) == 1
    assert slack.refusals == []


async def test_a_thread_goes_on_from_its_last_round_whoever_posted_it(table: SlackTable) -> None:
    """What is known of a thread is in Redis: the process that hears need not have posted."""
    slack = table.slack
    ana = slack.member("ana")
    room = slack.channel("room", members=[ana])
    asked = await slack.mention(ana, room, "a lighthouse")
    first = await table.opened(asked)
    said = await slack.dm(ana, "a moth")
    assert said.said is not None
    alone = await table.opened(said)
    table.platform.stage._posted.clear()  # as after a new start
    second = await table.opened(await slack.mention(ana, room, "with a dog", thread_ts=first.ts))
    third = await table.opened(await slack.mention(ana, room, "in the rain", thread_ts=first.ts))
    fourth = await table.opened(await slack.dm(ana, "with lamps", thread_ts=said.said.ts))
    for child, parent in ((second, first), (third, second), (fourth, alone)):
        of, ident = decode(votes(child)[0]), decode(votes(parent)[0]).round
        record = keys.round_keys(of.community, of.round).record
        assert await table.store.call("HGET", record, "parent") == ident
    assert slack.refusals == []
