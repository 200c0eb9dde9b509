"""Files that are there whole or not at all, also after the power went."""

import os
from pathlib import Path

from keys.files import sync_folder

__all__ = ["replace", "sync_folder", "write_new"]


def write_new(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Write a new file and wait until it is on the disk; its name is safe only after `sync_folder`.

    Args:
        path: where; no link there is followed.
        data: the whole content.
        mode: permissions, less what the system's mask takes away.

    Raises:
        FileExistsError: there is a file of this name; it is left as it is.
    """
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        _write(file.fileno(), data)


def replace(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file: written beside, synced, renamed, the folder synced.

    Two at once would share the file beside (`<name>.part`): callers hold a lock. What lies there is taken away first and never
    written through: somebody may have put a link to a file of ours.
    """
    beside = path.with_name(f"{path.name}.part")
    beside.unlink(missing_ok=True)
    write_new(beside, data)
    beside.replace(path)
    sync_folder(path.parent)


def _write(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
    os.fsync(handle)
