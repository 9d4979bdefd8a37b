"""The script of the probing pods, run by real shells against real sockets."""
