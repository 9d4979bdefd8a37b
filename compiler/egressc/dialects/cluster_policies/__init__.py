"""Policies of the whole cluster, with tiers and priorities: ClusterNetworkPolicy, AdminNetworkPolicy, that of EKS."""
