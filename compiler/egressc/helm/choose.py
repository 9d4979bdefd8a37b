"""Which Helm renders: the embedded one unless a person names a binary."""

import os
import shutil
from collections.abc import Mapping

from egressc.diagnostics.rendered import helm_not_found, no_embedded_helm
from egressc.helm.engine import EngineError, HelmEngine
from egressc.source import Located, Source, Span

VARIABLE = "EGRESSC_HELM"
EMBEDDED = "embedded"
BINARY = "binary"


def open_engine(choice: str | None, environment: Mapping[str, str] = os.environ) -> HelmEngine:
    """The engine a person chose. Raises EngineError (EG601, EG602, EG603).

    Args:
        choice: what --helm says: "embedded", "binary" (helm on PATH), or the path of a helm binary; None without it.
        environment: EGRESSC_HELM says the same where `choice` is None. Neither said, the embedded Helm it is.
    """
    named = environment.get(VARIABLE) or None
    asked = _located("--helm", choice) if choice is not None else _located(VARIABLE, named or EMBEDDED)
    if asked.value == EMBEDDED:
        return _open_embedded(asked)
    # Imported on use: neither engine's library is loaded for the other.
    from egressc.helm.binary import BinaryEngine

    return BinaryEngine(_find(asked, environment))


def find_binary(choice: str | None, environment: Mapping[str, str] = os.environ) -> Located[str]:
    """The helm binary for what the embedded Helm does not do: changing a cluster. Raises EngineError (EG601).

    Args:
        choice: a path, or None: what EGRESSC_HELM names, else helm on PATH.
        environment: a value of EGRESSC_HELM that stands for the embedded Helm is passed over.
    """
    named = environment.get(VARIABLE) or None
    if choice is None and named not in (None, EMBEDDED):
        return _find(_located(VARIABLE, str(named)), environment)
    return _find(_located("--helm", choice or BINARY), environment)


def _find(asked: Located[str], environment: Mapping[str, str]) -> Located[str]:
    program = "helm" if asked.value == BINARY else asked.value
    found = shutil.which(program, path=environment.get("PATH"))
    if found is None:
        raise EngineError(helm_not_found(Located(program, asked.span)))
    return Located(found, asked.span)


def _open_embedded(asked: Located[str]) -> HelmEngine:
    try:
        from egressc.helm.embedded import EmbeddedEngine
    except Exception as error:
        if not _is_about_the_library(error):
            raise
        is_installed = getattr(error, "name", None) != "helm_python"
        raise EngineError(no_embedded_helm(asked, str(error).partition(". ")[0], is_installed=is_installed)) from error
    return EmbeddedEngine()


def _is_about_the_library(error: Exception) -> bool:
    """helm_python is absent, or raised its HelmLibraryError, whose class cannot be imported when it is raised."""
    return isinstance(error, ImportError) or type(error).__name__ == "HelmLibraryError"


def _located(name: str, text: str) -> Located[str]:
    return Located(text, Span(Source(name, text), 0, len(text)))
