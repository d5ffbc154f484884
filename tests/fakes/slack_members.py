"""Acting as a member: commands, clicks, forms, mentions; over whichever transport is in use.

Each act is delivered to the app and awaited until it is answered; the `Acted` that it gives waits
for what the member then sees.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from tests.fakes import slack_payloads as payloads
from tests.fakes.slack_acted import Acted, CannotDo
from tests.fakes.slack_conversations import user_object
from tests.fakes.slack_core import SlackCore
from tests.fakes.slack_deliveries import Kind
from tests.fakes.slack_forms import filled, found, state, value_of
from tests.fakes.slack_response_urls import respond
from tests.fakes.slack_rules import Refused
from tests.fakes.slack_state import Channel, Json, Member, Message, Trigger, View
from tests.fakes.slack_views import answer_submission, shown, stack

OPTIONS_MOST = 100


class Acting(SlackCore):
    """What members do. `SlackServer` is one."""

    async def slash(
        self,
        member: Member,
        channel: Channel,
        text: str = "",
        command: str = "/muse",
        thread_ts: str | None = None,
    ) -> Acted:
        """Types a slash command; its answer is shown as a message. Raises `Refused` in a thread."""
        if thread_ts is not None:
            refused = Refused("slash-thread")
            self.world.refuse(refused, command)
            raise refused
        acted = self.begin(member, channel, answers=True)
        payload = payloads.slash(self, member, channel, command, text, **self.handles(acted))
        await self.deliver(acted, "slash_commands", payload)
        answer = acted.ack.payload
        if acted.ack.ok and answer:
            held = answer if isinstance(answer, dict) else {"text": str(answer)}
            assert acted.response_url is not None
            try:
                respond(self, acted.response_url, held)
            except Refused as broken:
                self.world.refuse(broken, command)
                acted.seen_error = "invalid_command_response"
        return acted

    async def click(
        self,
        member: Member,
        place: Message | View,
        action_id: str,
        block_id: str | None = None,
    ) -> Acted:
        """Presses a button."""
        block, element = found(place, action_id, block_id)
        if element["type"] != "button":
            raise CannotDo(f"{action_id} is a {element['type']}: choose")
        action = {"type": "button", "text": element["text"], "value": element.get("value")}
        if action["value"] is None:
            del action["value"]
        return await self.block_action(member, place, block, element, action)

    async def choose(
        self,
        member: Member,
        place: Message | View,
        action_id: str,
        value: Any,
        block_id: str | None = None,
    ) -> Acted:
        """Chooses in a menu (or radio buttons, checkboxes, a date …): an option by its value."""
        block, element = found(place, action_id, block_id)
        held = value_of(element, value)
        if isinstance(place, View):
            place.values.setdefault(block["block_id"], {})[action_id] = held
        return await self.block_action(member, place, block, element, held)

    async def submit(self, member: Member, view: View, values: Json | None = None) -> Acted:
        """Fills in fields, by block_id (or action_id), and presses submit."""
        if not view.open or stack(self, view)[-1] is not view:
            raise CannotDo("the view is not the one on top")
        if not view.body.get("submit"):
            raise CannotDo("the view has no submit")
        view.values = filled(view, values or {})
        acted = self.begin(member, None, view=view)
        assert acted.trigger is not None
        payload = payloads.view_submission(self, member, view, acted.trigger.id)
        await self.deliver(acted, "interactive", payload)
        if acted.ack.ok:
            try:
                answer_submission(self, view, acted.trigger, acted.ack.payload)
            except Refused as broken:
                self.world.refuse(broken, "view_submission")
                acted.seen_error = "We had some trouble connecting. Try again?"
        return acted

    async def close(self, member: Member, view: View, *, all_views: bool = False) -> Acted:
        """Closes a view, or the whole modal; the app hears of it if it asked to."""
        acted = self.begin(member, None)
        for each in stack(self, view) if all_views else [view]:
            each.open = False
        self.world.touch()
        if view.body.get("notify_on_close"):
            payload = payloads.view_closed(self, member, view, cleared=all_views)
            await self.deliver(acted, "interactive", payload)
        return acted

    async def say(
        self,
        member: Member,
        channel: Channel,
        text: str,
        thread_ts: str | None = None,
    ) -> Acted:
        """Says something; the app hears it where it is subscribed to that, and is there."""
        acted = self.begin(member, channel, trigger=False)
        ts = self.world.ts()
        body: Json = {"type": "message", "user": member.id, "team": member.team, "ts": ts}
        body |= {"text": payloads.typed(text), "client_msg_id": secrets.token_hex(8)}
        if thread_ts:
            root = channel.messages.get(thread_ts)
            body |= {"thread_ts": thread_ts, "parent_user_id": root.user if root else None}
        acted.said = Message(channel.id, ts, body, self.world.touch())
        channel.messages[ts] = acted.said
        space = self.world.workspaces[member.team]
        if not space.installed or space.bot_user not in channel.members:
            return acted
        events = []
        if f"<@{space.bot_user}>" in text and channel.kind != "im":
            mention = body | {"type": "app_mention", "channel": channel.id}
            events.append(("app_mention", mention))
        kind = {"im": "message.im", "group": "message.groups"}.get(channel.kind, "message.channels")
        events.append((kind, payloads.message_event(channel, body)))
        wanted = [
            payloads.event(self, member.team, inner)
            for name, inner in events
            if name in self.subscriptions
        ]
        if wanted:
            rest = [self.deliveries.send("events_api", each) for each in wanted[1:]]
            await asyncio.gather(self.deliver(acted, "events_api", wanted[0]), *rest)
        return acted

    async def mention(
        self,
        member: Member,
        channel: Channel,
        text: str,
        thread_ts: str | None = None,
    ) -> Acted:
        """Says something to the app in a channel."""
        bot = self.world.workspaces[member.team].bot_user
        return await self.say(member, channel, f"<@{bot}> {text}", thread_ts)

    async def dm(self, member: Member, text: str, thread_ts: str | None = None) -> Acted:
        """Says something to the app alone."""
        channel = self.world.direct(member.team, member.id)
        return await self.say(member, channel, text, thread_ts)

    async def invite(self, member: Member, channel: Channel) -> Acted:
        """Invites the app into a channel.

        https://docs.slack.dev/reference/events/member_joined_channel
        """
        acted = self.begin(member, channel, trigger=False)
        space = self.world.workspaces[member.team]
        channel.members.add(space.bot_user)
        inner = payloads.joined_event(channel, space.bot_user, self.world.ts(), member.id)
        await self.deliver(acted, "events_api", payloads.event(self, member.team, inner))
        return acted

    async def arrive(self, name: str, **about: Any) -> Member:
        """Somebody joins the workspace; the app hears of it where it is subscribed to that.

        https://docs.slack.dev/reference/events/team_join
        """
        member = self.member(name, **about)
        acted = self.begin(member, None, trigger=False)
        if "team_join" in self.subscriptions:
            inner = {"type": "team_join", "user": user_object(member)}
            await self.deliver(acted, "events_api", payloads.event(self, member.team, inner))
        return member

    async def global_shortcut(self, member: Member, callback_id: str) -> Acted:
        """Chooses a shortcut from the menu, in no channel."""
        acted = self.begin(member, None)
        assert acted.trigger is not None
        payload = payloads.shortcut(self, member, callback_id, acted.trigger.id)
        return await self.deliver(acted, "interactive", payload)

    async def message_shortcut(self, member: Member, message: Message, callback_id: str) -> Acted:
        """Chooses a shortcut from a message's menu."""
        channel = self.world.channels[message.channel]
        acted = self.begin(member, channel, answers=True, ts=message.ts)
        payload = payloads.message_action(self, member, message, callback_id, **self.handles(acted))
        return await self.deliver(acted, "interactive", payload)

    async def open_home(self, member: Member, tab: str = "home") -> Acted:
        """Opens the app's Home tab."""
        acted = self.begin(member, None, trigger=False)
        direct = self.world.direct(member.team, member.id)
        inner: Json = {
            "type": "app_home_opened",
            "user": member.id,
            "channel": direct.id,
            "tab": tab,
        }
        if (home := self.world.homes.get(member.id)) is not None:
            inner["view"] = shown(self, home)
        if "app_home_opened" in self.subscriptions:
            await self.deliver(acted, "events_api", payloads.event(self, member.team, inner))
        return acted

    async def options(
        self, member: Member, place: Message | View, action_id: str, typed: str
    ) -> list[Json]:
        """Types into a menu whose options the app gives; gives what it offered."""
        block, element = found(place, action_id)
        acted = self.begin(member, None, trigger=False)
        payload = payloads.block_suggestion(self, member, place, element, block["block_id"], typed)
        await self.deliver(acted, "interactive", payload)
        held = acted.ack.payload if isinstance(acted.ack.payload, dict) else {}
        return list(held.get("options") or [])[:OPTIONS_MOST]

    async def block_action(
        self,
        member: Member,
        place: Message | View,
        block: Json,
        element: Json,
        action: Json,
    ) -> Acted:
        """Sends an action of an element, whatever it is: also what the client would not offer."""
        ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
        if isinstance(place, View):
            acted = self.begin(member, None, view=place)
            place.values = state(place)
        else:
            if place.ephemeral_to not in (None, member.id):
                raise CannotDo("the message is another member's")
            channel = self.world.channels[place.channel]
            acted = self.begin(member, channel, answers=True, ts=place.ts)
        values = state(place)
        payload = payloads.block_actions(
            self, member, place, action | ids, values, **self.handles(acted)
        )
        return await self.deliver(acted, "interactive", payload)

    def begin(
        self,
        member: Member,
        channel: Channel | None,
        *,
        trigger: bool = True,
        answers: bool = False,
        view: View | None = None,
        ts: str | None = None,
    ) -> Acted:
        """An act that is about to be delivered, with its trigger and its response_url."""
        acted = Acted(self, member, self.world.changes, channel=channel)
        now = self.world.clock.now()
        if trigger:
            number = f"{next(self.numbers)}.{next(self.numbers)}.{secrets.token_hex(8)}"
            where = view.id if view else None
            acted.trigger = Trigger(number, member.id, member.team, now, where)
            self.world.triggers[number] = acted.trigger
        if answers and channel is not None:
            acted.response_url = self.response_urls.give(channel, member, ts)
        return acted

    def handles(self, acted: Acted) -> dict[str, str]:
        """The trigger_id and the response_url of an act, as payloads name them."""
        held = {}
        if acted.trigger is not None:
            held["trigger_id"] = acted.trigger.id
        if acted.response_url is not None:
            held["response_url"] = acted.response_url.url
        return held

    async def deliver(self, acted: Acted, kind: Kind, payload: Json) -> Acted:
        """Sends an act's payload, and tells the member of what went wrong."""
        acted.delivery = await self.deliveries.send(kind, payload)
        if not acted.ack.ok and kind != "events_api":
            acted.seen_error = acted.ack.error
        return acted
