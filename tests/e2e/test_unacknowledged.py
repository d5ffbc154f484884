"""What a platform waited for in vain is counted, by the platform's own word."""

from __future__ import annotations

import pytest

from bot.metrics import PrometheusMeter
from bot.storage.client import Store
from tests.e2e.discord_table import discord_table, votes
from tests.e2e.running import figures
from tests.e2e.slack_table import slack_table
from tests.fakes.discord_server import DiscordServer


def _counted(meter: PrometheusMeter, platform: str) -> float:
    shown = figures(meter.shown({}).decode())
    return shown.get(f'muse_unacknowledged_total{{platform="{platform}"}}', 0.0)


async def test_what_discord_waits_for_no_more(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    meter = PrometheusMeter()
    async with DiscordServer() as server, discord_table(server, store, meter=meter) as room:
        card = await room.ask(room.people[0], "a lighthouse")
        assert _counted(meter, "discord") == 0
        server.world.ack_window = 0.0
        await server.click(room.people[1], card, votes(card)[0])
        await server.until(lambda: _counted(meter, "discord") == 1 or None, "the figure")
        assert "answered too late" in caplog.text
        await server.until(lambda: "voted" in card.text or None, "the vote, which counts")


@pytest.mark.parametrize("socket", [True, False], ids=["socket", "http"])
async def test_what_slack_sends_again_since_nobody_answered(store: Store, socket: bool) -> None:
    meter = PrometheusMeter()
    async with slack_table(store, socket=socket, meter=meter) as table:
        ana = table.slack.member("ana")
        room = table.slack.channel("room", [ana])
        asked = await table.slack.mention(ana, room, "a lighthouse")
        assert _counted(meter, "slack") == 0
        await asked.replay()
        assert _counted(meter, "slack") == 1
