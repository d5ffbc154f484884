"""`muse check` on Discord and Slack, against the fakes: each thing that can be wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord.invite import permissions
from adapters.slack.manifest import bot_scopes
from bot.checking import discord_checks, outside, slack_checks
from bot.checking.discord_checks import NEEDED
from bot.checking.discord_checks import discord_checks as look_at_discord
from bot.checking.findings import State
from bot.checking.slack_checks import slack_checks as look_at_slack
from tests.fakes.discord_permissions import May
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_server import SlackServer
from tests.integration.checking_bench import Surroundings, only_bad, states
from tests.support import free_port


@pytest.fixture
def around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Surroundings:
    return Surroundings.clean(monkeypatch, tmp_path)


# --- Discord.


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer(lawless=True) as made:
        yield made


def at_discord(server: DiscordServer, **more: str) -> dict[str, str]:
    return {"DISCORD_TOKEN": server.token, "DISCORD_API_URL": server.api_url} | more


async def test_a_good_token(around: Surroundings, discord: DiscordServer) -> None:
    found = await look_at_discord(around.settings(at_discord(discord)))
    assert states(found) == dict.fromkeys(
        ("Discord", "Discord clicks", "Discord starts"), State.FINE
    )
    assert discord.broken == []


async def test_what_muse_may_not_do_in_its_servers(
    around: Surroundings, discord: DiscordServer
) -> None:
    discord.guild("Fine")
    found = await look_at_discord(around.settings(at_discord(discord)))
    assert states(found)["Discord permissions"] is State.FINE
    bare = discord.guild("Bare", May.VIEW_CHANNEL)
    bare.roles[bare.id].permissions = May.VIEW_CHANNEL
    bad = only_bad(await look_at_discord(around.settings(at_discord(discord))), State.WARNING)
    assert "In 1 of 2 servers" in bad.says
    assert "Send Messages, Attach Files" in bad.says
    assert "View Channels" not in bad.says
    assert bad.says.endswith("Bare.")
    assert discord.broken == []


async def test_more_servers_than_one_answer_holds(
    around: Surroundings, discord: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(201):
        discord.guild(f"Server {n}")
    bare = discord.guild("Bare", May.VIEW_CHANNEL)
    bare.roles[bare.id].permissions = May.VIEW_CHANNEL
    bad = only_bad(await look_at_discord(around.settings(at_discord(discord))), State.WARNING)
    assert "In 1 of 202 servers" in bad.says
    assert discord.broken == []
    # Of what is not looked at nothing is claimed.
    monkeypatch.setattr(discord_checks, "PAGES", 1)
    [said] = [
        each
        for each in await look_at_discord(around.settings(at_discord(discord)))
        if each.about == "Discord permissions"
    ]
    assert said.state is State.FINE
    assert said.says == "all that Muse uses, in the first 200 servers"


def test_what_is_needed_is_what_the_invitation_asks_for() -> None:
    assert sum(NEEDED.values()) == permissions().value


async def test_a_wrong_token(around: Surroundings, discord: DiscordServer) -> None:
    settings = around.settings(at_discord(discord, DISCORD_TOKEN="another.bot.token"))
    assert "DISCORD_TOKEN" in only_bad(await look_at_discord(settings)).remedy


@pytest.mark.parametrize(("code", "state"), [(500, State.WRONG), (429, State.WARNING)])
async def test_discord_in_trouble(
    around: Surroundings, discord: DiscordServer, code: int, state: State
) -> None:
    if code == 429:
        discord.limit_next("GET /users/@me")
    else:
        discord.fail("GET /users/@me", code)
    only_bad(await look_at_discord(around.settings(at_discord(discord))), state)


async def test_discord_out_of_reach(around: Surroundings) -> None:
    given = {"DISCORD_TOKEN": "a.b.c", "DISCORD_API_URL": f"http://127.0.0.1:{free_port()}/api"}
    bad = only_bad(await look_at_discord(around.settings(given)))
    assert "DISCORD_API_URL" in bad.remedy


async def test_discord_that_does_not_answer(
    around: Surroundings, discord: DiscordServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "SECONDS", 0.3)
    held = discord.hold("GET /users/@me")
    assert "No answer" in only_bad(await look_at_discord(around.settings(at_discord(discord)))).says
    held.release()


@pytest.mark.parametrize(
    ("said", "about", "state"),
    [
        ({"interactions_endpoint_url": "https://example.org"}, "Discord clicks", State.WRONG),
        ({"bot_require_code_grant": True}, "Discord invites", State.WARNING),
    ],
)
def test_an_application_that_is_set_up_otherwise(
    said: dict[str, object], about: str, state: State
) -> None:
    found = discord_checks._application(outside.Said(200, {}, said))
    assert only_bad(found, state).about == about


def test_few_starts_left() -> None:
    limit = {"total": 1000, "remaining": 3}
    said = outside.Said(200, {}, {"shards": 2, "session_start_limit": limit})
    assert only_bad(discord_checks._sessions(said), State.WARNING).about == "Discord starts"
    assert discord_checks._sessions(outside.Said(200)) == []


# --- Slack.


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer() as made:
        made.world.tokens[made.workspace.bot_token].scopes = frozenset(bot_scopes())
        yield made


async def test_slack_by_socket_mode(around: Surroundings, slack: SlackServer) -> None:
    found = await look_at_slack(around.settings(slack.socket_env()))
    assert states(found) == dict.fromkeys(("Slack", "Slack scopes", "Slack events"), State.FINE)


async def test_slack_over_the_web(around: Surroundings, slack: SlackServer) -> None:
    bad = only_bad(await look_at_slack(around.settings(slack.http_env())), State.WARNING)
    assert "MUSE_PUBLIC_URL" in bad.says
    given = slack.http_env() | {"MUSE_PUBLIC_URL": "https://muse.example.org"}
    found = await look_at_slack(around.settings(given))
    assert states(found)["Slack events"] is State.NOTE


@pytest.mark.parametrize(
    ("changes", "about", "remedy"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-unknown"}, "Slack", "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-unknown"}, "Slack events", "SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": ""}, "Slack events", "SLACK_APP_TOKEN"),
    ],
)
async def test_slack_tokens_that_are_not_right(
    around: Surroundings, slack: SlackServer, changes: dict[str, str], about: str, remedy: str
) -> None:
    bad = only_bad(await look_at_slack(around.settings(slack.socket_env() | changes)))
    assert bad.about == about
    assert remedy in bad.remedy


async def test_a_scope_that_is_missing(around: Surroundings, slack: SlackServer) -> None:
    kept = frozenset(bot_scopes()) - {"chat:write", "files:write"}
    slack.world.tokens[slack.workspace.bot_token].scopes = kept
    bad = only_bad(await look_at_slack(around.settings(slack.socket_env())))
    assert "chat:write, files:write" in bad.says
    assert "manifest" in bad.remedy


async def test_slack_that_asks_to_wait(around: Surroundings, slack: SlackServer) -> None:
    slack.faults.limit("auth.test", 1)
    only_bad(await look_at_slack(around.settings(slack.socket_env())), State.WARNING)


async def test_slack_out_of_reach(around: Surroundings) -> None:
    given = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": f"http://127.0.0.1:{free_port()}/api",
    }
    found = await look_at_slack(around.settings(given))
    assert [each.state for each in found] == [State.WRONG, State.WRONG]


async def test_slack_that_many_install(around: Surroundings, slack: SlackServer) -> None:
    whole = slack.oauth_env() | {
        "MUSE_PUBLIC_URL": "https://muse.example.org",
        "MUSE_ENCRYPTION_KEY": "bXVzZS1tdXNlLW11c2UtbXVzZS1tdXNlLW11c2UhISE=",
    }
    found = await look_at_slack(around.settings(whole))
    assert states(found) == {"Slack installing": State.FINE, "Slack events": State.NOTE}
    wrong = whole | {"SLACK_CLIENT_SECRET": "another-secret"}
    assert "Basic Information" in only_bad(await look_at_slack(around.settings(wrong))).remedy


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_ID"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "abcdef"}, "MUSE_PUBLIC_URL"),
        (
            {
                "SLACK_CLIENT_ID": "1.2",
                "SLACK_CLIENT_SECRET": "abcdef",
                "MUSE_PUBLIC_URL": "https://muse.example.org",
            },
            "MUSE_ENCRYPTION_KEY",
        ),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
    ],
)
async def test_settings_of_slack_that_are_not_whole(
    around: Surroundings, given: dict[str, str], remedy: str
) -> None:
    found = await look_at_slack(around.settings(given | {"SLACK_SIGNING_SECRET": "abcdef"}))
    [wrong] = [each for each in found if each.state is State.WRONG]
    assert remedy in wrong.remedy


def test_slack_that_tells_no_scopes() -> None:
    [told] = slack_checks._scopes(outside.Said(200))
    assert told.state is State.NOTE
