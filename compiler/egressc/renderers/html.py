"""What pages have in common: texts that stay texts, parts from files, and a policy that admits no other content."""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from importlib.resources import files

from egressc.renderers.excerpts import printable


def as_text(text: str) -> str:
    """A text inside an element or an attribute."""
    return escape(printable(text), quote=True)


def page_part(name: str) -> str:
    """A file of the folder `page`."""
    return files("egressc.renderers").joinpath("page", name).read_text("utf-8")


def fill_page(name: str, parts: Mapping[str, str]) -> str:
    """A page, which starts as all do, with its slots filled in one pass: a text that looks like a slot stays as it is.

    Args:
        name: the file with what follows `start.html`.
    """
    return re.sub(r"\{\{(\w+)\}\}", lambda slot: parts[slot[1]], page_part("start.html") + page_part(name))


def content_policy(style: str, script: str = "") -> str:
    """The content security policy of a page: its own style and script, by their hashes, and nothing else."""
    scripts = f" script-src '{_hash(script)}';" if script else ""
    return f"default-src 'none';{scripts} style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
