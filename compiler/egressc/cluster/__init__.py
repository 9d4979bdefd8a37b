"""A cluster: reading its API server, and changing its releases through the helm binary."""
