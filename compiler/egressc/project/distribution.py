"""The egressc that runs as a wheel, so that others can install exactly this one: no index need have it."""

import base64
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from egressc.helm.chart import CHARTS_FOLDER, files_below, own_chart_files
from egressc.model.release_kinds import RELEASE_KINDS
from egressc.project.usage import UsageProblem

_PACKAGE = Path(__file__).resolve().parents[1]
# The same code with and without the embedded Helm.
_DISTRIBUTIONS = ("egressc", "egressc-core")
_WHEEL = "Wheel-Version: 1.0\nGenerator: egressc\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def own_documents() -> Path:
    """The documentation that belongs to this compiler: shipped in the wheel, or of the checkout around the package."""
    shipped = _PACKAGE / "_docs"
    return shipped if shipped.is_dir() else _PACKAGE.parents[1] / "docs"


def explain_code(code: str) -> str:
    """What the documentation says about a code, by its id or its words; "" for none."""
    asked = re.escape(code.lower())
    section = re.search(
        rf"^### (?:{asked} \S+|\S+ {asked})\n.*?(?=^###? |\Z)",
        (own_documents() / "diagnostics.md").read_text("utf-8"),
        re.DOTALL | re.IGNORECASE | re.MULTILINE,
    )
    text = re.sub(r"^```.*\n|^### ", "", section[0] if section else "", flags=re.MULTILINE).strip()
    # The severity is the first line's last word, in italics.
    return re.sub(r"\*(\w+)\*$", r"\1", text, count=1, flags=re.MULTILINE)


def own_wheel() -> tuple[str, bytes]:
    """Its file name and its bytes, which neither the clock nor the times of files change.

    Raises UsageProblem where egressc runs without being installed: then nothing says what it needs.

    Source: PyPA specification "Binary distribution format".
    """
    installed = _installed()
    name = f"{installed.name.replace('-', '_')}-{installed.version}"
    files = dict(_code()) | {f"{name}.dist-info/{path}": data for path, data in _about(installed)}
    record = f"{name}.dist-info/RECORD"
    files[record] = "".join(f"{path},sha256={_digest(data)},{len(data)}\n" for path, data in files.items()).encode()
    files[record] += f"{record},,\n".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(_entry(path), data)
    return f"{name}-py3-none-any.whl", buffer.getvalue()


def _installed() -> Distribution:
    for name in _DISTRIBUTIONS:
        with suppress(PackageNotFoundError):
            return distribution(name)
    raise UsageProblem("egressc runs without being installed; install it with pip first")


def _code() -> Iterator[tuple[str, bytes]]:
    for file in files_below(_PACKAGE):
        name = file.relative_to(_PACKAGE)
        if name.parts[0] not in (CHARTS_FOLDER, "_docs") and "__pycache__" not in name.parts:
            yield f"egressc/{name.as_posix()}", file.read_bytes()
    for kind in RELEASE_KINDS:
        for path, data in own_chart_files(kind.chart).items():
            yield f"egressc/{CHARTS_FOLDER}/{kind.chart}/{path}", data
    documents = own_documents()
    for file in files_below(documents):
        yield f"egressc/_docs/{file.relative_to(documents).as_posix()}", file.read_bytes()


def _about(installed: Distribution) -> Iterator[tuple[str, bytes]]:
    for name in ("METADATA", "entry_points.txt"):
        text = installed.read_text(name)
        assert text is not None, f"pip cannot install a package without {name}"
        yield name, text.encode()
    yield "WHEEL", _WHEEL.encode()


def _entry(path: str) -> zipfile.ZipInfo:
    """A file as of 1980, readable by all: neither clock nor machine changes the wheel."""
    entry = zipfile.ZipInfo(path)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
