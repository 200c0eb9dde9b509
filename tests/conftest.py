"""What several test files stand on: the sample borough, settled once and packed once."""

from pathlib import Path

import borough as _borough
import pytest
from borough import Borough


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
