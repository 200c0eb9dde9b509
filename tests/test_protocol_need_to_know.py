"""The need-to-know table: whole, sound, cited, and no wider than it says."""

import re

import pytest

from forms.catalogue import whole
from forms.definition import paths_in
from forms.information import Information
from pipeline.agency import AgencyKind
from pipeline.protocol import need_to_know
from pipeline.protocol.need_to_know import informations_for, needs, nothing_for
from tests.every_form import FORMS, every_form

CITED = re.compile(r"judgement|(?:B\d[A-C]|TV\d+|WM [A-Z][A-Za-z ]+|L\d+|R \w+)(?:, (?:B\d[A-C]|TV\d+))*")
MOST = {
    Information.WHEREABOUTS: {"police", "childrens_services", "housing_authority", "idva"},
    Information.CONTACT: {"police", "childrens_services", "adult_social_care", "housing_authority", "health", "mental_health", "idva"},
    Information.SCHOOL: {"police", "childrens_services", "education", "health", "idva"},
}  # fmt: skip


@every_form
def test_every_class_of_a_form_has_its_row(form):
    """Each class of information that a form asks for is decided in the table, and no row is for nothing."""
    policy = [whole(one.id) for one in FORMS if one.knowing == form.knowing]
    asked = {about for one in policy for about in one.holds}
    assert {about for policy_id, about in needs() if policy_id == form.knowing} == asked


def test_no_row_is_of_a_form_that_is_not_there():
    """The table speaks of forms in the catalogue only."""
    assert {policy for policy, _ in needs()} <= {form.knowing for form in FORMS}


@pytest.mark.parametrize(
    "need", needs().values(), ids=[f"{one.form}: {one.information}" for one in needs().values()]
)
def test_every_row_has_its_source_and_reason(need):
    """A row cites a protocol or calls itself a judgement, and says why in a sentence."""
    assert CITED.fullmatch(need.source)
    assert len(need.reason.split()) >= 5
    assert need.kinds


@pytest.mark.parametrize("policy", sorted({form.knowing for form in FORMS}))
def test_every_kind_is_decided_for_every_form(policy):
    """Each kind of agency either stands in a row of a form, or in the row that says who gets nothing of it: never in both."""
    some = {kind for kind in AgencyKind if informations_for(policy, kind)}
    assert some | nothing_for()[policy].kinds == set(AgencyKind)
    assert not some & nothing_for()[policy].kinds
    assert CITED.fullmatch(nothing_for()[policy].source)
    assert len(nothing_for()[policy].reason.split()) >= 5


def test_kinds_without_a_part_in_a_marac_get_nothing():
    """Immigration, Jobcentre, tagging, private care and victim liaison learn of nobody from a MARAC referral."""
    assert {str(kind) for kind in nothing_for()["marac"].kinds} == {
        "electronic_monitoring", "immigration", "jobcentre", "private_care", "victim_liaison",
    }  # fmt: skip


@pytest.mark.parametrize("about", MOST, ids=str)
def test_what_can_cost_a_life_goes_to_the_fewest(about):
    """Where the victim and children stay, how to reach them and the school are not given more widely by an oversight."""
    assert {str(kind) for kind in needs()["marac", about].kinds} == MOST[about]


def test_free_text_goes_no_further_than_names():
    """Whoever may read free text may know who it is about: otherwise taking names out of it would be all there is."""
    narrative, identity = (needs()["marac", one].kinds for one in (Information.NARRATIVE, Information.IDENTITY))
    assert narrative <= identity


TELLS_NO_MORE = {
    (
        "mappa-a",
        "offender.release_address",
    ): "an address stands there only if it is approved, which its label says",
    (
        "mappa-a",
        "decision.level",
    ): "the level decided is what a tagging provider is to be told, and tells that there is one",
}


def sees(form, kind, path):
    ask = form.find(path).ask
    return {ask.about, *ask.also} <= informations_for(form.knowing, kind) or ask.holder == kind


@every_form
def test_no_question_tells_of_the_answer_that_it_hangs_on(form):
    """Whoever sees a question that is asked on a condition may see the condition's answer: that it is answered tells of it."""
    for found in form.asks():
        condition = found.ask.only_if or found.ask.required_if
        if condition is None or found.section.kept or (form.id, found.path) in TELLS_NO_MORE:
            continue
        for path in paths_in(condition):
            asked = [path] if path not in {table for table, _, _ in form.tables()} else []
            for one in asked:
                blind = [
                    kind for kind in AgencyKind if sees(form, kind, found.path) and not sees(form, kind, one)
                ]
                assert not blind, (found.path, one, blind)


HEAD = "form,information,agencies,source,reason\n"


@pytest.mark.parametrize(
    "rows",
    [
        "marac,shoe_size,police,TV14,No such class of information",
        "marac,risk,coastguard,TV14,No such kind of agency",
        "marac,risk,police,,Without a source",
        "marac,risk,police,TV14,",
        "marac,risk,police,TV14,Once\nmarac,risk,idva,TV14,and again",
        "marac,risk,,TV14,For nobody at all",
    ],
    ids=["unknown class", "unknown kind", "no source", "no reason", "twice", "for nobody"],
)
def test_a_faulty_table_is_refused(rows, tmp_path, monkeypatch):
    """A row that is not sound stops the program rather than widening or narrowing what an agency sees."""
    table = tmp_path / "need_to_know.csv"
    table.write_text(HEAD + rows + "\n", "utf-8")
    monkeypatch.setattr(need_to_know, "_TABLE", table)
    with pytest.raises(ValueError, match=r"shoe_size|coastguard|need_to_know\.csv"):
        needs.__wrapped__()
