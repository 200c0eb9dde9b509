"""What is due: each thing until it is done, with its rule, oldest first."""

import dataclasses
import datetime as dt

import pytest

from forms import dyo, mappa_a, mappa_f, mappa_h, mappa_j
from pipeline.agency import AgencyKind
from pipeline.due import Due, due
from pipeline.register import Entry
from tests.rules import agency, area, checked, meeting

D = dt.date
TODAY = D(2026, 12, 2)
POLICE, JOBCENTRE = agency(), agency("jobcentre", AgencyKind.JOBCENTRE)


def here(**panel):
    """An area with a panel of each kind, all with the same deadlines."""
    made = area(POLICE, JOBCENTRE, **panel)
    one = made.settings.panels["marac"]
    panels = dict.fromkeys(("marac", "mappa", "dyo"), one)
    return dataclasses.replace(made, settings=made.settings.model_copy(update={"panels": panels}))


def held(panel, day, *cases, **changes):
    """A meeting of a panel with cases (reference, file)."""
    said = [{"reference": reference, "file": file} for reference, file in cases]
    made = meeting(panel=panel, date=day, case=said, **changes)
    return made.model_copy(update={"id": f"{day}-{panel}"})


SIGNED = {"minutes": {"signed_by": "Aubrey Gatepost", "on": D(2026, 12, 1)}}


def sealed(pack="P-AAAA-0001", agency_id="police", day=TODAY, kind="sealed", **changes):
    usual = {"cases": ("MARAC-2026-4417",), "meeting": "2026-12-08-marac"}
    return Entry(
        kind=kind,
        day=day,
        by="P. Inkstand",
        role="co-ordinator",
        pack=pack,
        agency=agency_id,
        **usual | changes,
    )


def with_decision(made, **decision):
    """A referral with the co-ordinator's or the panel's decision on it."""
    part = made.answers.decision.model_copy(update=decision)
    return dataclasses.replace(made, answers=made.answers.model_copy(update={"decision": part}))


def found(meetings=(), referrals=None, entries=(), day=TODAY, **panel):
    return due(here(**panel), meetings, referrals or {}, entries, day)


FORM_A = checked({"referrer.date": D(2026, 11, 20), "meeting.level": "level_two"}, mappa_a.FORM)
DECIDED = with_decision(FORM_A, on=D(2026, 11, 25), level="level_three", outcome="level_set")
FORM_J = checked({"own.release": D(2027, 1, 15)}, mappa_j.FORM)
YOUNG = {
    "custody.sentence_start": D(2026, 11, 2),
    "category.screened": "Not known",
    "custody.conditional_release": D(2027, 6, 15),
    "category.level": "level_two",
}
FORM_H = checked({"referrer.date": D(2026, 11, 20)} | YOUNG, mappa_h.FORM)


def test_nothing_is_due_where_there_is_nothing():
    """An area without meetings, referrals and register has nothing due."""
    assert found() == ()


def test_decision_of_the_co_ordinator_is_due_ten_days_after_the_referral():
    """Form A waits for a decision until it has one; when it came is as the meeting notes it, or as it is dated (TIME-3)."""
    (one,) = found(referrals={"a.xlsx": FORM_A})
    assert one == Due(D(2026, 11, 30), "co-ordinator's decision", "a.xlsx", "TIME-3")
    case = {"reference": "MAPPA-2026-5092", "file": "a.xlsx", "received": D(2026, 11, 23)}
    noted = meeting(panel="mappa", date=D(2026, 12, 15), case=[case])
    assert Due(D(2026, 12, 3), "co-ordinator's decision", "MAPPA-2026-5092", "TIME-3") in found(
        [noted], {"a.xlsx": FORM_A}
    )
    assert found(referrals={"a.xlsx": DECIDED}) == ()


