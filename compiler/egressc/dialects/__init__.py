"""Kinds of policy, a folder for each: what it can express (`limits`), what writes it (`emit`), what reads it (`read`).

`emit` and `read` of a dialect share no code: the proof would hold one against itself.
"""
