"""What to write in place of a network that is not right."""

from ipaddress import ip_network

from egressc.model.scalars import cidr_problem


def network_help(text: str) -> str:
    try:
        network = str(ip_network(text, strict=False))
    except ValueError:
        network = ""
    if network and cidr_problem(network) is None:
        return f'write "{network}"'
    return 'write address and prefix length, such as "203.0.113.0/24"'
