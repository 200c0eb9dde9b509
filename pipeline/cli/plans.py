"""A plan put into words: what the commands tell of who would get what."""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from forms.answers import long_date
from keys.directory import Directory, WhyNot
from pipeline import addressees as addressing
from pipeline.addressees import addressees, recovery_key, why_no_recovery
from pipeline.agency import Agency
from pipeline.channels import closed
from pipeline.cli import common
from pipeline.cli.keyfiles import read_key
from pipeline.plan import AgencyPlan, CasePlan, Plan
from pipeline.protocol.rule import Effect, Finding
from pipeline.protocol.rulebook import RULES

_NARROW = 12
"""Characters to a line of a column that leaves its room to the reasons."""


def say_plan(made: Plan) -> None:
    """Print a plan: its problems, cases and agencies."""
    panel = made.area.settings.panels[made.meeting.panel]
    click.echo(f"{panel.title}, {long_date(made.meeting.date)}, as planned on {long_date(made.day)}")
    for one in made.problems:
        common.say_problem(one)
    for warning in made.warnings:
        click.echo(f"  Warning: {warning}")
    if closed := _with_problem(made, "sealed-no-key"):
        told = f"{common.count(closed, 'referral')} came sealed, and could not be looked into"
        click.echo(f"  Warning: {told}: name your key file with -i.")
    common.table(("Case", "File", "Goes", "In time", "Why"), [_case_row(case) for case in made.cases])
    common.table(
        ("Agency", "Pack", "Cases", "Withheld by", "Why not"), [_agency_row(one) for one in made.agencies]
    )


def say_refused(made: Plan) -> None:
    """Print the warnings of a plan, and each case that goes to nobody with the reason."""
    for warning in made.warnings:
        click.echo(f"Warning: {warning}")
    for case in made.cases:
        if not case.goes:
            reference, file, _, _, why = _case_row(case)
            click.echo(f"In no pack: {reference} ({file}): {why}".replace("\n", "; "))


def refuse_unopened(made: Plan, directory: Directory, key_file: Path | None) -> None:
    """Stop where a plan is not that of the meeting, since no key, or one of somebody else, was named for what came sealed."""
    if closed := _with_problem(made, "sealed-no-key"):
        common.fail(
            f"{common.count(closed, 'referral')} of this meeting came sealed, and could not be looked into.",
            "Name the co-ordinator's key file with -i.",
            common.WRONG_USE,
        )
    if key_file and _with_problem(made, "sealed-for-another"):
        ours = [one.keys.signing for one in directory.usable(made.area.settings.sender.agency, made.day)]
        if read_key(key_file).public().signing not in ours:
            common.fail(
                "A referral of this meeting came sealed, and this is not the key file of a co-ordinator.",
                f"Name that of {made.area.settings.sender.name}.",
                common.WRONG_USE,
            )


def _with_problem(made: Plan, code: str) -> int:
    """Return how many cases of a plan have a problem."""
    return sum(any(one.code == code for one in case.problems) for case in made.cases)


def _case_row(case: CasePlan) -> tuple[str, str, str, str, str]:
    if case.problems:
        codes = ", ".join(dict.fromkeys(one.code for one in case.problems))
        return (
            case.reference,
            case.case.file,
            "no",
            "",
            f"{case.problems[0].what} [{codes}]"
            if len(case.problems) == 1
            else f"{common.count(len(case.problems), 'problem')}: {codes}",
        )
    goes = (
        "no" if not case.goes else "for a check" if case.check else "anonymously" if case.anonymous else "yes"
    )
    why = "\n".join(_finding(one) for one in case.findings)
    return case.reference, case.case.file, goes, textwrap.fill(case.standing, _NARROW), why


def _finding(one: Finding) -> str:
    told = f"{one.rule}: {one.why}"
    return f"{told} (set aside by {one.decision.by}, {one.decision.role})" if one.decision else told


def _agency_row(one: AgencyPlan) -> tuple[str, str, str, str, str]:
    rules = sorted({rule for *_, rule in withheld_from(one)}) if one.goes else ()
    return (
        one.agency.name,
        "yes" if one.goes else "no",
        f"{len(one.views)}, {len(one.checks)} to check" if one.checks else str(len(one.views)),
        ", ".join(rules),
        "\n".join(why_not(one)),
    )


def left_out(made: Plan, directory: Directory) -> Iterator[tuple[str, str, str]]:
    """Yield agency id, named contact and why a pack that goes to the agency is not sealed for this contact."""
    for one in made.agencies:
        if one.goes:
            for name, why in addressees(one.agency, directory, made.day).left_out.items():
                yield one.agency.id, name, _NO_KEY[why]


def _to_ring(agency: Agency, names: Iterable[str]) -> str:
    """Return whom of an agency's named contacts to ring, and where."""
    numbers = {one.name: one.telephone or one.email for one in agency.spocs}
    return ", ".join(f"{name} on {numbers[name]}" if numbers[name] else name for name in names)


def say_left_out(made: Plan, directory: Directory) -> None:
    """Print who of the named contacts will not be able to open the pack of the agency, and whom no e-mail may bring it."""
    for agency, name, why in left_out(made, directory):
        ring = _to_ring(made.area.agency(agency), [name])
        click.echo(f"The pack for {agency} cannot be opened by {name}: {why}. Ring {ring}.")
    _say_recovery(made, directory)
    for one in made.agencies:
        for name, rule, why in closed(made, one):
            click.echo(f"The pack for {one.agency.id} may not be sent to {name}: {why} ({rule}).")


