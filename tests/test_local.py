"""An area's own differences in a form: labels, help, lists and questions without Python; a wrong one is told with its line."""

import datetime as dt
import json
import re
import shutil
import tomllib

import pytest

from forms.catalogue import FORMS
from forms.information import Identifies, Information
from pipeline import word, workbook
from pipeline.agency import AgencyKind
from pipeline.area import open_area
from pipeline.blocks import Stamp
from pipeline.checked import Checked, check, filled
from pipeline.flow import form_of, read
from pipeline.local import local_form, strangers
from pipeline.meeting import Decision
from pipeline.protocol.sharing import sight_of, view_of
from pipeline.render import Renderer, template_of
from pipeline.settings import Unusable, lines_of
from pipeline.view import Shared, Withheld
from samples import make
from tests.filling import fill

DAY = dt.date(2026, 12, 2)
OWN = """\
# What Brackenford has otherwise.
[question."victim.surname"]
label = "Family name"
help = "As on the birth certificate."

[question."victim.nationality"]
required = true

[question."victim.nicknames"]
hidden = true

[question."victim.ethnic_origin"]
choices = { polish = "Polish", cornish = "Cornish", other = "Other" }

[add."victim.tenancy"]
label = "Kind of tenancy"
kind = "choice"
about = "address"
after = "permanent_address"
choices = { council = "Council", private = "Private" }

[add."victim.work_phone"]
label = "Telephone at work"
kind = "phone"
about = "contact"
"""


@pytest.fixture
def area(tmp_path):
    shutil.copytree(make.AREA, tmp_path / "area")
    (tmp_path / "area" / "forms").mkdir()
    return open_area(tmp_path / "area")


def write(area, text, name="marac.toml"):
    (area.folder / "forms" / name).write_text(text, "utf-8")
    return area


def answers(**more):
    made = FORMS["marac"].example()
    del made["victim"]["nicknames"]
    made["victim"] |= {"ethnic_origin": "Polish"} | more
    made["perpetrators"]["perpetrator"][0]["mappa"] = "No"
    return made


def test_an_area_without_differences_has_the_forms_as_they_are(area):
    """Where a folder says nothing, a form is the very same."""
    assert all(local_form(area, form_id) is FORMS[form_id] for form_id in FORMS)
    assert all(local_form(None, form_id) is FORMS[form_id] for form_id in FORMS)


def test_differences_go_all_the_way(area):
    """A form with other labels, lists and questions is filled, read, checked, seen by rule, and drawn in both formats."""
    write(area, OWN)
    form = form_of(area, "marac")
    blank = workbook.blank(form)
    referral = read(fill(blank, answers(tenancy="Private", work_phone="020 7946 0177")), area)
    checked = check(referral, DAY)
    assert isinstance(checked, Checked), [(one.code, str(one.place)) for one in checked]
    assert (checked["victim.tenancy"], checked["victim.nicknames"]) == ("private", None)
    seen, unseen = (
        view_of(checked, "MARAC-2026-0417", "OFFICIAL-SENSITIVE", sight_of(kind, checked, anonymous=False))
        for kind in (AgencyKind.POLICE, AgencyKind.EDUCATION)
    )
    assert seen.answers["victim.tenancy"] == Shared("Private")
    assert unseen.answers["victim.tenancy"] == Withheld("SHARE-11")
    assert "victim.nicknames" not in seen.answers
    stamp = Stamp("Brackenford Police", "copy 1", "P-7F3K-2M9Q")
    pdf, docx = Renderer(area, None).draw(seen, [stamp]).copies(stamp)
    assert pdf.content.startswith(b"%PDF")
    assert b"word/document.xml" in docx.content


def test_what_the_readme_shows_is_taken(area):
    """The differences in the README are such as the MARAC form takes."""
    blocks = re.findall(r"```toml\n(.*?)```", (make.HERE.parent / "README.md").read_text("utf-8"), re.DOTALL)
    (shown,) = [one for one in blocks if "[question." in one]
    write(area, shown)
    form = form_of(area, "marac")
    assert form.find("victim.tenancy").ask.local
    assert form.find("victim.surname").ask.label == "Family name"


