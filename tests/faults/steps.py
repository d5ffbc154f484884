"""`kill -9` of Muse at each step of the agenda: as it was taken, and when it was done and not
yet struck.

`OCCASIONS` has every verb that the agenda knows, each with what brings it about;
`tests/unit/test_faults.py` holds it against the code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.storage import agenda_items, keys
from bot.storage.client import script
from bot.storage.spaces import first_community_id
from bot.wording import en
from tests.challenging import OPEN
from tests.e2e.discord_table import votes
from tests.e2e.test_week_linked import code
from tests.fakes.discord_permissions import May
from tests.fakes.discord_state import User
from tests.fakes.openai_images import GPT_IMAGE
from tests.faults.bench import Bench
from tests.faults.ledger import STEPS
from tests.faults.places import ANSWERED, DiscordPlace

DAY = 86_400.0
PATIENCE = 60.0  # seconds until a step is taken, or done
THEME = "what the lift hears at night"
ENTRY = "The last bus knows us all by our coughs."


@dataclass(frozen=True)
class Occasion:
    """What brings a step about, and what kind of bench it needs."""

    brings: Callable[[Bench], Awaitable[None]]
    model: bool = False
    voting: bool = True
    env: Mapping[str, str] = field(default_factory=dict)
    then: Callable[[Bench], Awaitable[None]] | None = None  #: what is to be seen afterwards


def killed_at(verb: str) -> Callable[[Bench], Awaitable[str]]:
    """`kill -9` as soon as the step is taken, and once more when it is done and not yet struck."""

    async def does(bench: Bench) -> str:
        taken = bench.wire.catch(rb"\r\n" + verb.encode() + rb"[:@][^\r]*\r\n[:$]", answers=True)
        await OCCASIONS[verb].brings(bench)
        await _caught(taken.seen, f"{verb} was not taken")
        await bench.kill()
        bench.later()
        done = bench.wire.catch(_struck(verb), answers=False)
        await bench.launch()
        await _caught(done.seen, f"{verb} was not done")
        await bench.kill()
        bench.later()
        await bench.start()
        if (then := OCCASIONS[verb].then) is not None:
            await then(bench)
        return "as it was taken, and when it was done"

    return does


def _struck(verb: str) -> bytes:
    """What strikes an item of that verb: the script's call, two keys, the item."""
    part = rb"\$\d+\r\n[^\r]+\r\n"
    sha = script("agenda_done").sha.encode()
    return sha + rb"\r\n\$1\r\n2\r\n" + part + part + rb"\$\d+\r\n" + verb.encode() + rb"[:@]"


