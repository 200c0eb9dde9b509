"""The public half of a person's keys: what is handed to others, and the fingerprint read out on the telephone."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from keys.age import AgeError, HybridRecipient, X25519Recipient, parse_recipient
from keys.errors import KeyFileError, SignatureError
from keys.sshsig import parse_public_line, public_line

_FIRST_LINE = "# sealpack public keys, version 1"
_SIGNING = "# signing key: "
_FINGERPRINT_DOMAIN = b"sealpack.fingerprint.v1\0"
_GROUPS = 8
_HINT = "Ask its owner to send the file of public keys again, as an attachment."


@dataclass(frozen=True)
class PublicKeys:
    """Two public keys of one person, each in its one canonical spelling.

    Attributes:
        recipient: What is sealed for: `age1pq1…` or `age1…`.
        signing: What signatures are checked with: `ssh-ed25519 AAAA…`, without a comment.

    Raises:
        KeyFileError: When either cannot be read.
    """

    recipient: str
    signing: str

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "recipient", str(parse_recipient(self.recipient)))
            object.__setattr__(self, "signing", public_line(parse_public_line(self.signing)))
        except (AgeError, SignatureError) as error:
            raise KeyFileError(str(error), error.hint) from None

    def sealing_key(self) -> X25519Recipient | HybridRecipient:
        """Give the recipient to seal for."""
        return parse_recipient(self.recipient)

    def signing_key(self) -> Ed25519PublicKey:
        """Give the key to check signatures with."""
        return parse_public_line(self.signing)

    @property
    def post_quantum(self) -> bool:
        """Tell whether what is sealed for this person withstands a later quantum computer."""
        return self.recipient.startswith("age1pq1")


def fingerprint(public: PublicKeys) -> str:
    """Give a short proof of both public keys, to be read out on the telephone.

    SHA-256 is taken over `sealpack.fingerprint.v1`, a zero byte, the recipient in its canonical Bech32 spelling, a
    line feed, and the OpenSSH line without a comment, all in ASCII. The digest as a big-endian number modulo 10^40,
    with leading zeros, is the fingerprint: 40 digits, over 132 bits.

    Returns:
        Eight groups of five digits, with single spaces.
    """
    digest = hashlib.sha256(_FINGERPRINT_DOMAIN + f"{public.recipient}\n{public.signing}".encode()).digest()
    digits = f"{int.from_bytes(digest, 'big') % 10 ** (5 * _GROUPS):0{5 * _GROUPS}d}"
    return " ".join(digits[at : at + 5] for at in range(0, len(digits), 5))


def public_text(public: PublicKeys) -> str:
    """Write the small file that is handed to others (`NAME.pub`).

    It holds no fingerprint: that must come from its owner by another channel. The signing key stands in a comment,
    so that `age -R NAME.pub` takes the file as it is and does not seal for the signing key.
    """
    return f"{_FIRST_LINE}\n{_SIGNING}{public.signing}\n{public.recipient}\n"


def parse_public_text(text: str) -> PublicKeys:
    """Read what `public_text` wrote; other line ends, empty lines and a byte order mark are forgiven.

    Raises:
        KeyFileError: When it is something else, or a key in it is damaged.
    """
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines() if line.strip()]
    if any(line.upper().startswith("AGE-SECRET-KEY-") for line in lines):
        raise KeyFileError(
            "This is a file of private keys.", "Give the file of public keys instead; nobody may see this."
        )
    if not lines or lines[0] != _FIRST_LINE:
        raise KeyFileError("This is not a file of public keys.", _HINT)
    signing = [line.removeprefix(_SIGNING) for line in lines if line.startswith(_SIGNING)]
    recipients = [line for line in lines if not line.startswith("#")]
    if len(signing) != 1 or len(recipients) != 1:
        raise KeyFileError(
            "A file of public keys holds one sealing key and one signing key; this does not.", _HINT
        )
    return PublicKeys(recipients[0], signing[0])
