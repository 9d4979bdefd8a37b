"""Clients of an egress gateway of Istio: namespaces, and service accounts with the pods that have them."""

from collections.abc import Iterable, Mapping
from typing import Final

from egressc.model.label_classes import ANY, Labels, select
from egressc.model.policy import ServicePolicy
from egressc.model.scalars import DNS_LABEL_PATTERN, DNS_SUBDOMAIN_PATTERN, dns_subdomain_problem, is_dns_label

Accounts = Mapping[str, tuple[Labels, ...]]
"""The pods that have a service account, by `ServicePolicy.client`. Of others nobody knows who has them."""
NO_ACCOUNTS: Final[Accounts] = {}
CLIENT_PATTERN: Final = f"^{DNS_LABEL_PATTERN[1:-1]}(?:/{DNS_SUBDOMAIN_PATTERN[1:-1]})?$"
CLIENT_LENGTHS_PATTERN: Final = "^[^/]{1,63}(?:/.{1,253})?$"


def client_problem(text: str) -> str | None:
    """A client in values: a namespace, or NAMESPACE/SERVICE-ACCOUNT."""
    namespace, slash, account = text.partition("/")
    is_account = not slash or dns_subdomain_problem(account) is None
    return None if is_dns_label(namespace) and is_account else "is not a namespace or NAMESPACE/SERVICE-ACCOUNT"


def accounts_of(policies: Iterable[ServicePolicy]) -> Accounts:
    """The service accounts of these policies."""
    found: dict[str, tuple[Labels, ...]] = {}
    for it in policies:
        if it.service_account:
            found[it.client] = (*found.get(it.client, ()), select(it.pod_selector))
    return found


def home_of(client: str) -> str:
    """The namespace of a client."""
    return client.partition("/")[0]


def pods_of_client(client: str, accounts: Accounts) -> tuple[Labels, ...]:
    """The pods of its namespace that can be a client: all of them, where nobody knows whose a service account is."""
    return accounts.get(client, (ANY,)) if "/" in client else (ANY,)