async def _caught(seen: asyncio.Event, otherwise: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            await seen.wait()
    except TimeoutError:
        raise AssertionError(otherwise) from None


# --- Rounds.


async def in_any_case(bench: Bench) -> None:
    """People who play bring it about."""
    del bench


async def after_a_death(bench: Bench) -> None:
    """Whoever was to show what people did dies over it."""
    await asyncio.sleep(1)
    await bench.kill()
    bench.later()
    await bench.launch()


async def at_the_deadline(bench: Bench) -> None:
    """Rounds close."""
    bench.later(DAY + 3600)


async def after_ninety_days(bench: Bench) -> None:
    """Rounds are let go. They have had their end before, and it is that which is compared;
    that they are gone is looked for afterwards.
    """
    bench.later(DAY + 3600)
    await bench.verdict()
    bench.later(92 * DAY)


async def gives_a_prompt(bench: Bench) -> None:
    """Somebody wants a prompt to begin with."""
    asked = await bench.discord.slash(bench.room.people[0], bench.room.channel, "prompt")
    await asked.acknowledged(ANSWERED)


async def twists(bench: Bench) -> None:
    """Somebody wants Muse to write a remix."""
    who = bench.room.people[0]
    card = await bench.evening.asked(1, "a round to be remixed")
    receipt = await (await bench.discord.click(who, card, votes(card)[0])).private(ANSWERED)
    form = await (await bench.discord.click(who, receipt, "Remix 1")).modal(ANSWERED)
    await bench.discord.submit(who, form, {en.FORM_REMIX_TEXT: "told by the moth"})


async def paints(bench: Bench) -> None:
    """Somebody wants pictures."""
    who = bench.room.people[0]
    asked = await bench.discord.slash(
        who, bench.room.channel, "muse", prompt="a lamp to be painted", form="picture"
    )
    await asked.acknowledged(ANSWERED)


# --- Members and places.


async def forgets(bench: Bench) -> None:
    """Somebody has put a piece in, and leaves."""
    guild = bench.room.channel.guild
    assert guild is not None
    leaver = bench.discord.member(guild, "Leaver")
    card = await bench.evening.asked(0, "a round that somebody leaves")
    theirs = replace(bench.room, people=[leaver])
    assert await theirs.add(0, card, "I was never here, said the gull.")
    await theirs.told(leaver, "mine", what="forget", sure="yes")


def another(bench: Bench) -> tuple[DiscordPlace, User]:
    """Another server, and who runs it."""
    guild = bench.discord.guild("Another")
    channel = bench.discord.channel(guild)
    chief = bench.discord.member(guild, "Chief", May.MANAGE_GUILD)
    return DiscordPlace(bench.discord, channel, [chief]), chief


async def welcomes(bench: Bench) -> None:
    """Muse comes to another server."""
    another(bench)


async def erases(bench: Bench) -> None:
    """Muse is removed from another server, and thirty days pass."""
    place, _ = another(bench)
    card = await place.ask(0, "a round to be erased")
    assert card is not None
    await place.whole(card)
    guild = place.channel.guild
    assert guild is not None
    bench.discord.kick(guild)
    async with bench.store() as store:
        gone = keys.community(first_community_id(place.space)).gone
        for _ in range(300):
            if await store.call("EXISTS", gone):
                break
            await asyncio.sleep(0.1)
    bench.later(31 * DAY)


async def moves(bench: Bench) -> None:
    """Another server joins."""
    place, chief = another(bench)
    shown = code((await bench.room.told(bench.boss, "muse-admin link")).text)
    await place.told(chief, "muse-admin link", code=shown, sure="yes")


# --- Challenges.


async def ends_voting(bench: Bench) -> None:
    """Voting is over."""
    bench.end_voting()


async def strikes(bench: Bench) -> None:
    """An entry is struck once the results are told."""
    bench.end_voting()
    await bench.discord.until(
        lambda: any(STEPS["results"] in each.text for each in bench.room.said()), "results", 60
    )
    alias = min(bench.pool)
    options = {"decision": "strike", "alias": alias, "why": "It is from a song."}
    await bench.room.told(bench.boss, "muse-admin challenge decide", **options)


async def _begins(bench: Bench, **options: Any) -> None:
    room = bench.room
    await room.told(bench.boss, "muse-admin challenge set", what="channel", value="here")
    await room.told(bench.boss, "muse-admin challenge now", **options)


async def begins(bench: Bench) -> None:
    """A challenge is to begin, for which a theme is yet to be found."""
    await _begins(bench)


async def opens(bench: Bench) -> None:
    """A challenge has begun."""
    await _begins(bench, theme=THEME)
    bench.ledger.note("announcements", (THEME, "opened"))


async def reminds(bench: Bench) -> None:
    """Somebody wants to be reminded, and entries close soon."""
    await opens(bench)
    who = bench.room.people[0]
    shown = await bench.room.told(who, "challenge status")
    await (await bench.discord.click(who, shown, en.REMIND_ON)).updated(ANSWERED)
    bench.later(OPEN.total_seconds() - 1800)


async def ends_a_week(bench: Bench) -> None:
    """Prompts are given each day, and a week is over."""
    room = bench.room
    await room.told(bench.boss, "muse-admin daily set", what="channel", value="here")
    await room.told(bench.boss, "muse-admin daily set", what="running", value="on")
    bench.later(DAY)
    item = agenda_items.week_end(bench.community, "discord")
    async with bench.store() as store:
        agenda = keys.agenda(keys.shard(bench.community))
        for _ in range(600):
            if await store.call("ZSCORE", agenda, item):
                break
            await asyncio.sleep(0.1)
    bench.later(7 * DAY)


OCCASIONS: dict[str, Occasion] = {
    "write": Occasion(in_any_case),
    "show": Occasion(after_a_death),
    "close": Occasion(at_the_deadline),
    "announce": Occasion(in_any_case),
    "expire": Occasion(after_ninety_days, then=Bench.let_go),
    "prompt": Occasion(gives_a_prompt),
    "twist": Occasion(twists, model=True),
    "paint": Occasion(paints, model=True, env={"OPENAI_IMAGE_MODEL": GPT_IMAGE}),
    "forget": Occasion(forgets),
    "mend": Occasion(forgets),
    "welcome": Occasion(welcomes),
    "erase": Occasion(erases),
    "move": Occasion(moves, voting=False),
    "tell": Occasion(moves, voting=False),
    "begin": Occasion(begins, voting=False),
    "compete": Occasion(opens, model=True, voting=False),
    "advance": Occasion(ends_voting),
    "count": Occasion(ends_voting),
    "proclaim": Occasion(ends_voting),
    "redraw": Occasion(strikes),
    "remind": Occasion(reminds, voting=False),
    "weekend": Occasion(ends_a_week, voting=False),
}
