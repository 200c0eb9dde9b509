"""Commands that begin a workbook from a referral: carry, complete."""

import datetime as dt
from pathlib import Path

import click

from forms.catalogue import whole
from forms.definition import Filler
from pipeline import workbook
from pipeline.carry import Carriage
from pipeline.carry import carry as carry_over
from pipeline.checked import Checked, Referral
from pipeline.cli import common, keyfiles
from pipeline.cli.referrals import FORM, check_one, opening, write
from pipeline.flow import form_of
from pipeline.workbook import Begun


def _picks(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, int]:
    picks = {}
    for one in given:
        role, _, number = one.partition("=")
        if not role or not number.isdecimal() or not int(number):
            raise click.BadParameter("write it like offender=2, counted from 1", context, parameter)
        picks[role] = int(number)
    return picks


@click.command
@click.argument("file", type=common.EXISTING)
@click.option(
    "--to", "form_id", type=FORM, required=True, help="The form to begin; the same form begins a review."
)
@click.option("-o", "--output", type=common.ANY_PATH, required=True, help="The workbook to write.")
@click.option(
    "--pick",
    "picks",
    multiple=True,
    callback=_picks,
    metavar="WHO=N",
    help="Which of several to take, where the form asks for one: offender=2.",
)
@keyfiles.opening_option
@common.area_option
@common.today_option
@common.in_words
def carry(
    file: Path,
    *,
    form_id: str,
    output: Path,
    picks: dict[str, int],
    key_file: Path | None,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Begin another form, or a review, with what a sound referral says already.

    What is carried is marked, and each part of it has to be confirmed.

    Example: sealpack carry form-a.xlsx --to mappa-j -o form-j.xlsx
    """
    area = common.maybe_area(area_folder)
    checked, _ = _sound(file, key_file, area_folder, today)
    form = form_of(area, form_id)
    roles = sorted(
        {found.ask.fact.partition(".")[0] for found in checked.form.asks() if found.ask.fact and found.table}
    )
    if strange := sorted(picks.keys() - set(roles)):
        told = (
            f"Of this form one can pick: {', '.join(roles)}."
            if roles
            else "This form has nothing to pick from."
        )
        common.fail(f"There is nothing called {', '.join(strange)} to pick.", told, common.WRONG_USE)
    try:
        carried = carry_over(checked, form, picks)
    except IndexError:
        told = "Count the rows of the referral from 1, and pick one of them."
        common.fail("The referral has not so many of these.", told, common.WRONG_USE)
    if not carried.paths:
        _tell(carried, checked, form_id)
        common.fail("Nothing was carried, so no workbook was written.", "", common.PROBLEMS)
    begun = Begun(carried.source, carried.paths, carried.sections)
    write(output, workbook.blank(form, **opening(area), prefill=carried.answers, begun=begun))
    _tell(carried, checked, form_id)


def _tell(carried: Carriage, checked: Checked, form_id: str) -> None:
    answers = common.count(len(carried.paths), "answer")
    click.echo(f"Carried over: {answers}, in {common.count(len(carried.sections), 'part')} to be confirmed.")
    for role in carried.several:
        click.echo(
            f"  The referral has several of these: {role}. None was taken; choose with --pick {role}=1 and so on."
        )
    if not carried.paths and not carried.several:
        click.echo(
            f"  {checked.form.title} and {whole(form_id).title} have nothing in common that may be carried."
        )


@click.command
@click.argument("file", type=common.EXISTING)
@click.option("-o", "--output", type=common.ANY_PATH, required=True, help="The workbook to write.")
@keyfiles.opening_option
@common.area_option
@common.today_option
@common.in_words
def complete(file: Path, *, output: Path, key_file: Path | None, area_folder: Path, today: dt.date) -> None:
    """Add the co-ordinator's part to a sound referral: the decision, the outcome or the minutes.

    Fill it in, and put the new workbook into the inbox in place of the referral.

    Example: sealpack complete inbox/form-a.xlsx -o form-a-decided.xlsx
    """
    area = common.maybe_area(area_folder)
    checked, referral = _sound(file, key_file, area_folder, today)
    form = form_of(area, checked.form.id)
    if not any(section.by is Filler.COORDINATOR for section in form.sections):
        common.fail(f"{form.title} has no part for the co-ordinator.", "", common.WRONG_USE)
    begun = Begun(completing=True)
    write(output, workbook.blank(form, **opening(area), prefill=referral.answers, begun=begun))
    titles = [section.title for section in form.sections if section.by is Filler.COORDINATOR]
    click.echo(f"Fill in: {', '.join(titles)}. The sheets of that name are the last ones. Then check it again.")


def _sound(file: Path, key_file: Path | None, area_folder: Path, today: dt.date) -> tuple[Checked, Referral]:
    """Return a referral that has no problem, or stop and say what is wrong with it."""
    area, opener = common.maybe_area(area_folder), keyfiles.opener(key_file)
    referral, problems, checked = check_one(file, today, area, opener)
    if checked is None or referral is None:
        for one in problems:
            common.say_problem(one)
        common.fail(f"{file} is not sound: {common.count(len(problems), 'problem')}.", "Put it right first.")
    return checked, referral
