"""What is recorded of a share: RECORD-1, 5 and 7."""

from pipeline.protocol.scrub import without_people
from pipeline.register import Entry
from tests.rules import DAY, Tries, checked

tries = Tries()
WHOLE = {
    "what": "MARAC-2026-4417",
    "to": "police",
    "by": "Perpetua Inkstand",
    "at": "2026-12-02T09:30:00Z",
    "why": "To make somebody safer.",
    "basis": "Crime and Disorder Act 1998, section 115",
}
tries.gives("RECORD-1", "every question of an auditor is answered", lambda f: f(WHOLE), True, bites=False)
for part in WHOLE:
    tries.gives("RECORD-1", f"'{part}' is open", lambda f, part=part: f(WHOLE | {part: ""}), False, bites=True)
    tries.gives(
        "RECORD-1",
        f"'{part}' is not there",
        lambda f, part=part: f({k: v for k, v in WHOLE.items() if k != part}),
        False,
        bites=True,
    )


def entry(kind, pack="P-2345-6789", **parts):
    """An entry of the register about a pack."""
    return Entry(kind=kind, day=DAY, by="Perpetua Inkstand", role="MARAC co-ordinator", pack=pack, **parts)


FIRST, SECOND = entry("sealed"), entry("sealed", "P-9876-5432")
for says, entries, wanted in [
    ("a pack that nobody has confirmed", [FIRST], (FIRST,)),
    ("a pack that its agency has confirmed", [FIRST, entry("received")], ()),
    ("of two packs the other is confirmed", [FIRST, SECOND, entry("received", "P-9876-5432")], (FIRST,)),
    ("two packs, the oldest first", [FIRST, SECOND], (FIRST, SECOND)),
    ("a pack that was withdrawn", [FIRST, entry("withdrawn")], ()),
    ("a pack that another has taken the place of", [FIRST, entry("sealed", "P-9876-5432", supersedes="P-2345-6789")],
     (entry("sealed", "P-9876-5432", supersedes="P-2345-6789"),)),
    ("a note about a pack is no receipt", [FIRST, entry("note")], (FIRST,)),
    ("an empty register", [], ()),
]:  # fmt: skip
    tries.gives("RECORD-5", says, lambda f, entries=entries: f(entries), wanted, bites=bool(wanted))
tries.gives(
    "RECORD-7", "mentions are taken out of a reason", lambda f: f("Rowena fears him.", lambda text: text.replace("Rowena", "[name]")),
    "[name] fears him.", bites=True,
)  # fmt: skip
tries.gives(
    "RECORD-7",
    "a reason that names nobody stays",
    lambda f: f("It cannot wait.", str),
    "It cannot wait.",
    bites=False,
)


@tries.each
def test_records(one):
    """A share is recorded whole, by references."""
    one.check()


def test_reason_is_kept_without_the_people_of_the_case():
    """Names, numbers and addresses of everybody in a case are taken out of a decision's reason (RECORD-7)."""
    case = [checked()]
    told = without_people(
        "Rowena Sampleworth, of 12 Made-up Lane, asked us to ring 07700 900456; Magnus's brother and Wren live near.",
        case,
    )
    for mention in ("Rowena", "Sampleworth", "Made-up", "900456", "Magnus", "Wren"):
        assert mention not in told
    assert told.endswith("live near.")
    assert without_people("It cannot wait until January.", case) == "It cannot wait until January."
