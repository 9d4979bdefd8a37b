"""Measurements of whole processes, side by side in one run: `python -m bench`."""
