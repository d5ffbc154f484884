"""Watched from outside: health, readiness, figures, and a log that follows and tells nobody."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import references
from tests.e2e.discord_table import Room, add, close, vote
from tests.e2e.running import figures, muse, on_discord, on_slack
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_server import SlackServer
from tests.support import raw, redis_on_port

PROMPT = "a xylophone that only plays in the rain"
PIECE = "Zephyrine practised between the drops."


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    async with DiscordServer() as server:
        guild = server.guild("The Quiet Reading Room")
        channel = server.channel(guild, "velvet-channel")
        people = [server.member(guild, f"Wilhelmina {n}") for n in range(5)]
        yield Room(server, channel, people)


def lines(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines()]


TOLD = 'muse_agenda_items_total{outcome="done",verb="announce"}'


async def test_a_whole_evening_watched(room: Room, empty_url: str, tmp_path: Path) -> None:
    ana, bea, *others = room.people
    async with (
        SlackServer() as slack,
        muse(
            "run",
            "--data",
            str(tmp_path),
            log=tmp_path / "log",
            REDIS_URL=empty_url,
            MUSE_LOG_FORMAT="json",
            **on_discord(room.server),
            **on_slack(slack),
        ) as running,
    ):
        assert await running.get("/healthz") == (200, '{"muse": "alive"}\n')
        await running.until_ready()
        card = await room.ask(ana, PROMPT)
        await add(room, bea, card, PIECE)
        for who in (ana, *others):
            await (await vote(room, who, card, 5)).private()
        cem = slack.member("cem")
        place = slack.channel("velours", members=[cem])
        assert (await slack.slash(cem, place, "a lighthouse on wheels")).ack.ok
        await close(room, ana, card)
        for _ in range(200):  # it is counted once what was told is noted
            status, shown = await running.get("/metrics")
            assert status == 200
            found = figures(shown)
            if TOLD in found:
                break
            await asyncio.sleep(0.1)
        assert await running.end() == 0
    assert found['muse_commands_total{outcome="done",request="vote"}'] == 4
    assert found["muse_votes_total"] == 4
    assert found["muse_rounds_closed_total"] == 1
    assert found['muse_acknowledgement_seconds_count{platform="discord"}'] >= 7
    assert found['muse_acknowledgement_seconds_count{platform="slack"}'] == 1
    assert found['muse_first_entry_seconds_count{what="rounds"}'] >= 1
    assert found[TOLD] == 1
    assert found["muse_agenda_behind_seconds"] < 60
    assert found["muse_redis_seconds_count"] > 10
    assert found["process_resident_memory_bytes"] > 0

    log = running.log
    assert any("is open" in line["message"] for line in lines(log))
    texts = (PROMPT, PIECE, "xylophone", "Zephyrine", "lighthouse", card.text.splitlines()[-1])
    names = ("Wilhelmina", "cem", "velvet", "velours", "Quiet Reading")
    ids = [str(who.id) for who in room.people] + [cem.id]
    secrets = (room.server.token, slack.app_token, slack.workspace.bot_token)
    for told in (*texts, *names, *ids, *secrets):
        assert told not in log, told


async def test_one_event_is_followed_from_the_platform_to_redis_and_back(
    room: Room, empty_url: str, tmp_path: Path
) -> None:
    ana, bea, *_ = room.people
    async with muse(
        "run",
        "--data",
        str(tmp_path),
        log=tmp_path / "log",
        REDIS_URL=empty_url,
        MUSE_LOG_FORMAT="json",
        **on_discord(room.server),
    ) as running:
        await room.server.connected(patience=40)
        asked = await room.server.slash(ana, room.channel, "muse", prompt=PROMPT)
        card = await asked.message()
        await room.whole(card)
        opened = references.event_id(f"discord:{asked.interaction.id}")
        (line,) = [each for each in lines(running.log) if "is open" in each["message"]]
        assert line["reference"] == opened[:8]

        # A vote is under that name in Redis; and where Redis has something else in its place,
        # the member is told the name, and each line of the log about it has it.
        voted = await vote(room, bea, card, 1)
        await voted.private()
        async with raw(empty_url) as ask:
            [seen] = await ask("KEYS", "*:seen")
            events = await ask("ZRANGE", seen, 0, -1)
            assert events == [references.event_id(f"discord:{voted.interaction.id}")]
            [key] = await ask("KEYS", "*:r:*:votes")
            await ask("DEL", key)
            await ask("SET", key, "not a hash")
        wrong = await vote(room, bea, card, 2)
        told = (await wrong.private()).text
        name = references.event_id(f"discord:{wrong.interaction.id}")[:8]
        about = [each for each in lines(running.log) if each.get("reference") == name]
        assert about, running.log
        assert any("Redis refused vote" in each["message"] for each in about)
        assert not re.search(r"Traceback|Error", told)


async def test_a_worker_is_watched_too_and_gives_way(empty_url: str, tmp_path: Path) -> None:
    arguments = ("worker", "--data", str(tmp_path))
    async with muse(*arguments, log=tmp_path / "1", REDIS_URL=empty_url) as first:
        await first.until_ready()
        assert "muse_agenda_behind_seconds" in (await first.get("/metrics"))[1]
        port = (await first.url()).rpartition(":")[2]
        async with muse(
            *arguments, log=tmp_path / "2", REDIS_URL=empty_url, MUSE_HTTP_PORT=port
        ) as second:
            await second.says("nobody can watch this worker: Port")
            await second.says("at work")
            assert await second.end() == 0
        assert await first.end() == 0


async def test_not_ready_says_what_is_missing(room: Room, tmp_path: Path) -> None:
    with redis_on_port(tmp_path / "redis") as (server, _):
        async with muse(
            "run",
            "--data",
            str(tmp_path),
            log=tmp_path / "log",
            REDIS_URL=server.url,
            **on_discord(room.server),
        ) as running:
            await running.until_ready()
            server.stop()
            status, said = await running.get("/readyz")
            missing = json.loads(said)["missing"]
            assert (status, sorted(missing)) == (503, ["agenda", "redis"])
            assert (await running.get("/healthz"))[0] == 200
            await asyncio.sleep(0)
