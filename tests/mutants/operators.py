"""Every operator by its name, in the order of its module."""

from mutants import on_policies, on_rules
from mutants.changing import OPERATORS
from mutants.on_cilium import CILIUM_OPERATORS

__all__ = ["CILIUM_OPERATORS", "OPERATORS", "on_policies", "on_rules"]
