"""An opened pack in its folder: how it comes there, what lies there, held against its manifest, and how it is taken away (SEND-7).

No link is followed: a link is what lies there, and what it leads to is somewhere else. The manifest goes last, so that
whatever was cut short can be begun again.
"""

import hashlib
import os
import shutil
import stat
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline import durable
from pipeline.manifest import Manifest
from pipeline.pack import MANIFEST, SIGNATURE, Opened

_LARGEST_MANIFEST = 50_000_000
_OF_THE_SYSTEM = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
"""What a program that shows folders leaves in them."""

_JUNCTION = 0xA0000003
"""IO_REPARSE_TAG_MOUNT_POINT; files that a cloud store keeps have other tags, and are files."""


def write(opened: Opened, folder: Path, names: Collection[str] | None = None) -> tuple[str, ...]:
    """Write the papers of a pack where nobody else can read them, all or none, and return the names of those written.

    Args:
        opened: the pack.
        folder: made for it. Where some papers of the same pack lie there already, others come beside them.
        names: of the papers to write; None for all.

    Raises:
        FileExistsError: something else lies there, or all of these papers do.
        OSError: the system refuses.
    """
    wanted = {name: paper for name, paper in opened.papers.items() if names is None or name in names}
    if folder.exists():
        if not is_of(folder, opened) or not (wanted := _missing(folder, wanted)):
            raise FileExistsError
        try:
            _write_all(folder, wanted)
        except OSError:
            for name in wanted:
                (folder / name).unlink(missing_ok=True)
            raise
        return tuple(wanted)
    beside = folder.parent / f".opening-{folder.name}"
    shutil.rmtree(beside, ignore_errors=True)  # what an earlier run left that was ended half-way
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.mkdir(mode=0o700)
        _write_all(beside, {**wanted, MANIFEST: opened.manifest_bytes, SIGNATURE: opened.signature.encode()})
        beside.rename(folder)
        durable.sync_folder(folder.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return tuple(wanted)


def is_of(folder: Path, opened: Opened) -> bool:
    """Say whether a folder is that of a pack that was opened before."""
    try:
        return (folder / MANIFEST).read_bytes() == opened.manifest_bytes
    except OSError:
        return False


def _missing(folder: Path, papers: dict[str, bytes]) -> dict[str, bytes]:
    return {name: paper for name, paper in papers.items() if not (folder / name).exists()}


def _write_all(folder: Path, papers: dict[str, bytes]) -> None:
    for name, content in papers.items():
        path = folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        durable.write_new(path, content, mode=0o600)


class NotFiledError(Exception):
    """Report that a folder is no opened pack's; `str()` says why."""


@dataclass(frozen=True)
class Filed:
    """A folder as it was found.

    Attributes:
        papers: names of the papers of the manifest that lie there as they were opened.
        missing: names of those that do not.
        others: what lies there besides: changed papers, other files, links, folders with nothing of the pack in them.
    """

    folder: Path
    manifest: Manifest = field(repr=False)
    papers: tuple[str, ...]
    missing: tuple[str, ...]
    others: tuple[str, ...]
    _files: tuple[Path, ...] = field(repr=False)
    _folders: tuple[Path, ...] = field(repr=False)

    def destroy(self) -> None:
        """Take away everything that was found, and the folder.

        Raises:
            OSError: the system refuses, or something came to lie there since; the manifest is there still, unless it came
                at the very end.
        """
        last = {self.folder / MANIFEST: 1}
        for path in sorted(self._files, key=lambda one: last.get(one, 0)):
            if path in last:
                self._take_folders_away()
            path.unlink()
        self.folder.rmdir()

    def _take_folders_away(self) -> None:
        for path in reversed(self._folders):
            path.rmdir()


def filed(folder: Path) -> Filed:
    """Return what lies in the folder of an opened pack.

    Raises:
        NotFiledError: it is a link, or its manifest is not there or none.
        OSError: it cannot be read.
    """
    if _leads_away(folder):
        raise NotFiledError("it is a link: name the folder itself")
    manifest = _manifest(folder / MANIFEST)
    files, folders = _walk(folder)
    digests = {part.name: part.sha256 for part in manifest.members}
    own = {parent.as_posix() for name in digests for parent in PurePosixPath(name).parents} - {"."}
    papers, others = [], [f"{name}/" for name in _names(folder, folders) if name not in own]
    for path, name in zip(files, _names(folder, files), strict=True):
        if name in digests and not _leads_away(path) and _digest(path) == digests[name]:
            papers.append(name)
        elif name in digests:
            others.append(f"{name} (changed since it was opened)")
        elif name not in {MANIFEST, SIGNATURE} and (
            path.name.lower() not in _OF_THE_SYSTEM or _leads_away(path)
        ):
            others.append(name)
    there = set(_names(folder, files))
    missing = tuple(name for name in digests if name not in there)
    return Filed(folder, manifest, tuple(papers), missing, tuple(others), tuple(files), tuple(folders))


def _manifest(path: Path) -> Manifest:
    if not path.is_file() or _leads_away(path):
        raise NotFiledError(f"there is no {MANIFEST} in it")
    with path.open("rb") as file:
        content = file.read(_LARGEST_MANIFEST)
    try:
        return Manifest.from_bytes(content)
    except ValueError:
        raise NotFiledError(f"its {MANIFEST} is none of a pack") from None


def _walk(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files and links below a folder, and its folders, each after the one that it lies in."""
    files: list[Path] = []
    folders: list[Path] = []
    for path in sorted(folder.iterdir()):
        if _leads_away(path) or not path.is_dir():
            files.append(path)
        else:
            below = _walk(path)
            files += below[0]
            folders += [path, *below[1]]
    return files, folders


def _leads_away(path: Path) -> bool:
    """Say whether a path is a link or, on Windows, a junction, which is one by another name."""
    found = path.lstat()
    return stat.S_ISLNK(found.st_mode) or getattr(found, "st_reparse_tag", 0) == _JUNCTION


def _names(folder: Path, paths: list[Path]) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def _digest(path: Path) -> str:
    if not stat.S_ISREG(os.lstat(path).st_mode):
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
