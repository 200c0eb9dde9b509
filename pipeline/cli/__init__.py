"""The commands. Only this room knows click, prints, and reads the clock.

A command's module is loaded when the command is run, so that help is quick; what the list of commands says of each
stands here, and a test holds it against the command's own first line.
"""

import importlib
import inspect
import sys
import traceback
import warnings
from pathlib import Path

import click

COMMANDS = {
    "forms": ("referrals", "List the forms, and check what the area has otherwise in them."),
    "blank": ("referrals", "Make an empty workbook for referrers to fill in."),
    "check": ("referrals", "Name every problem in filled referrals, by sheet and cell."),
    "send": ("sending", "Seal a referral so that only the co-ordinator can open it."),
    "carry": ("carrying", "Begin another form, or a review, with what a sound referral says already."),
    "complete": (
        "carrying",
        "Add the co-ordinator's part to a sound referral: the decision, the outcome or the minutes.",
    ),
    "render": ("rendering", "Draw a referral as PDF and Word, as one kind of agency may see it."),
    "check-template": ("referrals", "Say whether a Word template and its form fit, both ways."),
    "calendar": (
        "deadlines",
        "List the meetings of a year with their deadlines, and write them as a calendar file.",
    ),
    "due": ("deadlines", "List what is due or overdue: reviews, decisions, papers, minutes, receipts."),
    "meeting": ("meeting_papers", "Prepare a meeting: its cases, and who would get what."),
    "pack": ("packing", "Seal a pack for each agency of a meeting."),
    "reseal": (
        "resealing",
        "Seal packs afresh for the keys of today, from the referrals still held; the packs of before are void.",
    ),
    "letters": (
        "letters",
        "Prepare an e-mail to each contact with the sealed pack in it, or the letter for one that goes by hand.",
    ),
    "keys": ("keys", "Make keys, and keep the directory of who holds which."),
    "inspect": ("packs", "Show what can be read of a sealed pack without a key, or of a sealed referral."),
    "open": (
        "opening",
        "Open sealed packs, or all in a folder, with your key file; the passphrase is asked for once.",
    ),
    "receipt": ("receipts", "Take in the receipts that named contacts send back."),
    "destroy": ("destroying", "Destroy the papers of a pack that was opened, with their folder."),
    "register": ("register", "Show and prove the record of every share."),
    "explain": ("explain", "Explain a rule, who may see an answer, or whether registration would follow."),
    "rules": ("rules", "List the rules, or give the whole rulebook as a page to read."),
    "demo": ("demo", "Try everything out with an invented borough."),
}


class Commands(click.Group):
    """A group whose commands load on their first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """Return the names in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """Return a command, loading its module."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"pipeline.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_").replace("open", "open_"))
        return _with_examples(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """Write the list of commands without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


def _with_examples(command: click.Command) -> click.Command:
    """Keep the lines to paste as they are written: click joins and folds what it takes for running text."""
    if command.help and "\b" not in command.help:
        command.help = inspect.cleandoc(command.help).replace("Example:", "\b\nExample:", 1)
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        _with_examples(one)
        first = (one.help or "").partition("\n\n")[0]
        one.short_help = " ".join(first.split())  # whole: click would cut it off
    return command


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        metadata = importlib.import_module("importlib.metadata")
        try:
            click.echo(f"sealpack {metadata.version('sealpack')}")
        except metadata.PackageNotFoundError:
            click.echo("sealpack, run from its source")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
def commands() -> None:
    """Turn referrals into sealed packs, one for each agency.

    New here? Run `sealpack demo`.
    """


def main() -> None:
    """Run the command line; what goes wrong inside is told without a word of what was being worked on."""
    warnings.simplefilter("ignore")  # libraries warn programmers, and quote what they read
    try:
        commands(prog_name="sealpack")
    except Exception as error:  # noqa: BLE001 - whatever it is, its text may hold personal data
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}, line {frame.lineno}"
        click.echo(
            f"sealpack has failed inside ({type(error).__name__} in {place}).\n"
            "Nothing is half written. Please report these two lines; they hold no personal data.",
            err=True,
        )
        sys.exit(70)
