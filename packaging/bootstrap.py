"""Set up Sprout Studio and start it: `python3 packaging/bootstrap.py run`.

Makes `.venv` beside this folder, installs the pinned packages, gets system libraries where it may, and hands
over. A second start with nothing to install reads one stamp file and goes straight on. Standard library only;
what bootstrap itself says goes to stderr, so that `run make ... --json` keeps its stdout clean.
"""

import sys

if sys.version_info < (3, 11):  # before any import that an old Python may not have
    sys.exit("Sprout Studio needs Python 3.11 or newer; this is Python {}.{}.".format(*sys.version_info[:2]))

import hashlib
import json
import os
import platform
import subprocess
from pathlib import Path

import environment as env
import system_packages as system
from console import StopError, say

ROOT = Path(__file__).resolve().parent.parent
STAMP_FORMAT = 1
# Drawing without a screen; the rest spares the terminal Qt's search for a graphics card.
NO_SCREEN = {
    "QT_QPA_PLATFORM": "offscreen",
    "QT_QUICK_BACKEND": "software",
    "QTWEBENGINE_CHROMIUM_FLAGS": "--disable-gpu",
}
# The browser engine does not start as root with its sandbox on. The second name is ours: ui/sandbox.py drops the
# first without it, and lets only our own runtime's pages play, where nobody sees the window.
WITHOUT_SANDBOX = {"QTWEBENGINE_DISABLE_SANDBOX": "1", "SPROUT_ALLOW_UNSANDBOXED": "1"}
USAGE = """usage: python3 packaging/bootstrap.py COMMAND [--light] [arguments]

  setup   make .venv and install everything, test tools included
  run     set up, then open the window; arguments go to `sprout` (run make "a quiz about sharks")
  check   style, types and import contracts
  test    check, then every test; with arguments, pytest alone with those (test tests/studio -k undo)
  fix     mend style where a tool can

  --light leaves torch and transformers out: window, planner and exports work without them."""


# ------------------------------------------------------------ stamp


def stamp_path(root):
    """Return the file that says what has been installed."""
    return root / ".venv" / "sprout-setup.json"


