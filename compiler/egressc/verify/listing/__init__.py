"""Flows as a table lists them: entries of services, rows of rules, pairs of pods."""
