"""The environments of a project: what one set of tables comes to in each cluster, or each part of a cluster."""

from typing import Final, NamedTuple

KEY: Final = "environments"
"""The key of the project file and of catalogs with what differs in each environment."""


class Environments(NamedTuple):
    """The environments of a project, in the order of its file; `current` is empty where sources are read for all."""

    names: tuple[str, ...] = ()
    current: str = ""


NO_ENVIRONMENTS: Final = Environments()
