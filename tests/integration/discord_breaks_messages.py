"""Breaking the rules of messages and of reading them."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord_permissions import May
from tests.fakes.discord_rules import Json
from tests.integration.discord_bench import SAY, Answer, Bench, bodies, breaks, lacking, text, v2

PLAIN = {"content": "x"}
BODIES: dict[str, tuple[Json, Json]] = {
    "empty_message": ({"content": ""}, PLAIN),
    "content_length": ({"content": "x" * 2001}, {"content": "x" * 2000}),
    "embeds": ({"embeds": [{"title": "x"}] * 11}, {"embeds": [{"title": "x"}] * 10}),
    "nonce_length": (PLAIN | {"nonce": "x" * 26}, PLAIN | {"nonce": "x" * 25}),
    "mentions_exclusive": (
        PLAIN | {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        PLAIN | {"allowed_mentions": {"parse": ["roles"], "users": ["1"]}},
    ),
    "attachment_uploaded": (
        PLAIN | {"attachments": [{"id": 0, "filename": "a.png"}]},
        PLAIN | {"attachments": []},
    ),
    "reply_exists": (
        PLAIN | {"message_reference": {"message_id": "1"}},
        PLAIN | {"message_reference": {"message_id": "1", "fail_if_not_exists": False}},
    ),
}
bodies(BODIES, Bench.send)


ONE = "/channels/{channel}/messages/{message}"
lacking("view_channel", May.VIEW_CHANNEL, "GET", "/channels/{channel}")
lacking("send_messages", May.SEND_MESSAGES, "POST", "/channels/{channel}/messages", PLAIN)
lacking("read_history", May.READ_MESSAGE_HISTORY, "GET", ONE)


@breaks("attach_files")
async def _(bench: Bench) -> Answer:
    assert (await bench.upload("POST", bench.messages, PLAIN, "a.png")).status == 200
    message = await bench.sent()
    bench.server.deny(bench.channel, May.ATTACH_FILES)
    edited = await bench.upload("PATCH", bench.path(message), PLAIN, "a.png")
    assert edited.status == 403
    return await bench.upload("POST", bench.messages, PLAIN, "a.png")


@breaks("attachments")
async def _(bench: Bench) -> Answer:
    names = [f"{n}.png" for n in range(11)]
    assert (await bench.upload("POST", bench.messages, PLAIN, *names[:10])).status == 200
    return await bench.upload("POST", bench.messages, PLAIN, *names)


@breaks("attachments_kept")
async def _(bench: Bench) -> None:
    shown = {"type": 12, "items": [{"media": {"url": "attachment://a.png"}}]}
    made = (await bench.upload("POST", bench.messages, v2(shown), "a.png", "b.png")).said
    message = bench.channel.messages[int(made["id"])]
    assert message.pictures() == ["a.png", "b.png"]
    media = made["components"][0]["items"][0]["media"]
    assert media["url"] == made["attachments"][0]["url"]
    path = bench.path(message)
    await bench.call("PATCH", path, v2(text("no list: nothing goes")))
    assert message.pictures() == ["a.png", "b.png"]
    kept = {"attachments": [{"id": made["attachments"][1]["id"]}, {"id": 0}]}
    await bench.upload("PATCH", path, kept, "c.png")
    assert message.pictures() == ["b.png", "c.png"]
    await bench.call("PATCH", path, {"attachments": []})
    assert message.pictures() == []


@breaks("unknown_channel")
async def _(bench: Bench) -> Answer:
    bench.server.delete(bench.channel)
    return await bench.send(PLAIN)


@breaks("unknown_message")
async def _(bench: Bench) -> Answer:
    message = await bench.sent()
    assert (await bench.call("DELETE", bench.path(message))).status == 204
    return await bench.call("PATCH", bench.path(message), PLAIN)


@breaks("others_message")
async def _(bench: Bench) -> Answer:
    return await bench.call("PATCH", bench.path(bench.written()), PLAIN)


@breaks("delete_others")
async def _(bench: Bench) -> Answer:
    bench.server.allow(bench.channel, May.MANAGE_MESSAGES)
    assert (await bench.call("DELETE", bench.path(bench.written()))).status == 204
    bench.server.deny(bench.channel, May.MANAGE_MESSAGES)
    return await bench.call("DELETE", bench.path(bench.written()))


@breaks("enforce_nonce")
async def _(bench: Bench) -> None:
    body = PLAIN | {"nonce": "abc", "enforce_nonce": True}
    first, second = [(await bench.send(body)).said["id"] for _ in range(2)]
    assert first == second
    assert (await bench.send(PLAIN | {"nonce": "abc"})).said["id"] != first
    bench.server.advance(600)
    assert (await bench.send(body)).said["id"] != first


@breaks("reply_history")
async def _(bench: Bench) -> Answer:
    body = PLAIN | {"message_reference": {"message_id": str(bench.written().id)}}
    assert (await bench.send(body)).said["referenced_message"]["author"]["global_name"] == "Ada"
    bench.server.deny(bench.channel, May.READ_MESSAGE_HISTORY)
    return await bench.send(body)


async def history(bench: Bench, **params: Any) -> Answer:
    return await bench.call("GET", bench.messages, params=params)


@breaks("list_history")
async def _(bench: Bench) -> None:
    made = [await bench.sent() for _ in range(4)]
    ids = [str(each.id) for each in made]
    assert [each["id"] for each in (await history(bench)).said] == ids[::-1]
    assert [each["id"] for each in (await history(bench, before=ids[3], limit=2)).said] == [
        ids[2],
        ids[1],
    ]
    assert [each["id"] for each in (await history(bench, after=ids[0], limit=2)).said] == [
        ids[2],
        ids[1],
    ]
    bench.server.deny(bench.channel, May.READ_MESSAGE_HISTORY)
    assert (await history(bench)).said == []


@breaks("history_limit")
async def _(bench: Bench) -> Answer:
    assert (await history(bench, limit=100)).status == 200
    return await history(bench, limit=101)


@breaks("history_one_way")
async def _(bench: Bench) -> Answer:
    return await history(bench, before=1, after=1)


@breaks("mentions_allowed")
async def _(bench: Bench) -> None:
    role = bench.server.role(bench.guild, "prompters")
    role.mentionable = True
    bea = bench.server.member(bench.guild, "Bea")
    said = f"<@{bench.ada.id}> <@{bea.id}> <@&{role.id}>"
    for components in (False, True):
        body = v2(text(said)) if components else {"content": said}
        assert not (await bench.sent(body | {"allowed_mentions": {"parse": []}})).pinged
        one = await bench.sent(body | {"allowed_mentions": {"users": [str(bea.id)]}})
        assert (one.pinged.users, one.pinged.roles) == ({bea.id}, set())
        opted = await bench.sent(body | {"allowed_mentions": {"roles": [str(role.id)]}})
        assert (opted.pinged.users, opted.pinged.roles) == (set(), {role.id})
    phantom = {"content": "x", "allowed_mentions": {"users": [str(bea.id)]}}
    assert not (await bench.sent(phantom)).pinged
    await bench.call("PATCH", bench.path(one), {"components": [text(f"{bench.ada.mention}!")]})
    assert one.pinged.users == {bea.id}, "an edit pings nobody"


@breaks("mentions_default")
async def _(bench: Bench) -> None:
    bench.server.allow(bench.channel, May.MENTION_EVERYONE)
    role = bench.server.role(bench.guild, "prompters")
    said = {"content": f"<@{bench.ada.id}> <@&{role.id}> @everyone"}
    everyone = (await bench.sent(said)).pinged
    assert (everyone.users, everyone.roles, everyone.everyone) == ({bench.ada.id}, {role.id}, True)
    asked = await bench.slash()
    await bench.answer(asked, SAY, said)
    few = (await asked.message()).pinged
    assert (few.users, few.roles, few.everyone) == ({bench.ada.id}, set(), False)


@breaks("mention_everyone")
async def _(bench: Bench) -> None:
    assert not (await bench.sent({"content": "@everyone"})).pinged.everyone
    bench.server.allow(bench.channel, May.MENTION_EVERYONE)
    assert (await bench.sent({"content": "@here"})).pinged.everyone


@breaks("dm_closed")
async def _(bench: Bench) -> Answer:
    opened = await bench.call("POST", "/users/@me/channels", {"recipient_id": str(bench.ada.id)})
    channel = bench.world.channels[int(opened.said["id"])]
    again = await bench.call("POST", "/users/@me/channels", {"recipient_id": str(bench.ada.id)})
    assert (again.said["id"], (await bench.send(PLAIN, channel)).status) == (str(channel.id), 200)
    bench.ada.closed = True
    return await bench.send(PLAIN, channel)


@breaks("dm_recipient")
async def _(bench: Bench) -> Answer:
    return await bench.call("POST", "/users/@me/channels", {"recipient_id": "1"})


@breaks("message_content")
async def _(bench: Bench) -> None:
    """Over HTTP; what the gateway tells is looked at in `test_discord_fake.py`."""
    secret = bench.written("between us")
    spoken = bench.written(f"{bench.world.bot.mention} hello")
    reads = [(await bench.call("GET", bench.path(each))).said for each in (secret, spoken)]
    assert [each["content"] for each in reads] == ["", spoken.content]
    bench.world.privileged |= 1 << 15
    assert (await bench.call("GET", bench.path(secret))).said["content"] == "between us"
