"""`$(NAME)` in commands, arguments and variables of containers, as the kubelet reads it.

Source: third_party/forked/golang/expansion of Kubernetes, at a version that takes what follows a lone `$` for one byte
and writes that byte as if it were Latin-1; newer ones take a whole character. What survives this survives both.
"""

from collections.abc import Mapping


def expand(text: str, variables: Mapping[str, str]) -> str:
    """`$(NAME)` becomes a variable's value, and stays where there is none; `$$` becomes `$`."""
    given = text.encode()
    made = bytearray()
    cursor = 0
    while cursor < len(given):
        following = given[cursor + 1 : cursor + 2]
        if given[cursor : cursor + 1] != b"$" or not following:
            made += given[cursor : cursor + 1]
            cursor += 1
        elif following == b"$":
            made += b"$"
            cursor += 2
        elif following == b"(" and (end := given.find(b")", cursor)) >= 0:
            name = given[cursor + 2 : end].decode()
            made += variables.get(name, f"$({name})").encode()
            cursor = end + 1
        else:
            made += b"$" + following.decode("latin-1").encode()
            cursor += 2
    return made.decode(errors="replace")
