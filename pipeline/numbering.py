"""Numbers that chance makes and people read out: P-7F3K-2M9Q of a pack, R-7F3K-2M9Q of a sealed referral."""

import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No letter that could be a digit."""


def fresh_number(letter: str) -> str:
    """Return a new number that begins with a letter, 40 bits of chance behind it."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{letter}-{drawn[:4]}-{drawn[4:]}"
