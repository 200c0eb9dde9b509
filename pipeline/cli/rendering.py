"""The command render: a referral drawn as one kind of agency may see it."""

import datetime as dt
from pathlib import Path

import click

from pipeline.agency import AgencyKind
from pipeline.area import Scheme
from pipeline.blocks import Stamp
from pipeline.checked import Checked
from pipeline.cli import common, keyfiles
from pipeline.cli.referrals import check_one, counted, write
from pipeline.protocol.consent import is_unnamed
from pipeline.protocol.limited import is_at_level_1, is_foreign_national
from pipeline.protocol.marking import Marking, offered, on_every_page
from pipeline.protocol.scrub import Surroundings
from pipeline.protocol.sharing import WHOLE, Sight, can_tell, is_agreed_about_victims, sight_of, view_of
from pipeline.render import Renderer


@click.command
@click.argument("file", type=common.EXISTING)
@click.option("-o", "--output", "folder", type=common.ANY_PATH, required=True, help="The folder to write to.")
@click.option(
    "--for",
    "kind",
    type=click.Choice([kind.value for kind in AgencyKind]),
    help="As this kind of agency sees it.",
)
@click.option("--case", default="DRAFT", show_default=True, help="The case reference to print.")
@keyfiles.opening_option
@common.area_option
@common.today_option
@common.in_words
def render(
    file: Path,
    *,
    folder: Path,
    kind: str | None,
    case: str,
    key_file: Path | None,
    area_folder: Path,
    today: dt.date,
) -> None:
    """Draw a referral as PDF and Word, as one kind of agency may see it.

    Example: sealpack render inbox/01-ordinary.xlsx -o drawn --for housing_authority
    """
    area = common.maybe_area(area_folder)
    _, problems, checked = check_one(file, today, area, keyfiles.opener(key_file))
    if checked is None:
        for one in problems:
            common.say_problem(one)
        common.fail(f"{file} is not sound: {counted(problems)}.", "Put it right first.")
    # Drawn here and at a meeting, a referral looks the same: whoever has not consented is not named (CONSENT-2).
    anonymous = is_unnamed(checked)
    agreed = is_agreed_about_victims(checked)
    sight = sight_of(AgencyKind(kind), checked, anonymous=anonymous, victims=agreed) if kind else WHOLE
    if kind:
        _refuse_nothing(checked, AgencyKind(kind), sight)
    scheme = next((one for one in Scheme if checked["handling.marking"] in offered(one)), None)
    if scheme is None:
        common.fail(f"{file} bears no marking that is handled here.", "See `sealpack explain MARK-5`.")
    places = area.settings.place_names if area else ()
    around = Surroundings(places)
    view = view_of(checked, case, on_every_page(Marking(scheme, checked["handling.marking"])), sight, around)
    stamp = Stamp(f"{AgencyKind(kind).words if kind else 'the referrer, whole'}, a draft", "unsealed copy")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for document in Renderer(area, None).draw(view, [stamp]).copies(stamp):
        write(folder / Path(document.name).name, document.content)


def _refuse_nothing(checked: Checked, kind: AgencyKind, sight: Sight) -> None:
    """Stop where a meeting would give such an agency nothing of a referral, and say where it would give no papers."""
    rule = "" if can_tell(sight) else sight.by
    if kind is AgencyKind.IMMIGRATION and not is_foreign_national(checked):
        rule = "SHARE-7"
    if rule:
        common.fail(
            f"Nothing of this {checked.form.title} is for {kind.words} ({rule}).",
            f"See `sealpack explain {rule}`.",
        )
    if is_at_level_1(checked):
        click.echo("At a meeting this case is a line on the agenda, without papers: SHARE-12.", err=True)
