"""CoreDNS with its kubernetes plugin, as a pod in kube-system behind the Service `kube-dns`."""

import http.client
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Self

from testbed.cluster import Cluster, PodPlan
from testbed.control_plane import SERVICE_RANGE, write_kubeconfig
from testbed.network import inside
from testbed.processes import Running
from testbed.programs import cache
from testbed.relay import Relay
from testbed.services import Service, add_service

_NAMESPACE: Final = "kube-system"
_LABELS: Final = {"k8s-app": "kube-dns"}
_START_SECONDS: Final = 300.0
_READY_PORT: Final = 8181
# Every name below it is an address outside of the cluster; there is no other name outside. A name whose first label is
# a number is at the address that ends with it, every other one at OUTSIDE_HOST.
OUTSIDE_DOMAIN: Final = "outside.test"
OUTSIDE_HOST: Final = "203.0.113.9"
# CoreDNS is ready once it has read the cluster's services.
_COREFILE: Final = """
cluster.local:53 in-addr.arpa:53 {{
    errors
    ready 127.0.0.1:{ready}
    kubernetes {{
        kubeconfig {kubeconfig}
        ttl 0
    }}
}}
{outside}:53 {{
    errors
    template IN A {{
        match "^(?P<last>[0-9]+)[.]"
        answer "{{{{ .Name }}}} 0 IN A {network}.{{{{ .Group.last }}}}"
        fallthrough
    }}
    template IN A {{
        answer "{{{{ .Name }}}} 0 IN A {address}"
    }}
    template ANY ANY {{
        rcode NOERROR
    }}
}}
.:53 {{
    errors
    template ANY ANY {{
        rcode NXDOMAIN
    }}
}}
"""


class ClusterDns:
    """As a context manager it answers from entering to leaving.

    Attributes:
        address: of the Service, as pods know it.
    """

    address: Final = SERVICE_RANGE.removesuffix("0/16") + "10"

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def __enter__(self) -> Self:
        cluster, folder = self._cluster, self._cluster.control_plane.folder
        with ExitStack() as stack:
            cluster.add_pods([PodPlan(_NAMESPACE, "coredns", _LABELS)])
            pod = cluster.pods[_NAMESPACE, "coredns"]
            stack.callback(cluster.remove_pod, pod)
            relay = stack.enter_context(Relay(pod.network, cluster.api.port))
            path = folder / "coredns-kubeconfig"
            kubeconfig = write_kubeconfig(path, relay.port, cluster.api.authority, cluster.api.token)
            corefile = folder / "Corefile"
            words = {"kubeconfig": kubeconfig, "ready": _READY_PORT, "outside": OUTSIDE_DOMAIN, "address": OUTSIDE_HOST}
            network = OUTSIDE_HOST.rpartition(".")[0]
            corefile.write_text(_COREFILE.format(**words, network=network), "utf-8")
            command: list[str | Path] = [cache() / "bin" / "coredns", "-conf", corefile]
            running = stack.enter_context(Running("coredns", command, folder / "coredns.log", namespace=pod.network))
            running.wait_until(lambda: inside(pod.network, _is_ready), _START_SECONDS)
            ports = (("TCP", 53), ("UDP", 53))
            add_service(cluster.api, Service(_NAMESPACE, "kube-dns", ports, (pod.address,), self.address))
            self._exit = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exit.close()


def _is_ready() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", _READY_PORT, timeout=10)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