def _say_recovery(made: Plan, directory: Directory) -> None:
    """Print why packs will not open with the area's recovery key, if it has one."""
    recovery = made.area.settings.recovery
    if recovery and (why := why_no_recovery(made.area, directory, made.day)):
        ring = f"{recovery.holder} on {recovery.telephone or recovery.email}".removesuffix(" on ")
        click.echo(f"No pack opens with the recovery key: {_NO_KEY[why]}. Ring {ring}.")
    key = recovery_key(made.area, directory, made.day)
    for one in made.agencies:
        keys = addressees(one.agency, directory, made.day).keys
        if key and one.goes and keys and keys[0].keys.post_quantum != key.keys.post_quantum:
            click.echo(
                f"The pack for {one.agency.id} does not open with the recovery key: it is of the older kind, which is never mixed with others."
            )


def why_not(one: AgencyPlan) -> Iterator[str]:
    """Yield why an agency gets nothing, or not everything."""
    yield from (_finding(found) for found in one.findings)
    if one.no_key and one.agency.spocs:  # without a named contact there is nobody to ask for one
        ring = _to_ring(one.agency, dict.fromkeys(spoc.name for spoc in one.agency.spocs))
        yield f"no key that packs can be sealed for: {_NO_KEY[one.no_key]}; ring {ring}"
    if one.invitation and one.goes:
        yield "SHARE-4: invited for " + ", ".join(one.invitation.cases)
    for share in one.shares:
        yield from (f"{share.case.reference}: {_finding(found)}" for found in share.findings)
        if share.view is None and not share.findings:
            form = share.case.checked.form.title if share.case.checked else "it"
            yield f"{share.case.reference}: {share.sight.by}: nothing of a {form} is for this kind of agency"
    if not one.shares:
        yield "none of its cases goes"


_NO_KEY = {
    WhyNot.NONE: "none was sent yet",
    WhyNot.UNCONFIRMED: "its fingerprint is not confirmed yet",
    WhyNot.LAPSED: "its time is over, renew it or ask for a new one",
    WhyNot.NOT_YET_VALID: "its time has not begun",
    WhyNot.REVOKED: "it was revoked, ask for a new one",
    WhyNot.REPLACED: "a newer one took its place",
    addressing.NO_EXCEPTION: "it is of the older kind, and agencies.toml gives no classic_key_reason",
    addressing.OTHER_KIND: "the key is of the older kind, which is never mixed with post-quantum ones",
    addressing.NOT_A_CONTACT: "its holder is no named contact in agencies.toml",
}


def say_why(made: Plan, agency_id: str, *, as_json: bool) -> None:
    """Print everything that is withheld from one agency, with its rule."""
    found = agency_of(made, agency_id)
    rows = list(withheld_from(found))
    if as_json:
        common.say_json([dict(zip(("case", "path", "question", "rule"), row, strict=True)) for row in rows])
        return
    for line in why_not(found):
        click.echo(line)
    common.table(("Case", "Path", "Question", "Withheld by"), rows)
    for rule in dict.fromkeys(row[3] for row in rows):
        click.echo(f"{rule}: {RULES[rule].label}")


def withheld_from(one: AgencyPlan) -> Iterator[tuple[str, str, str, str]]:
    """Yield everything that an agency does not get: case, path, question and rule; a case or a pack as a whole has no path."""
    yield from (("", "", "everything", found.rule) for found in one.findings if found.stops)
    for share in one.shares:
        case = share.case.reference
        if share.view is None:
            stopped = [
                found.rule for found in share.findings if found.decision is None and not _only_warns(found)
            ]
            yield from ((case, "", "the whole case", rule) for rule in stopped or [share.sight.by])
        elif share.case.check:
            yield case, "", "all papers", "SHARE-12"
        else:
            if not share.sight.minutes:
                yield case, "", "the minutes", "SHARE-10"
            view = share.view
            for path, rule in view.withheld().items():
                yield case, path, view.form.find(path).ask.label if path in view.answers else path, rule


def _only_warns(found: Finding) -> bool:
    return not {Effect.REFUSE, Effect.WITHHOLD, Effect.REDUCE} & set(RULES[found.rule].effects)


def agency_of(made: Plan, agency_id: str) -> AgencyPlan:
    """Return what a meeting plans for an agency, or say that it has no part in it."""
    found = next((one for one in made.agencies if one.agency.id == agency_id), None)
    if found is None:
        known = ", ".join(one.agency.id for one in made.agencies)
        common.fail(f"{agency_id} has no part in this meeting.", f"Take one of: {known}", common.WRONG_USE)
    return found


def plan_json(made: Plan, directory: Directory) -> dict[str, Any]:
    """Return a plan for a program."""
    return {
        "meeting": made.meeting.id,
        "day": made.day,
        "problems": [common.problem_json(one) for one in made.problems],
        "warnings": made.warnings,
        "cases": [
            {
                "case": case.reference, "file": case.case.file, "goes": case.goes, "anonymous": case.anonymous,
                "check": case.check,
                "in_time": case.standing,
                "problems": [common.problem_json(one) for one in case.problems],
                "findings": [{"rule": one.rule, "why": one.why, "stops": one.stops} for one in case.findings],
            }
            for case in made.cases
        ],
        "agencies": [
            {
                "agency": one.agency.id, "goes": one.goes, "no_key": one.no_key, "why_not": list(why_not(one)),
                "cases": {view.case: dict(view.withheld()) for view in one.views},
                "to_check": [view.case for view in one.checks],
                "not_sent_to": [dict(zip(("contact", "rule", "why"), row, strict=True)) for row in closed(made, one)],
            }
            for one in made.agencies
        ],
        "left_out": left_out_json(made, directory),
    }  # fmt: skip


def left_out_json(made: Plan, directory: Directory) -> list[dict[str, str]]:
    """Return who is left out for a program."""
    return [dict(zip(("agency", "contact", "why"), one, strict=True)) for one in left_out(made, directory)]
