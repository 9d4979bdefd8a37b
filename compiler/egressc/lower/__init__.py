"""Rows to requirements: what tables and documents say, read word by word, with the place of every word."""
