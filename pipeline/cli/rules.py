"""The command rules: the list of the rules, and the whole rulebook as a page."""

import json
from pathlib import Path

import click

from pipeline import rulebook_page
from pipeline.cli import common
from pipeline.cli.explain import list_rules
from pipeline.cli.referrals import write

_READABLE = 0o644


@click.command
@click.option(
    "--markdown", "as_markdown", is_flag=True, help="Print the whole rulebook as a page (Markdown) instead."
)
@click.option("-o", "--output", type=common.ANY_PATH, help="Write it to this file: with --markdown or --json.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole rulebook in JSON instead, for programs.")
@common.in_words
def rules(*, as_markdown: bool, output: Path | None, as_json: bool) -> None:
    """List the rules, or give the whole rulebook as a page to read.

    The page has every rule with its effect, history and sources, and who needs to know what of each form.

    Example: sealpack rules
    Example: sealpack rules --markdown -o rulebook.md
    Example: sealpack rules --json
    """
    if as_markdown and as_json:
        common.fail(
            "The rulebook is either a page or JSON.", "Leave out --markdown or --json.", common.WRONG_USE
        )
    if output and not (as_markdown or as_json):
        common.fail(
            "The list of rules is not written to a file.", "Add --markdown or --json.", common.WRONG_USE
        )
    if not as_markdown and not as_json:
        list_rules(as_json=False)
        return
    if as_markdown:
        text = rulebook_page.markdown()
    else:
        text = json.dumps(rulebook_page.as_data(), indent=2, ensure_ascii=False) + "\n"
    if output:
        write(output, text.encode(), mode=_READABLE)
    else:
        click.echo(text, nl=False)
