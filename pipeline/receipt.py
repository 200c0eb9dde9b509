"""A receipt: who opened which pack when, and took its terms, signed by the key that opened it (RECORD-5).

It is text, to be sent back as a small file or pasted into a reply. Writer and reader stand side by side:

    sealpack-receipt-v1
    Pack: P-7F3K-2M9Q
    From: brackenford-council
    For: housing
    File: <SHA-256 of the sealed file>
    Opened: 2026-12-02T09:31Z
    By: Linden Hatstand
    Key: <fingerprint of the key, see keys.public>
    Terms: accepted
    Slip: MAPPA-2026-1270 mappa-j
    -----BEGIN SSH SIGNATURE-----
    …
    -----END SSH SIGNATURE-----

with a line `Slip` for each paper that has a slip to send back (Form J), or none. What is signed is every line above the
signature, each with a line feed, in namespace `sealpack-receipt` (`ssh-keygen -Y verify`). Around it there may be
anything, and marks of quotation, spaces and other line ends may have come before and after its lines on the way.
"""

import datetime as dt
import email
import email.policy
import hashlib
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from forms.catalogue import FORMS
from keys import sshsig
from keys.directory import Directory
from keys.directory import Entry as KeyEntry
from keys.errors import SignatureError
from pipeline.problem import Stopped
from pipeline.register import Recorded, Register

NAMESPACE = "sealpack-receipt"
LARGEST = 64 << 20
"""Bytes of a file that receipts are looked for in: a mail may bring back the pack as well."""
_TITLE = "sealpack-receipt-v1"
_END = "-----END SSH SIGNATURE-----"
_BEGIN = "-----BEGIN SSH SIGNATURE-----"
_LONGEST = 500
"""Lines between a title and the end of its signature, beyond which it is none."""
_NAMES = ("Pack", "From", "For", "File", "Opened", "By", "Key", "Terms")
_SHAPES = {
    "Pack": r"P-[0-9A-Z]{4}-[0-9A-Z]{4}",
    "From": r"[A-Za-z0-9-]{1,40}",
    "For": r"[A-Za-z0-9-]{1,40}",
    "File": r"[0-9a-f]{64}",
    "Opened": r"\d{4}-\d\d-\d\dT\d\d:\d\dZ",
    "By": r"[^\x00-\x1f\x7f-\x9f]{1,200}",
    "Key": r"\d{5}( \d{5}){7}",
    "Terms": "accepted",
}
_SLIP = re.compile(r"([A-Za-z0-9._-]{1,80}) ([a-z0-9-]{1,40})")
_QUOTED = re.compile(r"^[\s>|\u00a0\ufeff]+")
_ASK = "Ask for the receipt again: the file that `sealpack open` wrote, as an attachment."


class BadReceipt(Stopped):
    """A receipt that is refused; the text says why and `hint` what to do."""

    def __init__(self, message: str, hint: str = _ASK) -> None:
        super().__init__(message, hint)


@dataclass(frozen=True)
class Receipt:
    """What a receipt says; its repr names nobody.

    Attributes:
        pack, sender, agency: as on the outer envelope.
        file: SHA-256 of the sealed file.
        opened: when, UTC, to the minute.
        by: the named contact.
        key: fingerprint of his or her key, which signs.
        slips: case and form of each paper that has a slip to send back.
    """

    pack: str
    sender: str
    agency: str
    file: str
    opened: dt.datetime
    by: str = field(repr=False)
    key: str
    slips: tuple[tuple[str, str], ...] = ()

    def text(self, sign: Callable[[bytes, str], str]) -> str:
        """Return it signed: `sign` takes message and namespace and gives an armoured SSHSIG."""
        return self._said() + sign(self._said().encode(), NAMESPACE)

    @property
    def digest(self) -> str:
        """SHA-256 of what it says, by which it is known when it comes twice."""
        return hashlib.sha256(self._said().encode()).hexdigest()

    def _said(self) -> str:
        values = (
            self.pack,
            self.sender,
            self.agency,
            self.file,
            f"{self.opened:%Y-%m-%dT%H:%MZ}",
            self.by,
            self.key,
        )
        lines = [f"{name}: {value}" for name, value in zip(_NAMES, (*values, "accepted"), strict=True)]
        return "\n".join([_TITLE, *lines, *(f"Slip: {case} {form}" for case, form in self.slips), ""])


@dataclass(frozen=True)
class Signed:
    """A receipt as it was read, and the public line of the key that signed it."""

    receipt: Receipt
    signer: str


def read(data: bytes) -> list[Signed | BadReceipt]:
    """Return every receipt in a file: alone, several, in the text of a mail, or in a mail as it was saved (.eml).

    One that is cut off, altered, or none that this program knows stands there as the `BadReceipt` that says so; a file
    without any gives one such.
    """
    if len(data) > LARGEST:
        return [
            BadReceipt(
                "The file is too large to look for a receipt in.", "Save the receipt alone, and take that in."
            )
        ]
    found: dict[tuple[Receipt, str] | BadReceipt, Signed | BadReceipt] = {}
    for text in _texts(data):
        for lines in _blocks(text):
            try:
                signed = _parsed(lines)
                found[signed.receipt, signed.signer] = signed
            except BadReceipt as error:
                found[error] = error
    return list(found.values()) or [BadReceipt("There is no receipt in it.")]


def _texts(data: bytes) -> Iterator[str]:
    """Yield the text of a file; of a mail that of each of its parts, unpacked."""
    if re.match(rb"[A-Za-z-]+:[^\n]*\n", data.lstrip(b"\xef\xbb\xbf")) and re.search(
        rb"(?i)\nMIME-Version:", data[:65_536]
    ):
        try:
            yield from _parts(data)
        except (
            IndexError,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        ):  # what `email` raises at mails made to
            pass
        else:
            return
    yield data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")


