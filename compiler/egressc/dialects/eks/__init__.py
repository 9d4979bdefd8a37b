"""The dialect EKS: NetworkPolicies, and beside them ApplicationNetworkPolicies for hosts."""
