"""The sealed papers themselves: STREAM, chunk by chunk (C2SP age.md, "Payload")."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from keys.errors import PayloadError
from keys.source import Source, Writer

NONCE_SIZE = 16
_CHUNK = 1 << 16
_SEALED_CHUNK = _CHUNK + 16
# Chunks read and written at a time: few calls, and memory stays at a few MiB whatever the file's size.
_CHUNKS_A_BLOCK = 16
_HINT = "Ask the sender for a fresh copy."


def seal_payload(file_key: bytes, nonce: bytes, source: Source, writer: Writer) -> None:
    """Seal everything the source gives.

    Args:
        file_key: 16 bytes.
        nonce: 16 random bytes, already written.
        source: The plain text.
        writer: Takes the sealed chunks.
    """
    cipher = _cipher(file_key, nonce)
    number = 0
    block = source.read(_CHUNK * _CHUNKS_A_BLOCK)
    while True:
        following = source.read(_CHUNK * _CHUNKS_A_BLOCK)
        plain = memoryview(block)
        chunks = [plain[at : at + _CHUNK] for at in range(0, len(plain), _CHUNK)] or [plain]
        last = number + len(chunks) - 1 if not following else -1
        writer.write(
            b"".join(
                cipher.encrypt(_nonce(n, last=n == last), chunk, None) for n, chunk in enumerate(chunks, number)
            )
        )
        if not following:
            return
        number += len(chunks)
        block = following


def open_payload(file_key: bytes, nonce: bytes, source: Source, writer: Writer) -> None:
    """Open everything the source gives; each chunk is written once it is proved genuine, and no other.

    Args:
        file_key: 16 bytes.
        nonce: The 16 bytes before the first chunk.
        source: At the first chunk.
        writer: Takes the plain text.

    Raises:
        PayloadError: For a chunk altered, missing, added or out of order. What was written before is genuine,
            but not the whole.
    """
    cipher = _cipher(file_key, nonce)
    number = 0
    ended = False
    while block := source.read(_SEALED_CHUNK * _CHUNKS_A_BLOCK):
        plain: list[bytes] = []
        sealed = memoryview(block)
        try:
            for at in range(0, len(sealed), _SEALED_CHUNK):
                if ended:
                    raise PayloadError("Something was added after the end of the sealed file.", _HINT)
                chunk, ended = _open_chunk(cipher, number, sealed[at : at + _SEALED_CHUNK])
                plain.append(chunk)
                number += 1
        finally:
            writer.write(b"".join(plain))
    if not ended:
        raise PayloadError("The sealed file is cut off: its end is missing.", _HINT)


def _open_chunk(cipher: ChaCha20Poly1305, number: int, sealed: memoryview) -> tuple[bytes, bool]:
    """Give the chunk, and whether it is the last."""
    # A full chunk may be the last or not; a shorter one is the last, and empty only if it is the only one.
    candidates = (False, True) if len(sealed) == _SEALED_CHUNK else (True,)
    for last in candidates:
        try:
            plain = cipher.decrypt(_nonce(number, last=last), sealed, None)
        except InvalidTag:
            continue
        if not plain and number:
            break
        return plain, last
    raise PayloadError("The sealed file was damaged or altered, or is cut off.", _HINT)


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(hashes.SHA256(), 32, salt=nonce, info=b"payload").derive(file_key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
