"""PGP keys for tests, made by gpg."""

import shutil
import subprocess
from pathlib import Path

import pytest


def make_key(folder: Path, owner: str) -> tuple[Path, Path]:
    """Files with the secret and the public key of an owner, without a passphrase. Without gpg the test is skipped."""
    if shutil.which("gpg") is None:
        pytest.skip("NO GPG: no keys to sign with (Debian: apt-get install gpg)")
    home = folder / "gnupg"
    home.mkdir(mode=0o700, parents=True)
    options = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
    secret, public = folder / "secret.gpg", folder / "public.gpg"
    for command in (
        [*options, "--quick-generate-key", owner, "rsa3072", "sign", "never"],
        [*options, "--output", str(secret), "--export-secret-keys", owner],
        [*options, "--output", str(public), "--export", owner],
        ["gpgconf", "--homedir", str(home), "--kill", "gpg-agent"],
    ):
        subprocess.run(command, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return secret, public