def test_the_decision_in_the_readme_is_one_that_is_taken():
    """What the README shows of a meeting's file is a decision that the program takes."""
    blocks = re.findall(r"```toml\n(.*?)```", (make.HERE.parent / "README.md").read_text("utf-8"), re.DOTALL)
    (shown,) = [one for one in blocks if "[[decision]]" in one]
    (said,) = tomllib.loads(shown)["decision"]
    assert Decision.model_validate(said).rule == "CONSENT-2"


def test_a_question_that_an_area_requires_is_missed(area):
    """An optional question may be made required; the sheet says so, and so does the check."""
    write(area, OWN)
    found = check(read(fill(workbook.blank(form_of(area, "marac")), answers(nationality=None)), area), DAY)
    assert [(one.code, one.place.path) for one in found] == [("missing", "victim.nationality")]


def test_a_workbook_made_without_the_differences_is_read(area):
    """A referrer who fills the blank of before is not sent away: the area's own questions are open, and a lost answer is told."""
    blank = workbook.blank(FORMS["marac"])
    write(area, OWN)
    old = FORMS["marac"].example()
    old["victim"]["ethnic_origin"] = None
    found = check(read(fill(blank, old), area), DAY)
    assert [(one.code, one.place.question) for one in found] == [("not-asked-here", "Nicknames")]


def test_what_is_hidden_is_taken_from_nowhere(area):
    """A hidden question is not asked in JSON either."""
    write(area, OWN)
    said = {"form": "marac", "edition": FORMS["marac"].edition, "answers": answers(nicknames="Ro")}
    found = check(read(json.dumps(said).encode(), area), DAY)
    assert [(one.code, one.place.path) for one in found] == [("wrong-shape", "victim.nicknames")]


def test_what_finds_somebody_is_looked_for_in_free_text(area):
    """A telephone number in a question of the area's own is taken out of free text wherever it is withheld."""
    write(area, OWN)
    assert form_of(area, "marac").find("victim.work_phone").ask.identifies is Identifies.PHONE
    said = answers(work_phone="020 7946 0177")
    said["reasons"]["reasons"] = "Ring her at work, 020 7946 0177, if nobody answers at home."
    checked = check(read(fill(workbook.blank(form_of(area, "marac")), said), area), DAY)
    view = view_of(
        checked,
        "MARAC-2026-0417",
        "OFFICIAL-SENSITIVE",
        sight_of(AgencyKind.PROBATION, checked, anonymous=False),
    )
    assert "0177" not in view.answers["reasons.reasons"].text


def test_lists_of_an_area_hold_in_every_form(area):
    """A list in lists.toml takes the place of the form's in all forms, and makes a list of what took any words."""
    write(area, '[agencies]\npolice = "Brackenford Police"\ncouncil = "Brackenford Council"\n', "lists.toml")
    for form_id in ("marac", "camp", "mappa-a"):
        ask = form_of(area, form_id).find("referrer.agency").ask
        assert ask.one_of
        assert [choice.label for choice in ask.choices] == ["Brackenford Police", "Brackenford Council"]


def test_an_area_may_ask_for_the_address_on_form_j(area):
    """The one question that Form J has on request is asked where an area says so, and nothing else can be added."""
    write(area, '[question."person.address"]\nasked = true\n', "mappa-j.toml")
    assert form_of(area, "mappa-j").find("person.address")
    with pytest.raises(KeyError):
        FORMS["mappa-j"].find("person.address")


def test_an_area_brings_its_own_template(area):
    """A template in the area's folder is taken; without one, a changed form is laid out anew, and fits."""
    write(area, OWN)
    form = form_of(area, "marac")
    assert word.check_template(template_of(area, form), form) == ()
    (area.folder / "templates").mkdir()
    (area.folder / "templates" / "marac.docx").write_bytes(b"somebody's own")
    assert template_of(area, form) == b"somebody's own"
    shipped = (make.TEMPLATES / "marac.docx").read_bytes()
    assert {one.code for one in word.check_template(shipped, form)} == {"word-unknown", "word-unprinted"}


