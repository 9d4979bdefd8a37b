"""The dialect Calico: NetworkPolicies of projectcalico.org/v3, and what else of that group decides about flows."""
