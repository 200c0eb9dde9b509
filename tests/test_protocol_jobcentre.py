"""Form J: REFER-18 and TIME-5; that it can hold nothing else is proved of its definition and its view (SHARE-5)."""

import datetime as dt

import pytest

from forms.catalogue import whole
from forms.information import Information
from pipeline.agency import AgencyKind
from pipeline.protocol.sharing import WHOLE, sight_of, view_of
from tests.rules import CASE, DAY, Tries, about_case, checked

FORM = whole("mappa-j").changed(lambda _path, ask: None if ask.on_request else ask)
ROW = FORM.example()["restrictions"]["restriction"][0]
SENT = dt.date(2026, 11, 20)
tries = Tries()


def sent(**changes):
    usual = {"own.sent_by": "probation", "own.under": "supervision", "own.told": "yes", "referrer.date": SENT}
    return about_case(usual | {key.replace("__", "."): value for key, value in changes.items()}, form=FORM)


def until(*days: dt.date):
    return [ROW | {"until": day} for day in days]


tries.passes("REFER-18", "probation of somebody whom it supervises, who was told", sent())
tries.passes(
    "REFER-18", "police of somebody under a civil order", sent(own__sent_by="police", own__under="civil_order")
)
tries.bites("REFER-18", "police of somebody supervised", sent(own__sent_by="police"))
tries.bites("REFER-18", "probation of somebody under a civil order", sent(own__under="civil_order"))
talked = {"own__told": "no", "own__talk_on": SENT, "own__talk_reason": "To be told would raise the risk."}
tries.passes("REFER-18", "not told, and the manager was spoken to on the day", sent(**talked))
tries.bites(
    "REFER-18",
    "not told, and the talk came a day later",
    sent(**talked | {"own__talk_on": SENT + dt.timedelta(1)}),
)
tries.bites("REFER-18", "not told, and no talk", sent(**talked | {"own__talk_on": None}))
tries.bites("REFER-18", "not told, and no reason", sent(**talked | {"own__talk_reason": None}))
tries.passes(
    "REFER-18", "a restriction runs out tomorrow", sent(restrictions__restriction=until(DAY + dt.timedelta(1)))
)
tries.bites("REFER-18", "a restriction runs out today", sent(restrictions__restriction=until(DAY)))
tries.bites(
    "REFER-18", "the second of two has run out", sent(restrictions__restriction=until(dt.date(2028, 1, 1), DAY))
)
tries.passes(
    "REFER-18",
    "one that is over is lifted",
    sent(restrictions__restriction=until(DAY), referrer__kind="lifted"),
)

tries.passes("TIME-5", "release six weeks after it was sent", sent(own__release=SENT + dt.timedelta(weeks=6)))
tries.bites("TIME-5", "release a day sooner", sent(own__release=SENT + dt.timedelta(weeks=6, days=-1)))
tries.passes("TIME-5", "nobody is in custody", sent(own__release=None))

tries.gives(
    "SHARE-5", "the sender's own record stays with the sender",
    lambda stays: [one.key for one in FORM.sections if stays(one)], ["own"], bites=True,
)  # fmt: skip
tries.gives(
    "SHARE-5", "the rest is on paper",
    lambda stays: [one.key for one in FORM.printed if stays(one)], [], bites=False,
)  # fmt: skip


@tries.each
def test_notifications(one):
    """A notification from the wrong sender, behind somebody's back or of a restriction that is over is refused."""
    one.check()


def test_form_can_hold_nothing_else():
    """What is on paper is process, sender, identity, the restriction and the risk to staff: there is no other class."""
    printed = {
        one for found in FORM.asks() if not found.section.kept for one in (found.ask.about, *found.ask.also)
    }
    assert printed == {
        Information.PROCESS, Information.REFERRER, Information.IDENTITY, Information.EMPLOYMENT, Information.RISK,
    }  # fmt: skip
    assert FORM.closed


def test_no_line_has_room_for_a_story():
    """No answer about the person that is printed is long text, and the free lines are short."""
    for found in FORM.asks():
        if not found.section.kept:
            assert found.ask.kind.name != "long"
            if found.section.key in {"restrictions", "staff"} and found.ask.kind.name == "text":
                assert found.ask.most == 120


@pytest.mark.parametrize("sight", [WHOLE, None], ids=["the sender's own copy", "the Jobcentre's"])
def test_own_record_is_in_no_view(sight):
    """Not even that there is a record of why somebody was not told can be seen from a paper."""
    one = checked({"own.told": "no", "own.talk_reason": "Kestrelword, because of it."}, FORM)
    view = view_of(
        one, CASE, "OFFICIAL-SENSITIVE", sight or sight_of(AgencyKind.JOBCENTRE, one, anonymous=False)
    )
    assert not [path for path in (*view.answers, *view.rows) if path.startswith("own")]
    assert "Kestrelword" not in str([vars(answer) for answer in view.answers.values()])