AGENCIES = [item.key for item in next(one for one in FORMS["marac"].sections if one.key == "agencies").items]
WRONG = {
    "no TOML": ('[question."victim.surname"\n', 1, "Expected"),
    "a word that is not known": ('[question."victim.surname"]\nlabels = "x"\n', 2, "not a setting"),
    "a question that is not asked": ('\n[question."victim.surnam"]\nlabel = "x"\n', 2, "did you mean victim.surname?"),
    "hiding what is required": ('[question."victim.surname"]\nhidden = true\n', 2, "Only an optional question"),
    "hiding what others lean on": ('[question."dash.score"]\nhidden = true\n', 2, "Only an optional question"),
    "hiding a column": ('[question."children.child.sex"]\nhidden = true\n', 2, "Only an optional question"),
    "making a required question optional": ('[question."victim.surname"]\nrequired = false\n', 2, "can only be true"),
    "requiring what is worked out": ('[question."dash.counted"]\nrequired = true\n', 2, "works this out"),
    "hidden and required": ('[question."victim.nicknames"]\nhidden = true\nrequired = true\n', 3, "both hidden and"),
    "another list for what rules go by": ('[question."consent.ground"]\nchoices = {aa = "A", bb = "B"}\n', 2, "rules go by"),
    "two answers alike": ('[question."victim.ethnic_origin"]\nchoices = {aa = "A", bb = "a"}\n', 2, "same words"),
    "asking what is asked": ('[question."victim.surname"]\nasked = true\n', 2, "asks this already"),
    "two labels alike": ('[question."victim.forenames"]\nlabel = "Surname"\n', 2, "same words"),
    "a part that there is not": ('[add."victims.tenancy"]\nlabel = "T"\nabout = "address"\n', 1, "the parts are"),
    "a name in capitals": ('[add."victim.Tenancy"]\nlabel = "T"\nabout = "address"\n', 1, "small letters"),
    "a name that is a cell": ('[add."victim.ab12"]\nlabel = "T"\nabout = "address"\n', 2, "takes this name for a cell"),
    "a name that is there": ('[add."victim.surname"]\nlabel = "T"\nabout = "address"\n', 2, "of this name already"),
    "a kind that there is not": ('[add."victim.x_y"]\nlabel = "T"\nkind = "colour"\nabout = "address"\n', 3, "This is one of: text"),
    "a choice without its list": ('[add."victim.x_y"]\nlabel = "T"\nkind = "choice"\nabout = "address"\n', 1, "has its list"),
    "a class that nobody has decided on": ('[add."victim.x_y"]\nlabel = "T"\nabout = "media"\n', 3, "is decided for these"),
    "who somebody is, in a part that does not ask it": ('[add."reasons.x_y"]\nlabel = "T"\nabout = "identity"\n', 3, "goes further than anything"),
    "what one agency holds": ('[add."victim.x_y"]\nlabel = "T"\nabout = "agency"\n', 3, "is decided for these"),
    "after a question that there is not": ('[add."victim.x_y"]\nlabel = "T"\nabout = "address"\nafter = "surnam"\n', 4, "did you mean surname?"),
    "hiding the last of a part": (
        "".join(f'[question."agencies.{key}"]\nhidden = true\n' for key in AGENCIES), 2 * len(AGENCIES), "last question of its part",
    ),
    "a path without quotation marks": ("[question.victim.surname]\nlabel = 'x'\n", 1, "not a setting"),
    "an answer's name in capitals": ('[question."victim.ethnic_origin"]\nchoices = { Polish = "Polish", xx = "X" }\n', 2, "small letters"),
    "a list with one answer": ('[question."victim.ethnic_origin"]\nchoices = { polish = "Polish" }\n', 2, "at least 2"),
    "a list for a question without one": ('[question."victim.forenames"]\nchoices = {aa = "A", bb = "B"}\n', 2, "has no list"),
    "an example that is none": ('[add."victim.x_y"]\nlabel = "T"\nabout = "contact"\nkind = "phone"\nexample = "red"\n', 5, "no such answer"),
    "a list with Not known": (
        '[add."victim.x_y"]\nlabel = "T"\nabout = "address"\nkind = "choice"\nunknown = true\nchoices = {aa = "A", bb = "B"}\n',
        5, "Not known",
    ),
}  # fmt: skip


