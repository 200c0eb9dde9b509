"""The two envelopes, and to whom they are addressed: SEND-1, 2, 3, 6."""

from dataclasses import asdict

from keys import identity
from keys.directory import Entry
from pipeline.agency import AgencyKind
from pipeline.bind import draft
from pipeline.papers.cover import cover
from pipeline.plan import plan
from pipeline.protocol import sending
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
