"""Destinations that every cluster has: DNS, the API server, node metadata, the internet."""

from support.compiled import compile_text, dependency, findings, flows, say_peer, services

DETAIL = "Destination | Namespace | Port | Protocol | Purpose"


def table(heading: str, text: str) -> str:
    return f"\n## {heading}\n\n{text}"


def test_the_dns_rule_is_not_granted_twice() -> None:
    text = services("web | kube-dns | None", "cart | kube-dns:9153 | None")
    text += table("web", services("kube-dns | kube-system | 53 | UDP/TCP | DNS", header=DETAIL))
    assert flows(text) == ["cart -> kube-dns 9153/TCP"]


def test_another_dns_of_that_name_is_no_preset() -> None:
    text = services("web | kube-dns | None") + services("kube-dns | dns | 53 | UDP | DNS", header=DETAIL)
    assert flows(text) == ["web -> kube-dns 53/UDP"]


def test_presets() -> None:
    project = "cluster: {apiServer: {addresses: [192.0.2.10], port: 6443}}"
    text = services("web | Kubernetes API server, node metadata, istiod | Internet (HTTPS 443)")
    assert flows(text, project=project) == [
        "web -> internet 443/TCP",
        "web -> istiod 15012/TCP",
        "web -> kubernetes-api-server 6443/TCP",
        "web -> node-metadata 80/TCP",
    ]
    assert findings(text) == ["EG314 Kubernetes API server"]


def test_the_internet_has_no_ports_of_its_own() -> None:
    assert findings(services("web | None | Internet")) == ["EG401 Internet"]


def test_the_internet_leaves_out_private_ranges_of_both_families() -> None:
    policies, _ = compile_text(services("web | None | Internet:443"))
    four, six = dependency(policies, "web", "internet").destination.peers
    assert say_peer(four) == "0.0.0.0/0"
    assert getattr(four, "excepts", ()) == (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
    )
    assert (say_peer(six), getattr(six, "excepts", ())) == ("::/0", ("fc00::/7", "fe80::/10"))


def test_an_external_destination_needs_addresses() -> None:
    text = services("web | None | Rates") + services(
        "Rates | api.example.com | 443", header="Destination | Address | Port"
    )
    assert findings(text) == ["EG313 Rates"]
    text = services("web | None | Rates") + services("Rates | Internet | 443 | TCP | x", header=DETAIL)
    assert findings(text) == ["EG313 Rates"]


def test_a_service_called_as_a_preset_is_that_service() -> None:
    text = services("istiod | Redis | 1", "web | istiod | 2", header="Service | Calls | Listens on")
    assert flows(text) == ["istiod -> redis 6379/TCP", "web -> istiod 1/TCP"]


def test_the_api_server_is_asked_for_by_the_port_of_its_endpoints() -> None:
    project = "cluster: {apiServer: {addresses: [192.0.2.10]}}"
    text = services("web | None | None")
    row = "Kubernetes API | default | {port} | TCP | Watches"
    good = text + table("web", services(row.format(port=6443), header=DETAIL))
    assert flows(good, project=project) == ["web -> kubernetes-api-server 6443/TCP"]
    assert findings(good.replace("6443", "443"), project=project) == ["EG406 443"]
