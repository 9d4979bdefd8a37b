"""The releases of a project in a cluster: their state, how it differs, what an operation changes."""
