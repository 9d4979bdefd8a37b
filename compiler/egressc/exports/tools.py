"""The tools by the words of the command that exports for them."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from egressc.exports import argocd, flux, helmfile, manifests, terraform
from egressc.exports.project import ExportedProject

PER_NAMESPACE: Final = " --per namespace"


class Tool(NamedTuple):
    """`folders`: in which its files are, besides those at the top; `needs`: other tools whose files it names.

    `reads_repository`: its files name the Git repository; `reads_charts`: they name the charts; `unpacked`: a packaged
    chart is none to it; `reads_patterns`: it takes some paths for patterns.
    """

    export: Callable[[ExportedProject], Mapping[str, str]]
    folders: tuple[str, ...] = ()
    reads_repository: bool = False
    reads_charts: bool = True
    unpacked: bool = False
    reads_patterns: bool = False
    needs: tuple[str, ...] = ()


TOOLS: Final[Mapping[str, Tool]] = {
    "argocd": Tool(argocd.export_services, reads_repository=True, unpacked=True, reads_patterns=True),
    f"argocd{PER_NAMESPACE}": Tool(
        argocd.export_namespaces,
        reads_repository=True,
        reads_charts=False,
        reads_patterns=True,
        needs=("manifests",),
    ),
    "flux": Tool(flux.export_releases, (flux.FOLDER,), reads_repository=True),
    "helmfile": Tool(helmfile.export_releases),
    "terraform": Tool(terraform.export_module, (terraform.FOLDER,)),
    "manifests": Tool(manifests.export_manifests, (manifests.FOLDER,), reads_charts=False),
}
