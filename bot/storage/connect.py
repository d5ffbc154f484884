"""From a URL to a client, for every kind of Redis Muse can live in.

| URL | what it is |
|---|---|
| ``redis://host:6379/0``, ``rediss://…``, ``unix:///path`` | one server (Redis or Valkey) |
| ``redis+sentinel://host:26379,host2:26379/mymaster/0`` | the master that sentinels name; ``rediss+sentinel`` with TLS |
| ``redis+cluster://host:6379`` | Redis Cluster; ``rediss+cluster`` with TLS |
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import redis.asyncio as redis
from redis import exceptions
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.errors import SetupError

Client = Any  # redis.asyncio.Redis or RedisCluster: the store uses only what both have

MINIMUM = (6, 2)
EXAMPLE = "for example redis://localhost:6379/0"

# Retries, waits and time-outs are the store's, a pipeline at a time: they cost less there
# than once a reply, and the store knows that what it sends may be sent again.
_QUICK: dict[str, Any] = {
    "protocol": 2,
    "decode_responses": True,
    "socket_timeout": None,
    "socket_connect_timeout": 5,
}


def make_client(url: str) -> Client:
    """The client for `url`, not yet connected. Raises `SetupError` where it can't be read."""
    parts = urlsplit(url)
    kind = parts.scheme.casefold()
    try:
        if kind in ("redis", "rediss", "unix"):
            return redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **_QUICK)
        if kind in ("redis+cluster", "rediss+cluster"):
            return redis.RedisCluster.from_url(
                url.replace("+cluster", "", 1),
                protocol=2,
                decode_responses=True,
                socket_connect_timeout=5,
            )
        if kind in ("redis+sentinel", "rediss+sentinel"):
            return _through_sentinels(url)
    except (ValueError, exceptions.RedisError) as wrong:
        raise SetupError(f"REDIS_URL can’t be read; {EXAMPLE}.") from wrong
    raise SetupError(
        "REDIS_URL must begin with redis://, rediss://, unix://, redis+sentinel:// or "
        f"redis+cluster://; {EXAMPLE}."
    )


def _through_sentinels(url: str) -> Client:
    parts = urlsplit(url)
    hosts = []
    for host in parts.netloc.rpartition("@")[2].split(","):
        name, _, port = host.partition(":")
        hosts.append((name, int(port or 26379)))
    service, _, db = parts.path.strip("/").partition("/")
    if not service:
        raise SetupError(
            "REDIS_URL names no master; for example "
            "redis+sentinel://host:26379,host2:26379/mymaster/0."
        )
    options = {**_QUICK, "db": int(db or 0), "ssl": parts.scheme.startswith("rediss")}
    if parts.password:
        options["password"] = unquote(parts.password)
    if parts.username:
        options["username"] = unquote(parts.username)
    asked = dict(parse_qsl(parts.query))
    sentinel_options = {"socket_connect_timeout": 2, "socket_timeout": 2}
    if "sentinel_password" in asked:
        sentinel_options["password"] = asked["sentinel_password"]  # type: ignore[assignment]
    sentinel = redis.Sentinel(hosts, sentinel_kwargs=sentinel_options)  # type: ignore[no-untyped-call]
    return sentinel.master_for(service, retry=Retry(NoBackoff(), 0), **options)


def is_cluster(client: Client) -> bool:
    """Whether commands must be routed one by one."""
    return isinstance(client, redis.RedisCluster)


async def check_engine(client: Client) -> str:
    """What the server is (``redis 7.0.15``), once it is fit for Muse.

    Raises `SetupError` with the remedy where it can't be reached, is older than 6.2, or may
    throw data away.
    """
    try:
        server = _one(await client.info("server"))
        memory = _one(await client.info("memory"))
    except exceptions.AuthenticationError as wrong:
        raise SetupError(
            "Redis refused the password. Put the right one into REDIS_URL: "
            "redis://:password@host:6379/0."
        ) from wrong
    except (exceptions.RedisError, OSError, TimeoutError) as wrong:
        raise SetupError(
            f"Redis could not be reached ({type(wrong).__name__}). Start it, or put its right "
            "address into REDIS_URL, or leave REDIS_URL out: Muse then runs its own."
        ) from wrong
    name = "valkey" if "valkey_version" in server else "redis"
    version = str(server.get("valkey_version") or server["redis_version"])
    compatible = tuple(int(part) for part in str(server["redis_version"]).split(".")[:2])
    if compatible < MINIMUM:
        raise SetupError(f"This Redis is {version}; Muse needs 6.2 or newer. Please update it.")
    policy = str(memory.get("maxmemory_policy", "noeviction"))
    if policy != "noeviction":
        raise SetupError(
            f"This Redis throws data away when its memory is full (maxmemory-policy {policy}), "
            "and votes would be lost. Run: redis-cli CONFIG SET maxmemory-policy noeviction, "
            "and set it in redis.conf, or give Muse a Redis of its own."
        )
    return f"{name} {version}"


def _one(info: dict[str, Any]) -> dict[str, Any]:
    """A cluster answers for each node; the first stands for all."""
    first = next(iter(info.values()), None)
    return first if isinstance(first, dict) and "redis_version" in first else info
