"""The dialect Istio: NetworkPolicies, and Sidecars for hosts, which are reached through an egress gateway."""
