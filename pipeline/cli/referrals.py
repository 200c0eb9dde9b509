"""Commands for referrals: forms, blank, check, check-template."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from forms.catalogue import FORMS
from keys.files import write_whole
from pipeline import word, workbook
from pipeline.area import Area
from pipeline.checked import Checked, Referral
from pipeline.checked import check as check_referral
from pipeline.cli import common, keyfiles
from pipeline.flow import form_of, read_file, refusals
from pipeline.incoming import Opener
from pipeline.local import own_files, strangers
from pipeline.problem import Problem
from pipeline.protocol.rule import Finding
from pipeline.settings import Unusable
from pipeline.word.start import first_template

FORM = click.Choice(list(FORMS))
_PRIVATE = 0o600
"""The mode of what holds somebody's answers."""
_OURS = frozenset({"sealed-no-key", "sealed-pack"})
"""Problems of a file that are not its sender's to put right."""


@click.command
@common.json_option
@common.area_option
@common.in_words
def forms(*, as_json: bool, area_folder: Path) -> None:
    """List the forms, and check what the area has otherwise in them.

    Example: sealpack forms
    """
    area = common.maybe_area(area_folder)
    used, wrong = [], [*(strangers(area) if area else ())]
    for form_id in FORMS:
        try:
            used.append(form_of(area, form_id))
        except Unusable as unusable:
            wrong += unusable.problems
    if wrong:  # of every file at once; a list that all forms use is told of once
        raise Unusable(tuple(dict.fromkeys(wrong)))
    rows = [(form.id, form.title, form.edition, form.about) for form in used]
    if as_json:
        common.say_json([dict(zip(("id", "title", "edition", "about"), row, strict=True)) for row in rows])
    else:
        common.table(("Form", "Title", "Edition", "What it is for"), rows)
        for name in own_files(area) if area else ():
            click.echo(f"Read, and fits: {name}")


@click.command
@click.argument("form_id", metavar="FORM", type=FORM)
@click.option(
    "-o", "--output", type=common.ANY_PATH, help="The workbook to write.  [default: FORM-referral.xlsx]"
)
@click.option("--json", "as_json", is_flag=True, help="Print the JSON Schema of the form instead.")
@click.option("--template", is_flag=True, help="Write a Word template to edit instead.  [default: FORM.docx]")
@common.area_option
@common.in_words
def blank(form_id: str, *, output: Path | None, as_json: bool, template: bool, area_folder: Path) -> None:
    """Make an empty workbook for referrers to fill in.

    Example: sealpack blank marac -o marac-referral.xlsx
    """
    area = common.maybe_area(area_folder)
    form = form_of(area, form_id)
    if as_json:
        common.say_json(form.json_schema())
        return
    if template:
        write(output or Path(f"{form_id}.docx"), first_template(form), mode=0o644)
        return
    content = workbook.blank(form, **opening(area))
    write(output or Path(f"{form_id}-referral.xlsx"), content, mode=0o644)


def opening(area: Area | None) -> dict[str, Any]:
    """Return what the opening sheet says of the area."""
    return {"area_name": area.settings.name, "send_to": area.send_to} if area else {}


