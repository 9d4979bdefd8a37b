"""`python -m egressc` is the command `egressc`."""

from egressc.cli import main

main()
