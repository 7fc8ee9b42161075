"""`pip install .` gives a program that works far from its source tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("studio", "ui", "resources")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel built from a copy of the tree, so that nothing is left in the tree itself."""
    source = tmp_path_factory.mktemp("source")
    skip = shutil.ignore_patterns("__pycache__")
    for part in PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=skip)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    target = source / "dist"
    pip(sys.executable, "wheel", "--no-deps", "--no-build-isolation", "-w", str(target), str(source))
    return next(target.glob("*.whl"))


def pip(python: str, *arguments: str) -> None:
    """Run pip without an index; the packages are here already."""
    command = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", *arguments]
    environment = {**os.environ, "PIP_NO_INDEX": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the scripts folder of a clean environment with the wheel in it.

    The packages it depends on come from this environment, by a line in a .pth file: .pth files that lie there are
    not read in turn, so an editable install of the source tree stays out.
    """
    folder = tmp_path_factory.mktemp("clean")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = str(scripts / ("python.exe" if os.name == "nt" else "python"))
    pip(python, "install", "--no-deps", str(wheel))
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    Path(site, "zz_dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return scripts


@pytest.mark.slow
def test_the_wheel_carries_the_three_packages_and_every_data_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    wanted = {
        path.relative_to(ROOT).as_posix()
        for part in PARTS
        for path in (ROOT / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert inside == wanted


@pytest.mark.slow
def test_doctor_starts_from_another_folder(scripts: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    environment = {**os.environ, "SPROUT_HOME": str(tmp_path / "home")}
    environment.pop("PYTHONPATH", None)

    done = subprocess.run(
        [str(scripts / "sprout"), "doctor", "--json"],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    checks = json.loads(done.stdout)["checks"]
    assert {"name", "ok", "detail", "mend"} <= set(checks[0])
    assert str(ROOT) not in done.stdout
    assert list(elsewhere.iterdir()) == []


@pytest.mark.slow
def test_an_app_is_made_from_another_folder(scripts: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "SPROUT_HOME": str(tmp_path / "home")}
    page = tmp_path / "planets.html"

    done = subprocess.run(
        [str(scripts / "sprout"), "make", "a quiz about planets", "--out", str(page), "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["action"] == "create"
    assert 'id="sprout-project"' in page.read_text(encoding="utf-8")
