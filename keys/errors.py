"""What can go wrong with keys and sealed files: each error says what, and its hint what to do."""


class KeysError(Exception):
    """Report something from outside that is wrong; `str()` says what, `hint` what to do about it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class AgeError(KeysError):
    """Report that a file cannot be sealed or opened."""


class HeaderError(AgeError):
    """Report that the part of a sealed file before the papers is damaged, or that it is no sealed file."""


class NoMatchError(AgeError):
    """Report that the file is whole as far as can be seen, and sealed for somebody else."""


class HmacError(AgeError):
    """Report that the header was altered after sealing."""


class PayloadError(AgeError):
    """Report that the sealed papers are damaged or cut off."""


class ArmorError(AgeError):
    """Report that the text form of a sealed file is damaged."""


class SignatureError(KeysError):
    """Report a signature that does not hold, or a signing key that cannot be read."""


class KeyFileError(KeysError):
    """Report a key file, or a file of public keys, that cannot be read or written."""


class WrongPassphrase(KeyFileError):  # noqa: N818 - the word a user meets; "Error" adds nothing to it
    """Report that a key file did not open with the passphrase given."""


class DirectoryError(KeysError):
    """Report a directory of keys that cannot be read, or a change to it that is refused."""
