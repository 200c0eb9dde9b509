"""Spellings by the letters that they begin with: a text is gone through once, however many names are looked for in it."""

from collections.abc import Iterable
from functools import lru_cache

from pipeline.protocol.spellings import Spelling

_START = 3


class Index:
    """Spellings by the letters that they begin with, so that a text is gone through once, however many there are."""

    def __init__(self, spellings: Iterable[Spelling], names: Iterable[str]) -> None:
        """Take spellings, and by what each is called where it is not to be looked for."""
        self.by_start: dict[str, list[tuple[int, str, Spelling]]] = {}
        for number, (spelling, name) in enumerate(zip(spellings, names, strict=True)):
            self.by_start.setdefault(spelling.letters[:_START], []).append((number, name, spelling))


@lru_cache(maxsize=20_000)
def starts_in(letters: str) -> frozenset[str]:
    """Return every run of up to three letters in a text: what a spelling in it can begin with."""
    return frozenset(letters[i : i + n] for n in range(1, _START + 1) for i in range(len(letters)))
