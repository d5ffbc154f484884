"""Files in three steps: a URL to upload to, the upload, its completion.

https://docs.slack.dev/messaging/working-with-files#uploading_files, as slack_sdk's
`files_upload_v2` goes about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from tests.fakes.slack_chat import write
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import File, Json
from tests.fakes.slack_web_api import Call, method

if TYPE_CHECKING:
    from tests.fakes.slack_core import SlackCore

ALT_MOST = 1_000


def told(slack: SlackCore, file: File) -> Json:
    """A file as Slack tells it. https://docs.slack.dev/reference/objects/file-object."""
    return {
        "id": file.id,
        "name": file.name,
        "title": file.name,
        "alt_txt": file.alt,
        "size": len(file.data or b""),
        "url_private": f"{slack.url}/files/{file.id}",
        "permalink": f"{slack.url}/files/{file.id}",
    }


@method("files.getUploadURLExternal", "files:write")
def upload_url(call: Call) -> Json:
    call.need("filename", "length")
    if len(call.text("alt_txt")) > ALT_MOST:
        raise Refused("file-alt")
    number = call.world.id("F")
    held = File(number, call.space.id, call.text("filename"), call.text("alt_txt") or None)
    call.world.files[number] = held
    return {"file_id": number, "upload_url": f"{call.slack.url}/upload/v1/{number}"}


@method("files.completeUploadExternal", "files:write")
def complete(call: Call) -> Json:
    call.need("files")
    wanted = call.json("files") or []
    files: list[File] = []
    for each in wanted:
        file = call.world.files.get(str(each.get("id")))
        if file is None or file.team != call.space.id or file.data is None or file.complete:
            raise Refused("file-uploaded")
        files.append(file)
    channel = call.channel("channel_id") if call.text("channel_id") else None
    if channel is not None and call.space.bot_user not in channel.members:
        raise Refused("channel-joined")
    for file in files:
        file.complete = True
    said = [told(call.slack, file) for file in files]
    if channel is not None:
        held: Json = {"text": call.text("initial_comment"), "files": said}
        thread = call.text("thread_ts") or None
        message = write(call.slack, call.space, channel, held, thread_ts=thread)
        for file in files:
            file.shares.append(message.ts)
    return {"files": said}


async def receive(slack: SlackCore, request: web.Request) -> web.Response:
    """The upload itself, raw or as a form's file."""
    file = slack.world.files.get(request.match_info["id"])
    if file is None or file.complete:
        return web.Response(status=404, text="not found")
    if request.content_type.startswith("multipart/"):
        form = await request.post()
        held = next((one for one in form.values() if isinstance(one, web.FileField)), None)
        file.data = held.file.read() if held else b""
    else:
        file.data = await request.read()
    slack.world.touch()
    return web.Response(text=f"OK - {len(file.data)}")


async def serve(slack: SlackCore, request: web.Request) -> web.Response:
    """What was uploaded, for the test to look at. Slack asks for a token here."""
    file = slack.world.files.get(request.match_info["id"])
    if file is None or file.data is None:
        return web.Response(status=404)
    return web.Response(body=file.data)
