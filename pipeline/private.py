"""Whether a folder is one that others can look into: other users of the machine, a server, a company that keeps copies."""

import os
import stat
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    ("cifs", "smb3", "smbfs", "nfs", "nfs4", "ncpfs", "afs", "9p", "ceph", "glusterfs", "davfs", "fuse.sshfs", "fuse.rclone",
     "fuse.davfs", "fuse.glusterfs", "fuse.gvfsd-fuse", "vboxsf", "fuse.vmhgfs-fuse")
)  # fmt: skip
_REMOTE_DRIVE = 4
"""DRIVE_REMOTE of GetDriveTypeW (Win32)."""
_COPIED = (
    "onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud", "mobile documents", "nextcloud", "owncloud",
    "sharepoint", "box sync", "pcloud",
)  # fmt: skip


def why_shared(folder: Path) -> str:
    """Return why papers in a folder could be seen by others, or nothing where only its owner can look into it.

    Args:
        folder: need not be there yet: it is made for its owner alone then, so only where it would lie is looked at.
    """
    place = folder.resolve()
    for part in place.parts:
        if any(name in part.casefold() for name in _COPIED):
            return f"{part} is a folder that is copied to a server"
    there = next(one for one in (place, *place.parents) if one.exists())
    if _on_network(there):
        return f"{there} lies on a network, where others may have access"
    mode = stat.S_IMODE(there.stat().st_mode)
    if os.name == "posix" and there != place and mode & 0o022 and not mode & stat.S_ISVTX:
        return f"others on this machine can write in {there}, where {folder} would be made"
    if os.name == "posix" and there == place and mode & 0o077:
        return f"others on this machine can look into {folder}"
    return ""


def _on_network(place: Path) -> bool:
    if os.name == "nt":
        import ctypes  # noqa: PLC0415 - of Windows alone

        drive = ctypes.windll.kernel32.GetDriveTypeW(place.anchor)  # type: ignore[attr-defined]
        return place.drive.startswith("\\\\") or drive == _REMOTE_DRIVE
    try:
        lines = _MOUNTS.read_text("utf-8", errors="replace").splitlines()
    except OSError:  # a system that does not tell
        return False
    device = place.stat().st_dev
    for line in lines:  # proc(5), mountinfo: fields, a hyphen, the type of the file system
        head, _, tail = line.partition(" - ")
        if head.split()[2] == f"{os.major(device)}:{os.minor(device)}":
            return tail.split()[0] in _NETWORK
    return False
