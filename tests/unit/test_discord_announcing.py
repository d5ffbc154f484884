"""What an announcement brings along, against the loopback Discord, over REST alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.discord import words
from adapters.discord.draw import Drawing
from adapters.discord.rest import Rest
from adapters.discord.stage import DiscordStage
from bot.cards import Announcement, Card, Event, Heading, Illustration, Note, Person, Plain
from bot.errors import StageFailed
from bot.models import Address, Image, MessageRef, SpaceRef, UserRef
from tests.e2e.discord_table import Notes
from tests.fakes.discord_client import pointed_at
from tests.fakes.discord_message import Message
from tests.fakes.discord_permissions import NOTHING, May
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_state import PUBLIC_THREAD, Channel, Guild, Role, User

EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
EVENTS = "POST /guilds/{guild_id}/scheduled-events"
THREADS = "POST /channels/{channel_id}/messages/{message_id}/threads"
PICTURE = Illustration("standings", Image(b"\x89PNG...", "image/png"), "Ana leads by two.")


@dataclass
class Scene:
    """A stage, and a channel to announce in."""

    server: DiscordServer
    guild: Guild
    channel: Channel
    ana: User
    bea: User
    winner: Role
    stage: DiscordStage

    @property
    def address(self) -> Address:
        return Address(SpaceRef("discord", str(self.guild.id)), str(self.channel.id))

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self.server.clock.now(), UTC)

    async def announce(
        self, wants: Announcement, key: str = "open:c1", picture: Illustration | None = None
    ) -> Message:
        """Post an announcement; its message."""
        named = Person(user(self.ana))
        blocks = (Heading((Plain("The weekly challenge"),)), Note((named,)))
        made = Card(blocks, "x", illustration=picture, announce=wants)
        posted = await self.stage.post(self.address, made, key)
        return self.channel.messages[int(posted.id)]

    def holds(self, who: User) -> bool:
        return self.winner.id in self.guild.members[who.id].roles


def user(who: User) -> UserRef:
    return UserRef("discord", str(who.id))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with DiscordServer() as server:
        guild = server.guild()
        channel = server.channel(guild)
        ana, bea = server.member(guild, "Ana"), server.member(guild, "Bea")
        winner = server.role(guild, "Laureate", below=True)
        with pointed_at(server):
            rest = Rest(server.token, Notes())
            stage = DiscordStage(rest, Drawing(), pause=0.0)
            yield Scene(server, guild, channel, ana, bea, winner, stage)
            await stage.settle()
            await rest.close()


async def test_it_is_pinned_in_place_of_the_one_before(scene: Scene) -> None:
    first = await scene.announce(Announcement(pin=True))
    assert first.pinned_at
    second = await scene.announce(Announcement(pin=True, unpin=str(first.id)), "open:c2")
    assert [bool(each.pinned_at) for each in (first, second)] == [False, True]
    scene.server.delete(second)
    third = await scene.announce(Announcement(pin=True, unpin=str(second.id)), "open:c3")
    assert third.pinned_at


async def test_there_is_a_thread_to_talk_in(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    title = "The weekly challenge: " + "long " * 40
    message = await scene.announce(Announcement(thread=title))
    assert message.thread is not None
    assert (message.thread.kind, message.thread.duration) == (PUBLIC_THREAD, 10_080)
    assert message.thread.name.startswith("The weekly challenge: long")
    assert len(message.thread.name) <= 100
    # In a thread there can be none.
    inside = replace(scene.address, thread=str(message.thread.id))
    card = Card((Note((Plain("x"),)),), "x", announce=Announcement(thread="Talk"))
    await scene.stage.post(inside, card, "open:c2")
    assert len(scene.server.requests(THREADS)) == 1
    assert caplog.messages == []


async def test_it_is_an_event_of_the_server_once(scene: Scene) -> None:
    ends = scene.now + timedelta(days=5)
    event = Event("The weekly challenge", scene.now - timedelta(minutes=1), ends)
    message = await scene.announce(Announcement(event=event))
    await scene.announce(Announcement(event=event))
    (made,) = scene.guild.events.values()
    assert made["name"] == "The weekly challenge"
    assert datetime.fromisoformat(made["scheduled_end_time"]) == ends
    # It has begun, and Discord takes no past: it begins in a minute.
    assert datetime.fromisoformat(made["scheduled_start_time"]) > scene.now
    link = f"https://discord.com/channels/{scene.guild.id}/{scene.channel.id}/{message.id}"
    assert made["entity_metadata"]["location"] == link
    later = replace(event, starts=ends, ends=ends + timedelta(days=2))
    await scene.announce(Announcement(event=later), "voting:c1")
    assert len(scene.guild.events) == 2
    over = replace(event, ends=scene.now)
    await scene.announce(Announcement(event=over), "late:c1")
    assert len(scene.server.requests(EVENTS)) == 2


async def test_the_role_goes_from_those_who_had_it_to_those_who_won(scene: Scene) -> None:
    role, elsewhere = str(scene.winner.id), UserRef("slack", "U1")
    gone = UserRef("discord", "404")
    await scene.announce(Announcement(honour=role, honours=(user(scene.ana), elsewhere)))
    assert (scene.holds(scene.ana), scene.holds(scene.bea)) == (True, False)
    before, now = (user(scene.ana), gone), (user(scene.bea), gone)
    await scene.announce(Announcement(honour=role, honours=now, honoured=before), "close:c2")
    assert (scene.holds(scene.ana), scene.holds(scene.bea)) == (False, True)
    # Who wins again keeps it all the while.
    both = (user(scene.ana), user(scene.bea))
    await scene.announce(Announcement(honour=role, honours=both, honoured=both), "close:c3")
    assert (scene.holds(scene.ana), scene.holds(scene.bea)) == (True, True)


async def test_one_role_is_told_and_nobody_else(scene: Scene) -> None:
    opted = scene.server.role(scene.guild, "Prompters")
    opted.mentionable = True
    message = await scene.announce(Announcement(mention=str(opted.id)))
    assert message.text.startswith(f"<@&{opted.id}>\n### The weekly challenge")
    assert (message.pinged.roles, message.pinged.users) == ({opted.id}, set())
    assert not message.pinged.everyone
    card = Card((Note((Plain("later"),)),), "x", announce=Announcement(mention=str(opted.id)))
    await scene.stage.edit(MessageRef(scene.address, str(message.id)), card)
    (edited,) = scene.server.requests(EDIT)
    assert edited.body["allowed_mentions"] == {"parse": []}


async def test_everyone_is_no_role_to_be_told(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.server.allow(scene.channel, May.MENTION_EVERYONE)
    for odd in (str(scene.guild.id), "@everyone", "prompters"):
        message = await scene.announce(Announcement(mention=odd), odd)
        assert message.text.startswith("### The weekly challenge")
        assert not message.pinged
        assert words.NOT_A_ROLE.format(channel=scene.channel.id, role=odd) in caplog.messages


async def test_a_role_that_nobody_may_mention_is_named_and_the_log_says_so(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    quiet = scene.server.role(scene.guild, "Prompters")
    message = await scene.announce(Announcement(mention=str(quiet.id)))
    assert not message.pinged
    assert caplog.messages == [
        words.NOBODY_TOLD.format(channel=scene.channel.id, role=quiet.id),
    ]


async def test_what_is_refused_is_a_sentence_each_and_the_message_stands(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    earlier = await scene.announce(Announcement(pin=True), "open:c0")
    scene.server.grant(scene.guild, NOTHING)
    lost = May.PIN_MESSAGES | May.CREATE_PUBLIC_THREADS
    scene.server.deny(scene.channel, lost)
    role, both = str(scene.winner.id), (user(scene.ana), user(scene.bea))
    starts = scene.now + timedelta(hours=1)
    wants = Announcement(
        pin=True,
        unpin=str(earlier.id),
        thread="Talk",
        event=Event("The weekly challenge", starts, starts + timedelta(days=1)),
        honour=role,
        honours=both[:1],
        honoured=both[1:],
    )
    message = await scene.announce(wants)
    assert message.text.startswith("### The weekly challenge")
    at = {"channel": scene.channel.id, "guild": scene.guild.id, "role": role}
    assert caplog.messages == [
        words.NOT_UNPINNED.format(**at, why=words.NEEDS_PINS),
        words.NOT_PINNED.format(**at, why=words.NEEDS_PINS),
        words.NO_THREAD.format(**at, why=words.NEEDS_THREADS),
        words.NO_EVENT.format(**at, why=words.NEEDS_EVENTS),
        words.STILL_HONOURED.format(**at, why=words.NEEDS_ROLES),
        words.NOT_HONOURED.format(**at, why=words.NEEDS_ROLES),
    ]


async def test_a_role_that_is_gone_and_full_lists_are_said(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(250):
        said = await scene.server.say(scene.ana, scene.channel, "x")
        said.message.pinned_at = scene.server.clock.now()
    starts = scene.now + timedelta(hours=1)
    event = Event("x", starts, starts + timedelta(days=1))
    await scene.announce(Announcement(event=replace(event, title="another")), "open:c0")
    (other,) = scene.guild.events.values()
    scene.guild.events |= dict.fromkeys(range(99), other)
    wants = Announcement(pin=True, event=event, honour="1", honours=(user(scene.ana),))
    await scene.announce(wants)
    assert [said.rpartition(": ")[2] for said in caplog.messages] == [
        words.PINS_FULL,
        words.EVENTS_FULL,
        words.ROLE_GONE,
    ]


async def test_posted_again_nothing_is_done_twice(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """As after a process that died between the message and the rest."""
    starts = scene.now + timedelta(hours=1)
    event = Event("The weekly challenge", starts, starts + timedelta(days=1))
    wants = Announcement(pin=True, thread="Talk", event=event)
    first = await scene.announce(wants)
    assert await scene.announce(wants) is first
    assert len(scene.guild.events) == 1
    assert caplog.messages == []


async def test_in_private_there_is_nothing_besides_the_message(scene: Scene) -> None:
    said = await scene.server.dm(scene.ana, "hello")
    space = SpaceRef("discord", f"dm-{scene.ana.id}")
    address = Address(space, str(said.message.channel.id))
    starts = scene.now + timedelta(hours=1)
    wants = Announcement(
        mention="12",
        pin=True,
        thread="Talk",
        event=Event("x", starts, starts + timedelta(days=1)),
        honour="13",
        honours=(user(scene.ana),),
    )
    await scene.stage.post(address, Card((Note((Plain("x"),)),), "x", announce=wants), "k")
    assert scene.server.broken == []
    assert {each.route.partition(" ")[0] for each in scene.server.sent} == {"GET", "POST"}


async def test_a_picture_of_muses_comes_with_its_card(scene: Scene) -> None:
    message = await scene.announce(Announcement(), picture=PICTURE)
    assert message.pictures() == [f"{PICTURE.version}.png"]
    (gallery,) = [c for c in message.components[0]["components"] if c["type"] == 12]
    assert gallery["items"][0]["description"] == "Ana leads by two."
    assert PICTURE.version in gallery["items"][0]["media"]["url"]
    ref = MessageRef(scene.address, str(message.id))
    card = Card((Note((Plain("more"),)),), "x", illustration=PICTURE)
    await scene.stage.edit(ref, card)
    assert message.pictures() == [f"{PICTURE.version}.png"]
    # Another picture comes to those that are there, after a restart too.
    kept = await scene.stage.keep(ref, Image(b"\x89PNG", "image/png"), "r1-1")
    other = replace(PICTURE, name="ballots")
    await scene.stage.edit(ref, replace(card, illustration=other))
    assert message.pictures() == [f"{PICTURE.version}.png", "r1-1.png", f"{other.version}.png"]
    assert kept.endswith("r1-1.png")
    # What shows the same anew takes the place of what it showed: somebody may be forgotten.
    anew = replace(PICTURE, image=Image(b"\x89PNG anew", "image/png"))
    await scene.stage.edit(ref, replace(card, illustration=anew))
    assert message.pictures() == ["r1-1.png", f"{other.version}.png", f"{anew.version}.png"]


async def test_where_no_files_may_be_sent_words_say_what_the_picture_shows(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    scene.server.deny(scene.channel, May.ATTACH_FILES)
    message = await scene.announce(Announcement(pin=True), picture=PICTURE)
    assert message.pictures() == []
    assert "Ana leads by two." in message.text
    assert message.pinned_at
    assert caplog.messages == [words.NO_PERMISSION_FILES.format(channel=scene.channel.id)]
    caplog.clear()
    ref = MessageRef(scene.address, str(message.id))
    other = Illustration("ballots", PICTURE.image, "Sixty picks.")
    await scene.stage.edit(ref, Card((Note((Plain("more"),)),), "x", illustration=other))
    assert message.text == "-# more\n-# Sixty picks."
    assert caplog.messages == [words.NO_PERMISSION_FILES.format(channel=scene.channel.id)]
    with pytest.raises(StageFailed, match=words.NO_FILES):
        await scene.stage.keep(ref, PICTURE.image, "r1-1")
