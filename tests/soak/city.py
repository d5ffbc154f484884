"""Many communities on both loopback platforms, and the processes that play with them."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Self

from cryptography.fernet import Fernet

from bot.challenge import Electorate, Plan
from bot.clock import SystemClock
from bot.models import Address, SpaceRef
from bot.storage import agenda_items
from bot.storage.agenda import AgendaStore
from bot.storage.client import Store
from bot.storage.connect import make_client
from bot.storage.installations import StoredInstallations
from tests.challenging import VotingChallenge, pool_of, voting_challenge
from tests.e2e.running import Running, figures, muse, on_discord
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_server import SlackServer
from tests.faults.places import DiscordPlace, Place, SlackPlace
from tests.support import free_port, redis_on_port

MEMBERS = 12  # of each community
KEPT = 2_000  # requests that a loopback platform remembers
WORKERS = 2
WORKER_NAMES = tuple(f"worker {n + 1}" for n in range(WORKERS))
DURABLE = ("--appendonly", "yes", "--appendfsync", "everysec")
"""What `docs/operating.md` tells to run with. A process is killed here, not Redis."""


@dataclass
class Part:
    """One of the processes, through all of its lives."""

    name: str
    arguments: tuple[str, ...]
    env: dict[str, str]
    now: Running | None = None
    #: (moment, bytes) of each life
    lives: list[list[tuple[float, float]]] = field(default_factory=list)

    async def weigh(self, moment: float) -> None:
        """Note its resident memory."""
        assert self.now is not None
        shown = figures((await self.now.get("/metrics"))[1])
        self.lives[-1].append((moment, shown["process_resident_memory_bytes"]))


class City:
    """A gateway for each platform, workers, and one Redis. `async with City(folder, 2000)`."""

    def __init__(self, folder: Path, communities: int) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.communities = communities
        self.discord, self.slack = DiscordServer(), SlackServer()
        self.places: list[Place] = []
        self.parts: list[Part] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        stack = self._stack
        _, port = stack.enter_context(redis_on_port(self.folder / "redis", *DURABLE))
        self.redis = f"redis://127.0.0.1:{port}/0"
        self.store = Store(make_client(self.redis))
        stack.push_async_callback(self.store.close)
        await stack.enter_async_context(self.discord)
        await stack.enter_async_context(self.slack)
        key = Fernet.generate_key().decode()
        await self._settle(StoredInstallations(self.store, [key]))
        self._plan(key)
        for part in self.parts:
            await self.begin(part)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _settle(self, installed: StoredInstallations) -> None:
        """Found the communities, every other one on Slack."""
        for number in range(self.communities):
            if number % 2:
                space = self.slack.add_workspace(f"Community {number}")
                members = [self.slack.member(f"m{number}-{n}", space) for n in range(MEMBERS)]
                room = self.slack.channel("room", members, space)
                self.places.append(SlackPlace(self.slack, room, members))
                held = {"token": space.bot_token, "bot": space.bot_user}
                await installed.save(SpaceRef("slack", space.id), held)
            else:
                guild = self.discord.guild(f"Community {number}")
                channel = self.discord.channel(guild)
                people = [self.discord.member(guild, f"M{number}-{n}") for n in range(MEMBERS)]
                self.places.append(DiscordPlace(self.discord, channel, people))

    def _plan(self, key: str) -> None:
        port = free_port()
        self._door = f"http://127.0.0.1:{port}/slack/events"
        on_both = {
            "REDIS_URL": self.redis,
            "MUSE_ENCRYPTION_KEY": key,
            "MUSE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        discord = on_both | on_discord(self.discord)
        slack = on_both | self.slack.oauth_env()
        self.parts = [
            Part("Discord’s gateway", ("run", "--no-work"), discord),
            Part("Slack’s gateway", ("run", "--no-work"), slack | {"MUSE_HTTP_PORT": str(port)}),
            *(Part(name, ("worker",), discord | slack) for name in WORKER_NAMES),
        ]

    async def begin(self, part: Part) -> None:
        """Start a process, and wait until it plays."""
        folder = str(self.folder / "data")
        started = muse(
            *part.arguments, "--data", folder, log=self.folder / f"{part.name}.log", **part.env
        )
        begun = await self._stack.enter_async_context(started)
        await begun.until_ready(120)
        if "DISCORD_TOKEN" in part.env and part.arguments[0] == "run":
            await self.discord.connected(patience=60)
        if "SLACK_CLIENT_ID" in part.env and part.arguments[0] == "run":
            self.slack.use_http(self._door)
        part.lives.append([])
        part.now = begun

    def forget(self) -> None:
        """Let the platforms forget what they were asked long ago, which they keep for tests."""
        for kept in (self.discord.sent, self.slack.calls, self.slack.deliveries.sent):
            del kept[:-KEPT]
        self.slack.refusals.clear()

    async def challenge(self, place: DiscordPlace, number: int, voting: float) -> VotingChallenge:
        """A challenge of a community that has come to its ballots, for so many seconds."""
        plan = Plan((Address(place.space, str(place.channel.id)),), electorate=Electorate.ANYONE)
        made = await voting_challenge(
            self.store,
            SystemClock(),
            pool_of(4, 2),
            space=place.space,
            theme=f"what soak number {number} hears",
            voting=timedelta(seconds=voting),
            plan=plan,
        )
        closes = made.challenge.closes
        await AgendaStore(self.store).add(agenda_items.advance(made.ref), closes)
        return made
