"""Writes a file whole or not at all: beside, synced, then put in its place."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes, *, mode: int, replace: bool) -> None:
    """Write a file so that nobody ever sees half of it, and a loss of power loses all or nothing.

    Args:
        path: Where; its folder must be there.
        data: The whole content.
        mode: Permissions, such as 0o600, where the system knows them.
        replace: Whether a file already there is replaced.

    Raises:
        FileExistsError: When one is there and is not to be replaced.
        OSError: When the system refuses.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        if replace:
            beside.replace(path)
        elif os.name == "nt":
            beside.rename(path)  # refuses on Windows when the file is there
        else:
            _link_new(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def _link_new(beside: Path, path: Path) -> None:
    try:
        path.hardlink_to(beside)  # refuses when the file is there, which a rename would not
    except FileExistsError:
        raise
    except OSError:  # no hard links on this file system, as on most memory sticks: take the name first
        path.touch(mode=0o600, exist_ok=False)
        beside.replace(path)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows has no such call and does it by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
