"""The stage against the loopback Discord, over REST alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
from discord.http import Route

from adapters.discord import words
from adapters.discord.draw import Drawing
from adapters.discord.pacing import Pacing
from adapters.discord.rest import Rest
from adapters.discord.stage import DiscordStage, mark_of, nonce_of
from adapters.discord.syncing import synced
from bot.actions import Action, encode
from bot.cards import Card, Note, Picture, Piece, Plain
from bot.errors import SetupError, StageFailed
from bot.models import Address, Image, MessageRef, SpaceRef, UserRef
from bot.present.challenges.contributing import reminder_card
from bot.wording import en
from tests.e2e.discord_table import Notes
from tests.fakes.discord_client import pointed_at
from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import Channel, Guild, User
from tests.unit.challenge_cards import OPEN

POST = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
OPEN_DM = "POST /users/@me/channels"
LIST = "GET /channels/{channel_id}/messages"


def card(text: str, *, busy: bool = False) -> Card:
    return Card((Note((Plain(text),)),), text, busy=busy)


@dataclass
class Scene:
    """A stage, and a channel to post in."""

    server: DiscordServer
    guild: Guild
    channel: Channel
    ana: User
    rest: Rest
    stage: DiscordStage

    @property
    def address(self) -> Address:
        return Address(SpaceRef("discord", str(self.guild.id)), str(self.channel.id))

    @property
    def messages(self) -> list[Message]:
        return self.server.messages(self.channel)

    async def interaction(self, acknowledge: bool = True) -> str:
        """The token of a command that somebody used; told to wait, if it is acknowledged."""
        client = await self.rest.client()
        if not self.server.world.commands:
            await synced(client, Notes())
        asked = await self.server.slash(self.ana, self.channel, "muse", prompt="the sea")
        held = asked.interaction
        if acknowledge:
            path = "/interactions/{id}/{token}/callback"
            route = Route("POST", path, id=held.id, token=held.token)
            await client.http.request(route, json={"type": 5})
        return held.token


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with DiscordServer() as server:
        guild = server.guild()
        channel = server.channel(guild)
        ana = server.member(guild, "Ana")
        with pointed_at(server):
            rest = Rest(server.token, Notes())
            stage = DiscordStage(rest, Drawing(), pause=0.0)
            yield Scene(server, guild, channel, ana, rest, stage)
            await stage.settle()
            await rest.close()


async def test_one_message_for_each_key(scene: Scene) -> None:
    first = await scene.stage.post(scene.address, card("one"), "round:r1")
    again = await scene.stage.post(scene.address, card("one"), "round:r1")
    other = await scene.stage.post(scene.address, card("two"), "result:r1")
    assert first == again != other
    assert [message.text for message in scene.messages] == ["-# one", "-# two"]
    (sent, *_) = scene.server.requests(POST)
    assert sent.body["nonce"] == nonce_of("round:r1")
    assert len(nonce_of("round:" + "r" * 500)) <= 25
    assert sent.body["allowed_mentions"] == {"parse": []}


async def test_an_interaction_that_waits_is_answered_with_the_message(scene: Scene) -> None:
    token = await scene.interaction()
    address = Address(scene.address.space, scene.address.channel, "", token)
    posted = await scene.stage.post(address, card("one"), "round:r1")
    (message,) = scene.messages
    assert (posted.id, message.text, message.loading) == (str(message.id), "-# one", False)
    assert await scene.stage.post(address, card("one"), "round:r1") == posted
    await scene.stage.post(address, card("the result"), "result:r1")
    assert [m.text for m in scene.messages] == ["-# one", "-# the result"]
    await scene.stage.edit(posted, card("more"))
    assert message.text == "-# more"


async def test_a_token_that_has_ended_makes_an_ordinary_message(scene: Scene) -> None:
    token = await scene.interaction()
    scene.server.advance(16 * 60)
    address = Address(scene.address.space, scene.address.channel, "", token)
    posted = await scene.stage.post(address, card("late"), "round:r1")
    assert scene.messages[-1].id == int(posted.id)
    assert scene.messages[-1].token is None


async def test_an_answer_stands_even_where_muse_may_not_look(scene: Scene) -> None:
    scene.server.deny(scene.channel, May.VIEW_CHANNEL)
    token = await scene.interaction()
    scene.stage.owe(token)
    address = Address(scene.address.space, scene.address.channel, "", token)
    posted = await scene.stage.post(address, card("one"), "round:r1")
    await scene.stage.edit(posted, card("two"))
    (message,) = scene.messages
    assert message.text == "-# two"
    with pytest.raises(StageFailed, match="may not write"):
        await scene.stage.post(scene.address, card("three"), "result:r1")


async def test_where_the_outcome_is_unknown_muse_looks_for_its_own_message(scene: Scene) -> None:
    scene.server.drop_reply(POST)
    with pytest.raises(StageFailed, match="can’t be reached"):
        await scene.stage.post(scene.address, card("one"), "round:r1")
    scene.server.advance(3600)  # its nonce is forgotten by then
    await scene.server.say(scene.ana, scene.channel, "what was that?")
    posted = await scene.stage.post(scene.address, card("one"), "round:r1")
    ours = [m for m in scene.messages if m.author is scene.server.world.bot]
    assert [str(m.id) for m in ours] == [posted.id]
    assert len(scene.server.requests(LIST)) == 1


async def test_what_another_process_posted_is_found(scene: Scene) -> None:
    posted = await scene.stage.post(scene.address, card("one"), "round:r1")
    scene.server.advance(3600)  # its nonce is forgotten by then
    other = DiscordStage(scene.rest, Drawing(), pause=0.0)
    assert await other.post(scene.address, card("two"), "round:r1", doubtful=True) == posted
    assert await other.post(scene.address, card("two"), "round:r2", doubtful=True) != posted
    assert len(scene.messages) == 2


async def test_where_nothing_got_through_it_is_posted_after_a_look(scene: Scene) -> None:
    scene.server.fail(POST, 503)
    with pytest.raises(StageFailed):
        await scene.stage.post(scene.address, card("one"), "round:r1")
    await scene.stage.post(scene.address, card("one"), "round:r1")
    assert len(scene.messages) == 1
    assert len(scene.server.requests(LIST)) == 1
    await scene.stage.post(scene.address, card("two"), "round:r2")
    assert len(scene.server.requests(LIST)) == 1


async def test_many_edits_become_few_and_the_last_is_shown(scene: Scene) -> None:
    posted = await scene.stage.post(scene.address, card("0"), "round:r1")
    held = scene.server.hold(EDIT)
    first = asyncio.create_task(scene.stage.edit(posted, card("1")))
    await scene.server.until(lambda: held.waiting, "the first edit")
    others = [asyncio.create_task(scene.stage.edit(posted, card(str(n)))) for n in range(2, 40)]
    await asyncio.sleep(0)
    held.release()
    await asyncio.gather(first, *others)
    assert scene.messages[0].text == "-# 39"
    assert len(scene.server.requests(EDIT)) == 2


async def test_nobody_waits_for_a_passing_state(scene: Scene) -> None:
    posted = await scene.stage.post(scene.address, card("0"), "round:r1")
    held = scene.server.hold(EDIT)
    await scene.stage.edit(posted, card("1", busy=True))
    await scene.stage.edit(posted, card("2", busy=True))
    held.release()
    await scene.stage.edit(posted, card("3"))
    assert scene.messages[0].text == "-# 3"


async def test_a_429_on_edits_is_waited_out(scene: Scene) -> None:
    posted = await scene.stage.post(scene.address, card("0"), "round:r1")
    scene.server.limit_next(EDIT, 0.02, times=2)
    await scene.stage.edit(posted, card("1"))
    assert scene.messages[0].text == "-# 1"


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("no right to write", words.NO_PERMISSION),
        ("no right to look", words.NO_PERMISSION),
        ("no channel", words.CHANNEL_GONE),
        ("removed", words.NO_PERMISSION),
    ],
)
async def test_what_can_not_be_posted_is_said_in_one_sentence(
    scene: Scene, trouble: str, said: str
) -> None:
    match trouble:
        case "no right to write":
            scene.server.deny(scene.channel, May.SEND_MESSAGES)
        case "no right to look":
            scene.server.deny(scene.channel, May.VIEW_CHANNEL)
        case "no channel":
            scene.server.delete(scene.channel)
        case "removed":
            scene.server.kick(scene.guild)
    with pytest.raises(StageFailed) as failed:
        await scene.stage.post(scene.address, card("one"), "round:r1")
    assert str(failed.value) in (said, words.CHANNEL_GONE)


async def test_what_can_not_be_edited_is_said_in_one_sentence(scene: Scene) -> None:
    posted = await scene.stage.post(scene.address, card("one"), "round:r1")
    scene.server.delete(scene.messages[0])
    with pytest.raises(StageFailed, match=words.MESSAGE_GONE):
        await scene.stage.edit(posted, card("two"))


async def test_a_round_in_a_thread_stays_in_it(scene: Scene) -> None:
    posted = await scene.stage.post(scene.address, card("root"), "k")
    client = await scene.rest.client()
    path = "/channels/{channel_id}/messages/{message_id}/threads"
    route = Route("POST", path, channel_id=scene.channel.id, message_id=int(posted.id))
    made = await client.http.request(route, json={"name": "talk"})
    address = Address(scene.address.space, scene.address.channel, str(made["id"]))
    inside = await scene.stage.post(address, card("in the thread"), "round:r1")
    await scene.stage.edit(inside, card("still in it"))
    thread = scene.server.world.channels[int(made["id"])]
    assert [m.text for m in scene.server.messages(thread)][-1] == "-# still in it"
    scene.server.archive(thread)
    with pytest.raises(StageFailed, match="archived"):
        await scene.stage.edit(inside, card("too late"))


async def test_a_reminder_goes_to_its_member_alone_and_once(scene: Scene) -> None:
    address = replace(scene.address, channel=f"@{scene.ana.id}")
    first = await scene.stage.post(address, reminder_card(OPEN), "remind:c1:x1.3:s1")
    again = await scene.stage.post(address, reminder_card(OPEN), "remind:c1:x1.3:s1")
    assert first == again
    assert scene.messages == [], "nothing is said in the channel"
    (sent,) = scene.server.messages(scene.server.world.dm(scene.ana))
    assert en.REMINDER_HEADING in sent.text
    assert sent.component(encode(Action("contribute", OPEN.community, OPEN.id))), "its button"
    assert len(scene.server.requests(OPEN_DM)) == 1
    ben = scene.server.member(scene.guild, "Ben")
    await scene.stage.post(replace(address, channel=f"@{ben.id}"), reminder_card(OPEN), "remind:2")
    assert len(scene.server.messages(scene.server.world.dm(ben))) == 1
    assert len(scene.server.messages(scene.server.world.dm(scene.ana))) == 1


async def test_who_takes_no_messages_is_not_reminded_and_that_is_said_in_a_sentence(
    scene: Scene,
) -> None:
    scene.ana.closed = True
    address = replace(scene.address, channel=f"@{scene.ana.id}")
    with pytest.raises(StageFailed) as failed:
        await scene.stage.post(address, reminder_card(OPEN), "remind:c1:x1.3:s1")
    assert str(failed.value)
    assert scene.server.messages(scene.server.world.dm(scene.ana)) == []


async def test_a_picture_is_kept_once_and_drawn_from_its_message(scene: Scene) -> None:
    posted = await scene.stage.post(scene.address, card("painting"), "round:r1")
    image = Image(b"\x89PNG...", "image/png")
    kept = await scene.stage.keep(posted, image, "r1-1")
    assert await scene.stage.keep(posted, Image(b"other"), "r1-1") == kept
    second = await scene.stage.keep(posted, image, "r1-2")
    message = scene.messages[0]
    assert message.pictures() == ["r1-1.png", "r1-2.png"]
    pieces = tuple(
        Piece(n, "A woodcut.", (), picture=Picture(k, "A woodcut."))
        for n, k in enumerate((kept, second), 1)
    )
    await scene.stage.edit(posted, Card(pieces, "x"))
    assert message.pictures() == ["r1-1.png", "r1-2.png"]
    again = await scene.stage.post(scene.address, Card(pieces, "x"), "result:r1")
    assert again.id != posted.id


async def test_pictures_that_come_at_once_are_all_kept(scene: Scene) -> None:
    posted = await scene.stage.post(scene.address, card("painting"), "round:r1")
    image = Image(b"\x89PNG...", "image/png")
    names = [f"r1-{n}" for n in (1, 2, 3, 4)]
    kept = await asyncio.gather(*(scene.stage.keep(posted, image, name) for name in names))
    assert sorted(scene.messages[0].pictures()) == [f"{name}.png" for name in names]
    pieces = tuple(Piece(n, "x", (), picture=Picture(k, "x")) for n, k in enumerate(kept, 1))
    await scene.stage.edit(posted, Card(pieces, "x"))


async def test_a_members_name_is_asked_for_once(scene: Scene) -> None:
    ana = UserRef("discord", str(scene.ana.id))
    assert [await scene.stage.display_name(ana) for _ in range(3)] == ["Ana"] * 3
    assert len(scene.server.requests("GET /users/{user_id}")) == 1
    for other in (UserRef("discord", "404"), UserRef("slack", "U1"), UserRef("discord", "x")):
        assert await scene.stage.display_name(other) == "a member on Discord"


async def test_a_refused_token_is_the_operators_to_mend() -> None:
    async with DiscordServer() as server:
        with pointed_at(server):
            rest = Rest("wrong", Notes())
            stage = DiscordStage(rest, Drawing())
            address = Address(SpaceRef("discord", "1"), "2")
            with pytest.raises(SetupError, match="DISCORD_TOKEN"):
                await stage.post(address, card("one"), "k")
            await rest.close()


def test_marks_and_nonces_tell_keys_apart() -> None:
    keys = [f"round:r{n}" for n in range(2000)]
    assert len({nonce_of(key) for key in keys}) == len(keys)
    assert len({mark_of(key) for key in keys}) == len(keys)
    assert all(0 < mark_of(key) < 2**31 for key in keys)


async def test_an_edit_waits_for_its_turn_and_a_failure_stops_nothing() -> None:
    shown: list[str] = []

    async def show(latest: Card) -> None:
        if latest.summary == "bad":
            raise StageFailed("no")
        shown.append(latest.summary)

    pacing = Pacing(0.0)
    bad = pacing.show("m", card("bad"), show)
    with pytest.raises(StageFailed):
        await bad
    await pacing.show("m", card("good"), show)
    await pacing.show("other", card("elsewhere"), show)
    await pacing.settle()
    assert shown == ["good", "elsewhere"]


def test_a_message_is_where_it_was_posted() -> None:
    address = Address(SpaceRef("discord", "1"), "2", "3", "secret-token")
    assert "secret-token" not in repr(MessageRef(address, "4"))
