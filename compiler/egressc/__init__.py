"""egressc: from a table of service requirements to validated Helm values and NetworkPolicies."""

__version__ = "0.1.0"
