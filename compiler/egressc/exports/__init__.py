"""What other tools need to install the policies: one module per tool, each from a project to texts by path.

`plan` compares them with the files that are there; `tools` lists the tools.
"""
