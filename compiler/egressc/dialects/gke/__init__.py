"""The dialect GKE: NetworkPolicies, and beside them FQDNNetworkPolicies for hosts."""
