"""From a URL to a client, for every kind of Redis Muse can live in.

| URL | what it is |
|---|---|
| ``redis://host:6379/0``, ``rediss://…``, ``unix:///path`` | one server (Redis or Valkey) |
| ``redis+sentinel://host:26379,host2:26379/mymaster/0`` | the master that sentinels name; ``rediss+sentinel`` with TLS |
| ``redis+cluster://host:6379,host2:6379`` | Redis Cluster; ``rediss+cluster`` with TLS |
"""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import redis.asyncio as redis
from redis import exceptions
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.errors import NotYet, SetupError

Client = Any  # redis.asyncio.Redis or RedisCluster: the store uses only what both have

MINIMUM = (6, 2)
EXAMPLE = "for example redis://localhost:6379/0"

_HOST = re.compile(r"(?P<name>\[[^\]]+\]|[^:\[\]]+)(?::(?P<port>\d+))?")

_TLS_OPTIONS = ("ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs")

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
    try:
        kind = urlsplit(url).scheme.casefold()
        if kind in ("redis", "rediss", "unix"):
            client = redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), **_QUICK)
            client.connection_pool.make_connection()  # type: ignore[no-untyped-call]  # says now what it can’t use
            return client
        if kind in ("redis+cluster", "rediss+cluster"):
            return _cluster(url)
        if kind in ("redis+sentinel", "rediss+sentinel"):
            return _through_sentinels(url)
    except (TypeError, ValueError, exceptions.RedisError) as wrong:
        raise SetupError(f"REDIS_URL can’t be read; {EXAMPLE}.") from wrong
    raise SetupError(
        "REDIS_URL must begin with redis://, rediss://, unix://, redis+sentinel:// or "
        f"redis+cluster://; {EXAMPLE}."
    )


def _cluster(url: str) -> Client:
    return redis.RedisCluster(
        startup_nodes=[ClusterNode(host, port) for host, port in _hosts(url, 6379)],
        protocol=2,
        decode_responses=True,
        socket_connect_timeout=5,
        **_access(url),
    )


def _hosts(url: str, usual_port: int) -> list[tuple[str, int]]:
    """The hosts of a URL that names several. Raises ValueError."""
    hosts = []
    for host in urlsplit(url).netloc.rpartition("@")[2].split(","):
        found = _HOST.fullmatch(host)
        if found is None:
            raise ValueError("a host of the URL can't be read")
        hosts.append((found["name"].strip("[]"), int(found["port"] or usual_port)))
    return hosts


def _access(url: str) -> dict[str, Any]:
    """Who connects, and whether with TLS."""
    parts = urlsplit(url)
    access: dict[str, Any] = {"ssl": parts.scheme.startswith("rediss")}
    access |= {name: value for name, value in parse_qsl(parts.query) if name in _TLS_OPTIONS}
    if parts.password:
        access["password"] = unquote(parts.password)
    if parts.username:
        access["username"] = unquote(parts.username)
    return access


def _through_sentinels(url: str) -> Client:
    parts = urlsplit(url)
    service, _, db = parts.path.strip("/").partition("/")
    if not service:
        raise SetupError(
            "REDIS_URL names no master; for example "
            "redis+sentinel://host:26379,host2:26379/mymaster/0."
        )
    access = _access(url)
    options = {**_QUICK, **access, "db": int(db or 0)}
    asked = dict(parse_qsl(parts.query))
    sentinel_options: dict[str, Any] = {
        **{name: value for name, value in access.items() if name.startswith("ssl")},
        "socket_connect_timeout": 2,
        "socket_timeout": 2,
        "retry": Retry(NoBackoff(), 0),  # the next sentinel is asked instead
    }
    if "sentinel_password" in asked:
        sentinel_options["password"] = asked["sentinel_password"]
    sentinel = redis.Sentinel(_hosts(url, 26379), sentinel_kwargs=sentinel_options)  # type: ignore[no-untyped-call]
    return sentinel.master_for(service, redis_class=_Master, retry=Retry(NoBackoff(), 0), **options)


class _Master(redis.Redis):
    """A master that sentinels name; what asks them is closed with it."""

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        await super().aclose(close_connection_pool)
        pool: Any = self.connection_pool
        for sentinel in pool.sentinel_manager.sentinels:
            await sentinel.aclose()


def is_cluster(client: Client) -> bool:
    """Whether commands must be routed one by one."""
    return isinstance(client, redis.RedisCluster)


_UNREACHED = (exceptions.RedisError, exceptions.RedisClusterException)


async def check_engine(client: Client) -> str:
    """What the server is (``redis 7.0.15``), once it is fit for Muse.

    Raises `SetupError` with the remedy where it can't be reached (`NotYet`), is older than 6.2,
    or may throw data away.
    """
    try:
        servers = await info_of_each(client, "server")
        memories = await info_of_each(client, "memory")
    except exceptions.AuthenticationError as wrong:
        raise SetupError(
            "Redis refused the password. Put the right one into REDIS_URL: "
            "redis://:password@host:6379/0."
        ) from wrong
    except (*_UNREACHED, OSError, TimeoutError) as wrong:
        raise NotYet(
            f"Redis could not be reached ({type(wrong).__name__}). Start it, or put its right "
            "address into REDIS_URL, or leave REDIS_URL out: Muse then runs its own."
        ) from wrong
    for server in servers:
        if _version(server) < MINIMUM:
            raise SetupError(
                f"This Redis is {server['redis_version']}; Muse needs 6.2 or newer. "
                "Please update it."
            )
    policies = {str(memory.get("maxmemory_policy", "noeviction")) for memory in memories}
    for policy in policies - {"noeviction"}:
        raise SetupError(
            f"This Redis throws data away when its memory is full (maxmemory-policy {policy}), "
            "and votes would be lost. Run: redis-cli CONFIG SET maxmemory-policy noeviction"
            f"{', on every node,' if len(memories) > 1 else ','} and set it in redis.conf, "
            "or give Muse a Redis of its own."
        )
    name = "valkey" if "valkey_version" in servers[0] else "redis"
    return f"{name} {servers[0].get('valkey_version') or servers[0]['redis_version']}"


def _version(server: dict[str, Any]) -> tuple[int, ...]:
    """Major and minor, as far as Redis goes: a Valkey names the Redis it is like."""
    return tuple(int(part) for part in str(server["redis_version"]).split(".")[:2])


async def info_of_each(client: Client, section: str) -> list[dict[str, Any]]:
    """A section of INFO by every node that takes writes: of a cluster only one is asked else."""
    nodes = await primaries(client)
    if not nodes:
        return [await client.info(section)]
    return list(await asyncio.gather(*(client.info(section, target_nodes=node) for node in nodes)))


async def primaries(client: Client) -> list[Any]:
    """The nodes of a cluster that take writes; none where it is no cluster."""
    if not is_cluster(client):
        return []
    await client.initialize()
    return list(client.get_primaries())
