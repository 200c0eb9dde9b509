"""Who a file is sealed for, and who opens it: a Recipient wraps the file key, an Identity unwraps it.

The native types of C2SP age.md: `mlkem768x25519` (hybrid, safe against a later quantum computer), `X25519`
(classic) and `scrypt` (a passphrase), each with its writer and reader side by side.
"""

import hashlib
import os
import re
from collections.abc import Sequence
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from keys import bech32
from keys.errors import AgeError, HeaderError
from keys.stanza import Stanza, decode_unpadded, encode_unpadded

X25519 = "X25519"
HYBRID = "mlkem768x25519"
SCRYPT = "scrypt"
DEFAULT_WORK_FACTOR = 18
HIGHEST_WORK_FACTOR = 22  # 4 GiB and some 20 s: beyond that a stranger's file would stop the machine

FILE_KEY_SIZE = 16
_WRAPPED_SIZE = FILE_KEY_SIZE + 16
_ZERO_NONCE = bytes(12)
_X25519_INFO = b"age-encryption.org/v1/X25519"
_HYBRID_INFO = b"age-encryption.org/mlkem768x25519"
_SCRYPT_SALT = b"age-encryption.org/v1/scrypt"
_MLKEM_PUBLIC = 1184
_ENC_SIZE = 1120  # KEM.enc_length() came only after cryptography 48
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_DAMAGED = "Ask the sender for a fresh copy; the file was damaged on its way."
_COPY_KEY = "Copy the key again, whole, from where it came."


class Recipient(Protocol):
    """Whom a file is sealed for."""

    def wrap(self, file_key: bytes) -> list[Stanza]:
        """Give the stanzas from which the holder gets the file key."""


class Identity(Protocol):
    """Who opens a file."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Give the file key, or None when no stanza is for this identity; raise HeaderError for a faulty one."""


