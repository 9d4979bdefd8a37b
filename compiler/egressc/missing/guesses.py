"""What a name may stand for. It is only ever proposed in a comment: nothing is compiled from it."""

import re
from typing import Final, NamedTuple

from egressc.model.cluster import Cluster
from egressc.resolve.presets import INTERNET, presets

# Source: IANA, Service Name and Transport Protocol Port Number Registry, or the documentation of each product.
_USUAL_PORTS: Final = {
    "postgres": 5432, "mysql": 3306, "mariadb": 3306, "mongo": 27017, "redis": 6379, "valkey": 6379, "kafka": 9092,
    "rabbit": 5672, "amqp": 5672, "nats": 4222, "memcached": 11211, "elasticsearch": 9200, "opensearch": 9200,
    "cassandra": 9042, "clickhouse": 8123, "neo4j": 7687, "etcd": 2379, "zookeeper": 2181, "minio": 9000, "vault": 8200,
    "consul": 8500, "prometheus": 9090, "mqtt": 1883, "smtp": 25, "ldap": 389,
}  # fmt: skip
_STORE: Final = re.compile(r"(?:db|sql|database|datenbank|cache|queue|broker)(?![a-z])", re.IGNORECASE)
_HOST: Final = re.compile(
    r"(?<![\w.*-])(?:\*\*?\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?![\w-])", re.IGNORECASE
)
_OUTSIDE: Final = re.compile(r"(?<![A-Za-z])APIs?(?![A-Za-z])|://|\bexternal\b|\bthird.party\b|\bSaaS\b")


_INTERNET: Final = next(it for it in presets(Cluster()) if it.name == INTERNET)


class Guess(NamedTuple):
    """What a name may be: outside the cluster or pods, and why; a host in it, and the usual port of such a thing."""

    is_outside: bool
    why: str
    host: str = ""
    port: int | None = None


def is_internet(name: str) -> bool:
    """Whether a name is the preset, which has no ports: an entry with ports takes its place and has to say the rest."""
    return name.casefold() in {it.casefold() for it in (_INTERNET.name, *_INTERNET.aliases)}


def guess(name: str, *, is_external: bool) -> Guess:
    plain = name.casefold()
    host = _HOST.search(name)
    is_inner = host is not None and ".svc" in host[0].casefold()
    port = next((number for word, number in _USUAL_PORTS.items() if word in plain), None)
    if host and not is_inner:
        return Guess(True, f'"{host[0]}" is a host name', host[0].lower(), port)
    if is_external:
        return Guess(True, "it is in a column of external destinations", port=port)
    if found := _OUTSIDE.search(name):
        return Guess(True, f'"{found[0]}"', port=port)
    if port is not None or _STORE.search(name):
        return Guess(False, "by its name, a store or a broker", port=port)
    return Guess(False, "")
