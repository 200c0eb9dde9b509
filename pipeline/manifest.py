"""The manifest of a pack: who sends what to whom, why, until when, what is in it and what was held back.

It lies in the pack as `manifest.json`, signed; the cover sheet is drawn from it, so that the two cannot differ.
"""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
_Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MemberName = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]{0,59}/)?[A-Za-z0-9][A-Za-z0-9_-]{0,59}\.(pdf|docx|xlsx|txt)$"
    ),
]
"""The name of a paper inside a pack: a folder at most, letters, digits and hyphens, no person's name."""
_Line = Annotated[str, StringConstraints(max_length=4_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SenderPart(_Part):
    """The co-ordinator, and the signing key as an OpenSSH line."""

    agency: _Reference
    agency_name: _Line
    name: _Line
    role: _Line
    telephone: _Line
    email: _Line
    signing_key: _Line


class SpocPart(_Part):
    """A named contact whose key opens the pack, by the key's fingerprint."""

    name: _Line
    fingerprint: _Line


class MemberPart(_Part):
    """A paper: its name in the pack, title, marking, case (empty for papers of the meeting), size in bytes, SHA-256."""

    name: MemberName
    title: _Line
    marking: _Line
    case: _Line = ""
    size: Annotated[int, Field(ge=0)]
    sha256: _Digest


class WithheldPart(_Part):
    """Questions of a case held back by a rule: as printed on the form, never what was answered (SHARE-14)."""

    case: _Reference
    rule: _Line
    label: _Line
    questions: tuple[_Line, ...]


class DecisionPart(_Part):
    """A rule set aside by a named person, with the reason."""

    rule: _Line
    label: _Line
    case: _Line = ""
    by: _Line
    role: _Line
    on: dt.date
    reason: _Line


class MeetingPart(_Part):
    """The meeting that the papers are for."""

    id: _Reference
    title: _Line
    date: dt.date
    time: _Line
    place: _Line
    chair: _Line
    emergency: bool = False


class Manifest(_Part):
    """The whole manifest; `format` says how to read it."""

    format: Literal["sealpack-manifest-1"] = "sealpack-manifest-1"
    pack: _Reference
    made: dt.date
    agency: _Reference
    agency_name: _Line
    sender: SenderPart
    spocs: Annotated[tuple[SpocPart, ...], Field(min_length=1, max_length=50)]
    meeting: MeetingPart
    marking: _Line
    purpose: tuple[_Line, ...]
    expected: tuple[_Line, ...]
    basis: tuple[_Line, ...]
    keep_until: dt.date
    withheld: Annotated[tuple[WithheldPart, ...], Field(max_length=10_000)] = ()
    decisions: Annotated[tuple[DecisionPart, ...], Field(max_length=1_000)] = ()
    notices: tuple[_Line, ...] = ()
    members: Annotated[tuple[MemberPart, ...], Field(max_length=5_000)] = ()

    def to_bytes(self) -> bytes:
        """Return it as JSON, the same bytes for the same manifest."""
        return (self.model_dump_json(indent=1) + "\n").encode()
