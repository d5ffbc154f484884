"""The routes by which an app answers interactions.

https://docs.discord.com/developers/interactions/receiving-and-responding#endpoints
"""

from __future__ import annotations

from tests.fakes import discord_shapes as shapes
from tests.fakes.discord_http import Call, Route
from tests.fakes.discord_interaction import LIFE, Interaction, acknowledge, follow_up
from tests.fakes.discord_message import Message
from tests.fakes.discord_posting import Draft, edit, remove
from tests.fakes.discord_rules import Json, Refused

HOOK = "/webhooks/{webhook_id}/{webhook_token}"
TRUE = ("1", "true", "True")


def callback(call: Call) -> Json | None:
    found = call.world.interactions.get(call.path["interaction_token"])
    if found is None or found.id != int(call.path["interaction_id"]):
        raise Refused("unknown_interaction")
    data = call.body.get("data") or {}
    acknowledge(call.world, found, call.body.get("type"), Draft(data, call.files))
    if call.query.get("with_response") not in TRUE:
        return None
    return _response(call, found, call.body["type"])


def _response(call: Call, found: Interaction, kind: int) -> Json:
    """https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-callback."""
    drawn: Json = {"id": str(found.id), "type": found.kind}
    said = found.original
    if said is None:
        return {"interaction": drawn}
    drawn |= {
        "response_message_id": str(said.id),
        "response_message_loading": said.loading,
        "response_message_ephemeral": said.ephemeral,
    }
    if kind not in (4, 7):
        return {"interaction": drawn}
    resource = {"type": kind, "message": shapes.message(said, call.world)}
    return {"interaction": drawn, "resource": resource}


def _interaction(call: Call) -> Interaction:
    """The interaction of a token, if it may still be spoken to."""
    found = call.world.interactions.get(call.path["webhook_token"])
    if found is None or int(call.path["webhook_id"]) != call.world.application_id:
        raise Refused("webhook_token")
    if found.ack is None:
        raise Refused("ack_first")
    if call.world.clock.now() - found.at > LIFE:
        raise Refused("token_life")
    call.world.channel(found.channel.id)
    return found


def _message(call: Call) -> Message:
    interaction = _interaction(call)
    named = call.path.get("message_id", "@original")
    mine = [interaction.original, *interaction.followups]
    for each in mine if named != "@original" else mine[:1]:
        if each is not None and not each.deleted and named in ("@original", str(each.id)):
            return each
    held = interaction.channel.messages.get(int(named)) if named != "@original" else None
    raise Refused("ephemeral_token" if held is not None else "unknown_message")


def send(call: Call) -> Json:
    return shapes.message(follow_up(call.world, _interaction(call), call.draft), call.world)


def get(call: Call) -> Json:
    return shapes.message(_message(call), call.world)


def change(call: Call) -> Json:
    said = edit(call.world, _message(call), call.draft, webhook=True)
    return shapes.message(said, call.world)


def delete(call: Call) -> None:
    remove(call.world, _message(call))


ROUTES = (
    Route(
        "POST", "/interactions/{interaction_id}/{interaction_token}/callback", callback, bot=False
    ),
    Route("POST", HOOK, send, bot=False),
    *(
        Route(method, f"{HOOK}/messages/{which}", handler, bot=False)
        for which in ("@original", "{message_id}")
        for method, handler in (("GET", get), ("PATCH", change), ("DELETE", delete))
    ),
)
