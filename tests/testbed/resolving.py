"""What a kubelet writes into a pod's /etc/resolv.conf."""

from typing import Final

from testbed.api import Object

_DOMAIN: Final = "cluster.local"


def resolver_file(pod: Object, resolver: str) -> str:
    """For `dnsPolicy: ClusterFirst`, which is the default, with what `dnsConfig` adds: an option of its own wins."""
    config = pod["spec"].get("dnsConfig") or {}
    own = [f"{pod['metadata']['namespace']}.svc.{_DOMAIN}", f"svc.{_DOMAIN}", _DOMAIN]
    options = {"ndots": "5", **{one["name"]: one.get("value", "") for one in config.get("options") or ()}}
    searches = dict.fromkeys([*own, *(config.get("searches") or ())])
    lines = [f"nameserver {address}" for address in (resolver, *(config.get("nameservers") or ()))]
    lines.append(f"search {' '.join(searches)}")
    lines.append(f"options {' '.join(f'{name}:{value}' if value else name for name, value in options.items())}")
    return "\n".join(lines) + "\n"
