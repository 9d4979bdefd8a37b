"""Helm through one narrow interface: embedded in this process, or the helm binary."""
