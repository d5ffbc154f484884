"""The table of rules: for messages and what belongs to a server. See `discord_rules.py`."""

from __future__ import annotations

from tests.fakes.discord_connection_rules import CONNECTION, HTTP
from tests.fakes.discord_interaction_rules import COMPONENTS, INTERACTIONS
from tests.fakes.discord_rules import DOCS, Rule

CODES = DOCS + "topics/opcodes-and-status-codes"
JSON_CODES = CODES + "#json-json-error-codes"
MESSAGE = DOCS + "resources/message"
CREATE = MESSAGE + "#create-message"
EDIT = MESSAGE + "#edit-message"
PINS = MESSAGE + "#pin-message"
MENTIONS = MESSAGE + "#allowed-mentions-object"
CHANNEL = DOCS + "resources/channel"
THREADS = DOCS + "topics/threads"
EVENTS = DOCS + "resources/guild-scheduled-event"
PERMISSIONS = DOCS + "topics/permissions"
GATEWAY = DOCS + "events/gateway"

MESSAGES = {
    "unknown_channel": Rule("10003: Unknown channel", JSON_CODES, 404, 10003),
    "unknown_message": Rule("10008: Unknown message", JSON_CODES, 404, 10008),
    "view_channel": Rule(
        "VIEW_CHANNEL: Allows guild members to view a channel, which includes reading messages in "
        "text channels",
        PERMISSIONS + "#permissions-bitwise-permission-flags",
        403,
        50001,
    ),
    "send_messages": Rule(
        "When operating on a guild channel, the current user must have the SEND_MESSAGES "
        "permission.",
        CREATE + "-limitations",
        403,
        50013,
    ),
    "send_in_threads": Rule(
        "The SEND_MESSAGES permission is not inherited; users must have SEND_MESSAGES_IN_THREADS "
        "to send a message in a thread.",
        PERMISSIONS + "#inherited-permissions-threads",
        403,
        50013,
    ),
    "attach_files": Rule(
        "ATTACH_FILES: Allows for uploading images and files",
        PERMISSIONS + "#permissions-bitwise-permission-flags",
        403,
        50013,
    ),
    "empty_message": Rule(
        "At least one of content, embeds, sticker_ids, components, files[n], poll, or "
        "shared_client_theme is required.",
        CREATE,
        code=50006,
    ),
    "content_length": Rule("content: Message contents (up to 2000 characters)", CREATE),
    "embeds": Rule("embeds: Up to 10 rich embeds (up to 6000 characters)", CREATE),
    "nonce_length": Rule(
        "nonce: Can be used to verify a message was sent (up to 25 characters).", CREATE
    ),
    "enforce_nonce": Rule(
        "If true and nonce is present, it will be checked for uniqueness in the past few minutes. "
        "If another message was created by the same author with the same nonce, that message "
        "will be returned and no new message will be created.",
        CREATE,
        0,
    ),
    "attachments": Rule(
        "30015: Maximum number of attachments in a message reached (10)", JSON_CODES, code=30015
    ),
    "attachment_uploaded": Rule(
        "id: attachment id, for new attachments this must match the n in files[n]",
        MESSAGE + "#attachment-object-attachment-request-structure",
        code=50146,
    ),
    "attachments_kept": Rule(
        "The attachments array must contain all attachments that should be present after edit, "
        "including retained and new attachments provided in the request body.",
        EDIT,
        0,
    ),
    "others_message": Rule(
        "50005: Cannot edit a message authored by another user", JSON_CODES, 403, 50005
    ),
    "delete_others": Rule(
        "If operating on a guild channel and trying to delete a message that was not sent by the "
        "current user, this endpoint requires the MANAGE_MESSAGES permission.",
        MESSAGE + "#delete-message",
        403,
        50013,
    ),
    "reply_exists": Rule(
        "The referenced message must exist and cannot be a system message.",
        CREATE + "-limitations",
    ),
    "reply_history": Rule(
        "160002: Cannot reply without permission to read message history", JSON_CODES, 403, 160002
    ),
    "read_history": Rule(
        "This endpoint requires the current user to have the VIEW_CHANNEL and "
        "READ_MESSAGE_HISTORY permissions.",
        MESSAGE + "#get-channel-message",
        403,
        50001,
    ),
    "list_history": Rule(
        "If the current user is missing the READ_MESSAGE_HISTORY permission in the channel, then "
        "no messages will be returned.",
        MESSAGE + "#get-channel-messages",
        0,
    ),
    "history_limit": Rule(
        "limit: Max number of messages to return (1-100)", MESSAGE + "#get-channel-messages"
    ),
    "history_one_way": Rule(
        "The before, after, and around parameters are mutually exclusive, only one may be passed "
        "at a time.",
        MESSAGE + "#get-channel-messages",
    ),
    "mentions_exclusive": Rule(
        "Not all configurations are accepted. Here’s an example of an invalid configuration, "
        "because it includes both parse and users.",
        MENTIONS,
    ),
    "mentions_allowed": Rule(
        "Setting the allowed_mentions field lets you determine whether users will receive "
        "notifications when you include mentions in the message content, or the content of "
        "components attached to that message.",
        MENTIONS,
        0,
    ),
    "mentions_default": Rule(
        "In regular messages, all mention types are parsed. In interactions and webhooks, only "
        "user mentions are parsed.",
        MENTIONS,
        0,
    ),
    "mention_everyone": Rule(
        "MENTION_EVERYONE: Allows for using the @everyone tag […], and the @here tag […]",
        PERMISSIONS + "#permissions-bitwise-permission-flags",
        0,
    ),
    "dm_closed": Rule("50007: Cannot send messages to this user", JSON_CODES, 403, 50007),
    "dm_recipient": Rule("50033: Invalid Recipient(s)", JSON_CODES, 400, 50033),
    "message_content": Rule(
        "Apps without the intent will receive empty values in fields that contain user-inputted "
        "content with a few exceptions: messages that an app sends, DMs with the app, content in "
        "which the app is mentioned, the message a message context menu command is used on.",
        GATEWAY + "#message-content-intent",
        0,
    ),
}

