"""What rows come to: they grant, deny, grant nothing yet, or are refused."""

from enum import Enum, auto
from typing import Final, NamedTuple


class Holds(Enum):
    """What a row comes to."""

    GRANTS = auto()
    DENIES = auto()
    PENDING = auto()
    REFUSED = auto()


class Judgement(NamedTuple):
    """What a row comes to, and the words that say so. `is_turned`: it lists the callers of its service."""

    holds: Holds
    why: str = ""
    is_turned: bool = False


GRANTS: Final = Judgement(Holds.GRANTS)
