"""The sample settings of four areas say what their papers say, tell where, and have nobody real in them."""

import datetime as dt
import itertools
import re

import pytest

from pipeline.agency import AgencyKind, Channel, Duty
from pipeline.area import Scheme, open_area
from pipeline.protocol.timing import working_days_before
from samples import make

FOLDER = make.HERE / "profiles"
AREAS = {name: open_area(FOLDER / name) for name in ("bromley", "richmond", "thames-valley", "west-midlands")}
CALLED = {
    "bromley": "Bromley",
    "richmond": "Richmond",
    "thames-valley": "Thames Valley",
    "west-midlands": "West Midlands",
}
"""What a profile's comments call its source."""
DAY = dt.date(2026, 12, 2)
FREE_FOR_FICTION = re.compile(r"(?:2079460|1632960|1214960)\d{3}")
every_area = pytest.mark.parametrize("name", AREAS)

SCHEMES = {
    "bromley": Scheme.OLDER,
    "richmond": Scheme.OLDER,
    "thames-valley": Scheme.OLDER,
    "west-midlands": Scheme.PRESENT,
}

FIGURES = {
    # What the sources say themselves; what is ours is not held to anything here.
    ("bromley", "marac"): {
        "weekday": "Tuesday", "every_weeks": 4, "monthly": "", "time": dt.time(13), "referral_days": 7, "papers_days": 3,
        "papers_in_calendar_days": False,
    },
    ("bromley", "mappa"): {"minutes_days": 10, "basis": "Criminal Justice Act 2003, section 325(4)"},
    ("bromley", "camp"): {"papers_days": 7, "papers_in_calendar_days": True},
    ("bromley", "dyo"): {
        "weekday": "Thursday", "monthly": "fourth", "quorum_members": 3, "quorum_agencies": 3,
        "basis": "Crime and Disorder Act 1998, section 115",
    },
    ("thames-valley", "mappa"): {
        "papers_days": 7, "papers_in_calendar_days": True, "basis": "Criminal Justice Act 2003, section 325",
    },
    ("west-midlands", "mappa"): {
        "every_weeks": 10, "monthly": "", "decision_days": 10, "basis": "Criminal Justice Act 2003, section 325",
    },
    ("richmond", "iom"): {
        "papers_days": 5, "papers_in_calendar_days": False, "minutes_days": 5, "quorum_agencies": 4,
    },
    ("richmond", "asb"): {"referral_days": 10},
    ("richmond", "dyo"): {},
}  # fmt: skip
MONTHLY = {key for key in FIGURES if key not in {("bromley", "marac"), ("west-midlands", "mappa")}}
"""The panels that their sources have meet once a month."""

MEETINGS = [
    ("bromley", "marac", dt.date(2026, 12, 8), dt.date(2026, 11, 27)),
    ("bromley", "mappa", dt.date(2026, 12, 9), dt.date(2026, 11, 25)),
    ("bromley", "camp", dt.date(2026, 12, 16), dt.date(2026, 12, 7)),
    ("bromley", "dyo", dt.date(2026, 5, 28), dt.date(2026, 5, 18)),  # over a bank holiday
    ("thames-valley", "mappa", dt.date(2027, 1, 5), dt.date(2026, 12, 17)),  # over three
    ("west-midlands", "mappa", dt.date(2026, 10, 15), dt.date(2026, 9, 24)),
    ("richmond", "iom", dt.date(2026, 12, 16), dt.date(2026, 12, 2)),
    ("richmond", "asb", dt.date(2026, 12, 16), dt.date(2026, 12, 2)),
    ("richmond", "dyo", dt.date(2026, 12, 16), dt.date(2026, 12, 2)),
]
"""A meeting of each panel, and the day by which a referral to it has to be there."""

MEMBERS = {
    # Bromley, appendices 2 A, 3 B, 4 A and 5 A.
    (
        "bromley",
        "marac",
    ): "police probation childrens_services housing_authority mental_health health education drug_alcohol idva "
    "victim_support cps",
    ("bromley", "mappa"): "police probation childrens_services housing_authority mental_health",
    (
        "bromley",
        "camp",
    ): "police probation housing_authority mental_health health youth_offending drug_alcohol voluntary",
    ("bromley", "dyo"): "police childrens_services mental_health youth_offending education",
    # Thames Valley, section 10.
    (
        "thames-valley",
        "mappa",
    ): "police probation prison victim_liaison childrens_services education housing_authority "
    "youth_offending mental_health",
    # West Midlands, standing membership.
    (
        "west-midlands",
        "mappa",
    ): "police probation childrens_services health mental_health housing_authority adult_social_care",
    # Richmond, 2.2, 3.3 and 4.3.
    (
        "richmond",
        "iom",
    ): "police probation housing_authority registered_social_landlord drug_alcohol mental_health "
    "victim_support jobcentre",
    (
        "richmond",
        "asb",
    ): "police probation youth_offending housing_authority registered_social_landlord drug_alcohol mental_health "
    "adult_social_care victim_support childrens_services",
    ("richmond", "dyo"): "police youth_offending education childrens_services",
}
INVITED = {
    "bromley": "adult_social_care primary_care prison jobcentre electronic_monitoring registered_social_landlord",
    "thames-valley": "adult_social_care health jobcentre registered_social_landlord electronic_monitoring",
    "west-midlands": "youth_offending prison victim_liaison idva immigration primary_care education jobcentre "
    "registered_social_landlord electronic_monitoring fire private_care voluntary",
    "richmond": "prison childrens_services",
}
"""The kinds that the sources name as well, which are members of no panel: they come for a case, or send."""


