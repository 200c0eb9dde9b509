"""Protective markings: MARK-1 to MARK-7."""

import pytest

from forms.definition import Form
from pipeline.area import Scheme
from pipeline.checked import Checked
from pipeline.protocol import marking
from pipeline.protocol.marking import Marking
from pipeline.protocol.rule import CaseContext
from tests.rules import DAY, Tries, about_case, answers, meeting, settings

PRESENT, OLDER = Scheme.PRESENT, Scheme.OLDER


def marked(key: str | None, scheme: Scheme = PRESENT, **more: object) -> CaseContext:
    return about_case({"handling.marking": key, **more}, scheme=scheme)


tries = Tries()
tries.bites("MARK-1", "the referrer left the marking open", marked(None))
tries.passes("MARK-1", "the referrer stated OFFICIAL-SENSITIVE", marked("official_sensitive"))
tries.passes("MARK-1", "a marking that is too low is a marking all the same", marked("official"))

tries.gives(
    "MARK-2",
    "the lowest of a MARAC today is OFFICIAL-SENSITIVE",
    lambda f: f(PRESENT).words,
    "OFFICIAL-SENSITIVE",
    bites=True,
)
tries.gives(
    "MARK-2", "the lowest of a MARAC was CONFIDENTIAL", lambda f: f(OLDER).words, "CONFIDENTIAL", bites=True
)
tries.gives(
    "MARK-2",
    "OFFICIAL is below it",
    lambda f: Marking(PRESENT, "official").height < f(PRESENT).height,
    True,
    bites=False,
)

tries.gives(
    "MARK-3",
    "a MAPPA file is CONFIDENTIAL",
    lambda f: f(OLDER, justified=False).words,
    "CONFIDENTIAL",
    bites=True,
)
tries.gives(
    "MARK-3",
    "a single file may be justified as RESTRICTED",
    lambda f: f(OLDER, justified=True).words,
    "RESTRICTED",
    bites=False,
)
tries.gives(
    "MARK-3",
    "today a reason changes nothing",
    lambda f: f(PRESENT, justified=True).words,
    "OFFICIAL-SENSITIVE",
    bites=True,
)

tries.gives(
    "MARK-4",
    "papers of OFFICIAL alone make a pack of OFFICIAL-SENSITIVE",
    lambda f: f(PRESENT, [Marking(PRESENT, "official")]).words,
    "OFFICIAL-SENSITIVE",
    bites=True,
)
tries.gives(
    "MARK-4",
    "RESTRICTED and CONFIDENTIAL make CONFIDENTIAL",
    lambda f: f(OLDER, [Marking(OLDER, "restricted"), Marking(OLDER, "confidential")]).words,
    "CONFIDENTIAL",
    bites=True,
)
tries.gives(
    "MARK-4",
    "a pack bears the highest marking in it",
    lambda f: f(PRESENT, [Marking(PRESENT, "official"), Marking(PRESENT, "secret")]).words,
    "SECRET",
    bites=True,
)
tries.gives(
    "MARK-4",
    "an agenda without a paper is compiled data too",
    lambda f: f(OLDER, []).words,
    "CONFIDENTIAL",
    bites=True,
)
tries.gives(
    "MARK-4",
    "papers of OFFICIAL-SENSITIVE make a pack of the same",
    lambda f: f(PRESENT, [Marking(PRESENT, "official_sensitive")]).words,
    "OFFICIAL-SENSITIVE",
    bites=False,
)

for key in ("secret", "top_secret"):
    for scheme in Scheme:
        tries.bites("MARK-5", f"{key} is never handled, where {scheme} is used", marked(key, scheme))
for key, scheme in (
    ("restricted", PRESENT),
    ("confidential", PRESENT),
    ("official", OLDER),
    ("official_sensitive", OLDER),
):
    tries.bites("MARK-5", f"{key} is of another scheme than {scheme}", marked(key, scheme))
for key, scheme in (
    ("official", PRESENT),
    ("official_sensitive", PRESENT),
    ("restricted", OLDER),
    ("confidential", OLDER),
):
    tries.passes("MARK-5", f"{key} is of the scheme {scheme}", marked(key, scheme))
tries.passes("MARK-5", "no marking is the business of MARK-1", marked(None))

tries.gives(
    "MARK-6",
    "the marking stands on a page in capitals",
    lambda f: f(Marking(PRESENT, "official_sensitive")),
    "OFFICIAL-SENSITIVE",
    bites=True,
)
tries.gives(
    "MARK-6",
    "a marking of two words has a space and no line below it",
    lambda f: "_" in f(Marking(PRESENT, "top_secret")),
    False,
    bites=False,
)

tries.bites("MARK-7", "OFFICIAL is lower than a MARAC's", marked("official"))
tries.bites("MARK-7", "RESTRICTED is lower than a MARAC's", marked("restricted", OLDER))
tries.bites(
    "MARK-7",
    "a reason does not make a MARAC's lower",
    marked("restricted", OLDER, **{"handling.lower_reason": "Agreed with the chair"}),
)
tries.passes("MARK-7", "OFFICIAL-SENSITIVE is a MARAC's", marked("official_sensitive"))
tries.passes("MARK-7", "CONFIDENTIAL is a MARAC's", marked("confidential", OLDER))
tries.passes("MARK-7", "SECRET is the business of MARK-5", marked("secret"))
tries.passes("MARK-7", "another scheme is the business of MARK-5", marked("confidential"))


@tries.each
def test_marking(one):
    """A marking is asked for, held to its scheme and its floor, and put on every page."""
    one.check()


@pytest.mark.parametrize("scheme", Scheme)
def test_a_blank_offers_what_is_handled(scheme):
    """An area's blanks offer the two markings of its scheme that are handled, the lower first."""
    offered = marking.offered(scheme)
    assert [Marking(scheme, key).height for key in offered] == [0, 1]
    assert not {"secret", "top_secret"} & set(offered)


def mappa(key: str, reason: str | None, scheme: Scheme) -> CaseContext:
    """A case whose form refers to MAPPA: the invented form has the questions of the MARAC's."""
    from dataclasses import replace

    from forms.marac import FORM

    form: Form = replace(FORM, id="invented", panel="mappa")
    said = answers({"handling.marking": key, "handling.lower_reason": reason}, form)
    here = settings(scheme)
    held = meeting()
    return CaseContext(
        Checked(form, form.model.model_validate(said)), held.cases[0], held, here.panels["marac"], here, DAY
    )


@pytest.mark.parametrize(
    ("key", "reason", "scheme", "refused"),
    [
        ("restricted", "A single file without victims", OLDER, False),
        ("restricted", None, OLDER, True),
        ("official", "A single file without victims", PRESENT, True),
        ("confidential", None, OLDER, False),
    ],
    ids=["RESTRICTED with a reason", "RESTRICTED without one", "OFFICIAL has no exception", "CONFIDENTIAL"],
)
def test_floor_is_that_of_the_panel(key, reason, scheme, refused):
    """MARK-7 holds a MAPPA file to the floor of MARK-3, exception included."""
    assert bool(marking.is_high_enough(mappa(key, reason, scheme))) is refused
