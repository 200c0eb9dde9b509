"""On the build server a test does not skip, so that what is proved there is everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = """
import pytest
{whole}
def test_passes():
    pass
@pytest.mark.skipif(True, reason="the program anvil is missing")
def test_marked():
    pass
def test_inside():
    pytest.skip("the program anvil is missing")
@pytest.mark.xfail(strict=True)
def test_known_to_fail():
    assert False
"""


@pytest.mark.parametrize(
    ("whole", "all_tools", "outcome"),
    [
        pytest.param("", "", "1 passed, 2 skipped, 1 xfailed", id="skips say what is missing"),
        pytest.param("", "1", "1 failed, 1 passed, 1 xfailed, 1 error", id="a missing program fails where all are to be there"),
        pytest.param("pytest.importorskip('anvil')", "", "1 skipped", id="a file skips as a whole"),
        pytest.param("pytest.importorskip('anvil')", "1", "1 error", id="and fails as a whole"),
    ],
)  # fmt: skip
def test_skips(tmp_path, whole, all_tools, outcome):
    """A test that would skip fails if SEALPACK_ALL_TOOLS is set, and says what is missing."""
    (tmp_path / "test_some.py").write_text(TESTS.format(whole=whole))
    env = os.environ | {
        "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
        "SEALPACK_ALL_TOOLS": all_tools,
        "PYTEST_ADDOPTS": "",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-ra", "."],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"= {outcome} in " in done.stdout, done.stdout
    assert "anvil" in done.stdout