@click.command
@click.argument("files", nargs=-1, required=True, type=common.ANY_PATH)
@click.option(
    "--return", "return_folder", type=common.ANY_PATH, help="Write marked-up copies for the referrers here."
)
@keyfiles.opening_option
@common.json_option
@common.area_option
@common.today_option
@common.in_words
def check(
    files: tuple[Path, ...],
    *,
    return_folder: Path | None,
    key_file: Path | None,
    as_json: bool,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Name every problem in filled referrals, by sheet and cell.

    In an area it also says which sound ones the panel would refuse by its rules.

    Example: sealpack check inbox/*.xlsx --return returned
    """
    area, opener = common.maybe_area(area_folder), keyfiles.opener(key_file)
    answers: list[dict[str, Any]] = []
    for path in _expanded(files):
        referral, problems, checked = check_one(path, today, area, opener)
        refused = refusals(area, checked, today) if area and checked else ()
        answers.append({"file": str(path), **found_json(problems, refused)})
        if not as_json:
            say_found(path, problems, refused)
        if problems and return_folder and referral:
            copy = workbook.returned(form_of(area, referral.form.id), referral, problems, **opening(area))
            answers[-1]["returned"] = str(_return(copy, return_folder, path.stem, quiet=as_json))
        elif return_folder and not as_json and any(one.code not in _OURS for one in problems):
            click.echo("  No copy can be made of it: send it back as it is, with the words above.")
    faulty = sum(bool(one["problems"]) for one in answers)
    if as_json:
        common.say_json(answers)
    else:
        _say_unlooked(files)
        _say_sum(answers, faulty)
    if faulty:
        raise SystemExit(common.PROBLEMS)


def say_found(path: Path, problems: tuple[Problem, ...], refused: tuple[Finding, ...]) -> None:
    """Print what is wrong with a referral, and by which rules its panel would refuse it."""
    click.echo(f"{path}: {counted(problems)}{', but the panel will refuse it' if refused else ''}")
    for one in problems:
        click.echo(f"  {one.place}: {one.what}\n      {one.cure}  [{one.code}]")
    for finding in refused:
        click.echo(f"  {finding.rule}: {finding.why}")


def found_json(problems: tuple[Problem, ...], refused: tuple[Finding, ...]) -> dict[str, Any]:
    """Return the same for a program."""
    return {
        "problems": [common.problem_json(one) for one in problems],
        "rules": [{"rule": one.rule, "why": one.why} for one in refused],
    }


def _say_sum(answers: list[dict[str, Any]], faulty: int) -> None:
    refused = sum(bool(one["rules"]) for one in answers)
    found = sum(len(one["problems"]) for one in answers)
    told = [
        f"{len(answers) - faulty - refused} sound",
        *([f"{refused} the panel would refuse"] if refused else []),
        f"{faulty} to put right",
        *([common.count(found, "problem")] if faulty else []),
    ]
    click.echo(f"{common.count(len(answers), 'file')} checked: {', '.join(told)}.")


def _say_unlooked(files: tuple[Path, ...]) -> None:
    """Name the folders in a folder, whose files were not checked."""
    names = sorted(one.name for path in files if path.is_dir() for one in path.iterdir() if one.is_dir())
    if names:
        click.echo(f"Not looked into: {', '.join(names)}. Name a folder to check what is in it.")


def _return(copy: bytes, folder: Path, stem: str, *, quiet: bool) -> Path:
    """Write a copy for a referrer beside those of earlier days, in which somebody may be at work."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 1
    while True:
        path = folder / f"{stem}-to-put-right{f'-{number}' if number > 1 else ''}.xlsx"
        if not path.exists():
            write(path, copy, quiet=quiet)
            return path
        if path.read_bytes() == copy:
            if not quiet:
                click.echo(f"  There already: {path}")
            return path
        number += 1


def _expanded(files: tuple[Path, ...]) -> list[Path]:
    """Return the files; a folder stands for what lies in it, and Windows leaves `*` to us."""
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            found += sorted(one for one in path.iterdir() if common.lies_there(one))
        elif any(sign in path.name for sign in "*?") and not path.exists():
            found += sorted(one for one in path.parent.glob(path.name) if common.lies_there(one))
        else:
            found.append(path)
    if not found:
        names = ", ".join(map(str, files))
        common.fail(f"There is nothing to check in {names}.", "Name a file or a folder.", common.WRONG_USE)
    return list(dict.fromkeys(found))


def check_one(
    path: Path, day: dt.date, area: Area | None, opener: Opener | None
) -> tuple[Referral | None, tuple[Problem, ...], Checked | None]:
    """Return the referral of a file, what is wrong with it, and the referral checked if nothing is."""
    referral = read_file(path, area, opener)
    if not isinstance(referral, Referral):
        return None, referral, None
    checked = check_referral(referral, day)
    return (referral, (), checked) if isinstance(checked, Checked) else (referral, checked, None)


@click.command("check-template")
@click.argument("template", type=common.EXISTING)
@click.option("--form", "form_id", type=FORM, help="The form.  [default: the file's name]")
@common.json_option
@common.area_option
@common.in_words
def check_template(template: Path, *, form_id: str | None, as_json: bool, area_folder: Path) -> None:
    """Say whether a Word template and its form fit, both ways.

    Example: sealpack check-template templates/marac.docx
    """
    form_id = form_id or template.stem
    if form_id not in FORMS:
        common.fail(f"There is no form {form_id}.", "Name the form with --form.", common.WRONG_USE)
    problems = word.check_template(template.read_bytes(), form_of(common.maybe_area(area_folder), form_id))
    if as_json:
        common.say_json([common.problem_json(one) for one in problems])
    else:
        for one in problems:
            common.say_problem(one)
        click.echo(f"{template}: {counted(problems) if problems else 'fits'}")
    if problems:
        raise SystemExit(common.PROBLEMS)


def write(path: Path, content: bytes, *, quiet: bool = False, mode: int = _PRIVATE) -> None:
    """Write a file that is not there yet, for its owner alone unless it is said otherwise."""
    try:
        write_whole(path, content, mode=mode, replace=False)
    except FileExistsError:
        common.fail(f"{path} is already there.", "Choose another name, or move it away first.")
    except OSError as error:
        common.fail(f"{path} cannot be written: {error.strerror}.", "Choose a folder of your own.")
    if not quiet:
        click.echo(f"Written: {path}")


def counted(problems: tuple[Problem, ...]) -> str:
    """Return how many problems a file has, in words."""
    return common.count(len(problems), "problem") if problems else "sound"
