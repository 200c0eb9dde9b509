"""What several test files stand on: the sample borough, settled once and packed once.

With SEALPACK_ALL_TOOLS set, as the build server sets it, a test that would skip fails: there, every program is installed. The age
vectors alone may be missing, since they are no program and lie outside the repository.
"""

import os
from pathlib import Path

import borough as _borough
import pytest
from borough import Borough

_MAY_SKIP = ("tests/test_age_vectors.py",)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return _no_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return _no_skip((yield))


def _no_skip(report):
    if report.skipped and os.environ.get("SEALPACK_ALL_TOOLS") and not hasattr(report, "wasxfail"):
        file, line, reason = report.longrepr
        if not report.nodeid.startswith(_MAY_SKIP):
            report.outcome = "failed"
            report.longrepr = (
                f"{file}:{line}: {reason}\nNothing may be skipped where SEALPACK_ALL_TOOLS is set."
            )
    return report


@pytest.fixture(scope="session")
def settled(tmp_path_factory) -> Borough:
    """The sample area with everybody's keys, nothing packed yet: not to be changed; see `borough`."""
    return _borough.settle(tmp_path_factory.mktemp("settled"))


@pytest.fixture(scope="session")
def packed(settled, tmp_path_factory) -> Borough:
    """The sample area with its meeting packed: not to be changed; see `packed_borough`."""
    made = _borough.copy(settled, tmp_path_factory.mktemp("packed"))
    made.pack()
    return made


@pytest.fixture
def borough(settled, tmp_path: Path) -> Borough:
    """A settled area of the test's own."""
    return _borough.copy(settled, tmp_path)


@pytest.fixture
def packed_borough(packed, tmp_path: Path) -> Borough:
    """A packed area of the test's own."""
    return _borough.copy(packed, tmp_path)
