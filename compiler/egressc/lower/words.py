"""Words that cells use in place of names and numbers, and how lists are separated."""

import re
from functools import lru_cache
from typing import Final

# What people write for "nothing"; compared in lower case.
NOTHING: Final = frozenset({"", "-", "--", "\u2013", "\u2014", "none", "(none)", "n/a", "na", "nothing", "no", "nil"})
# What people write while nothing is decided yet.
PLACEHOLDERS: Final = frozenset(
    {"n.a.", "n. a.", "?", "??", "tbd", "tba", "tbc", "n/a (yet)", "not applicable", "unknown", "\u2026", "..."}
)
ANY: Final = frozenset({"any", "all", "*"})
ANY_POD: Final = frozenset({"any pod", "any pods", "all pods", "any", "all", "*", "every pod"})
ANY_NAMESPACE: Final = frozenset({"any", "all", "*", "any namespace", "all namespaces", "every namespace"})
INTERNET: Final = frozenset({"internet", "the internet", "public internet", "any public address", "external"})
# Application protocols that run over TCP: beside a number they say what it is for, and that it is TCP.
OVER_TCP: Final = frozenset(
    {
        *("http", "https", "http/1", "http/1.1", "http/2", "http2", "h2", "h2c", "grpc", "grpcs", "ws", "wss"),
        *("websocket", "tls", "mtls", "ssl", "rest", "soap", "smtp", "smtps", "submission", "imap", "imaps", "pop3"),
        *("pop3s", "ldap", "ldaps", "ssh", "sftp", "ftp", "ftps", "git", "rdp", "s3", "otlp", "thrift", "bolt"),
        *("amqp", "amqps", "mqtt", "mqtts", "stomp", "nats", "kafka", "redis", "rediss", "cql", "jdbc", "odbc"),
        *("postgres", "postgresql", "mysql", "mariadb", "mongodb", "mssql", "oracle", "database", "sql", "opc-ua"),
    }
)
OVER_UDP: Final = frozenset({"ntp", "snmp", "quic", "http3", "http/3", "h3", "dtls", "tftp", "radius", "mdns"})
# Words that say in place of a port that nobody knows which.
VAGUE: Final = frozenset(
    {
        *("varies", "various", "variable", "varying", "ephemeral", "dynamic", "random", "several", "multiple", "many"),
        *("custom", "default", "defaults", "standard", "unknown", "tbd", "tbc", "todo", "high", "auto", "other"),
        *("vendor-specific", "configurable", "see", "same", "inbound", "outbound", "internal", "external", "open"),
    }
)

# Footnote marks at the end of a word: raised digits, signs, numbers in brackets. A star by itself means "any".
_SIGNS: Final = "\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u2020\u2021\u00a7"
_MARKS: Final = rf"(?<=[\w)\]])(?:\s?(?:[{_SIGNS}]|\[[0-9*{_SIGNS}]{{1,3}}\])|\*){{1,16}}+"
_MARKED_END: Final = re.compile(rf"{_MARKS}$")
_MARKED_WORD: Final = re.compile(rf"{_MARKS}(?=$|[\s,;&+/)])")

# Everything between separators outside parentheses.
_ITEM = re.compile(r"[^,;\n(]*(?:\((?:[^()]++|\([^()]*+\))*+\)[^,;\n(]*|\([^,;\n]*)*")


def without_mark(text: str) -> str:
    """A name as it reads without the footnote mark at its end."""
    last = text[-1:]
    # Every mark ends in one of these, and looking for one takes as long as the rest of reading a name.
    return text if last.isascii() and last not in "*]\n" else _MARKED_END.sub("", text)


def blank_marks(text: str) -> str:
    """Blanks in place of the footnote marks at the end of each word, so that nothing else changes its place."""
    if text.isascii() and "*" not in text and "[" not in text:
        return text
    return _MARKED_WORD.sub(lambda found: " " * len(found[0]), text)


def says_nothing(text: str) -> bool:
    return text.lower() in NOTHING


def split_list(text: str) -> list[str]:
    """The items of a list cell: separated by comma, semicolon or line break outside parentheses; none for "None"."""
    if "(" not in text and ";" not in text and "\n" not in text:
        if "," not in text:
            return [] if text.lower() in NOTHING else [text]
        return [item for item in map(str.strip, text.split(",")) if item]
    return [text[start:end] for start, end in item_offsets(text)]


@lru_cache(maxsize=256)
def item_offsets(text: str) -> tuple[tuple[int, int], ...]:
    """Where the items of `split_list` stand in the text: start and end offsets, blanks around them left out."""
    if says_nothing(text):
        return ()
    found: list[tuple[int, int]] = []
    at = 0
    while at <= len(text):
        match = _ITEM.match(text, at)
        end = match.end() if match else len(text)
        item = text[at:end]
        if stripped := item.strip():
            start = at + item.index(stripped)
            found.append((start, start + len(stripped)))
        at = end + 1
    return tuple(found)
