"""Files that are there whole or not at all, also after the power went."""

import os
from pathlib import Path


def write_new(path: Path, data: bytes) -> None:
    """Write a new file and wait until it is on the disk; its name is safe only after `sync_folder`.

    Raises:
        FileExistsError: there is a file of this name; it is left as it is.
    """
    with path.open("xb") as file:
        _write(file.fileno(), data)


def replace(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file: written beside, synced, renamed, the folder synced.

    Two at once would share the file beside (`<name>.part`): callers hold a lock.
    """
    beside = path.with_name(f"{path.name}.part")
    with beside.open("wb") as file:
        _write(file.fileno(), data)
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows has no such call and does it by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
    os.fsync(handle)
