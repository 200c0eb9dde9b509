"""Does the case belong to this panel: REFER-11 and REFER-14."""

from forms.marac import BASES, FORM
from pipeline.protocol.referrals import mappa_has_priority
from tests.rules import Tries, about_case

tries = Tries()
ROW = FORM.example()["perpetrators"]["perpetrator"][0]


def perpetrators(*mappa: str | None):
    return about_case({"perpetrators.perpetrator": [ROW | {"mappa": one} for one in mappa]})


tries.bites("REFER-11", "the perpetrator is subject to MAPPA", perpetrators("yes"))
tries.bites("REFER-11", "the second of two is", perpetrators("no", "yes"))
tries.bites("REFER-11", "both are", perpetrators("yes", "yes"))
tries.passes("REFER-11", "nobody is", perpetrators("no", "no"))
tries.passes("REFER-11", "it is not known", perpetrators("unknown"))
tries.passes("REFER-11", "it was left open", perpetrators(None))

tries.bites("REFER-14", "no basis is ticked", about_case({"criteria.bases": None}))
tries.bites("REFER-14", "a list of none is ticked", about_case({"criteria.bases": []}))
for basis in BASES:
    tries.passes("REFER-14", f"{basis.label} holds", about_case({"criteria.bases": [basis.label]}))
tries.passes("REFER-14", "all six hold", about_case({"criteria.bases": [basis.key for basis in BASES]}))


@tries.each
def test_referrals(one):
    """A case that belongs to MAPPA, or has no basis, is refused."""
    one.check()


def test_there_are_six_bases():
    """The protocol names six bases for selection (REFER-14)."""
    assert len(BASES) == 6


def test_reason_counts_the_perpetrators_and_names_none():
    """Which of the perpetrators it is, is told by number (REFER-11)."""
    assert "perpetrator 1 and perpetrator 3 are" in str(mappa_has_priority(perpetrators("yes", "no", "yes")))
