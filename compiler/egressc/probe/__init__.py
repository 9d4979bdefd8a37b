"""Connections tried for real: what is asked, where, and what came of it."""
