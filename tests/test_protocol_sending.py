"""The two envelopes, to whom they are addressed, and by which channel: SEND-1 to SEND-7."""

import datetime as dt
from dataclasses import asdict

from forms import mappa_i
from keys import identity
from keys.directory import Entry
from pipeline.agency import AgencyKind, Spoc
from pipeline.area import Scheme
from pipeline.bind import draft
from pipeline.papers.cover import cover
from pipeline.plan import plan
from pipeline.protocol import sending
from pipeline.protocol.marking import Marking
from tests.rules import CASE, DAY, Tries, about_agency, agency, area, checked, meeting, settings


def manifest(*contacts):
    """The manifest of a pack for the police, with these named contacts."""
    council = agency("council", AgencyKind.ADULT_SOCIAL_CARE, panels=[])
    made = plan(area(POLICE, council), meeting(), {CASE: checked()}, {}, DAY)
    keys = [Entry("police", name, identity.new(DAY).public(), DAY, DAY, DAY) for name in contacts]
    return draft(made, made.agencies[0], keys, keys[0].keys.signing).manifest


MARKING = "OFFICIAL-SENSITIVE"
SENDER = settings().sender
POLICE = agency()
OUTER = ("P-2345-6789", "police", "council")

tries = Tries()
tries.gives(
    "SEND-1",
    "a pack tells its number, its agency and its sender",
    lambda f: f("P-2345-6789", POLICE, SENDER),
    OUTER,
    bites=True,
)
tries.gives(
    "SEND-1",
    "neither the SPOC, the sender's name nor the marking is on the outside",
    lambda f: [
        word for word in ("Tansy", "Inkstand", "OFFICIAL") if word in " ".join(f(OUTER[0], POLICE, SENDER))
    ],
    [],
    bites=False,
)
tries.gives(
    "SEND-2",
    "marking, named contact and sender are on the inner envelope",
    lambda f: f(manifest("Tansy Bookbinder")),
    {
        "Named contact": "Tansy Bookbinder",
        "From": "Perpetua Inkstand, MARAC co-ordinator\nBrackenford adult social care",
        "Marking": "OFFICIAL-SENSITIVE",
        "If anything is wrong": "Ring Perpetua Inkstand on 020 7946 0100\nmarac@council.example",
    },
    bites=True,
)
tries.gives(
    "SEND-2",
    "both contacts of an agency with two are named",
    lambda f: f(manifest("Tansy Bookbinder", "Alder Whetstone"))["Named contacts"],
    "Tansy Bookbinder\nAlder Whetstone",
    bites=True,
)
tries.gives(
    "SEND-2",
    "nothing of a case is on it",
    lambda f: "MARAC-" in " ".join(f(manifest("Tansy Bookbinder")).values()),
    False,
    bites=False,
)
tries.bites("SEND-3", "nobody is named", about_agency(spoc=[]))
tries.passes("SEND-3", "one contact is named", about_agency())
tries.passes("SEND-3", "a name will do without a telephone", about_agency(spoc=[{"name": "Tansy Bookbinder"}]))


def contact(channel="conventional", agreed=None):
    """A contact whom papers reach in this way, with the Responsible Authority's agreement of a day."""
    agreement = {"reference": "BRA-RA-2026/03", "on": agreed} if agreed else None
    return Spoc.model_validate({"name": "Tansy Bookbinder", "channel": channel, "agreement": agreement})


CONFIDENTIAL = Marking(Scheme.OLDER, "confidential")
TODAY_CALLED = Marking(Scheme.PRESENT, "official_sensitive")
NO_CONVENTIONAL = "what is {} never goes by conventional e-mail"
NO_AGREEMENT = "no written agreement of the Responsible Authority is on record for e-mail cleared to RESTRICTED"
SECRET = "no e-mail is cleared to SECRET"
for says, marking, to, wanted in [
    ("CONFIDENTIAL by conventional e-mail", CONFIDENTIAL, contact(), NO_CONVENTIONAL.format("CONFIDENTIAL")),
    ("OFFICIAL-SENSITIVE, which it is called today, by conventional e-mail", TODAY_CALLED, contact(),
     NO_CONVENTIONAL.format("OFFICIAL-SENSITIVE")),
    ("an agreement changes nothing about conventional e-mail", CONFIDENTIAL, contact(agreed=DAY),
     NO_CONVENTIONAL.format("CONFIDENTIAL")),
    ("RESTRICTED, which is lower, by conventional e-mail", Marking(Scheme.OLDER, "restricted"), contact(), None),
    ("OFFICIAL, which is lower, by conventional e-mail", Marking(Scheme.PRESENT, "official"), contact(), None),
    ("CONFIDENTIAL by e-mail cleared to it", CONFIDENTIAL, contact("confidential"), None),
    ("SECRET by e-mail cleared to CONFIDENTIAL", Marking(Scheme.OLDER, "secret"), contact("confidential"), SECRET),
    ("e-mail cleared to RESTRICTED, without an agreement", CONFIDENTIAL, contact("restricted"), NO_AGREEMENT),
    ("e-mail cleared to RESTRICTED, with an agreement of the day", CONFIDENTIAL, contact("restricted", DAY), None),
    ("e-mail cleared to RESTRICTED, with an agreement of the day after", CONFIDENTIAL,
     contact("restricted", DAY + dt.timedelta(1)), "the Responsible Authority's agreement holds from 3 December 2026 only"),
    ("RESTRICTED by e-mail cleared to it, without an agreement", Marking(Scheme.OLDER, "restricted"), contact("restricted"), None),
    ("CONFIDENTIAL by hand", CONFIDENTIAL, contact("by-hand"), None),
]:  # fmt: skip
    tries.gives(
        "SEND-4", says, lambda f, marking=marking, to=to: f(marking, to, DAY), wanted, bites=wanted is not None
    )

