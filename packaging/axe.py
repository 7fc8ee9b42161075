"""Bring axe-core, the accessibility checker that the tests run inside pages. Standard library only.

It is published as a package of npm alone (MPL-2.0, no dependencies). One file of it is kept beside the other
test tools in .venv; its archive is taken only if its sha512 is the published one.
"""

import base64
import hashlib
import io
import shutil
import subprocess
import tarfile  # noqa: TID251 - one named member, read into memory, of an archive with a known sum
import tempfile
from pathlib import Path

from console import say

VERSION = "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
MEMBER = "package/axe.min.js"


def axe_path(root):
    """Return where the checker's script lies."""
    return root / ".venv" / "share" / "axe-core" / "axe.min.js"


def install_axe(root):
    """Fetch the checker once; without npm or network the tests that need it say so and are skipped."""
    target = axe_path(root)
    mark = target.with_name("version")
    if target.is_file() and mark.is_file() and mark.read_text(encoding="utf-8") == VERSION:
        return
    npm = shutil.which("npm")
    if npm is None:
        say("npm is not here: the tests that check apps with axe-core will be skipped.")
        return
    script = fetch(npm)
    if script is None:
        say("axe-core could not be fetched: the tests that check apps with it will be skipped.")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(script)
    mark.write_text(VERSION, encoding="utf-8")


def fetch(npm):
    """Return the script from npm's archive, or None if it did not come or is not the published one."""
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", f"axe-core@{VERSION}", "--pack-destination", folder, "--silent"]
        try:
            subprocess.run(command, capture_output=True, check=False, timeout=120)
        except (OSError, subprocess.TimeoutExpired):
            return None
        archives = list(Path(folder).glob("*.tgz"))
        return unpack(archives[0].read_bytes()) if archives else None


def unpack(archive):
    """Return the script inside the archive, or None if the archive's sha512 is another."""
    if base64.b64encode(hashlib.sha512(archive).digest()).decode() != SHA512:
        return None
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        return members.extractfile(MEMBER).read()
