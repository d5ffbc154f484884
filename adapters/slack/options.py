"""What the adapter is told of its surroundings. Values alone; nothing connects."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.errors import SetupError

API_URL = "https://slack.com/api/"
AUTHORIZE_URL = "https://slack.com/oauth/v2/authorize"
EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"


@dataclass(frozen=True, slots=True)
class SlackOptions:
    """How Muse is on Slack: whose it is, by which way events come, what its command is called.

    With `bot_token` it serves one workspace, with `client_id` and `client_secret` every one that
    installs it. With `app_token` events come by Socket Mode, else by signed HTTP, which needs
    `signing_secret`. `public_url` is where the world reaches Muse's web server, without a path.
    `api_url` and `authorize_url` are other addresses for Slack's: a proxy, or a test's server.
    """

    bot_token: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    command: str = "/muse"
    public_url: str | None = None
    api_url: str | None = None
    authorize_url: str | None = None
    token_rotation: bool = False

    @property
    def api(self) -> str:
        """The address of Slack's Web API, with the slash at its end."""
        return f"{(self.api_url or API_URL).rstrip('/')}/"

    @property
    def many(self) -> bool:
        """Whether more than one workspace may install Muse."""
        return self.client_id is not None and self.client_secret is not None

    @property
    def socket(self) -> bool:
        """Whether events come by Socket Mode."""
        return self.app_token is not None

    def check(self) -> None:
        """Raises `SetupError` where these can't work, saying what is missing."""
        if self.bot_token is None and not self.many:
            raise SetupError(
                "Slack needs SLACK_BOT_TOKEN for one workspace, or SLACK_CLIENT_ID and "
                "SLACK_CLIENT_SECRET to let many install Muse."
            )
        if self.bot_token is not None and self.many:
            raise SetupError(
                "SLACK_BOT_TOKEN serves one workspace, SLACK_CLIENT_ID and SLACK_CLIENT_SECRET "
                "many: set one or the other."
            )
        if not self.socket and self.signing_secret is None:
            raise SetupError(
                "Slack’s events come by Socket Mode with SLACK_APP_TOKEN, or over the web with "
                "SLACK_SIGNING_SECRET: set one of them."
            )
        if self.many and self.public_url is None:
            raise SetupError(
                "Installing over the web needs MUSE_PUBLIC_URL, the https address at which "
                "Slack and browsers reach Muse."
            )
