"""Slack: whose the tokens are, which scopes are missing, whether events can come.

https://docs.slack.dev/reference/methods/auth.test
https://docs.slack.dev/reference/methods/apps.connections.open
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.checking.findings import Finding, fine, name, note, warning, wrong
from bot.checking.outside import Said, Unreached, ask
from bot.settings import Settings

ABOUT = "Slack"
API = "https://slack.com/api"
_APP = "api.slack.com/apps"
_TOKEN_DEAD = ("invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed")


async def slack_checks(settings: Settings) -> list[Finding]:
    """What there is to say of the app that the settings have tokens for."""
    slack = settings.slack
    many = slack.client_id is not None or slack.client_secret is not None
    if slack.bot_token is None and not many:
        if slack.app_token is None and slack.signing_secret is None:
            return [note(ABOUT, "not set up", "To play there, set SLACK_BOT_TOKEN.")]
        says = "There is a way for events to come, but no token to answer with."
        remedy = "Set SLACK_BOT_TOKEN, or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for many."
        return [wrong(ABOUT, says, remedy)]
    looks = [_bot(settings)] if slack.bot_token is not None else []
    if many:
        looks.append(_client(settings))
    looks.append(_events(settings))
    return [each for found in await asyncio.gather(*looks) for each in found]


async def _call(settings: Settings, method: str, token: str = "", **form: str) -> Said:
    """A method of Slack's Web API. Raises `Unreached`."""
    base = (settings.slack.api_url or API).rstrip("/")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await ask("POST", f"{base}/{method}", headers=headers, form=form)


def _unreached(about: str, settings: Settings, error: Unreached) -> Finding:
    remedy = "Look at slack-status.com, and at what this machine may reach."
    if settings.slack.api_url is not None:
        remedy = "Put the right address into SLACK_API_URL, or take it out."
    return wrong(about, str(error), remedy)


def _refused(about: str, said: Said, remedies: Mapping[str, str], usual: str) -> Finding:
    """Slack's own word for why not, and what to do about it."""
    code = name(said.body.get("error") or f"status {said.status}")
    if said.status == 429 or code == "ratelimited":
        return warning(about, "Slack asks to wait.", "Check again in a minute.")
    return wrong(about, f"Slack says: {code}.", remedies.get(code, usual))


async def _bot(settings: Settings) -> list[Finding]:
    assert settings.slack.bot_token is not None
    try:
        said = await _call(settings, "auth.test", settings.slack.bot_token.get_secret_value())
    except Unreached as error:
        return [_unreached(ABOUT, settings, error)]
    if not said.body.get("ok"):
        again = f"Install the app again on {_APP}, and put its bot token into SLACK_BOT_TOKEN."
        usual = "Look at slack-status.com, and at SLACK_API_URL where it is set."
        return [_refused(ABOUT, said, dict.fromkeys(_TOKEN_DEAD, again), usual)]
    who = f"{name(said.body.get('user'))} in {name(said.body.get('team'))}"
    return [fine(ABOUT, who), *_scopes(said)]


def _scopes(said: Said) -> list[Finding]:
    """Whether the token may do what Muse does, as its manifest has it.

    https://docs.slack.dev/authentication/installing-with-oauth: the header X-OAuth-Scopes.
    """
    from adapters.slack.manifest import bot_scopes  # with Slack's own library: late

    told = next((v for k, v in said.headers.items() if k.lower() == "x-oauth-scopes"), None)
    if told is None:
        return [note("Slack scopes", "Slack did not tell them")]
    needed = set(bot_scopes())
    missing = sorted(needed - {scope.strip() for scope in told.split(",")})
    if not missing:
        return [fine("Slack scopes", f"all {len(needed)} are there")]
    remedy = (
        f"Update the app from Muse’s manifest on {_APP}, page App Manifest, then install it again."
    )
    return [wrong("Slack scopes", f"Missing: {', '.join(missing)}.", remedy)]


def _unset(settings: Settings) -> Finding | None:
    """What is missing among the settings with which many workspaces install Muse."""
    slack, about = settings.slack, "Slack installing"
    if slack.client_id is None or slack.client_secret is None:
        return wrong(about, "Only half of it is set.", "Set SLACK_CLIENT_ID and its secret.")
    if slack.bot_token is not None:
        says = "SLACK_BOT_TOKEN serves one workspace, SLACK_CLIENT_ID and its secret many."
        return wrong(about, says, "Take one or the other out.")
    if settings.muse.public_url is None:
        says = "There is no address at which browsers reach Muse."
        return wrong(about, says, "Set MUSE_PUBLIC_URL.")
    if settings.muse.encryption_key is None:
        says = "There is no key under which to keep the workspaces’ tokens."
        return wrong(about, says, "Set MUSE_ENCRYPTION_KEY.")
    return None


async def _client(settings: Settings) -> list[Finding]:
    """Whether id and secret belong together: Slack looks at them before it looks at the code.

    https://docs.slack.dev/reference/methods/oauth.v2.access#errors
    """
    slack, about = settings.slack, "Slack installing"
    unset = _unset(settings)
    if unset is not None:
        return [unset]
    assert slack.client_id is not None
    assert slack.client_secret is not None
    form = {
        "client_id": slack.client_id,
        "client_secret": slack.client_secret.get_secret_value(),
        "code": "0",
    }
    try:
        said = await _call(settings, "oauth.v2.access", **form)
    except Unreached as error:
        return [_unreached(about, settings, error)]
    if said.body.get("error") in ("invalid_code", "code_expired", "code_already_used"):
        return [fine(about, "client id and secret belong together")]
    copy = f"Copy both from {_APP}, page Basic Information."
    remedies = {"invalid_client_id": copy, "bad_client_secret": copy}
    return [_refused(about, said, remedies, "Look at slack-status.com.")]


async def _events(settings: Settings) -> list[Finding]:
    """The way in which events come: a socket, or signed requests."""
    slack, about = settings.slack, "Slack events"
    if slack.app_token is None:
        if slack.signing_secret is None:
            remedy = "Set SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for the web."
            return [wrong(about, "There is no way for them to come.", remedy)]
        if settings.muse.public_url is None:
            says = "They come over the web, and MUSE_PUBLIC_URL is not set."
            remedy = "Set it to the https address that the app’s request URLs have."
            return [warning(about, says, remedy)]
        return [note(about, "come over the web; only an event shows whether the secret is right")]
    try:
        said = await _call(settings, "apps.connections.open", slack.app_token.get_secret_value())
    except Unreached as error:
        return [_unreached(about, settings, error)]
    if said.body.get("ok"):
        return [fine(about, "come by Socket Mode")]
    again = (
        f"Make an app-level token with connections:write on {_APP}, page Basic Information, "
        "and put it into SLACK_APP_TOKEN."
    )
    remedies = dict.fromkeys((*_TOKEN_DEAD, "missing_scope", "not_allowed_token_type"), again)
    usual = f"Turn Socket Mode on, on {_APP}, page Socket Mode."
    return [_refused(about, said, remedies, usual)]
