"""NetworkPolicy of networking.k8s.io/v1, which every cluster has."""