def test_form_j_is_due_until_it_is_sealed_for_the_jobcentre():
    """Form J is due six weeks before release, until a pack with it is in force for the Jobcentre, and not for others (TIME-5)."""
    wanted = Due(D(2026, 12, 4), "Form J to the Jobcentre", "j.xlsx", "TIME-5")
    assert found(referrals={"j.xlsx": FORM_J}) == (wanted,)
    wanted = dataclasses.replace(wanted, about="MAPPA-2026-8846")
    sat = held("mappa", D(2026, 12, 1), ("MAPPA-2026-8846", "j.xlsx"), **SIGNED)

    def rules(*entries):
        return [one.rule for one in found([sat], {"j.xlsx": FORM_J}, entries) if one.rule == "TIME-5"]

    gone = sealed(agency_id="jobcentre", cases=("MAPPA-2026-8846",), meeting=sat.id)
    assert wanted in found([sat], {"j.xlsx": FORM_J})
    assert rules(sealed(cases=("MAPPA-2026-8846",))) == ["TIME-5"]
    assert rules(gone) == []
    assert rules(gone, sealed(kind="withdrawn", agency_id="jobcentre")) == ["TIME-5"]
    assert found(referrals={"j.xlsx": checked({"own.release": None}, mappa_j.FORM)}) == ()


def test_screening_and_notification():
    """A screening without its day is due three days after sentence; a notification waits until it is on an agenda (TIME-4)."""
    both = found(referrals={"h.xlsx": FORM_H})
    assert [(one.day, one.rule) for one in both] == [(D(2026, 11, 5), "TIME-4"), (D(2026, 12, 15), "TIME-4")]
    screened = checked(
        {"referrer.date": D(2026, 11, 20)} | YOUNG | {"category.screened": D(2026, 11, 4)}, mappa_h.FORM
    )
    assert [one.day for one in found(referrals={"h.xlsx": screened})] == [D(2026, 12, 15)]
    sat = held("mappa", D(2026, 12, 1), ("MAPPA-2026-1270", "h.xlsx"), **SIGNED)
    assert [one.rule for one in found([sat], {"h.xlsx": screened})] == ["TIME-6"]


@pytest.mark.parametrize(
    ("referral", "wanted"),
    [
        (FORM_A, (D(2026, 11, 10), "review at level 2", "TIME-6")),
        (DECIDED, (D(2026, 10, 27), "review at level 3", "TIME-6")),
        (with_decision(FORM_A, on=D(2026, 9, 1), outcome="returned"), None),
        (checked({"meeting.level": "level_one"}, mappa_a.FORM), (D(2027, 9, 15), "review at level 1", "TIME-6")),
        (checked({}, dyo.FORM), (D(2027, 3, 15), "review of a deter young offender", "TIME-7")),
        (with_decision(checked({}, dyo.FORM), meets="yes", review=D(2027, 1, 28)),
         (D(2027, 1, 28), "review of a deter young offender", "TIME-7")),
        (with_decision(checked({}, dyo.FORM), meets="no"), None),
        (checked(), None),
    ],
    ids=["level 2", "put at level 3", "returned", "level 1", "DYO", "DYO, on the day agreed", "not taken on", "MARAC"],
)  # fmt: skip
def test_review(referral, wanted):
    """A case comes back so long after its latest meeting; one that was not taken on does not (TIME-6, TIME-7)."""
    panel = referral.form.panel
    reference = f"{panel.upper()}-2026-5092"
    sat = held(panel, D(2026, 9, 15), (reference, "a.xlsx"), **SIGNED)
    told = [one for one in found([sat], {"a.xlsx": referral}) if one.what.startswith("review")]
    assert told == ([Due(wanted[0], wanted[1], reference, wanted[2])] if wanted else [])


