"""Bech32, the spelling of age keys (BIP 173, without its limit of 90 characters, as C2SP age.md asks)."""

import base64
import binascii

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_RFC4648 = str.maketrans(_CHARSET, _RFC4648)
_TO_BECH32 = str.maketrans(_RFC4648, _CHARSET)
_VALUE = {char: value for value, char in enumerate(_CHARSET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# What the five bits shifted out of the checksum add to it: one look-up instead of five tests a character.
_SHIFTED_OUT = [
    (top & 1) * _GENERATOR[0]
    ^ (top >> 1 & 1) * _GENERATOR[1]
    ^ (top >> 2 & 1) * _GENERATOR[2]
    ^ (top >> 3 & 1) * _GENERATOR[3]
    ^ (top >> 4 & 1) * _GENERATOR[4]
    for top in range(32)
]


def encode(hrp: str, data: bytes) -> str:
    """Spell bytes as Bech32 in lower case.

    Args:
        hrp: The human-readable part, lower case, such as `age`.
        data: The bytes, of any length.

    Returns:
        The text; an identity is shown with `.upper()`.
    """
    body = base64.b32encode(data).decode().rstrip("=").translate(_TO_BECH32)
    checksum = _polymod(hrp, body + "qqqqqq") ^ 1
    return f"{hrp}1{body}" + "".join(_CHARSET[checksum >> 5 * (5 - i) & 31] for i in range(6))


def decode(text: str) -> tuple[str, bytes]:
    """Read Bech32 text strictly.

    Args:
        text: All in lower or all in upper case.

    Returns:
        The human-readable part in lower case, and the bytes.

    Raises:
        ValueError: For mixed case, a foreign character, a wrong checksum or left-over bits. The message never
            repeats the text, which may be a secret.
    """
    if text not in (text.lower(), text.upper()):
        raise ValueError("capital and small letters are mixed")
    hrp, one, rest = text.lower().rpartition("1")
    if not one or not hrp or len(rest) < 6:
        raise ValueError("it is too short")
    if not all("!" <= char <= "~" for char in hrp) or not _VALUE.keys() >= set(rest):
        raise ValueError("a character in it does not belong there")
    if _polymod(hrp, rest) != 1:
        raise ValueError("its check characters do not fit: a character is wrong or missing")
    body = rest[:-6].translate(_TO_RFC4648)
    try:
        data = base64.b32decode(body + "=" * (-len(body) % 8))
    except binascii.Error:
        raise ValueError("its length does not fit") from None
    if base64.b32encode(data).decode().rstrip("=") != body:
        raise ValueError("its last bits are not zero")
    return hrp, data


def _polymod(hrp: str, body: str) -> int:
    values = [ord(char) >> 5 for char in hrp] + [0] + [ord(char) & 31 for char in hrp]
    values += [_VALUE[char] for char in body]
    checksum = 1
    for value in values:
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value ^ _SHIFTED_OUT[checksum >> 25]
    return checksum
