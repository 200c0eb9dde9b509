"""The manifest of a pack: who sends what to whom, why, until when, what is in it and what was held back.

It lies in the pack as `manifest.json`, signed; the cover sheet is drawn from it, so that the two cannot differ.
"""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

SHORT_NAME = r"[A-Za-z0-9][A-Za-z0-9-]{0,39}"
"""What stands on the outer envelope is written in: pack number, agency, sender."""
_ShortName = Annotated[str, StringConstraints(pattern=f"^{SHORT_NAME}$")]
_Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
_Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}( [0-9]{5}){7}$")]
# It is shown on terminals, where a control character can rewrite what stands there.
_Line = Annotated[str, StringConstraints(max_length=4_000, pattern=r"^[^\x00-\x08\x0b-\x1f\x7f-\x9f]*$")]
# Of a hundred thousand wrong parts the first is enough to know: each would be kept in memory.
_Lines = Annotated[tuple[_Line, ...], Field(max_length=1_000, fail_fast=True)]
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)


def _no_device(name: str) -> str:
    """Refuse what Windows takes for a device whatever its ending (Win32, "Naming Files, Paths, and Namespaces")."""
    if any(part.partition(".")[0].lower() in _DEVICES for part in name.split("/")):
        raise ValueError("the name of a device")
    return name


MemberName = Annotated[
    str,
    StringConstraints(
        pattern=r"^([A-Za-z0-9][A-Za-z0-9_-]{0,59}/)?[A-Za-z0-9][A-Za-z0-9_-]{0,59}\.(pdf|docx|xlsx|txt)$"
    ),
    AfterValidator(_no_device),
]
"""The name of a paper inside a pack: a folder at most, letters, digits and hyphens, no person's name."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class SenderPart(_Part):
    """The co-ordinator, and the signing key as an OpenSSH line."""

    agency: _ShortName
    agency_name: _Line
    name: _Line
    role: _Line
    telephone: _Line
    email: _Line
    signing_key: _Line


class SpocPart(_Part):
    """A named contact whose key opens the pack, by the key's fingerprint."""

    name: _Line
    fingerprint: _Fingerprint


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
    questions: _Lines


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


class WitnessPart(_Part):
    """The end of the sender's register before this pack: whoever holds the pack can tell if the register is cut or altered.

    Of a register without entries: number 0 and 64 zeros.
    """

    number: Annotated[int, Field(ge=0)]
    hash: _Digest


class Manifest(_Part):
    """The whole manifest; `format` says how to read it.

    Raises:
        ValidationError: something is not as it should be, or two papers differ in capital letters alone.
    """

    format: Literal["sealpack-manifest-1"] = "sealpack-manifest-1"
    pack: _ShortName
    made: dt.date
    agency: _ShortName
    agency_name: _Line
    sender: SenderPart
    spocs: Annotated[tuple[SpocPart, ...], Field(min_length=1, max_length=50, fail_fast=True)]
    meeting: MeetingPart
    marking: _Line
    purpose: _Lines
    expected: _Lines
    basis: _Lines
    keep_until: dt.date
    withheld: Annotated[tuple[WithheldPart, ...], Field(max_length=10_000, fail_fast=True)] = ()
    decisions: Annotated[tuple[DecisionPart, ...], Field(max_length=1_000, fail_fast=True)] = ()
    notices: _Lines = ()
    members: Annotated[tuple[MemberPart, ...], Field(max_length=5_000, fail_fast=True)] = ()
    witness: WitnessPart | None = None
    replaces: Annotated[str, StringConstraints(pattern=rf"^({SHORT_NAME})?$")] = ""
    """The number of the pack that this one has taken the place of; empty if there was none."""
    recovery: SpocPart | None = None
    """Who holds the area's recovery key, if it opens this pack too."""

    @model_validator(mode="after")
    def _each_paper_once(self) -> Self:
        # Some disks hold two such names for one, and the second paper would take the place of the first.
        if len({part.name.lower() for part in self.members}) < len(self.members):
            raise ValueError("a paper stands twice")
        return self

    def to_bytes(self) -> bytes:
        """Return it as JSON, the same bytes for the same manifest."""
        return self._written()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the manifest that `to_bytes` wrote, now or in an earlier edition with fewer optional parts.

        Raises:
            ValueError: it is anything else. What JSON lets be read in two ways (a part that stands twice, NaN, a number
                for a date) is refused with the rest, since it is not written so.
        """
        found = cls.model_validate_json(content)
        if found._written(exclude_unset=True) != content:  # noqa: SLF001 - of its own class
            raise ValueError("written in another way")
        return found

    def _written(self, *, exclude_unset: bool = False) -> bytes:
        return (self.model_dump_json(indent=1, exclude_unset=exclude_unset) + "\n").encode()
