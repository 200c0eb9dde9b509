"""Every command: its help, its place in the list, what it costs to ask, and what it says when all goes wrong."""

import json
import os
import shlex
import shutil
import subprocess
import sys

import click
import pytest
from borough import ROOT, child, run

from pipeline.cli import COMMANDS, commands
from pipeline.protocol.rulebook import RULES
from pipeline.rulebook_page import as_data, markdown

HEAVY = ["pydantic", "openpyxl", "reportlab", "cryptography", "lxml", "jinja2", "docxtpl", "uharfbuzz", "rich"]


def _walk(command, names=()):
    if isinstance(command, click.Group):
        context = click.Context(command, info_name="sealpack")
        for name in command.list_commands(context):
            yield from _walk(command.get_command(context, name), (*names, name))
    else:
        yield " ".join(names), command


ALL = dict(_walk(commands))


@pytest.mark.parametrize("name", ALL)
def test_help_is_a_sentence_and_lines_to_paste(name):
    """Help begins with one sentence, and ends with lines to paste that name the command and options that it has."""
    shown = run(*name.split(), "-h").stdout
    sentence = ALL[name].help.splitlines()[0]
    assert sentence.endswith(".")
    assert sentence in " ".join(shown.split())
    examples = [line.strip().removeprefix("Example: ") for line in shown.splitlines() if "Example:" in line]
    assert examples
    for line in examples:
        words = shlex.split(line)
        assert words[: 1 + len(name.split())] == ["sealpack", *name.split()]
        context = click.Context(ALL[name])
        ALL[name].make_parser(context).parse_args(words[1 + len(name.split()) :])


@pytest.mark.parametrize("name", ALL)
def test_every_option_is_explained(name):
    """Every option says what it is for."""
    options = [one for one in ALL[name].params if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []


def test_list_says_of_each_command_what_it_says_of_itself():
    """The list of commands, which is shown without loading them, has each command's own first line."""
    context = click.Context(commands)
    for name, (_, words) in COMMANDS.items():
        command = commands.get_command(context, name)
        assert command.help.splitlines()[0] == words, name
    assert "\n".join(run("-h").stdout.split("Commands:")[1].split()) == "\n".join(
        " ".join(f"{name} {words}" for name, (_, words) in COMMANDS.items()).split()
    )


def test_help_loads_nothing_heavy(tmp_path):
    """`sealpack -h` loads none of the libraries that take their time."""
    told = child("-h", cwd=tmp_path, after=f"print('LOADED', [m for m in {HEAVY!r} if m in sys.modules])")
    assert "Commands:" in told.stdout
    assert told.stdout.splitlines()[-1] == "LOADED []"


def test_unknown_command_is_wrong_use():
    """A command that there is not gives status 2 and says so."""
    result = run("fly")
    assert result.exit_code == 2
    assert "fly" in result.stderr


@pytest.mark.parametrize(
    "args", [["-h"], ["--version"], ["forms"], ["forms", "--json"], ["explain"], ["rules"]], ids=" ".join
)
def test_what_needs_no_area_works_anywhere(args, tmp_path, monkeypatch):
    """Help, version, forms and rules can be asked for where there is no area."""
    monkeypatch.chdir(tmp_path)
    assert run(*args).exit_code == 0


AREA_COMMANDS = [
    ["meeting", "new", "marac", "2026-12-08", "--chair", "A", "--chair-role", "B"],
    ["meeting", "add", "2026-12-08-marac"],
    ["meeting", "plan", "2026-12-08-marac"],
    ["pack", "2026-12-08-marac", "-i", __file__],
    ["letters", "2026-12-08-marac", "-i", __file__],
    ["keys", "list"],
    ["keys", "add", "housing", __file__, "--spoc", "X", "-i", __file__],
    ["register", "show"],
    ["register", "verify"],
    ["register", "received", "P-7F3K-2M9Q", "--by", "X", "-i", __file__],
    ["register", "outstanding"],
    ["register", "export", "-i", __file__, "-o", "register.jsonl"],
]


@pytest.mark.parametrize("args", AREA_COMMANDS, ids=lambda args: " ".join(args[:2]))
def test_folder_that_is_no_area_is_wrong_use(args, tmp_path):
    """Where there is no area.toml, a command that needs one says so, and what to do, with status 2."""
    result = run(*args, "--area", tmp_path)
    assert result.exit_code == 2
    assert "There is no file area.toml here." in result.stderr
    assert "--area" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("area.toml", "name = \n", "area.toml cannot be read, line 1"),
        ("area.toml", "", "area.toml: sender"),
        ("agencies.toml", "[[agency]]\nid = 'x'\ncolour = 'red'\n", "This is not a setting"),
        ("agencies.toml", b"\xff\xfe", "agencies.toml"),
    ],
    ids=["not TOML", "settings missing", "a setting that there is not", "not text"],
)
def test_broken_settings_are_named_by_file_and_place(borough, file, content, told):
    """What is wrong in a settings file is told with its file and place, and status 2."""
    path = borough.folder / file
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = borough.run("keys", "list")
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("path", ["area.toml", "agencies.toml", "templates/marac.docx"])
def test_folder_in_the_place_of_a_file_is_told_in_words(borough, path):
    """A folder where a file should be is told as what it is, and nothing is taken in its stead."""
    spot = borough.folder / path
    spot.unlink(missing_ok=True)
    spot.mkdir(parents=True)
    result = borough.run("pack", "2026-12-08-marac", "-i", borough.co_ordinator)
    assert result.exit_code in {1, 2}
    assert f"{spot.name} cannot be" in result.stderr
    assert borough.outbox == []


