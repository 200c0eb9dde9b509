"""The file that the register is kept in: its tables and guards, how it is opened, and what is said when it cannot be."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from pipeline.problem import Stopped
from pipeline.register.proof import BEGINNING, Head, Row

_APPLICATION: Final = 0x5EA19ACC
_SCHEMA: Final = 1
_BUSY_SECONDS: Final = 30.0
_DISK: Final = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}

# The searchable columns are computed from the facts, so that they cannot say anything else. The two *_follows also stop
# INSERT OR REPLACE, which deletes without firing a DELETE trigger (sqlite.org/lang_conflict.html).
_STATEMENTS: Final = (
    """CREATE TABLE entry (
  number INTEGER PRIMARY KEY,
  facts TEXT NOT NULL,
  hash TEXT NOT NULL,
  kind TEXT GENERATED ALWAYS AS (json_extract(facts, '$.kind')) VIRTUAL,
  at TEXT GENERATED ALWAYS AS (json_extract(facts, '$.at')) VIRTUAL,
  meeting TEXT GENERATED ALWAYS AS (json_extract(facts, '$.meeting')) VIRTUAL,
  agency TEXT GENERATED ALWAYS AS (json_extract(facts, '$.agency')) VIRTUAL,
  pack TEXT GENERATED ALWAYS AS (json_extract(facts, '$.pack')) VIRTUAL,
  content TEXT GENERATED ALWAYS AS (json_extract(facts, '$.content')) VIRTUAL,
  supersedes TEXT GENERATED ALWAYS AS (json_extract(facts, '$.supersedes')) VIRTUAL
)""",
    "CREATE TABLE head (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, signature TEXT NOT NULL)",
    "CREATE INDEX entry_meeting ON entry (meeting, agency)",
    "CREATE INDEX entry_pack ON entry (pack)",
    "CREATE INDEX entry_content ON entry (content)",
    "CREATE INDEX entry_supersedes ON entry (supersedes)",
    """CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END""",
    """CREATE TRIGGER entry_remains BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'an entry is never removed'); END""",
    """CREATE TRIGGER entry_follows BEFORE INSERT ON entry
  WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM entry)
  BEGIN SELECT RAISE(ABORT, 'an entry takes the next number'); END""",
    """CREATE TRIGGER head_stays BEFORE UPDATE ON head
  BEGIN SELECT RAISE(ABORT, 'a signature is never changed'); END""",
    """CREATE TRIGGER head_remains BEFORE DELETE ON head
  BEGIN SELECT RAISE(ABORT, 'a signature is never removed'); END""",
    """CREATE TRIGGER head_follows BEFORE INSERT ON head
  WHEN NEW.number IS NOT (SELECT max(number) FROM entry) OR NEW.number IN (SELECT number FROM head)
  BEGIN SELECT RAISE(ABORT, 'a signature is for the last entry'); END""",
)


class RegisterError(Stopped):
    """Report that the register cannot be read or written."""


class RegisterBusyError(RegisterError):
    """Report that somebody else has not let go of the register in time."""


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open the file, making its tables if it is new and `create` is true.

    Raises:
        RegisterError: it is no register, a newer program made it, or it cannot be opened.
    """
    with in_words(path):
        if create:  # SQLite makes it for everybody to read; an administrator may let colleagues in
            path.touch(mode=0o600)
        database = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            _prepare(database, path, create=create)
        except BaseException:
            database.close()
            raise
    return database


def guarded(database: sqlite3.Connection) -> bool:
    """Return whether the tables and their guards are as they were made."""
    there = database.execute(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {sql for (sql,) in there} == set(_STATEMENTS)


def sound(database: sqlite3.Connection) -> bool:
    """Return whether the file fits itself: its pages, and its indexes the entries."""
    try:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    except sqlite3.OperationalError:  # facts that are no JSON stop the check
        return False


def contents(database: sqlite3.Connection) -> tuple[tuple[Row, ...], tuple[Head, ...]]:
    """Return the entries in order and the signed heads as they stand, whatever somebody has put there."""
    rows = database.execute("SELECT number, CAST(facts AS BLOB), CAST(hash AS BLOB) FROM entry ORDER BY number")
    entries = tuple(Row(number, bytes(facts), _text(digest)) for number, facts, digest in rows)
    signed = database.execute("SELECT number, CAST(hash AS BLOB), CAST(signature AS BLOB) FROM head")
    return entries, tuple(Head(number, _text(digest), _text(signature)) for number, digest, signature in signed)


def tells_of_entries(path: Path) -> bool:
    """Return whether the `register.head` beside a register, which may be gone, was signed for one with entries.

    Raises:
        RegisterError: it is there and cannot be read.
    """
    with in_words(path), suppress(FileNotFoundError):
        return path.with_suffix(".head").read_text(encoding="utf-8", errors="replace") != BEGINNING.text()
    return False


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Say what SQLite or the disk has against it in a user's words.

    Raises:
        RegisterError: instead of what they raise.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest tells variants apart
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise RegisterBusyError(
                f"Somebody else is writing in {path.name}.",
                "Try again in a minute. If nobody else is at work here, its folder cannot lock files, as some network shares cannot:"
                " ask whoever looks after it.",
            ) from None
        if code in _DISK:
            raise RegisterError(
                f"{path.name} cannot be opened or written.",
                "Check that its folder is there, that you may write in it, and that the disk is not full.",
            ) from None
        raise RegisterError(
            f"{path.name} is not a register of shares, or it is damaged.",
            "Check the path, or put the newest copy of it back; nothing was altered.",
        ) from None
    except OSError:
        raise RegisterError(
            f"{path.with_suffix('.head').name} cannot be read or written.",
            "Check that you may write in its folder, and that the disk is not full.",
        ) from None


def _prepare(database: sqlite3.Connection, path: Path, *, create: bool) -> None:
    if create and _new(database):
        database.execute("BEGIN IMMEDIATE")
        if _new(database):  # nobody else has made it meanwhile
            for statement in _STATEMENTS:
                database.execute(statement)
            database.execute(f"PRAGMA application_id = {_APPLICATION}")
            database.execute(f"PRAGMA user_version = {_SCHEMA}")
        database.execute("COMMIT")
    if _number(database, "PRAGMA application_id") != _APPLICATION:
        raise RegisterError(f"{path.name} is not a register of shares.", "Check the path; nothing was altered.")
    if _number(database, "PRAGMA user_version") != _SCHEMA:
        raise RegisterError(
            f"{path.name} was made by a newer sealpack than this one.",
            "Install the newest sealpack and try again; nothing was altered.",
        )
    # A write-ahead log needs memory that its users share, and areas lie on network shares (sqlite.org/wal.html).
    database.execute("PRAGMA journal_mode = DELETE")
    # EXTRA is FULL and also syncs the folder when the journal is gone: else a power cut could bring the journal back and
    # with it undo the entry of a pack that is in the outbox already (sqlite.org/pragma.html, synchronous).
    database.execute("PRAGMA synchronous = EXTRA")


def _new(database: sqlite3.Connection) -> bool:
    questions = ("SELECT count(*) FROM sqlite_schema", "PRAGMA application_id", "PRAGMA user_version")
    return not any(_number(database, question) for question in questions)


def _number(database: sqlite3.Connection, question: str) -> int:
    return int(database.execute(question).fetchone()[0])


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="replace")