class X25519Recipient:
    """A classic public key, `age1…`."""

    def __init__(self, public: bytes) -> None:
        self._public = public
        self._key = X25519PublicKey.from_public_bytes(public)

    def wrap(self, file_key: bytes) -> list[Stanza]:
        """Wrap the file key under a fresh key agreement."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        try:
            shared = ephemeral.exchange(self._key)
        except ValueError:
            raise AgeError("This public key is not a usable one.", _COPY_KEY) from None
        wrap_key = _hkdf(shared, share + self._public, _X25519_INFO)
        body = ChaCha20Poly1305(wrap_key).encrypt(_ZERO_NONCE, file_key, None)
        return [Stanza(X25519, (encode_unpadded(share),), body)]

    def __str__(self) -> str:
        return bech32.encode("age", self._public)


class X25519Identity:
    """A classic private key, `AGE-SECRET-KEY-1…`. Its repr and str never show it."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._key = X25519PrivateKey.from_private_bytes(secret)
        self._public = self._key.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> Self:
        """Make a new key from the system's generator."""
        return cls(os.urandom(32))

    def recipient(self) -> X25519Recipient:
        """Give the public key."""
        return X25519Recipient(self._public)

    def secret_text(self) -> str:
        """Spell the secret out, for a key file and nothing else."""
        return bech32.encode("age-secret-key-", self._secret).upper()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Try every X25519 stanza."""
        for stanza in stanzas:
            if stanza.type != X25519:
                continue
            share = _only_argument(stanza, 32)
            try:
                shared = self._key.exchange(X25519PublicKey.from_public_bytes(share))
            except ValueError:  # a low-order point, whose shared secret is all zero
                raise HeaderError(
                    "A stanza in the header of this file holds an unusable key.", _DAMAGED
                ) from None
            file_key = _open_body(_hkdf(shared, share + self._public, _X25519_INFO), stanza.body)
            if file_key is not None:
                return file_key
        return None


class HybridRecipient:
    """A post-quantum public key, `age1pq…`: ML-KEM-768 with X25519."""

    def __init__(self, public: bytes) -> None:
        self._public = public
        self._key = hpke.MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC:]),
        )

    def wrap(self, file_key: bytes) -> list[Stanza]:
        """Wrap the file key with HPKE in base mode (RFC 9180)."""
        try:
            sealed = _SUITE.encrypt(file_key, self._key, _HYBRID_INFO)
        except ValueError:  # the X25519 half is a low-order point
            raise AgeError("This public key is not a usable one.", _COPY_KEY) from None
        return [Stanza(HYBRID, (encode_unpadded(sealed[:_ENC_SIZE]),), sealed[_ENC_SIZE:])]

    def __str__(self) -> str:
        return bech32.encode("age1pq", self._public)


class HybridIdentity:
    """A post-quantum private key, `AGE-SECRET-KEY-PQ-1…`. Its repr and str never show it."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError("the seed of a hybrid key is 32 bytes")
        self._seed = seed
        expanded = hashlib.shake_256(seed).digest(96)
        self._mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        self._x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self._key = hpke.MLKEM768X25519PrivateKey(self._mlkem, self._x25519)

    @classmethod
    def generate(cls) -> Self:
        """Make a new key from the system's generator."""
        return cls(os.urandom(32))

    def recipient(self) -> HybridRecipient:
        """Give the public key."""
        return HybridRecipient(
            self._mlkem.public_key().public_bytes_raw() + self._x25519.public_key().public_bytes_raw()
        )

    def secret_text(self) -> str:
        """Spell the secret out, for a key file and nothing else."""
        return bech32.encode("age-secret-key-pq-", self._seed).upper()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Try every hybrid stanza."""
        for stanza in stanzas:
            if stanza.type != HYBRID:
                continue
            enc = _only_argument(stanza, _ENC_SIZE)
            _check_body(stanza.body)
            try:
                return _SUITE.decrypt(enc + stanza.body, self._key, _HYBRID_INFO)
            except InvalidTag:  # all that HPKE says: for another key, or altered
                continue
        return None


class ScryptRecipient:
    """A passphrase to seal with. It must be the only recipient of a file.

    Args:
        passphrase: Any text that is not empty.
        work_factor: Base-two logarithm of the work; 18 is about a second and 256 MiB.

    Raises:
        ValueError: For an empty passphrase or a work factor outside 1 to 22.
    """

    def __init__(self, passphrase: str, work_factor: int = DEFAULT_WORK_FACTOR) -> None:
        if not passphrase or not 1 <= work_factor <= HIGHEST_WORK_FACTOR:
            raise ValueError("a passphrase is not empty, and a work factor is from 1 to 22")
        self._passphrase = passphrase
        self._work_factor = work_factor

    def wrap(self, file_key: bytes) -> list[Stanza]:
        """Wrap the file key under a key stretched from the passphrase."""
        salt = os.urandom(16)
        wrap_key = _stretch(self._passphrase, salt, self._work_factor)
        body = ChaCha20Poly1305(wrap_key).encrypt(_ZERO_NONCE, file_key, None)
        return [Stanza(SCRYPT, (encode_unpadded(salt), str(self._work_factor)), body)]


class ScryptIdentity:
    """A passphrase to open with. Files that ask for more work than factor 22 are refused."""

    def __init__(self, passphrase: str) -> None:
        self._passphrase = passphrase

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Try the passphrase, if the file is sealed with one."""
        if not any(stanza.type == SCRYPT for stanza in stanzas):
            return None
        if len(stanzas) != 1 or len(stanzas[0].args) != 2:
            raise HeaderError("The passphrase stanza of this file is not as it should be.", _DAMAGED)
        salt = _decode(stanzas[0].args[0], 16)
        if not re.fullmatch(r"[1-9][0-9]?", stanzas[0].args[1]):
            raise HeaderError("The work factor of this file is not a number in its range.", _DAMAGED)
        work_factor = int(stanzas[0].args[1])
        if work_factor > HIGHEST_WORK_FACTOR:
            raise HeaderError(
                f"Opening this file would take more memory than is reasonable (work factor {work_factor}).",
                f"The sender can seal it again with a work factor of {HIGHEST_WORK_FACTOR} or less.",
            )
        _check_body(stanzas[0].body)
        return _open_body(_stretch(self._passphrase, salt, work_factor), stanzas[0].body)


def _hkdf(ikm: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=salt, info=info).derive(ikm)


def _stretch(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    return Scrypt(_SCRYPT_SALT + salt, length=32, n=1 << work_factor, r=8, p=1).derive(passphrase.encode())


def _decode(text: str, size: int) -> bytes:
    try:
        data = decode_unpadded(text)
    except ValueError:
        data = b""
    if len(data) != size:
        raise HeaderError("A stanza in the header of this file is not as it should be.", _DAMAGED)
    return data


def _only_argument(stanza: Stanza, size: int) -> bytes:
    if len(stanza.args) != 1:
        raise HeaderError("A stanza in the header of this file is not as it should be.", _DAMAGED)
    return _decode(stanza.args[0], size)


def _check_body(body: bytes) -> None:
    # Before any attempt at opening it: age.md, against partitioning oracles.
    if len(body) != _WRAPPED_SIZE:
        raise HeaderError("The wrapped key in the header of this file has the wrong size.", _DAMAGED)


def _open_body(wrap_key: bytes, body: bytes) -> bytes | None:
    _check_body(body)
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_ZERO_NONCE, body, None)
    except InvalidTag:
        return None
