"""Whether others can look into a folder."""

import os

import pytest

from pipeline import private
from pipeline.private import why_shared


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o700, 0o750, 0o705, 0o701, 0o770, 0o777, 0o1777])
def test_folder_that_others_can_look_into_is_shared(tmp_path, mode):
    """Any permission of the group or of others is one too many."""
    folder = tmp_path / "papers"
    folder.mkdir()
    folder.chmod(mode)
    assert bool(why_shared(folder)) is (mode != 0o700)


def test_folder_that_is_not_there_yet_is_made_for_its_owner(tmp_path):
    """Where it would lie may be open to others: it is not."""
    tmp_path.chmod(0o755)
    assert why_shared(tmp_path / "new" / "papers") == ""


@pytest.mark.parametrize(
    "name",
    [
        "OneDrive - Brackenford Council",
        "Dropbox",
        "iCloud Drive",
        "Nextcloud",
        "My Dropbox",
        "Mobile Documents",
    ],
)
def test_folder_that_is_copied_to_a_server_is_shared(tmp_path, name):
    """However private it is here."""
    folder = tmp_path / name / "papers"
    folder.mkdir(parents=True)
    folder.chmod(0o700)
    assert "copied to a server" in why_shared(folder)


@pytest.mark.skipif(not private._MOUNTS.exists(), reason="the system does not list its mounts")
@pytest.mark.parametrize(
    ("kind", "shared"), [("cifs", True), ("nfs4", True), ("fuse.sshfs", True), ("ext4", False)]
)
def test_folder_on_a_network_is_shared(tmp_path, monkeypatch, kind, shared):
    """The list of mounts tells the kind of file system that a folder lies on."""
    device = tmp_path.stat().st_dev
    (tmp_path / "mounts").write_text(
        "22 28 0:21 / /proc rw,relatime shared:13 - proc proc rw\n"
        f"99 28 {os.major(device)}:{os.minor(device)} / {tmp_path} rw shared:1 - {kind} //server/share rw\n"
    )
    monkeypatch.setattr(private, "_MOUNTS", tmp_path / "mounts")
    tmp_path.chmod(0o700)
    assert bool(why_shared(tmp_path)) is shared


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize(("mode", "shared"), [(0o777, True), (0o770, True), (0o1777, False), (0o755, False)])
def test_folder_that_would_be_made_where_others_can_write_is_shared(tmp_path, mode, shared):
    """They could put another in its place, unless only its owner can rename it there."""
    tmp_path.chmod(mode)
    assert bool(why_shared(tmp_path / "papers")) is shared