def kinds(words: str) -> set[AgencyKind]:
    return {AgencyKind(word) for word in words.split()}


def text_of(name: str, file: str) -> str:
    return (FOLDER / name / file).read_text("utf-8")


def meets_on(panel, day: dt.date) -> bool:
    """Whether a day is one of a panel's rhythm."""
    if f"{day:%A}" != panel.weekday:
        return False
    if panel.monthly:
        return ("first", "second", "third", "fourth")[(day.day - 1) // 7] == panel.monthly
    return (day - panel.counts_from).days % (7 * panel.every_weeks) == 0


def test_every_folder_is_an_area():
    """The profiles are four folders of two files each, which are opened like any area."""
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(AREAS)
    for name in AREAS:
        assert sorted(path.name for path in (FOLDER / name).iterdir()) == ["agencies.toml", "area.toml"]


@every_area
def test_scheme_of_marking_is_that_of_the_time(name):
    """Papers of before April 2014 go by the older scheme, West Midlands' of 2015 by the present one."""
    assert AREAS[name].settings.scheme is SCHEMES[name]


@every_area
def test_panels_are_those_that_the_source_describes(name):
    """No panel is missing, and none is there that the source does not have."""
    assert [(name, panel) for panel in AREAS[name].settings.panels] == [
        one for one in FIGURES if one[0] == name
    ]


@pytest.mark.parametrize(("name", "panel"), FIGURES, ids="-".join)
def test_panel_has_the_figures_of_the_source(name, panel):
    """What the source says of a panel's rhythm, deadlines, quorum and law is what the profile has."""
    found = AREAS[name].settings.panels[panel]
    figures = FIGURES[name, panel]
    assert {key: getattr(found, key) for key in figures} == figures
    assert bool(found.monthly) is ((name, panel) in MONTHLY)
    assert found.monthly or found.counts_from


def test_panels_of_richmond_are_held_on_one_day():
    """Richmond holds its three panels on the same day, one after another."""
    panels = AREAS["richmond"].settings.panels.values()
    assert len({(one.monthly, one.weekday) for one in panels}) == 1
    assert len({one.time for one in panels}) == 3


@pytest.mark.parametrize(
    ("name", "panel", "day", "due"), MEETINGS, ids=[f"{one[0]}-{one[1]}" for one in MEETINGS]
)
def test_referral_is_due_so_many_working_days_before(name, panel, day, due):
    """For a meeting on a day of the panel's rhythm, the last day for referrals is worked out without bank holidays."""
    found = AREAS[name].settings.panels[panel]
    assert meets_on(found, day)
    assert working_days_before(day, found.referral_days) == due


def test_a_meeting_of_each_panel_is_worked_out():
    """No panel is left out of the meetings above."""
    assert [one[:2] for one in MEETINGS] == list(FIGURES)


@pytest.mark.parametrize(("name", "panel"), MEMBERS, ids="-".join)
def test_members_of_a_panel_are_of_the_kinds_that_the_source_lists(name, panel):
    """Each kind of agency that the source has on a panel is there, and no other."""
    assert {one.kind for one in AREAS[name].agencies if panel in one.panels} == kinds(MEMBERS[name, panel])


@every_area
def test_whoever_the_source_names_besides_is_there(name):
    """Agencies that come for a case are in the directory, without a panel; so is the sender."""
    area = AREAS[name]
    sender = area.agency(area.settings.sender.agency)
    assert sender.panels == ()
    assert {one.kind for one in area.agencies if not one.panels} == kinds(INVITED[name]) | {sender.kind}


@every_area
def test_duty_is_that_of_the_kind(name):
    """The duty to co-operate is where the Act lays it, whatever the source calls it."""
    for agency in AREAS[name].agencies:
        assert agency.duty_to_cooperate is (agency.kind.duty is not Duty.NONE), agency.id


@every_area
def test_every_agency_has_signed_and_has_one_named_contact(name):
    """Everybody can be sent to on the day of the demonstration: signed within a year, with one SPOC reached securely."""
    for agency in AREAS[name].agencies:
        lapses = agency.signature_lapses(DAY)
        assert lapses is not None, agency.id
        assert lapses > DAY, agency.id
        (spoc,) = agency.spocs
        assert spoc.role
        assert spoc.channel is Channel.CLEARED_CONFIDENTIAL or spoc.agreement, agency.id


def test_nobody_is_there_twice():
    """Each invented person has one place in the samples, with a number and an address of his or her own."""
    spocs = [spoc for area in AREAS.values() for one in area.agencies for spoc in one.spocs]
    for what in ("name", "telephone", "email"):
        told = [getattr(one, what) for one in spocs]
        assert len(told) == len(set(told)), what
    parts = {part for one in spocs for part in one.name.split()}
    elsewhere = {
        part for one in open_area(make.AREA).agencies for spoc in one.spocs for part in spoc.name.split()
    }
    assert parts & elsewhere == set()


@every_area
def test_nobody_can_be_rung_or_written_to(name):
    """Every telephone number is from a range that is given to nobody, and every e-mail address ends in .example."""
    area = AREAS[name]
    people = [area.settings.sender, *(spoc for one in area.agencies for spoc in one.spocs)]
    for person in people:
        assert FREE_FOR_FICTION.fullmatch(re.sub(r"\D", "", person.telephone).removeprefix("0")), person.name
    text = text_of(name, "area.toml") + text_of(name, "agencies.toml")
    hosts = re.findall(r"[\w.+-]+@([\w.-]+)", text)
    assert len(hosts) == len(people)
    assert [host for host in hosts if not host.endswith(".example")] == []
    assert len(re.findall(r"^telephone = ", text, re.MULTILINE)) == len(people)


@every_area
def test_sender_is_a_contact_of_the_directory(name):
    """Who sends is the named contact of the sender's agency, with the same number and address."""
    sender = AREAS[name].settings.sender
    (spoc,) = AREAS[name].agency(sender.agency).spocs
    assert (spoc.name, spoc.role, spoc.telephone, spoc.email) == (
        sender.name, sender.role, sender.telephone, sender.email,
    )  # fmt: skip


TOLD = ("scheme", "weekday", "every_weeks", "monthly", "counts_from", "time", "referral_days", "papers_days", "papers_in_calendar_days",
        "minutes_days", "decision_days", "quorum_agencies", "quorum_members", "keep_months", "basis", "purpose", "expected")  # fmt: skip


@every_area
def test_every_figure_says_where_it_is_from(name):
    """Each figure has a comment on its line, or on those before it, that names the source's place or calls it ours."""
    lines = text_of(name, "area.toml").splitlines()
    for n, line in enumerate(lines):
        key, is_setting, rest = line.partition(" = ")
        if not is_setting or key not in TOLD:
            continue
        above = itertools.takewhile(lambda one: one.startswith("#"), reversed(lines[:n]))
        said = rest.partition("#")[2] or " ".join(reversed(list(above)))
        assert re.search(rf"\b(?:{CALLED[name]},|[Oo]urs:)", said), f"{name}: {line}"


@every_area
def test_every_agency_says_where_it_is_from(name):
    """Each agency has a comment that names the source's place."""
    parts = re.split(r"^\[\[agency\]\]$", text_of(name, "agencies.toml"), flags=re.MULTILINE)[:-1]
    assert len(parts) == len(AREAS[name].agencies)
    for part in parts:
        comment = part.rstrip("\n").rpartition("\n\n")[2]
        assert comment.startswith("# ")
        assert re.search(rf"\b{CALLED[name]}, ", comment), comment


@every_area
def test_files_say_at_the_head_that_nobody_exists(name):
    """Whoever opens a file reads first that it is a picture of a paper, and nobody in it exists."""
    for file in ("area.toml", "agencies.toml"):
        assert "Nobody here exists" in text_of(name, file)[:600].replace("nobody here", "Nobody here")


def test_readme_tells_what_differs():
    """The samples' README has a row in its table for each panel of each profile, with its rhythm and its deadlines."""
    readme = (make.HERE / "README.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in readme.splitlines()
        if line.startswith("| `")
    ]
    for (name, panel), given in FIGURES.items():
        found = AREAS[name].settings.panels[panel]
        (row,) = [one for one in rows if one[:2] == [f"`{name}`", f"`{panel}`"]]
        rhythm = f"{found.monthly} {found.weekday}" if found.monthly else f"every {found.every_weeks} weeks"
        assert rhythm in row[2]
        assert row[3].strip("*") == str(found.referral_days)
        assert (
            row[4].strip("*") == f"{found.papers_days}{' days of the calendar' * found.papers_in_calendar_days}"
        )
        assert re.match(rf"\*?{found.minutes_days}\b", row[5])
        assert row[6].startswith(str(found.quorum_members or found.quorum_agencies or "none"))
        assert ("OFFICIAL" in row[7]) is (AREAS[name].settings.scheme is Scheme.PRESENT)
        assert found.basis.split(", section ")[1] in row[8]
        told = {"referral_days": row[3], "papers_days": row[4], "minutes_days": row[5], "basis": row[8]}
        assert {key for key, cell in told.items() if "*" not in cell} == given.keys() & told.keys()
