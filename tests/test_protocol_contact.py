"""Ways of contact that a client refused: CONSENT-3."""

from dataclasses import replace

import pytest

from forms.catalogue import FORMS
from pipeline.agency import AgencyKind
from pipeline.protocol.contact import refused_channels
from pipeline.protocol.sharing import sight_of, view_of
from pipeline.view import Withheld
from tests.rules import Tries, checked

tries = Tries()
CAMP = FORMS["camp"]
ADDRESS, HOME, MOBILE, EMAIL = (
    f"contact.{key}" for key in ("permanent_address", "telephone", "mobile", "email")
)


def client(letter: str | None, telephone: str | None, consents: str = "yes"):
    """A CAMP referral with these three consents."""
    return checked(
        {"consent.letter": letter, "consent.telephone": telephone, "consent.consents": consents}, CAMP
    )


def gives(says: str, given, *closed: str) -> None:
    tries.gives("CONSENT-3", says, lambda f: f(given), frozenset(closed), bites=bool(closed))


gives("letters and telephone are both agreed to", client("yes", "yes"))
gives("letters at home are refused", client("no", "yes"), ADDRESS)
gives("telephone and text are refused", client("yes", "no"), HOME, MOBILE)
gives("both are refused, and e-mail goes with them", client("no", "no"), ADDRESS, HOME, MOBILE, EMAIL)
gives("letters are left open", client(None, "yes"), ADDRESS)
gives("telephone is left open", client("yes", None), HOME, MOBILE)
gives("the referral itself is refused, the ways of contact are not", client("yes", "yes", "no"))
gives("a form that asks of no such consent", checked())


@tries.each
def test_contact(one):
    """What was refused is closed, and nothing else is (CONSENT-3)."""
    one.check()


@pytest.mark.parametrize("telephone", ["yes", "no"])
@pytest.mark.parametrize("letter", ["yes", "no"])
def test_what_is_closed_is_asked_and_reaches_the_client(letter, telephone):
    """Every closed path is a question of the form by which somebody could be reached; the borough is none."""
    closed = refused_channels(client(letter, telephone))
    assert all(CAMP.find(path).ask.identifies for path in closed)
    assert "contact.borough" not in closed


def test_nothing_is_closed_on_other_forms_that_ask_alike():
    """The rule is about CAMP: another form with the same questions is left as it is."""
    given = client("no", "no")
    assert refused_channels(replace(given, form=replace(CAMP, id="other"))) == frozenset()


@pytest.mark.parametrize(
    ("kind", "rule"), [(AgencyKind.PRISON, "SHARE-11"), (AgencyKind.HOUSING_AUTHORITY, "CONSENT-3")]
)
def test_only_who_may_have_a_number_is_told_that_it_was_refused(kind, rule):
    """To everybody else it is closed by need to know, as it would be if calls were agreed to."""
    given = client("yes", "no")
    view = view_of(given, "CAMP-2026-0001", "OFFICIAL-SENSITIVE", sight_of(kind, given, anonymous=False))
    assert view.answers[HOME] == view.answers[MOBILE] == Withheld(rule)