def _parts(mail: bytes) -> list[str]:
    parts = []
    for part in email.message_from_bytes(mail, policy=email.policy.default).walk():
        content = b"" if part.is_multipart() else part.get_payload(decode=True)
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
        parts.append(_of_html(text) if part.get_content_type() == "text/html" else text)
    return parts


def _of_html(text: str) -> str:
    """Return the lines of a mail in HTML, as far as a receipt in it needs them."""
    lines = re.sub(r"(?i)<(?:br|/p|/div|/tr|/li)\b[^>]{0,200}>", "\n", text)
    return html.unescape(re.sub(r"<[^<>]{0,2000}>", "", lines))


def _blocks(text: str) -> Iterator[list[str]]:
    """Yield the lines of each receipt in a text, title to end of signature, tidied."""
    lines = [_QUOTED.sub("", line).rstrip() for line in re.split(r"\r\n|\r|\n", text)]
    for at, line in enumerate(lines):
        if line == _TITLE:
            block = [one for one in lines[at : at + _LONGEST] if one]
            yield block[: block.index(_END) + 1] if _END in block else block[:1]


def _parsed(lines: list[str]) -> Signed:
    if _BEGIN not in lines:
        raise BadReceipt("The receipt is cut off: its signature is missing, or the end of it.")
    at = lines.index(_BEGIN)
    said = "".join(f"{line}\n" for line in lines[:at])
    try:
        signer = sshsig.verify("\n".join([*lines[at:], ""]), said.encode(), NAMESPACE)
    except SignatureError:
        raise BadReceipt("The signature of the receipt does not hold: something in it was altered.") from None
    told = [line.partition(": ") for line in lines[1:at]]
    values = {name: value for name, _, value in told[: len(_NAMES)]}
    slips = [_SLIP.fullmatch(value) for name, _, value in told[len(_NAMES) :] if name == "Slip"]
    right = tuple(values) == _NAMES and len(told) == len(_NAMES) + len(slips) and all(slips)
    try:
        opened = dt.datetime.strptime(values.get("Opened", ""), "%Y-%m-%dT%H:%MZ").replace(tzinfo=dt.UTC)
    except ValueError:
        right = False
    if not right or not all(
        re.fullmatch(_SHAPES[name], values[name], re.ASCII if name != "By" else 0) for name in _NAMES
    ):
        raise BadReceipt("The receipt is not laid out as one that this program knows.", "Use a newer program.")
    receipt = Receipt(
        values["Pack"], values["From"], values["For"], values["File"], opened, values["By"], values["Key"],
        tuple((found[1], found[2]) for found in slips if found),
    )  # fmt: skip
    return Signed(receipt, sshsig.public_line(signer))


def examine(
    signed: Signed, register: Register, directory: Directory, today: dt.date
) -> tuple[Recorded, KeyEntry]:
    """Return the pack that a receipt is for and the key that signed it, if both are known and fit.

    Args:
        signed: the receipt.
        register: the area's, open.
        directory: the area's keys, those in use no more too.
        today: a receipt is of no later day.

    Raises:
        BadReceipt: no such pack was sealed here, or not as this file, or not for this key; the key is somebody else's, or is
            revoked; a slip is of no paper in it; the day cannot be.
    """
    receipt = signed.receipt
    sealed = register.pack(receipt.pack)
    if sealed is None or sealed.agency != receipt.agency:
        raise BadReceipt(
            f"No pack {receipt.pack} for {receipt.agency} is on record here.",
            "Check that it was sent by this area; a receipt goes back to whoever sent the pack.",
        )
    if sealed.digest != receipt.file:
        raise BadReceipt(
            f"The file that was opened is not the pack {receipt.pack} as it was sealed here.",
            f"Ring {receipt.agency}: somebody may have sent another file under this number.",
        )
    entry = next((one for one in directory.entries if one.fingerprint == receipt.key), None)
    if entry is None or receipt.key.replace(" ", "-") not in sealed.keys:
        raise BadReceipt(f"The pack {receipt.pack} was not sealed for the key that the receipt names.")
    if entry.keys.signing != signed.signer or entry.spoc != receipt.by:
        raise BadReceipt(
            f"The receipt for {receipt.pack} is not signed by the person and key that it names.",
            f"Ring {receipt.agency} on a number that you know already.",
        )
    if entry.revocation:  # the day that it names proves nothing: whoever has the key now could write any
        raise BadReceipt(
            f"The receipt for {receipt.pack} is signed with a key that is revoked.",
            f"Ring {receipt.agency} on a number that you know already. If the pack was opened by the right person, record it by "
            "hand: sealpack register received",
        )
    if any(
        case not in sealed.cases or form not in FORMS or FORMS[form].slip is None
        for case, form in receipt.slips
    ):
        raise BadReceipt(f"The receipt for {receipt.pack} has a slip of a paper that is not in it.")
    opened = receipt.opened.date()
    # A day is given to clocks and zones; in a rehearsal the day of the rules is another than that of the clock.
    first, last = (
        min(sealed.day, sealed.at.date()) - dt.timedelta(1),
        max(today, sealed.at.date()) + dt.timedelta(1),
    )
    if not first <= opened <= last:
        raise BadReceipt(
            f"The receipt for {receipt.pack} is of a day on which it cannot have been opened.",
            "Ask whether the clock of that computer is right, and have the pack opened once more.",
        )
    return sealed, entry
