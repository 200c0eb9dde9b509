"""Does the case belong to CAMP, IOM or DYO: REFER-12, 13, 15 and 16."""

import datetime as dt

import pytest

from forms.camp import REASONS
from forms.catalogue import FORMS
from forms.dyo import LINKS
from pipeline.protocol.community_referrals import is_for_dyo, nobody_else_is_engaged
from tests.rules import MEETING_DAY, Tries, about_case

tries = Tries()


def about(form_id: str, changes: dict | None = None, **meets):
    """The example of a form with other answers, as a rule on a case is given it."""
    return about_case(changes, form=FORMS[form_id], **meets)


PLACE = {"camp": "reasons", "iom": "criteria"}


def engaged(form_id: str, **answers: str | None):
    said = {"mappa": "no", "mappa_level": None, "marac": "no", "dyo": "no"} | answers
    return about(form_id, {f"{PLACE[form_id]}.{key}": value for key, value in said.items()})


for form_id in PLACE:
    for says, answers in {
        "nobody else is": {},
        "it is not known whether anybody is": {"mappa": "unknown", "marac": "unknown", "dyo": "unknown"},
        "MAPPA at level 1, where no panel meets": {"mappa": "yes", "mappa_level": "level_one"},
        "nothing is answered": {"mappa": None, "marac": None, "dyo": None},
    }.items():
        tries.passes("REFER-12", f"{form_id}: {says}", engaged(form_id, **answers))
    for says, answers in {
        "MAPPA at level 2": {"mappa": "yes", "mappa_level": "level_two"},
        "MAPPA at level 3": {"mappa": "yes", "mappa_level": "level_three"},
        "MAPPA at a level that is left open": {"mappa": "yes"},
        "a level 2 beside the answer that there is no MAPPA": {"mappa_level": "level_two"},
        "MARAC": {"marac": "yes"},
        "DYO": {"dyo": "yes"},
        "all three": {"mappa": "yes", "mappa_level": "level_two", "marac": "yes", "dyo": "yes"},
    }.items():
        tries.bites("REFER-12", f"{form_id}: {says}", engaged(form_id, **answers))
for reason in ("from_mappa", "from_marac", "from_dyo"):
    tries.passes(
        "REFER-12", f"camp: {reason} is a reason to refer", about("camp", {"reasons.reasons": [reason]})
    )


def client(*reasons: str, offences: int | str | None = 1, services: tuple[str, ...] = ()):
    return about(
        "camp",
        {"reasons.reasons": list(reasons), "reasons.offences": offences, "services.services": list(services)},
    )


TREATED = ("drug_alcohol",)
for reason in REASONS:
    if not reason.key.startswith("dip"):
        tries.passes("REFER-13", f"{reason.key} is no DIP client", client(reason.key, offences=3))
tries.passes(
    "REFER-13",
    "a DIP client in treatment, second offence",
    client("dip_prolific", offences=2, services=TREATED),
)
tries.bites(
    "REFER-13", "a DIP client in treatment, third offence", client("dip_prolific", offences=3, services=TREATED)
)
tries.bites(
    "REFER-13",
    "a DIP client in treatment, fourth offence",
    client("dip_prolific", offences=4, services=TREATED),
)
tries.bites("REFER-13", "a DIP client in no treatment, first offence", client("dip_prolific"))
tries.bites(
    "REFER-13", "a DIP client who goes elsewhere only", client("dip_prolific", services=("clinic", "homeless"))
)
tries.bites("REFER-13", "a DIP client who is not engaging", client("dip_not_engaging"))
tries.bites(
    "REFER-13", "one who is not engaging at an agency he goes to", client("dip_not_engaging", services=TREATED)
)
tries.passes(
    "REFER-13",
    "in treatment, and the count is not known",
    client("dip_prolific", offences="Not known", services=TREATED),
)
tries.passes(
    "REFER-13", "in treatment, and the count is open", client("dip_prolific", offences=None, services=TREATED)
)
tries.passes("REFER-13", "no reason is given", about("camp", {"reasons.reasons": None}))


def young(born: object, **risk: object):
    return about(
        "dyo", {"young_person.date_of_birth": born} | {f"risk.{key}": one for key, one in risk.items()}
    )