def test_later_meeting_is_the_review():
    """Once a later meeting has the case, the next review is counted from that one, by the last file that tells a level."""
    sat = held("mappa", D(2026, 9, 15), ("MAPPA-2026-5092", "a.xlsx"), **SIGNED)
    again = held("mappa", D(2026, 11, 10), ("MAPPA-2026-5092", "f.xlsx"), **SIGNED)
    prison = checked({}, mappa_f.FORM)
    told = found([again, sat], {"a.xlsx": DECIDED, "f.xlsx": prison})
    assert told == (Due(D(2026, 12, 22), "review at level 3", "MAPPA-2026-5092", "TIME-6"),)


def test_papers_are_due_until_a_pack_is_sealed():
    """Papers of a meeting to come are due by the panel's rule until a pack of it is sealed; of one that was, never (TIME-1)."""
    ahead = held("marac", D(2026, 12, 8))
    assert found([ahead]) == (Due(D(2026, 12, 3), "papers go out", "2026-12-08-marac", "TIME-1"),)
    assert "papers go out" not in {one.what for one in found([ahead], entries=[sealed()])}
    assert found([held("marac", D(2026, 12, 8), emergency=True)]) == ()
    assert found([held("marac", D(2026, 11, 10), **SIGNED)]) == ()


def test_minutes_are_due_until_they_are_signed():
    """From the day of the meeting its minutes are due, by the panel's working days, until they are signed (TIME-3)."""
    assert found([held("mappa", D(2026, 11, 10))]) == (
        Due(D(2026, 11, 24), "minutes, signed by the chair", "2026-11-10-mappa", "TIME-3"),
    )
    assert found([held("mappa", D(2026, 11, 10), **SIGNED)]) == ()


def test_what_is_kept_of_a_meeting_goes_when_its_time_is_over():
    """While a meeting's file is there and packs of it were sealed, its keep-until date is due (PURPOSE-4)."""
    ahead = held("marac", D(2026, 12, 8))
    told = found([ahead], entries=[sealed()])
    assert Due(D(2027, 12, 8), "destroy what is kept of the meeting", "2026-12-08-marac", "PURPOSE-4") in told


def test_receipt_is_due_five_working_days_after_sealing():
    """A pack in force is waited for until it is received; the Jobcentre's slip is a rule of its own (RECORD-5)."""
    first, slip = sealed(), sealed("P-AAAA-0002", "jobcentre", D(2026, 11, 20))
    assert found(entries=[first, slip]) == (
        Due(D(2026, 11, 27), "slip of the Jobcentre", "P-AAAA-0002", "RECORD-5"),
        Due(D(2026, 12, 9), "receipt from police", "P-AAAA-0001", ""),
    )
    assert found(entries=[first, sealed(kind="received")]) == ()
    assert found(entries=[first, sealed(kind="withdrawn")]) == ()
    replaced = found(entries=[first, sealed("P-AAAA-0003", supersedes="P-AAAA-0001")])
    assert [one.about for one in replaced] == ["P-AAAA-0003"]


def test_oldest_comes_first_and_names_nobody():
    """Everything is in the order of its day, in words that name nobody."""
    sat = held("mappa", D(2026, 11, 10), ("MAPPA-2026-5092", "a.xlsx"))
    told = found([sat, held("marac", D(2026, 12, 8))], {"a.xlsx": FORM_A, "h.xlsx": FORM_H}, [sealed()])
    assert len(told) > 4
    assert [one.day for one in told] == sorted(one.day for one in told)
    names = ("Sampleworth", "Rowena", "Magnus", "Wren", FORM_A["referrer.name"], FORM_H["referrer.name"])
    assert not [one for one in told if any(name in str(one) for name in names)]


@pytest.mark.parametrize(
    ("days", "says"),
    [(-3, "overdue by 3 days"), (-1, "overdue by 1 day"), (0, "due today"), (1, "due in 1 day"), (5, "due in 5 days")],
)  # fmt: skip
def test_how_it_stands(days, says):
    """What is due says by how many days it is, in days of the calendar."""
    assert Due(TODAY + dt.timedelta(days), "papers go out", "x", "TIME-1").stands(TODAY) == says
