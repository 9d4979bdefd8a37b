"""Every operator by its name, in the order of its module."""

from mutants import on_policies, on_rules
from mutants.changing import OPERATORS

__all__ = ["OPERATORS", "on_policies", "on_rules"]
