"""What is installed: the wheel has all it needs and nothing else, and works in an empty environment."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from test_readme import blocks

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = ("forms", "keys", "pipeline", "samples", "templates")
LOCKED = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
INSIDE = {"bidi": "python-bidi", "pydantic_core": "pydantic", "markupsafe": "jinja2"}
"""Import name → the distribution it comes with, where the two differ."""


def requirements(strings):
    return [Requirement(one) for one in strings]


RUN_TIME = requirements(PROJECT["project"]["dependencies"])
EVERYTHING = RUN_TIME + requirements(PROJECT["dependency-groups"]["dev"])


@pytest.mark.parametrize("requirement", EVERYTHING, ids=str)
def test_locked(requirement):
    """The lock has each package that the project asks for, in a version that it takes."""
    pinned = {canonicalize_name(name): Version(version) for name, version in LOCKED}
    assert pinned[canonicalize_name(requirement.name)] in requirement.specifier


def test_lock_names_no_place():
    """The lock holds names, versions and digests, and no address: whoever installs decides where from."""
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
    assert all(
        re.fullmatch(r"[\w.-]+==[\w.]+( ; [^/]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", one)
        for one in lines
    )


def test_declared():
    """The packages that the code imports are the packages that it asks for."""
    imported = set()
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    imported |= {one.name for one in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    imported.add(node.module)
    outside = {name.split(".")[0] for name in imported} - set(ROOMS) - sys.stdlib_module_names
    needed = {canonicalize_name(INSIDE.get(name, name)) for name in outside}
    unseen = {"defusedxml"}  # openpyxl imports it if it is there
    assert {canonicalize_name(one.name) for one in RUN_TIME} == needed | unseen


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of what the repository holds."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "copy"
    copy.mkdir()
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in ("pyproject.toml", "README.md", ".gitignore"):
        shutil.copy(ROOT / name, copy)
    (copy / "demo").mkdir()  # what stands about after a day's work
    (copy / "demo" / "area.toml").touch()
    (copy / "forms" / "__pycache__").mkdir()
    (copy / "forms" / "__pycache__" / "marac.cpython-311.pyc").touch()
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        folder,
        copy,
    ]
    subprocess.run(build, check=True)
    return next(folder.glob("*.whl"))


def test_contents(wheel):
    """The wheel holds every file of the five rooms, its own description, and nothing else."""
    here = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    names = zipfile.ZipFile(wheel).namelist()
    about = {name for name in names if name.startswith("sealpack-") and ".dist-info/" in name}
    assert set(names) - about == here
    assert {
        "pipeline/protocol/need_to_know.csv", "templates/marac.docx", "templates/marac.xlsx",
        "templates/fonts/NotoSans-Regular.ttf", "templates/fonts/OFL-1.1.txt",
        "samples/brackenford/area.toml", "samples/brackenford/inbox/01-ordinary.xlsx",
    } <= here  # fmt: skip


def test_empty_environment(wheel, tmp_path):
    """The README's commands install it into an empty environment, and the demo runs in an empty folder."""
    shutil.copy(wheel, tmp_path)
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "python3").symlink_to(sys._base_executable)
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    env = clean | {"PATH": f"{programs}:{os.environ['PATH']}"}
    install = next(
        block for block in blocks((ROOT / "README.md").read_text("utf-8")) if block.info == "console install"
    )
    for command in install.commands():
        done = subprocess.run(
            ["bash", "-c", command.text], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert "8 referrals: 6 taken, 2 refused." in done.stdout
    assert len(list((tmp_path / "demo" / "outbox").glob("*.age"))) == 9

    sealpack = tmp_path / "sealpack-env" / "bin" / "sealpack"
    helped = subprocess.run([sealpack, "-h"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert "demo" in helped.stdout
    asked = subprocess.run(
        [sealpack, "--version"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert PROJECT["project"]["version"] in asked.stdout