SECURE = "mental health referrals and minutes go to secure addresses only"
FROM_TRUST = {"referrer.agency": "Mereside  mental-health Trust"}
for says, secure_only, channel, wanted in [
    ("Form I by conventional e-mail", sending.is_secure_only(checked(form=mappa_i.FORM)), "conventional", SECURE),
    ("Form I by e-mail cleared to RESTRICTED", sending.is_secure_only(checked(form=mappa_i.FORM)), "restricted", None),
    ("Form I by hand", sending.is_secure_only(checked(form=mappa_i.FORM)), "by-hand", None),
    ("a referral of a mental health trust", sending.is_secure_only(checked(FROM_TRUST)), "conventional", SECURE),
    ("one of a trust that the area knows as one of mental health",
     sending.is_secure_only(checked({"referrer.agency": "MERESIDE trust"}), {"Mereside Trust"}), "conventional", SECURE),
    ("one of a trust that the area knows as another", sending.is_secure_only(checked({"referrer.agency": "Mereside Trust"}), {"Larkmead Trust"}),
     "conventional", None),
    ("a referral of another agency, about somebody's mental health",
     sending.is_secure_only(checked({"agencies.mental_health": "Known to the team."})), "conventional", None),
    ("minutes by conventional e-mail", sending.is_secure_only(checked({"minutes.line": [{"text": "To visit."}]})), "conventional", SECURE),
    ("minutes by e-mail cleared to CONFIDENTIAL", sending.is_secure_only(checked({"minutes.line": [{"text": "To visit."}]})),
     "confidential", None),
    ("the co-ordinator's part left open", sending.is_secure_only(checked()), "conventional", None),
]:  # fmt: skip
    tries.gives(
        "SEND-5",
        says,
        lambda f, secure_only=secure_only, to=channel: f(contact(to), secure_only=secure_only),
        wanted,
        bites=wanted is not None,
    )
tries.gives(
    "SEND-7",
    "the recipient is told of both, filing securely and destroying",
    lambda f: ["File these papers securely" in f(), "shred and destroy them" in f()],
    [True, True],
    bites=True,
)
tries.gives(
    "SEND-7",
    "it tells nothing of what is in the pack",
    lambda f: [word for word in ("MARAC", "OFFICIAL", "meeting", "victim", "Tansy") if word in f()],
    [],
    bites=False,
)
tries.gives(
    "SEND-6",
    "the marking is in the subject line",
    lambda f: f(MARKING, "P-2345-6789"),
    "OFFICIAL-SENSITIVE: sealed pack P-2345-6789",
    bites=True,
)
tries.gives(
    "SEND-6", "no agency, person or case is in the subject line", lambda f: set(f(MARKING, "P-1").split()),
    {"OFFICIAL-SENSITIVE:", "sealed", "pack", "P-1"}, bites=False,
)  # fmt: skip


@tries.each
def test_sending(one):
    """What can be read of a pack, and by whom, is what the two envelopes of paper said."""
    one.check()


def test_cover_sheet_is_the_inner_envelope():
    """The cover sheet of a pack bears all that the inner envelope is to bear."""
    told = manifest("Tansy Bookbinder", "Alder Whetstone")
    sheet = str(asdict(cover(told)))
    for words in sending.inner_envelope(told).values():
        assert repr(words)[1:-1] in sheet


def test_cover_sheet_says_what_to_do_on_receipt():
    """What SEND-7 tells stands in a line of its own."""
    sheet = str(asdict(cover(manifest("Tansy Bookbinder"))))
    assert "On receipt" in sheet
    assert sending.on_receipt() in sheet


def test_pack_that_comes_to_be_for_secure_addresses_is_another_pack():
    """It is sealed afresh, and noted so in the register, although its papers look the same as before."""
    council = agency("council", AgencyKind.ADULT_SOCIAL_CARE, panels=[])
    key = Entry("police", "Tansy Bookbinder", identity.new(DAY).public(), DAY, DAY, DAY)
    drafts = []
    for kind in (AgencyKind.VOLUNTARY, AgencyKind.MENTAL_HEALTH):
        referring = agency("referring", kind, name="Brackenford Domestic Abuse Service", panels=[])
        made = plan(area(POLICE, council, referring), meeting(), {CASE: checked()}, {}, DAY)
        drafts.append(draft(made, made.agencies[0], [key], key.keys.signing))
    before, after = drafts
    assert [view.digest() for view in before.views] == [view.digest() for view in after.views]
    assert (before.secure_only, after.secure_only) == (False, True)
    assert before.manifest == after.manifest
    assert before.content != after.content