PLACES = {
    "archived_thread": Rule(
        "50083: Tried to perform an operation on an archived thread, such as editing a message or "
        "adding a user to the thread",
        JSON_CODES,
        400,
        50083,
    ),
    "thread_unarchived": Rule(
        "The API will helpfully automatically unarchive a thread when sending a message in that "
        "thread.",
        CHANNEL + "#channel-object-example-thread-channel",
        0,
    ),
    "locked_thread": Rule(
        "Users (including bot users) without the MANAGE_THREADS permission […] won’t be able to "
        "create or update messages in locked threads",
        THREADS + "#locked-threads",
        403,
        160005,
    ),
    "thread_name": Rule(
        "name: 1-100 character channel name", CHANNEL + "#start-thread-from-message"
    ),
    "thread_duration": Rule(
        "auto_archive_duration: […] can be set to: 60, 1440, 4320, 10080",
        CHANNEL + "#start-thread-from-message",
    ),
    "thread_once": Rule(
        "A message can only have a single thread created from it.",
        CHANNEL + "#start-thread-from-message",
        400,
        160004,
    ),
    "create_threads": Rule(
        "CREATE_PUBLIC_THREADS: Allows for creating public and announcement threads",
        PERMISSIONS + "#permissions-bitwise-permission-flags",
        403,
        50013,
    ),
    "create_private_threads": Rule(
        "CREATE_PRIVATE_THREADS: Allows for creating private threads",
        PERMISSIONS + "#permissions-bitwise-permission-flags",
        403,
        50013,
    ),
    "pin_messages": Rule("Requires the PIN_MESSAGES permission.", PINS, 403, 50013),
    "pins_full": Rule(
        "30003: Maximum number of pins reached for the channel (250)", JSON_CODES, 400, 30003
    ),
    "event_permission": Rule(
        "The user’s guild-level permissions must include: CREATE_EVENTS",
        EVENTS + "#guild-scheduled-event-permissions-requirements",
        403,
        50013,
    ),
    "event_past": Rule(
        "scheduled_start_time: the time the scheduled event will start. "
        "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST: Cannot schedule event in the past.",
        EVENTS + "#create-guild-scheduled-event",
    ),
    "event_end": Rule(
        "scheduled_end_time: Required for events with 'entity_type': EXTERNAL",
        EVENTS + "#create-guild-scheduled-event",
    ),
    "event_location": Rule(
        "entity_metadata: Required for events with 'entity_type': EXTERNAL",
        EVENTS + "#create-guild-scheduled-event",
    ),
    "event_name": Rule(
        "name: the name of the scheduled event (1-100 characters)",
        EVENTS + "#guild-scheduled-event-object",
    ),
    "events_full": Rule(
        "30038: Maximum number of uncompleted guild scheduled events reached (100)",
        JSON_CODES,
        400,
        30038,
    ),
    "manage_roles": Rule(
        "Adds a role to a guild member. Requires the MANAGE_ROLES permission.",
        DOCS + "resources/guild#add-guild-member-role",
        403,
        50013,
    ),
    "role_hierarchy": Rule(
        "A bot can grant roles to other users that are of a lower position than its own highest "
        "role.",
        PERMISSIONS + "#permission-hierarchy",
        403,
        50013,
    ),
    "unknown_guild": Rule("10004: Unknown guild", JSON_CODES, 404, 10004),
    "unknown_member": Rule("10007: Unknown member", JSON_CODES, 404, 10007),
    "unknown_role": Rule("10011: Unknown role", JSON_CODES, 404, 10011),
    "unknown_user": Rule("10013: Unknown user", JSON_CODES, 404, 10013),
}

RULES: dict[str, Rule] = HTTP | MESSAGES | PLACES | CONNECTION | COMPONENTS | INTERACTIONS
