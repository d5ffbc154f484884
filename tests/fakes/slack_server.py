"""A Slack on 127.0.0.1, for the real slack_bolt and slack_sdk to speak to.

    async with SlackServer() as slack:
        member = slack.member()
        room = slack.channel("room", members=[member])
        client = AsyncWebClient(slack.workspace.bot_token, base_url=slack.api_url)
        app = AsyncApp(client=client)                              # and its listeners
        await AsyncSocketModeHandler(app, slack.app_token).connect_async()  # or slack.use_http(url)
        round_ = await (await slack.slash(member, room, "the last lighthouse")).message()
        clicked = await slack.click(member, round_, "vote")        # acknowledged here
        receipt = await clicked.ephemeral("Your vote")             # waits until it is shown
        assert slack.refusals == [] and slack.pings == []

A subprocess takes `slack.api_url` as SLACK_API_URL (`socket_env()`, `http_env()`). It keeps
Slack's rules (`slack_rules.py`, `slack_block_rules.py`), and notes each that is broken in
`refusals`, each call in `calls`, each delivery in `deliveries.sent`, whoever would be notified in
`pings`. `faults` makes it fail as Slack does; `clock.shift(4)` lets triggers die;
`deliveries.copies = 3` sends everything three times; `deliveries.window` is the app's three
seconds; `socket.disconnect()` and `socket.drop()` end connections; `with deliveries.forging(…)`
signs badly; `uninstall`, `revoke`, `withdraw` and `oauth` are the ways in and out of a workspace.
"""

from __future__ import annotations

from functools import partial

from aiohttp import web

from tests.fakes import slack_conversations as _conversations  # noqa: F401 - registers methods
from tests.fakes import slack_files, slack_payloads
from tests.fakes import slack_streams as _streams  # noqa: F401 - registers methods
from tests.fakes.slack_deliveries import Delivery
from tests.fakes.slack_members import Acting
from tests.fakes.slack_state import Json, Workspace


class SlackServer(Acting):
    """The whole of it: `async with SlackServer() as slack`."""

    def __init__(self) -> None:
        super().__init__()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> SlackServer:
        app = web.Application(client_max_size=4 * 1024**2)
        app.router.add_route("*", "/api/{method}", self.web_api.handle)
        app.router.add_get("/link/", self.socket.handle)
        app.router.add_post("/respond/{team}/{secret}", self.response_urls.handle)
        app.router.add_post("/upload/v1/{id}", partial(slack_files.receive, self))
        app.router.add_get("/files/{id}", partial(slack_files.serve, self))
        app.router.add_get("/oauth/v2/authorize", self.oauth.authorize)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        self.faults.release()
        await self.deliveries.close()
        await self.socket.close()
        await self.http.close()
        await self._runner.cleanup()

    async def uninstall(self, space: Workspace | None = None) -> list[Delivery]:
        """The app is removed: its token dies, and it is told so.

        https://docs.slack.dev/reference/events/app_uninstalled
        """
        home = space or self.workspace
        home.installed = False
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [home.bot_user]}}
        told: list[Json] = [revoked, {"type": "app_uninstalled"}]
        return [await self._tell(home, each) for each in told if each["type"] in self.subscriptions]

    async def revoke(self, space: Workspace | None = None) -> Delivery:
        """The bot's token alone is revoked. https://docs.slack.dev/reference/events/tokens_revoked."""
        home = space or self.workspace
        self.world.tokens[home.bot_token].revoked = True
        tokens = {"oauth": [], "bot": [home.bot_user]}
        return await self._tell(home, {"type": "tokens_revoked", "tokens": tokens})

    async def withdraw(self, *spaces: Workspace) -> Delivery:
        """An organisation takes its installation's access to workspaces away; its token lives on.

        https://docs.slack.dev/reference/events/team_access_revoked: one event for all of them,
        which is the organisation's and no workspace's own. A workspace with an installation of
        its own keeps that.
        """
        for space in spaces:
            space.installed = not space.organisation
        inner = {"type": "team_access_revoked", "team_ids": [space.id for space in spaces]}
        payload = slack_payloads.organisations_event(self, spaces[0].organisation, inner)
        return await self.deliveries.send("events_api", payload)

    async def _tell(self, space: Workspace, inner: Json) -> Delivery:
        payload = slack_payloads.event(self, space.id, inner)
        return await self.deliveries.send("events_api", payload)
