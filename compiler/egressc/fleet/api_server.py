"""The API server of a cluster, as the project file names it."""

from egressc.cluster.endpoints import read_api_server
from egressc.cluster.objects import Access, ClusterError
from egressc.diagnostics.core import Report
from egressc.diagnostics.generated import whole_file
from egressc.diagnostics.live import several_server_ports, unreachable_cluster
from egressc.dialects.emitting import Data
from egressc.emit.blocks import mapping_lines
from egressc.fleet.fleet import open_reader


def api_server_text(access: Access, report: Report) -> str:
    """`cluster.apiServer` as YAML, from the addresses behind default/kubernetes; "" once errors are reported."""
    reader = open_reader(access, report)
    if reader is None:
        return ""
    try:
        found = read_api_server(reader)
    except ClusterError as error:
        report.add(error.diagnostic)
        return ""
    ports = sorted({port for _, port in found})
    addresses = sorted({address for address, _ in found}, key=lambda it: (":" in it, it))
    if len(ports) != 1:
        place = whole_file("cluster")
        lack = unreachable_cluster(place, "no EndpointSlice of default/kubernetes")
        report.add(several_server_ports(place, ports, addresses) if ports else lack)
        return ""
    server: dict[str, Data] = {"addresses": [*addresses], "port": ports[0]}
    return mapping_lines({"cluster": {"apiServer": server}}, "")
