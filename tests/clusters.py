"""A Redis Cluster of a test's own: three nodes on loopback, every slot given, and slots that move.

https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from tests.support import redis_on_port, wait_until

SLOTS = 16384
NODES = 3
_OPTIONS = ("--cluster-enabled", "yes", "--cluster-node-timeout", "15000")


@dataclass(frozen=True)
class Cluster:
    """Its nodes' ports, and what can be done to it."""

    ports: tuple[int, ...]

    @property
    def url(self) -> str:
        return "redis+cluster://" + ",".join(f"127.0.0.1:{port}" for port in self.ports)

    def ask(self, node: int, *command: Any) -> Any:
        """One command to one node."""
        with redis.Redis(port=self.ports[node], decode_responses=True) as client:
            return client.execute_command(*command)

    def owner(self, slot: int) -> int:
        """The node that has a slot."""
        for node, port in enumerate(self.ports):
            for first, last, *_ in self._slots(node):
                if first <= slot <= last and self._owner_of(slot) == port:
                    return node
        raise LookupError(slot)

    def _slots(self, node: int) -> list[list[Any]]:
        with redis.Redis(port=self.ports[node], decode_responses=True) as client:
            client.set_response_callback("CLUSTER SLOTS", lambda reply, **_: reply)
            found: list[list[Any]] = client.execute_command("CLUSTER SLOTS")
            return found

    def _owner_of(self, slot: int) -> int:
        for first, last, (_, port, *_), *_ in self._slots(0):
            if first <= slot <= last:
                return int(port)
        raise LookupError(slot)

    def slot_of(self, key: str) -> int:
        return int(self.ask(0, "CLUSTER", "KEYSLOT", key))

    def ident(self, node: int) -> str:
        return str(self.ask(node, "CLUSTER", "MYID"))

    def move(self, slot: int, to: int, *, linger: float = 0.0) -> int:
        """Move a slot key by key, as an operator's tool does; how many keys went.

        It stays half moved for `linger` seconds.
        """
        source = self.owner(slot)
        assert source != to
        self.ask(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", self.ident(source))
        self.ask(source, "CLUSTER", "SETSLOT", slot, "MIGRATING", self.ident(to))
        moved = 0
        while keys := self.ask(source, "CLUSTER", "GETKEYSINSLOT", slot, 3):
            migrate = ("MIGRATE", "127.0.0.1", self.ports[to], "", 0, 5000, "KEYS", *keys)
            self.ask(source, *migrate)
            moved += len(keys)
            if linger:
                time.sleep(linger)
                linger = 0.0
        for node in (to, source, *range(len(self.ports))):
            self.ask(node, "CLUSTER", "SETSLOT", slot, "NODE", self.ident(to))
        return moved


@contextlib.contextmanager
def redis_cluster(folder: Path, nodes: int = NODES) -> Iterator[Cluster]:
    """A whole cluster without persistence, until the block ends."""
    with contextlib.ExitStack() as started:
        ports = []
        for node in range(nodes):
            where = folder / str(node)
            options = (*_OPTIONS, "--cluster-config-file", str(where / "nodes.conf"))
            _, port = started.enter_context(redis_on_port(where, *options))
            ports.append(port)
        made = Cluster(tuple(ports))
        for node in range(nodes):
            made.ask(node, "CLUSTER", "SET-CONFIG-EPOCH", node + 1)
            mine = range(SLOTS * node // nodes, SLOTS * (node + 1) // nodes)
            made.ask(node, "CLUSTER", "ADDSLOTS", *mine)
        for port in ports[1:]:
            made.ask(0, "CLUSTER", "MEET", "127.0.0.1", port)
        wait_until(lambda: all(_whole(made, node) for node in range(nodes)), 30, "the cluster")
        yield made


def _whole(cluster: Cluster, node: int) -> bool:
    info = str(cluster.ask(node, "CLUSTER", "INFO"))
    known = f"cluster_known_nodes:{len(cluster.ports)}"
    return "cluster_state:ok" in info and known in info