def years_before(years: int, days: int = 0) -> dt.date:
    return MEETING_DAY.replace(year=MEETING_DAY.year - years) + dt.timedelta(days=days)


for says, born in {
    "10 on the day of the meeting": years_before(10),
    "18 on the day after the meeting": years_before(18, 1),
    "aged about 10": 10,
    "aged about 17": "aged 17",
}.items():
    tries.passes("REFER-15", says, young(born))
for says, born in {
    "10 on the day after the meeting": years_before(10, 1),
    "18 on the day of the meeting": years_before(18),
    "18 between today and the meeting": years_before(18, -2),
    "aged about 9": 9,
    "aged about 18": 18,
    "neither birthday nor age is known": "Not known",
    "neither birthday nor age is given": None,
}.items():
    tries.bites("REFER-15", says, young(born))
tries.bites(
    "REFER-15",
    "no link with the borough",
    about("dyo", {"young_person.date_of_birth": 15, "referrer.link": None}),
)
for link in LINKS:
    tries.passes(
        "REFER-15", link.label, about("dyo", {"young_person.date_of_birth": 15, "referrer.link": [link.key]})
    )


def at_risk(asset: object, harm: str, judgement: str | None = None, reason: str | None = None):
    return young(15, asset=asset, harm=harm, judgement=judgement, judgement_reason=reason)


tries.passes("REFER-15", "an Asset score of 24", at_risk(24, "low"))
tries.bites("REFER-15", "an Asset score of 23", at_risk(23, "medium"))
tries.passes("REFER-15", "no score, and a high risk of serious harm", at_risk("Not known", "high"))
tries.passes("REFER-15", "no score, and a very high risk of serious harm", at_risk(None, "very_high"))
tries.bites("REFER-15", "no score, and a medium risk of serious harm", at_risk("Not known", "medium"))
tries.passes(
    "REFER-15", "by judgement, with its reason", at_risk(12, "medium", "yes", "Older friends took over.")
)
tries.bites("REFER-15", "by judgement, without a reason", at_risk(12, "medium", "yes"))
tries.bites(
    "REFER-15", "judged not to be at high risk", at_risk(12, "medium", "no", "Calmer since the summer.")
)

for harm in ("high", "very_high"):
    tries.bites("REFER-16", f"{harm}, not considered yet", young(15, harm=harm, mappa="not_yet"))
    tries.bites("REFER-16", f"{harm}, left open", young(15, harm=harm, mappa=None))
    tries.passes("REFER-16", f"{harm}, considered", young(15, harm=harm, mappa="considered"))
    tries.passes("REFER-16", f"{harm}, referred", young(15, harm=harm, mappa="referred"))
for harm in ("low", "medium"):
    tries.passes("REFER-16", f"{harm}, not considered yet", young(15, harm=harm, mappa="not_yet"))


@tries.each
def test_community_referrals(one):
    """A case of another panel, or outside the criteria, is refused; one that they bring in is told."""
    one.check()


def test_panels_are_named_and_people_are_not():
    """Which panels are engaged is told together (REFER-12)."""
    given = engaged("iom", mappa="yes", mappa_level="level_three", dyo="yes")
    assert str(nobody_else_is_engaged(given)).startswith("MAPPA and DYO are engaged")


def test_everything_that_is_wrong_is_told_at_once():
    """Age, link and risk are told in one sentence (REFER-15)."""
    given = about(
        "dyo",
        {
            "young_person.date_of_birth": 19,
            "referrer.link": None,
            "risk.asset": 3,
            "risk.harm": "low",
            "risk.judgement": "no",
        },
    )
    assert str(is_for_dyo(given)).count(";") == 2


@pytest.mark.parametrize(("day", "bites"), [(dt.date(2026, 2, 28), False), (dt.date(2026, 3, 1), True)])
def test_somebody_born_on_29_february_is_18_on_1_march(day, bites):
    """A birthday that a year does not have is passed on the day after it (REFER-15)."""
    given = about("dyo", {"young_person.date_of_birth": dt.date(2008, 2, 29)}, date=day)
    assert bool(is_for_dyo(given)) is bites
