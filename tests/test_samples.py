"""The invented borough is sound, does what each of its referrals is there for, and has nobody real in it."""

import datetime as dt
import io
import re
import unicodedata
import zipfile

import openpyxl
import pytest

from forms.answers import EMAIL, PHONE
from pipeline.agency import AgencyKind
from pipeline.area import open_area as read_area
from pipeline.checked import Checked, Referral, check
from pipeline.days import working_days_before
from pipeline.flow import read
from pipeline.meeting import open_meeting
from pipeline.protocol.timing import papers_due, referrals_due
from samples import make
from tests.every_form import every_form

DAY = dt.date(2026, 12, 2)
"""The day of the demonstration."""
NAMES = make.names()
SOUND = [name for name in NAMES if not make.about(name)["codes"]]
every_sample = pytest.mark.parametrize(("form_id", "name"), make.every())
FREE_FOR_FICTION = re.compile(r"(?:2079460|1214960|7700900|1632960)\d{0,3}")
POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def area():
    return read_area(make.AREA)


@pytest.fixture(scope="module")
def meeting(area):
    return open_meeting(area, area.meetings / "2026-12-08-marac.toml")


@pytest.fixture(scope="module")
def referrals(area):
    return {name: read((area.inbox / f"{name}.xlsx").read_bytes()) for name in NAMES}


@pytest.fixture(scope="module")
def checked(referrals):
    return {name: check(referrals[name], DAY) for name in SOUND}


def written_referral(form_id: str, name: str) -> Referral:
    """A sample as it lies in the inbox, read."""
    found = read((make.AREA / "inbox" / make.place(form_id, name)).read_bytes())
    assert isinstance(found, Referral)
    return found


def written() -> dict[str, str]:
    """Everything that a person can read in the samples, by file."""
    texts = {
        str(path.relative_to(make.HERE)): path.read_text("utf-8")
        for path in make.HERE.rglob("*")
        if path.suffix in {".toml", ".md"}
    }
    for path in sorted((make.AREA / "inbox").rglob("*.xlsx")):
        with zipfile.ZipFile(path) as members:
            parts = [members.read(name).decode() for name in members.namelist() if name.startswith("xl/")]
        texts[str(path.relative_to(make.AREA / "inbox"))] = "\n".join(
            re.findall(r"<t(?: [^>]*)?>([^<]+)</t>", "".join(parts))
        )
    return texts


WRITTEN = written()


def test_area_has_twelve_agencies_of_different_kinds(area):
    """There are twelve agencies, and no kind of agency is there twice."""
    assert len(area.agencies) == 12
    assert len({agency.kind for agency in area.agencies}) == 12


def test_one_agency_of_each_special_sort(area, meeting):
    """One has let its signature lapse, one has no SPOC, one has older keys with a reason, one comes for a case only."""

    def those(holds):
        return [agency.id for agency in area.agencies if holds(agency)]

    assert those(lambda one: one.signature_lapses(DAY) is None or one.signature_lapses(DAY) <= DAY) == [
        "victim-care"
    ]
    assert those(lambda one: not one.spocs) == ["schools"]
    assert those(lambda one: one.classic_key_reason) == ["stepping-stone"]
    assert those(lambda one: not one.panels) == [area.settings.sender.agency, "larkmead-homes"]
    (invitation,) = meeting.invitations
    assert invitation.agency == "larkmead-homes"
    assert len(invitation.cases) == 1
    assert area.agency(invitation.agency).kind is AgencyKind.REGISTERED_SOCIAL_LANDLORD


def test_meeting_takes_every_referral_in_order(area, meeting):
    """The eight files of the inbox itself are the eight cases, in the order of their names."""
    files = sorted(path.name for path in area.inbox.iterdir() if path.is_file())
    assert [case.file for case in meeting.cases] == files
    references = [case.reference for case in meeting.cases]
    assert references != sorted(references), "a reference counts nothing (SHARE-4)"
    panel = area.settings.panels[meeting.panel]
    assert f"{meeting.date:%A}" == panel.weekday
    assert DAY <= papers_due(meeting.date, panel) == dt.date(2026, 12, 3)


@pytest.mark.parametrize("name", SOUND)
def test_sound_referral_is_sound(checked, name):
    """A referral that is no sample of mistakes is read from its workbook without one problem."""
    found = checked[name]
    assert isinstance(found, Checked), [(one.code, str(one.place)) for one in found]


def test_nine_mistakes_are_nine_problems(referrals):
    """Each of the nine mistakes comes back as a problem of its own code, in the order of the form, and nothing else does."""
    found = check(referrals["06-nine-mistakes"], DAY)
    meant = [tuple(one) for one in make.about("06-nine-mistakes")["codes"]]
    assert [(one.place.path, one.code) for one in found] == meant
    assert len({code for _, code in meant}) == 9