def test_failure_inside_tells_nothing_of_what_was_worked_on(borough, tmp_path):
    """With an installation that is damaged, the program says in which line it failed, and not a word of a referral."""
    broken = tmp_path / "installed"
    for name in ("forms", "keys", "pipeline", "templates"):
        shutil.copytree(ROOT / name, broken / name, ignore=shutil.ignore_patterns("__pycache__", "fonts"))
    table = broken / "pipeline" / "protocol" / "need_to_know.csv"
    table.write_text(table.read_text("utf-8").replace("identity", "Thistledown"), "utf-8")
    told = child(
        "meeting", "plan", "2026-12-08-marac", "--area", borough.folder, "--today", "2026-12-02", cwd=tmp_path,
        before=f"sys.path.insert(0, {str(broken)!r})",
    )  # fmt: skip
    assert told.returncode == 70
    assert told.stdout == ""
    assert told.stderr.startswith("sealpack has failed inside (ValueError in ")
    assert len(told.stderr.splitlines()) == 2
    assert "Thistledown" not in told.stderr


@pytest.mark.skipif(os.name != "posix", reason="another system tells a broken pipe otherwise")
@pytest.mark.parametrize(
    "args",
    [("check", ROOT / "samples/brackenford/inbox"), ("explain", "need-to-know")],
    ids=["check", "explain"],
)
def test_reader_who_has_enough_ends_a_command_quietly(args, tmp_path):
    """Where what is printed goes to a program that reads no further, nothing is told of it."""
    reads, writes = os.pipe()
    os.close(reads)
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom pipeline.cli import main; main()"
    try:
        told = subprocess.run(
            [sys.executable, "-c", code, *map(str, args)], cwd=tmp_path, stdout=writes, stderr=subprocess.PIPE,
            text=True, check=False, timeout=60,
        )  # fmt: skip
    finally:
        os.close(writes)
    assert told.stderr == ""
    assert told.returncode == 1


def test_example_files_of_the_commands_are_named_alike():
    """The same thing has the same name in every example: a newcomer pastes them one after the other."""
    examples = " ".join(command.help for command in ALL.values())
    assert "co-ordinator.key" in examples
    assert "coordinator.key" not in examples


@pytest.mark.parametrize(
    "what", [[], ["need-to-know"], ["SHARE-11"], ["share-4"], ["victim.permanent_address"]], ids=str
)
def test_rules_and_fields_are_explained_to_people_and_programs(what):
    """What is printed as words is to be had as JSON too."""
    assert run("explain", *what).stdout
    assert json.loads(run("explain", *what, "--json").stdout)


def test_what_cannot_be_explained_is_wrong_use():
    """A word that is neither a rule nor a question gives status 2, and how a question is named."""
    result = run("explain", "SHARE-999")
    assert result.exit_code == 2
    assert "victim.permanent_address" in result.stderr


def test_rule_is_explained_with_its_history():
    """A rule's history has a line for each step, in words and for programs; the first says that it is the history."""
    history = [(day.isoformat(), what) for day, what in RULES["MARK-3"].history]
    lines = run("explain", "MARK-3").stdout.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("History     1 May 2008 "))
    assert [line[12:].partition("  ")[2].strip() for line in lines[at:]] == [what for _, what in history]
    assert all(line.startswith(" " * 12) for line in lines[at + 1 :])
    told = json.loads(run("explain", "MARK-3", "--json").stdout)["history"]
    assert [(one["day"], one["what"]) for one in told] == history


def test_rules_are_listed_as_explain_lists_them():
    """`rules` alone is what `explain` alone is."""
    assert run("rules").stdout == run("explain").stdout


def test_rulebook_is_written_and_printed_alike(tmp_path):
    """The page in a file is the page on the screen, and JSON likewise; a file that is there already is left alone."""
    for how, name in (("--markdown", "rulebook.md"), ("--json", "rulebook.json")):
        path = tmp_path / name
        assert run("rules", how, "-o", path).exit_code == 0
        assert path.read_text("utf-8") == run("rules", how).stdout
        again = run("rules", how, "-o", path)
        assert again.exit_code == 1
        assert "already there" in again.stderr
    assert run("rules", "--markdown").stdout == markdown()
    assert json.loads(run("rules", "--json").stdout) == as_data()


@pytest.mark.parametrize("args", [["--markdown", "--json"], ["-o", "rulebook.md"]], ids=" ".join)
def test_rulebook_of_two_kinds_or_none_is_wrong_use(args, tmp_path, monkeypatch):
    """Both kinds at once, and a file of the list, are wrong use: nothing is written."""
    monkeypatch.chdir(tmp_path)
    result = run("rules", *args)
    assert result.exit_code == 2
    assert "What to do" in result.stderr
    assert list(tmp_path.iterdir()) == []
