"""What other tools need to install the policies: one module per tool, each from releases to texts by path.

A module does not read or write files: `planning` does. `tools` is the list of them.
"""