def test_only_one_referral_is_late(area, meeting, checked):
    """The last referral came a working day after the deadline, the others in time."""
    due = referrals_due(meeting.date, area.settings.panels[meeting.panel])
    received = {case.file.removesuffix(".xlsx"): case.received for case in meeting.cases}
    came = {name: received[name] or checked[name]["referrer.date"] for name in SOUND}
    assert due == dt.date(2026, 11, 27)
    assert {name for name, day in came.items() if day > due} == {"08-day-late"}
    assert working_days_before(came["08-day-late"], 1) == due
    assert max(came.values()) <= DAY


def test_only_one_victim_of_each_sort_of_consent(checked):
    """One goes ahead without consent for the children, with ground and reason; one has no children and goes anonymously."""
    refused = {name for name, found in checked.items() if found["consent.consents"] == "no"}
    assert refused == {"03-no-consent-children", "04-no-consent-no-children"}
    with_children, without = (checked[name] for name in sorted(refused))
    assert len(with_children["children.child"]) == 2
    assert with_children["consent.ground"] == "child_at_risk"
    assert with_children["consent.reason"]
    assert without["children.child"] == ()
    assert without["consent.ground"] is None


def test_only_one_is_a_mappa_case(checked):
    """One perpetrator is subject to MAPPA."""
    subject = {
        n for n, one in checked.items() if any(p.mappa == "yes" for p in one["perpetrators.perpetrator"])
    }
    assert subject == {"07-really-mappa"}


def test_repeat_is_one_in_the_referral_and_in_the_meeting(meeting, checked):
    """The case that the meeting calls a repeat is the one whose referrer does."""
    said = {name for name, found in checked.items() if found["criteria.repeat"] == "yes"}
    assert said == {case.file.removesuffix(".xlsx") for case in meeting.cases if case.repeat} == {"02-repeat"}


def test_refuge_stands_in_the_free_text(checked):
    """The refuge's name, street and postcode stand in the reasons too, as they would."""
    referral = checked["02-repeat"]
    refuge = referral["victim.temporary_address"]
    house, street, *_ = refuge.lines
    for part in (house, street, refuge.postcode):
        assert part in referral["reasons.reasons"]


def test_client_who_goes_anonymously_stands_all_over_the_free_text(checked):
    """Every listed mention of the client is in an answer that is not there to identify her, so there is much to take out."""
    free = "\n".join(
        found.ask.show(value)
        for _, found, value in checked["04-no-consent-no-children"].paths()
        if value is not None and found.ask.identifies is None
    )
    mentions = make.about("04-no-consent-no-children")["mentions"]
    assert len(mentions) >= 15
    assert [mention for mention in mentions if mention not in free] == []


def test_names_come_in_five_scripts(checked):
    """One referral has letters of five scripts, a letter with a combining accent, three children and two perpetrators."""
    referral = checked["05-five-scripts"]
    text = "".join(found.ask.show(value) for _, found, value in referral.paths() if value is not None)
    scripts = {unicodedata.name(letter).split()[0] for letter in text if letter.isalpha()}
    assert scripts >= {"LATIN", "ARABIC", "CJK", "CYRILLIC", "DEVANAGARI"}
    assert any(unicodedata.name(letter, "").startswith("COMBINING") for letter in text)
    assert len(referral["children.child"]) == 3
    assert len(referral["perpetrators.perpetrator"]) == 2


@pytest.mark.parametrize("name", NAMES)
def test_reasons_are_as_long_as_real_ones(name):
    """The reasons for referral run to 150 to 500 words."""
    assert 150 <= len(make.answers(name)["reasons"]["reasons"].split()) <= 500


@pytest.mark.parametrize("name", SOUND)
def test_score_is_the_number_of_ticks(checked, name):
    """The score of the checklist counts its yeses."""
    dash = {path: value for path, _, value in checked[name].paths() if path.startswith("dash.")}
    assert dash["dash.score"] == sum(value == "yes" for value in dash.values())


@pytest.mark.parametrize("file", WRITTEN)
def test_telephone_numbers_are_kept_for_fiction(file):
    """Every telephone number is from a range that is given to nobody."""
    text = WRITTEN[file]
    numbers = re.findall(r"(?:\+44|(?<!\d)\(?0|(?<!\d)(?=7\d{9}(?!\d)))[\d ()\-]{7,}\d", text)
    digits = [re.sub(r"\D", "", number) for number in numbers]
    assert [one for one in digits if not FREE_FOR_FICTION.fullmatch(re.sub("^(44)?0?", "", one))] == []


@pytest.mark.parametrize("file", WRITTEN)
def test_mail_goes_nowhere(file):
    """Every e-mail address ends in .example or at example.org."""
    hosts = re.findall(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)*)", WRITTEN[file])
    assert [host for host in hosts if not (host.endswith(".example") or host == "example.org")] == []


