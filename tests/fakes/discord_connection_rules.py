"""The table of rules: for HTTP, its limits, and the gateway. See `discord_rules.py`."""

from __future__ import annotations

from tests.fakes.discord_rules import DOCS, Rule

CODES = DOCS + "topics/opcodes-and-status-codes"
JSON_CODES = CODES + "#json-json-error-codes"
CLOSES = CODES + "#gateway-gateway-close-event-codes"
LIMITS = DOCS + "topics/rate-limits"
GATEWAY = DOCS + "events/gateway"

HTTP = {
    "token": Rule("The `Authorization` header was missing or invalid.", CODES + "#http", 401, 0),
    "content_type": Rule(
        "Clients using the HTTP API must provide a valid Content-Type header […] Failing to do so "
        "will result in a 50035 “Invalid form body” error.",
        DOCS + "reference#http-api",
    ),
    "body_json": Rule("The request body contains invalid JSON.", JSON_CODES, code=50109),
    "route_limit": Rule(
        "In the case that a rate limit is exceeded, the API will return a HTTP 429 response code "
        "with a JSON body.",
        LIMITS + "#exceeding-a-rate-limit",
        429,
    ),
    "top_level_limits": Rule(
        "Top-level resources are currently limited to channels (channel_id), guilds (guild_id), "
        "and webhooks (webhook_id or webhook_id + webhook_token). This means that an endpoint "
        "with two different top-level resources may calculate limits independently.",
        LIMITS,
        0,
    ),
    "shared_limit": Rule(
        "Value can be user (per bot or user limit), global (per bot or user global limit), or "
        "shared (per resource limit)",
        LIMITS + "#header-format",
        429,
    ),
    "global_limit": Rule(
        "Global rate limits apply to the total number of requests a bot or user makes, "
        "independent of any per-route limits.",
        LIMITS + "#global-rate-limit",
        429,
    ),
    "interactions_not_global": Rule(
        "Interaction endpoints are not bound to the bot’s Global Rate Limit.",
        LIMITS + "#global-rate-limit",
        0,
    ),
}

CONNECTION = {
    "gateway_opcode": Rule("4001: You sent an invalid Gateway opcode", CLOSES, 4001),
    "gateway_payload": Rule("4002: You sent an invalid payload to Discord.", CLOSES, 4002),
    "gateway_size": Rule(
        "Must not exceed 4096 bytes. If an event payload does exceed 4096 bytes, the connection "
        "will be closed with a 4002 close event code.",
        GATEWAY + "#sending-events",
        4002,
    ),
    "gateway_first": Rule("4003: You sent us a payload prior to identifying", CLOSES, 4003),
    "gateway_token": Rule(
        "4004: The account token sent with your identify payload is incorrect.", CLOSES, 4004
    ),
    "gateway_twice": Rule("4005: You sent more than one identify payload.", CLOSES, 4005),
    "gateway_seq": Rule(
        "4007: The sequence sent when resuming the session was invalid.", CLOSES, 4007
    ),
    "gateway_rate": Rule(
        "Apps can send 120 gateway events per connection every 60 seconds […]. Apps that surpass "
        "the limit are immediately disconnected from the Gateway.",
        GATEWAY + "#rate-limiting",
        4008,
    ),
    "gateway_shard": Rule("4010: You sent us an invalid shard when identifying.", CLOSES, 4010),
    "gateway_version": Rule("4012: You sent an invalid version for the gateway.", CLOSES, 4012),
    "gateway_intents": Rule("4013: You sent an invalid intent for a Gateway Intent.", CLOSES, 4013),
    "gateway_privileged": Rule(
        "4014: You may have tried to specify an intent that you have not enabled or are not "
        "approved for.",
        CLOSES,
        4014,
    ),
    "gateway_session": Rule(
        "It’s possible your app won’t reconnect in time to Resume, in which case it will receive "
        "an Invalid Session (opcode 9) event.",
        GATEWAY + "#resuming",
        0,
    ),
    "gateway_replay": Rule(
        "If successful, the Gateway will send the missed events in order, finishing with a "
        "Resumed event",
        GATEWAY + "#resuming",
        0,
    ),
    "gateway_ack": Rule(
        "When you send a Heartbeat event, Discord will respond with a Heartbeat ACK (opcode 11)",
        GATEWAY + "#sending-heartbeats",
        0,
    ),
    "gateway_routing": Rule(
        "shard_id = (guild_id >> 22) % num_shards; events that do not contain a guild_id will "
        "only be sent to the first shard",
        GATEWAY + "#sharding",
        0,
    ),
    "gateway_events": Rule(
        "If you do not specify an intent when identifying, you will not receive any of the "
        "Gateway events associated with that intent.",
        GATEWAY + "#gateway-intents",
        0,
    ),
}