@pytest.mark.parametrize("says", WRONG)
def test_a_wrong_difference_is_told_with_its_line(area, says):
    """Whatever does not fit the form is a problem with the file and the line, and the form is not used."""
    text, line, why = WRONG[says]
    write(area, text)
    with pytest.raises(Unusable) as refused:
        form_of(area, "marac")
    (one,) = refused.value.problems
    assert why in one.what
    assert f"line {line}" in f"{one.place} {one.what}"
    assert "forms/marac.toml" in str(one.place)


def test_nothing_can_be_added_to_an_allow_list(area):
    """Form J stays what it is in every area (SHARE-5)."""
    write(area, '[add."person.story"]\nlabel = "Story"\nabout = "identity"\n', "mappa-j.toml")
    with pytest.raises(Unusable) as refused:
        form_of(area, "mappa-j")
    assert "allow-list" in refused.value.problems[0].what


@pytest.mark.parametrize("setting", ['label = "Why he is dangerous"', 'help = "Say whom he harmed."'])
def test_an_allow_list_keeps_its_words(area, setting):
    """Nor can its questions be made to ask for something else."""
    write(area, f'[question."restrictions.restriction.work"]\n{setting}\n', "mappa-j.toml")
    with pytest.raises(Unusable) as refused:
        form_of(area, "mappa-j")
    assert "not an area's to change" in refused.value.problems[0].what


def test_what_rules_look_at_cannot_be_hidden(area):
    """TIME-5 goes by the expected release, so it is asked everywhere."""
    write(area, '[question."own.release"]\nhidden = true\n', "mappa-j.toml")
    with pytest.raises(Unusable):
        form_of(area, "mappa-j")


def test_an_own_question_in_a_part_of_nobody_is_closed_in_an_anonymous_case(area):
    """A telephone number that an area asks for leads to the client wherever it stands (CONSENT-2)."""
    write(area, '[add."reasons.ring"]\nlabel = "Where to ring her"\nkind = "phone"\nabout = "contact"\n')
    one = filled(form_of(area, "marac"), {"reasons": {"ring": "07700 900987"}})
    view = view_of(one, "M-20-01", "OFFICIAL-SENSITIVE", sight_of(AgencyKind.POLICE, one, anonymous=True))
    assert view.answers["reasons.ring"] == Withheld("CONSENT-2")


def test_every_problem_is_told_at_once(area):
    """Several mistakes in one file come back together, each with its line."""
    write(
        area, '[question."victim.surnam"]\nlabel = "x"\n\n[add."victims.x_y"]\nlabel = "T"\nabout = "address"\n'
    )
    with pytest.raises(Unusable) as refused:
        form_of(area, "marac")
    assert [str(one.place).partition("line ")[2][:1] for one in refused.value.problems] == ["1", "4"]


def test_a_file_of_no_form_is_told(area):
    """A misspelt file would do nothing, so it is a problem."""
    write(area, "", "marak.toml")
    (one,) = strangers(area)
    assert "did you mean marac.toml?" in one.what


def test_lines_of_settings():
    """A setting is found by its way in, whatever stands in texts of several lines."""
    text = 'a = 1\n[b."c.d"]\ne = """\nf = 2\n"""\ng.h = 3 # x\n[[i]]\nj = 1\n'
    assert lines_of(text) == {
        ("a",): 1, ("b", "c.d"): 2, ("b", "c.d", "e"): 3, ("b", "c.d", "g", "h"): 6, ("i",): 7, ("i", "j"): 8,
    }  # fmt: skip


def test_a_question_put_into_a_part_is_held_like_all_of_it(area):
    """What an area asks of victims is of what is told of victims, whatever class it names: tagging and housing do not get it (SHARE-9)."""
    write(area, '[add."victims.pets"]\nlabel = "Pets"\nabout = "risk"\n', "mappa-a.toml")
    ask = form_of(area, "mappa-a").find("victims.pets").ask
    assert {ask.about, *ask.also} == {Information.RISK, Information.VICTIM}
