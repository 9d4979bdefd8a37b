"""A small `nc` for machines without one: what the script asks of it, in the words of OpenBSD's. Run as a program."""

import argparse
import socket
import sys

USAGE = "usage: nc [-uvz] [-w timeout] destination port\n\t-u\t\tUDP mode\n\t-z\t\tZero-I/O mode [used for scanning]"


def main() -> int:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("-h", action="store_true")
    for flag in "uz":
        parser.add_argument(f"-{flag}", action="store_true")
    parser.add_argument("-v", action="count")
    parser.add_argument("-w", type=float)
    parser.add_argument("host", nargs="?")
    parser.add_argument("port", nargs="?", type=int)
    asked = parser.parse_args()
    if asked.h:
        print(USAGE, file=sys.stderr)
        return 1
    kind = socket.SOCK_DGRAM if asked.u else socket.SOCK_STREAM
    with socket.socket(type=kind) as connection:
        connection.settimeout(asked.w)
        try:
            connection.connect((asked.host, asked.port))
            if asked.u:
                connection.send(sys.stdin.buffer.read())
                sys.stdout.buffer.write(connection.recv(2048))
        except (socket.gaierror, UnicodeError) as error:
            print(f'nc: getaddrinfo for host "{asked.host}" port {asked.port}: {error}', file=sys.stderr)
            return 1
        except OSError as error:
            print(f"nc: connect to {asked.host} port {asked.port} failed: {error.strerror or error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