def setup_key(root):
    """Return a hash of all that decides what is installed, the folder too (the install points at it)."""
    digest = hashlib.sha256(f"{STAMP_FORMAT} {root}".encode())
    for name in ("pyproject.toml", "packaging/constraints.txt", "packaging/encoder.txt", "packaging/axe.py"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def read_stamp(root):
    """Return what the last complete set-up wrote, or an empty dict if none fits the tree as it is now."""
    try:
        stamp = json.loads(stamp_path(root).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    fits = isinstance(stamp, dict) and stamp.get("key") == setup_key(root) and env.venv_python(root).exists()
    return stamp if fits else {}


def write_stamp(root, parts, missing):
    """Write the stamp in one step; it is the last thing that a set-up does."""
    stamp = {"key": setup_key(root), "parts": sorted(parts), "missing": missing}
    new = stamp_path(root).with_suffix(".new")
    new.write_text(json.dumps(stamp), encoding="utf-8")
    new.replace(stamp_path(root))


# ------------------------------------------------------------ set-up


def mend_system(only=None):
    """Get missing libraries and fonts as root, name them otherwise; return what is still missing."""
    missing = system.missing(only)
    if missing and system.may_install():
        packages = system.packages_for(missing, system.glibc_version())
        say("Installing missing system packages: " + " ".join(packages))
        if not system.install(packages):
            say("apt-get could not install them all; its own words are above.")
        missing = system.missing(missing)
    if missing:
        line = system.how_to_mend(missing, system.glibc_version())
        if system.stops_the_window(missing, has_display(os.environ)):
            raise StopError(line + ", then start again.")
        say(line + ". Going on without for now.")
    return missing


def ensure(root, wanted):
    """Bring the environment to where it has the wanted parts; does nothing when the stamp says so."""
    stamp = read_stamp(root)
    have = set(stamp.get("parts", ()))
    if wanted <= have:
        if stamp["missing"]:
            still = mend_system(stamp["missing"])
            if still != stamp["missing"]:
                write_stamp(root, have, still)
        return
    missing = []
    if sys.platform == "linux":
        system.check_glibc(system.glibc_version())
        missing = mend_system()
    env.install(root, wanted | have)
    write_stamp(root, wanted | have, missing)


def parts_for(command, *, light):
    """Return the parts that a command needs."""
    parts = {"base"} if command == "run" else {"base", "test"}
    if light:
        return parts
    if env.torch_exists_for(sys.platform, platform.machine()):
        return parts | {"ai"}
    say("torch has no build for this computer: going on without it, as with --light.")
    return parts


# ------------------------------------------------------------ run


def has_display(environment, system_name=sys.platform):
    """Return True if a window can be shown; only Linux is often started without a screen."""
    if system_name != "linux":
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def names_a_command(arguments):
    """Return True if `sprout` is told to do something else than to open the window."""
    rest = iter(arguments)
    for argument in rest:
        if argument == "--home":
            next(rest, None)
        elif not argument.startswith("-") or argument in {"-h", "--help", "--version"}:
            return True
    return False


def plan_run(arguments, environment, *, root_user):
    """Return the module to start, the environment to start it in, and what to say first."""
    if has_display(environment):
        return "ui", environment, []
    environment = {**NO_SCREEN, **environment}
    if names_a_command(arguments):  # plays no page
        return "ui", environment, []
    # ui.headless says itself that there is no display.
    if not root_user:
        return "ui.headless", environment, []
    line = "As root: our own pages play without the browser engine's sandbox in this run."
    return "ui.headless", {**environment, **WITHOUT_SANDBOX}, [line]


def run(root, arguments):
    """Open the window, do what the arguments say, or do the main job headless where there is no screen."""
    module, environment, lines = plan_run(arguments, env.clean_environment(), root_user=system.is_root())
    for line in lines:
        say(line)
    # -P: a folder called `ui` where the person happens to stand is not ours.
    command = [str(env.venv_python(root)), "-P", "-m", module, *arguments]
    if os.name == "posix":
        os.execve(command[0], command, environment)  # noqa: S606 - Ctrl+C and exit status need no go-between
    return subprocess.run(command, env=environment, check=False).returncode


# ------------------------------------------------------------ check and test


def checks(root):
    """Return the checks as (name, command)."""
    python = str(env.venv_python(root))
    contracts = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return [
        ("style", [python, "-m", "ruff", "check", "."]),
        ("format", [python, "-m", "ruff", "format", "--check", "."]),
        ("types", [python, "-m", "mypy"]),
        ("contracts", [python, "-c", contracts, "--no-cache"]),
    ]


def run_steps(root, steps):
    """Run all the steps, whatever their outcome, and return (name, passed) pairs."""
    results = []
    for name, command in steps:
        say("== " + name)
        done = subprocess.run(command, cwd=root, env=env.clean_environment(), check=False)
        results.append((name, done.returncode == 0))
    return results


def summary(results):
    """Return one line: what passed, what did not."""
    return ", ".join(f"{name} {'passed' if passed else 'FAILED'}" for name, passed in results)


def exit_status(results):
    """Return 0 if all passed, else 1."""
    return 0 if all(passed for _, passed in results) else 1


def check(root):
    """Run the checks; return the exit status."""
    results = run_steps(root, checks(root))
    say("== " + summary(results))
    return exit_status(results)


def test(root, arguments):
    """Run the checks, studio's tests with no Qt to import, then all others; pytest has the last word."""
    pytest = [str(env.venv_python(root)), "-m", "pytest"]
    environment = env.clean_environment()
    if system.is_root():
        say("As root: the tests play our own pages without the browser engine's sandbox.")
    if arguments:
        return subprocess.run([*pytest, *arguments], cwd=root, env=environment, check=False).returncode
    spread = ["-n", "auto", "--dist", "loadfile"]  # one worker for each processor
    no_qt = ["-p", "tests.support.no_qt", "-p", "no:pytest-qt", *spread, "-q", "tests/studio"]
    results = run_steps(root, [*checks(root), ("studio without Qt", [*pytest, *no_qt])])
    say("== all other tests")
    # tests/conftest.py repeats the summary just above pytest's closing line: one place to look at.
    environment["SPROUT_CHECKS"] = summary(results)
    last = subprocess.run([*pytest, *spread, "--ignore=tests/studio"], cwd=root, env=environment, check=False)
    return exit_status([*results, ("all other tests", last.returncode == 0)])


def fix(root):
    """Mend style where a tool can; return the exit status."""
    python = str(env.venv_python(root))
    steps = [
        ("style", [python, "-m", "ruff", "check", "--fix", "."]),
        ("format", [python, "-m", "ruff", "format", "."]),
    ]
    return exit_status(run_steps(root, steps))


def do(root, command, arguments):
    """Do one command in an environment that is ready; return the exit status."""
    if command == "run":
        return run(root, arguments)
    if command == "test":
        return test(root, arguments)
    if command == "check":
        return check(root)
    if command == "fix":
        return fix(root)
    return 0


def main(arguments, root=ROOT):
    """Do what the command line says; return the exit status."""
    words = list(arguments)
    light = "--light" in words[:2]
    if light:
        words.remove("--light")
    command = words.pop(0) if words else ""
    if command not in {"setup", "run", "check", "test", "fix"}:
        say(USAGE)
        return 0 if command in {"-h", "--help"} else 2
    try:
        ensure(root, parts_for(command, light=light))
    except StopError as stop:
        say(str(stop))
        return 1
    except OSError as error:
        why = f"This folder does not let us write ({error.strerror})."
        say(f"{why} Copy Sprout Studio to one of yours and start it there.")
        return 1
    return do(root, command, words)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
