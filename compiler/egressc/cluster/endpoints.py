"""Where the API server is, by the EndpointSlices of its Service."""

from egressc.cluster.objects import ObjectKind, ObjectReader

_SERVICE = "kubernetes.io/service-name"


def read_api_server(reader: ObjectReader) -> list[tuple[str, int]]:
    """Its addresses and ports, as policies see them; none where this user may not read them.

    Raises ClusterError (EG640) where the server does not answer.
    """
    slices = reader.within(ObjectKind.ENDPOINT_SLICES, "default", labels=f"{_SERVICE}=kubernetes") or []
    return [
        (str(address), int(port["port"]))
        for one in slices
        if (one.get("metadata") or {}).get("labels", {}).get(_SERVICE) == "kubernetes"
        for endpoint in one.get("endpoints") or ()
        for address in endpoint.get("addresses") or ()
        for port in one.get("ports") or ()
        if isinstance(port.get("port"), int)
    ]