@every_sample
def test_nobody_lives_at_a_postcode(form_id, name):
    """Postcodes begin with BK, which is no postcode area."""
    text = (make.ANSWERS / form_id / f"{name}.toml").read_text("utf-8")
    assert {code[:2].upper() for code in POSTCODE.findall(text)} <= {"BK"}


def test_spocs_can_be_rung_and_written_to(area):
    """The SPOCs' numbers and addresses, and those of the sender, are such as the forms would take."""
    for person in (area.settings.sender, *(spoc for agency in area.agencies for spoc in agency.spocs)):
        assert PHONE.read(person.telephone) == person.telephone
        assert EMAIL.read(person.email) == person.email


@every_sample
def test_nothing_about_a_file_names_anybody(area, form_id, name):
    """Neither the name of a workbook nor its properties hold a part of anybody's name."""
    path = area.inbox / make.place(form_id, name)
    with zipfile.ZipFile(path) as members:
        about = [members.read(part).decode() for part in members.namelist() if part.startswith("docProps/")]
        assert all(member.date_time == (2026, 1, 1, 0, 0, 0) for member in members.infolist())
    referral = written_referral(form_id, name)
    people = list(_names(referral.answers))
    parts = {part.casefold() for person in people for part in re.findall(r"\w{4,}", person)}
    # A form's own title is no person: "Key" of a key worker, say.
    words = set(re.findall(r"\w+", f"{referral.form.title} {referral.form.id}".casefold()))
    seen = set(re.findall(r"\w+", " ".join((name, *about)).casefold())) - words
    assert parts
    assert parts & seen == set()


def _names(answers):
    """The name of the referrer, and of everybody in the case, in rows too."""
    yield answers["referrer"]["name"]
    for questions in answers.values():
        for key, answer in questions.items():
            rows = (
                [one for one in answer if isinstance(one, dict)]
                if isinstance(answer, list)
                else [{key: answer}]
            )
            for row in rows:
                yield from (str(row[key]) for key in ("surname", "forenames", "full_name") if row.get(key))


@every_sample
def test_each_sample_is_what_it_is_there_for(form_id, name):
    """A sample of mistakes has those that its answers list, in the order of the form; every other is sound."""
    found = check(written_referral(form_id, name), DAY)
    codes = [] if isinstance(found, Checked) else [[one.place.path, one.code] for one in found]
    assert codes == make.about(name, form_id)["codes"]


@every_form
def test_every_form_has_its_samples(form):
    """Each form has three referrals or more: at least two sound ones and one with five mistakes or more, each of its own."""
    names = make.names(form.id)
    faulty = [codes for name in names if (codes := make.about(name, form.id)["codes"])]
    assert len(names) >= 3
    assert len(names) - len(faulty) >= 2
    assert faulty
    assert all(len(codes) >= 5 for codes in faulty)
    assert all(len({tuple(one) for one in codes}) == len(codes) for codes in faulty)


@every_sample
def test_inbox_is_as_new_as_form_and_answers(area, form_id, name):
    """The workbook in the inbox is what the form, its blank and the answers give today."""
    path = area.inbox / make.place(form_id, name)
    stands, made = path.read_bytes(), make.workbook(name, area, form_id)
    same = stands == made or _content(stands) == _content(made)
    assert same, f"{name}.xlsx is older than the form, its blank or its answers: run `python -m samples.make`"


def _content(data: bytes):
    """What makes a workbook another one: its cells, names, lists and locks, but not how a library wrote them down."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = {
        (sheet.title, cell.coordinate): (cell.value, cell.data_type, cell.number_format, cell.protection.locked)
        for sheet in book
        for row in sheet
        for cell in row
        if cell.has_style or cell.value is not None
    }
    names = {name: one.attr_text for name, one in book.defined_names.items()}
    lists = [
        (sheet.title, str(one.sqref), one.type, one.formula1)
        for sheet in book
        for one in sheet.data_validations.dataValidation
    ]
    return book.sheetnames, cells, names, lists


def test_making_twice_gives_the_same_bytes(area):
    """A referral made again is the same file, so that the repository sees no change where there is none."""
    assert make.workbook(NAMES[0], area) == make.workbook(NAMES[0], area)


def test_readme_names_every_agency_spoc_and_referral(area):
    """The README has a row for every agency with all of its SPOCs, and one for every referral."""
    readme = (make.HERE / "README.md").read_text("utf-8")
    rows = {line.split("`")[1]: line for line in readme.splitlines() if line.startswith("| `")}
    for agency in area.agencies:
        assert all(spoc.name in rows[agency.id] for spoc in agency.spocs)
    assert set(NAMES) <= set(rows)
    for form_id, name in make.every():
        assert form_id == make.MEETING_FORM or f"`{form_id}`" in readme
        assert f"`{name}`" in readme
