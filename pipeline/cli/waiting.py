"""What waits in the inbox for the meeting of a panel."""

from pathlib import Path

import click

from pipeline.area import Area
from pipeline.checked import Referral
from pipeline.cli import common
from pipeline.flow import read_file, sent_to
from pipeline.incoming import Opener


def files_in(area: Area) -> set[str]:
    """Return the names of the files in the inbox."""
    return {one.name for one in area.inbox.iterdir() if common.lies_there(one)}


def for_panel(area: Area, panel: str, files: set[str], opener: Opener | None) -> set[str]:
    """Return the files that are for a panel, or of which nobody can tell; the others are named."""
    others = {name for name in files if _is_for_another(area, panel, area.inbox / name, opener)}
    if others:
        click.echo(f"Left out, since they are for another panel: {', '.join(sorted(others))}")
    if folders := sorted(one.name for one in area.inbox.iterdir() if one.is_dir() and one.name[0] != "."):
        click.echo(
            f"Not looked into: {', '.join(folders)}. Name a file in a folder by hand, such as {folders[0]}/FILE.xlsx."
        )
    return files - others


def _is_for_another(area: Area, panel: str, path: Path, opener: Opener | None) -> bool:
    """Say whether a file is for another panel.

    Of one that came sealed, what stands on it tells that without a key. Nothing vouches for it, so one that says this and cannot
    be opened, or whose name says otherwise, is not left out.
    """
    referral = read_file(path, area, opener)
    if isinstance(referral, Referral):
        return referral.form.panel not in ("", panel) or referral.sent_to not in ("", panel)
    stands = sent_to(path)
    untold = {one.code for one in referral} == {"sealed-no-key"} and path.name.endswith(f"_{stands}.age")
    return untold and stands not in ("", panel)
