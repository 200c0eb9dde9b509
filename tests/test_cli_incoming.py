"""Referrals that came sealed, in the commands of a co-ordinator: with the key all is as with the plain file, without it they say so."""

import json
import shutil
import tempfile

import pytest
from borough import MEETING, TODAY, child, done, run
from test_cli_commands import ALL

from keys import identity
from pipeline.checked import check
from pipeline.cli import COMMANDS
from pipeline.flow import read_file
from pipeline.incoming import Envelope, seal

PLAIN = "02-repeat.xlsx"
CASE = "MARAC-2026-2863"
NUMBER = "R-7F3K-2M9Q"
SEALED = f"{NUMBER}_marac.age"
PASSPHRASE = "mustard kettle lantern gravel"
ASKED = "Passphrase of your key file"


def replaced(borough, name=PLAIN, *, panel="marac", key=None, number=NUMBER, data=None):
    """Put the sealed form of a referral in the place of the plain one, in the inbox and in the meeting's file."""
    path = borough.area.inbox / name
    public = (key or borough.keys_in(borough.co_ordinator)).public()
    envelope = Envelope(number, panel)
    sealed = borough.area.inbox / envelope.file_name
    sealed.write_bytes(seal(path.read_bytes() if data is None else data, envelope, [public.sealing_key()]))
    path.unlink()
    file = borough.folder / "meetings" / f"{MEETING}.toml"
    if file.exists():
        file.write_text(file.read_text("utf-8").replace(name, sealed.name), "utf-8")
    return sealed


def with_passphrase(borough):
    """The co-ordinator's keys in a file that asks for its passphrase."""
    path = borough.co_ordinator.with_name("asks.key")
    identity.write(path, borough.keys_in(borough.co_ordinator), PASSPHRASE, work_factor=4)
    return path


def plan_of(borough, *options):
    return json.loads(borough.run("meeting", "plan", MEETING, "--json", *options).stdout)


def case_of(plan):
    (case,) = [one for one in plan["cases"] if one["case"] == CASE]
    return case


NAMES = ("lanternman", "juniper", "larkmead court")
"""Who and where the victim of the plain file is, in small letters."""


def names_in(said):
    return [name for name in NAMES if name in said.casefold()]


def everything(*folders):
    return [path for folder in folders for path in folder.rglob("*") if path.is_file()]


def test_plan_is_that_of_the_plain_file(borough):
    """With the co-ordinator's key a case that came sealed is planned to the last rule as if it had come in the clear."""
    before = plan_of(borough)
    replaced(borough)
    after = plan_of(borough, "-i", borough.co_ordinator)
    assert case_of(after)["file"] == SEALED
    assert json.loads(json.dumps(after).replace(SEALED, PLAIN)) == before
    why = ("meeting", "plan", MEETING, "--why", "housing", "-i", borough.co_ordinator)
    assert CASE in borough.done(*why)


def test_packs_are_those_of_the_plain_file(borough):
    """Packed from the plain file already, a meeting whose referral is there sealed is not packed anew: nothing has changed."""
    borough.pack()
    replaced(borough)
    told = json.loads(borough.done("pack", MEETING, "-i", borough.co_ordinator, "--json"))
    assert told["fresh"] == []
    assert len(told["packs"]) == 9


def test_packs_hold_the_case_and_nothing_of_it_is_left_on_the_disk(borough, tmp_path, monkeypatch):
    """Packs of a referral that came sealed hold its papers; it is nowhere on the disk in the clear."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    inside = (borough.area.inbox / PLAIN).read_bytes()
    assert names_in(str(read_file(borough.area.inbox / PLAIN).answers["victim"])) == list(NAMES)
    replaced(borough)
    borough.pack()
    assert len(borough.outbox) == 9
    for agency in ("housing", "police", "larkmead-homes"):
        opened = borough.opened(agency)
        assert f"{CASE}/marac-referral.pdf" in opened.papers
    for path in everything(borough.folder, scratch):
        content = path.read_bytes()
        assert names_in(content.decode("latin-1")) == [], path.name
        assert inside not in content, path.name
        assert "inbox" in path.parts or not content.startswith(inside[:4]), path.name
    assert everything(scratch) == []


WATCH = """
import os
WROTE = []
def watch(event, args):
    if event == "open" and isinstance(args[0], (str, bytes, os.PathLike)) and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR):
        WROTE.append(os.path.basename(str(args[0])))
sys.addaudithook(watch)
"""
"""Lines of Python that note the name of each file that is opened to be written."""


def written(*args, cwd):
    """The names of the files that a command opens to write in, those that it takes away again too."""
    told = child(*args, cwd=cwd, before=WATCH, after="print('WROTE', *WROTE, file=sys.stderr)")
    assert told.returncode == 0, told.stderr
    names = told.stderr.rpartition("WROTE")[2].split()
    return [name for name in names if ".pyc" not in name and name not in {"null", "tty"}]


def test_opening_writes_nothing(borough):
    """What opens a sealed referral opens no file to write in, not for a moment; packing writes sealed packs and its register alone."""
    sealed = replaced(borough)
    key = ("-i", borough.co_ordinator)
    where = ("--area", borough.folder, "--today", TODAY)
    assert written("check", sealed, *key, *where, cwd=borough.folder) == []
    assert written("meeting", "plan", MEETING, *key, *where, cwd=borough.folder) == []
    names = written("pack", MEETING, *key, *where, cwd=borough.folder)
    assert len({name for name in names if name.startswith(".pending-P-")}) == 9
    others = {name.partition(".tmp")[0] for name in names if not name.startswith(".pending-P-")}
    assert all("register" in name or "-seen" in name for name in others), others


def test_no_message_tells_of_what_is_inside(borough):
    """Neither a plan, nor a check, nor a run of packing prints a name from a referral that came sealed."""
    sealed = replaced(borough)
    key = ("-i", borough.co_ordinator)
    for args in (("check", sealed), ("meeting", "plan", MEETING), ("pack", MEETING)):
        assert names_in(borough.run(*args, *key).output) == []


def test_sealed_referral_is_checked_like_the_plain_one(borough):
    """What is wrong in a sealed referral is named by its cells, and what its panel would refuse by its rules."""
    for name in ("06-nine-mistakes.xlsx", "07-really-mappa.xlsx"):
        plain = json.loads(borough.run("check", borough.area.inbox / name, "--json").stdout)
        sealed = replaced(borough, name)
        found = json.loads(borough.run("check", sealed, "-i", borough.co_ordinator, "--json").stdout)
        assert [one | {"file": name} for one in found] == [one | {"file": name} for one in plain]
        assert found[0]["problems"] or found[0]["rules"]


def test_copy_to_put_right_is_named_for_the_sealed_file(borough, tmp_path):
    """The marked-up copy of a sealed referral is made, and bears its number and panel for a name."""
    sealed = replaced(borough, "06-nine-mistakes.xlsx")
    result = borough.run("check", sealed, "-i", borough.co_ordinator, "--return", tmp_path / "back")
    assert result.exit_code == 1
    (copy,) = (tmp_path / "back").iterdir()
    assert copy.name == f"{NUMBER}_marac-to-put-right.xlsx"
    assert "not-a-phone" in [one.code for one in check(read_file(copy), TODAY)]


def test_without_the_key_a_check_says_what_to_do(borough, tmp_path):
    """A sealed file in a folder that is checked without a key is told as sealed, and nobody is asked to send it back."""
    sealed = replaced(borough)
    result = borough.run("check", borough.area.inbox, "--return", tmp_path / "back")
    assert result.exit_code == 1
    assert (
        f"{sealed}: 1 problem\n  the whole file: This file is sealed.\n      Name your key file with -i"
        in result.stdout
    )
    assert "send it back" not in result.stdout
    assert "8 files checked" in result.stdout


def test_without_the_key_a_plan_says_what_to_do(borough):
    """A plan without the key has the case as one that goes to nobody, and says how to name the key."""
    replaced(borough)
    printed = borough.run("meeting", "plan", MEETING).stdout
    assert "1 referral came sealed, and could not be looked into: name your key file with -i." in printed
    case = case_of(plan_of(borough))
    assert not case["goes"]
    assert [one["code"] for one in case["problems"]] == ["sealed-no-key"]


PAPERS = [
    ("letters", MEETING),
    ("meeting", "attendance", MEETING, "-o", "sign.pdf", "--today", TODAY),
]


@pytest.mark.parametrize("args", PAPERS, ids=lambda args: " ".join(args[:2]))
def test_papers_are_not_made_of_a_plan_that_lacks_a_case(packed_borough, tmp_path, monkeypatch, args):
    """Letters and the register of attendance are of the whole meeting: without the key, or with another one, none is made or taken away."""
    monkeypatch.chdir(tmp_path)
    key = packed_borough.co_ordinator
    done = packed_borough.run(*args, *(() if args[0] == "meeting" else ("-o", tmp_path / "letters"))).exit_code
    before = {path: path.read_bytes() for path in (tmp_path / "letters").glob("*")}
    (tmp_path / "sign.pdf").unlink(missing_ok=True)
    replaced(packed_borough)
    args = (*args, "-o", tmp_path / "letters") if args[0] == "letters" else args
    told = {(): "with -i", ("-i", packed_borough.key("police")): "not the key file of a co-ordinator"}
    if args[0] == "letters":  # which take the sender's own key or none
        told = {("-i", packed_borough.key("police")): "whom you have not confirmed as its keeper"}
    for options, words in told.items():
        result = packed_borough.run(*args, *options)
        assert result.exit_code in {1, 2}
        assert words in result.stderr
        assert {path: path.read_bytes() for path in (tmp_path / "letters").glob("*")} == before
        assert not (tmp_path / "sign.pdf").exists()
    assert packed_borough.run(*args, "-i", key).exit_code == done
    assert {path.name for path in (tmp_path / "letters").glob("*")} == {path.name for path in before}


def test_letters_go_on_where_a_referral_is_sealed_for_somebody_else(packed_borough, tmp_path):
    """With the co-ordinator's own key, what was sealed for another is one referral that is faulty, and not a reason to stop."""
    replaced(packed_borough, key=identity.new(TODAY))
    result = packed_borough.run(
        "letters", MEETING, "-o", tmp_path / "letters", "-i", packed_borough.co_ordinator
    )
    assert "came sealed" not in result.output
    assert "Nothing is sent" in result.stdout


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ({"key": identity.new(TODAY)}, "sealed-for-another"),
        ({"panel": "mappa"}, "sent-to-other-panel"),
        ({"data": b"%PDF-1.7"}, "file-pdf"),
    ],
    ids=["for another key", "for another panel", "no referral inside"],
)
def test_what_is_wrong_with_a_sealed_referral_stands_in_the_plan(borough, spoil, code):
    """Whatever keeps a sealed referral out is a problem of its case alone: the others are planned and packed."""
    replaced(borough, **spoil)
    case = case_of(plan_of(borough, "-i", borough.co_ordinator))
    assert [one["code"] for one in case["problems"]] == [code]
    told = json.loads(borough.done("pack", MEETING, "-i", borough.co_ordinator, "--json"))
    assert CASE in told["refused"]
    assert "police" in told["packs"]


def test_damaged_and_packs_in_the_inbox_are_told_apart(packed_borough):
    """A sealed referral that was altered, and a pack that somebody put into the inbox, are each told as what they are."""
    sealed = replaced(packed_borough)
    sealed.write_bytes(sealed.read_bytes()[:-1])
    pack = packed_borough.area.inbox / packed_borough.sealed("housing").name
    shutil.copy(packed_borough.sealed("housing"), pack)
    printed = packed_borough.run("check", sealed, pack, "-i", packed_borough.co_ordinator).stdout
    assert "[sealed-damaged]" in printed
    assert "This is a sealed pack for an agency, not a referral." in printed
    assert "[sealed-pack]" in printed


def test_passphrase_is_asked_for_once_and_only_for_what_is_sealed(borough, tmp_path):
    """One passphrase opens all that a command reads, and where nothing is sealed nobody is asked for it."""
    key = with_passphrase(borough)
    for args in (
        ("check", borough.area.inbox),
        ("meeting", "plan", MEETING),
        ("meeting", "add", MEETING),
        ("due", borough.folder),
    ):
        result = borough.run(*args, "-i", key) if args[0] != "due" else _due(borough, key)
        assert ASKED not in result.output, args
    replaced(borough)
    replaced(borough, "01-ordinary.xlsx", number="R-2222-3333")
    for args in (
        ("check", borough.area.inbox),
        ("meeting", "plan", MEETING),
        ("pack", MEETING),
        ("letters", MEETING, "-o", tmp_path),
    ):
        result = borough.run(*args, "-i", key, answers=f"{PASSPHRASE}\n")
        assert result.output.count(ASKED) == 1, args
        assert "sealed-" not in result.output


def _due(borough, key, answers=""):
    return run("due", borough.folder, "--today", TODAY, "-i", key, answers=answers)


def test_disclosures_ask_once_too(borough, tmp_path):
    """A command that opens referrals and signs as well asks for the passphrase of the one key file once."""
    key = with_passphrase(borough)
    replaced(borough)
    file = borough.folder / "meetings" / f"{MEETING}.toml"
    told = f'[[disclosure]]\ncase = "{CASE}"\ndisclose = false\nreason = "It would help nobody."\n'
    file.write_text(
        f'{file.read_text("utf-8")}\n{told}by = "Aubrey Gatepost"\nrole = "chair"\non = 2026-12-01\n', "utf-8"
    )
    args = ("meeting", "disclosures", MEETING, "-i", key, "-o", tmp_path / "sheets", "--today", TODAY)
    result = borough.run(*args, answers=f"{PASSPHRASE}\n")
    assert result.exit_code == 0, result.output
    assert result.output.count(ASKED) == 1
    assert "1 decision recorded now" in result.stdout


def test_wrong_passphrase_stops_the_command(borough):
    """A wrong passphrase is told as one, and no case is called faulty for it."""
    replaced(borough)
    result = borough.run("meeting", "plan", MEETING, "-i", with_passphrase(borough), answers="wrong\n")
    assert result.exit_code == 1
    assert "The passphrase does not open" in result.stderr
    assert result.stdout == ""


def test_new_and_later_referrals_that_came_sealed_have_their_meeting(borough):
    """A meeting takes what came sealed for its panel, and leaves out what stands there for another: no key is needed."""
    sealed = replaced(borough)
    (borough.folder / "meetings" / f"{MEETING}.toml").unlink()
    elsewhere = replaced(borough, "01-ordinary.xlsx", panel="mappa", number="R-2222-3333")
    args = ("meeting", "new", "marac", "2026-12-08", "--chair", "A. Gatepost", "--chair-role", "DI")
    printed = borough.done(*args)
    assert f"Left out, since they are for another panel: {elsewhere.name}" in printed
    said = (borough.folder / "meetings" / f"{MEETING}.toml").read_text("utf-8")
    assert f'file = "{sealed.name}"' in said
    assert elsewhere.name not in said
    shutil.copy(borough.area.inbox / "05-five-scripts.xlsx", borough.area.inbox / "09-new.xlsx")
    late = replaced(borough, "09-new.xlsx", number="R-4444-5555")
    printed = borough.done("meeting", "add", MEETING, "-i", borough.co_ordinator)
    assert late.name in printed
    assert elsewhere.name in printed


def test_form_of_another_panel_is_left_out_once_it_is_opened(borough):
    """With the key, a sealed file whose stanza names no panel is sorted by the form in it."""
    form_a = borough.area.inbox / "mappa-a" / "01-sound.xlsx"
    moved = borough.area.inbox / "09-form-a.xlsx"
    shutil.copy(form_a, moved)
    sealed = replaced(borough, moved.name, number="R-2222-3333")
    assert sealed.name in borough.done("meeting", "add", MEETING)
    file = borough.folder / "meetings" / f"{MEETING}.toml"
    file.write_text(file.read_text("utf-8").replace(sealed.name, "gone.xlsx"), "utf-8")
    printed = borough.done("meeting", "add", MEETING, "-i", borough.co_ordinator)
    assert f"Left out, since they are for another panel: {sealed.name}" in printed


def test_what_is_due_counts_sealed_referrals(borough):
    """`due` says how many referrals it could not look into for want of a key; with it, what is due is as with plain files."""
    args = ("due", borough.folder, "--today", TODAY, "--all", "--json")
    before = json.loads(done(*args))
    sealed = replaced(borough)
    without = json.loads(done(*args))
    assert without["sealed"] == 1
    assert without["unread"] == before["unread"]
    assert "1 referral came sealed, and could not be looked into: name your key file with -i." in done(
        *args[:-1]
    )
    after = json.loads(done(*args, "-i", borough.co_ordinator))
    assert json.loads(json.dumps(after).replace(sealed.name, PLAIN)) == before


def test_sealed_referral_is_drawn_and_carried_on(borough, tmp_path):
    """With the key, render, carry and complete do with a sealed referral what they do with a plain one; without it they say so."""
    sealed = replaced(borough)
    form_a = borough.area.inbox / "09-form-a.xlsx"
    shutil.copy(borough.area.inbox / "mappa-a" / "01-sound.xlsx", form_a)
    mappa = replaced(borough, form_a.name, panel="mappa", number="R-2222-3333")
    each = (
        ("render", sealed, "-o", tmp_path / "drawn"),
        ("carry", mappa, "--to", "mappa-j", "-o", tmp_path / "j.xlsx", "--today", TODAY),
        ("complete", mappa, "-o", tmp_path / "a.xlsx", "--today", TODAY),
    )
    for args in each:
        result = borough.run(*args)
        assert result.exit_code == 1
        assert "[sealed-no-key]" in result.stderr
    assert list(tmp_path.glob("*.xlsx")) == []
    for args in each:
        borough.done(*args, "-i", borough.co_ordinator)
    assert read_file(tmp_path / "a.xlsx").form.id == "mappa-a"
    assert (tmp_path / "drawn" / "marac-referral.pdf").exists()


def test_every_command_that_reads_referrals_takes_a_key():
    """Whatever reads the inbox has -i, so that nobody is told to name a key that cannot be named."""
    reading = {
        "check", "carry", "complete", "render", "due", "pack", "letters",
        *(f"meeting {name}" for name in ("new", "add", "plan", "attendance", "disclosures")),
    }  # fmt: skip
    assert {name.partition(" ")[0] for name in reading} <= COMMANDS.keys()
    for name in reading:
        assert "-i" in [spelt for one in ALL[name].params for spelt in one.opts], name


def test_referral_that_came_sealed_and_plain_is_told_as_one(borough):
    """A person is not brought twice under two references unnoticed; both are in the plan until somebody takes one out."""
    plain = borough.area.inbox / PLAIN
    envelope = Envelope(NUMBER, "marac")
    key = borough.keys_in(borough.co_ordinator).public().sealing_key()
    (borough.area.inbox / envelope.file_name).write_bytes(seal(plain.read_bytes(), envelope, [key]))
    borough.done("meeting", "add", MEETING, "-i", borough.co_ordinator)
    told = borough.done("meeting", "plan", MEETING, "-i", borough.co_ordinator)
    assert "is the same referral as MARAC-" in " ".join(told.split())
    assert "is the same referral as" in borough.done("pack", MEETING, "-i", borough.co_ordinator)


def test_referral_whose_envelope_was_altered_is_not_left_out(borough):
    """What stands on a sealed file is vouched for by nothing: another panel on it leaves nobody out whose file is damaged by that."""
    sealed = replaced(borough)
    (borough.folder / "meetings" / f"{MEETING}.toml").unlink()
    sealed.write_bytes(sealed.read_bytes().replace(b" marac\n", b" mappa\n", 1))
    for key in ([], ["-i", borough.co_ordinator]):
        (borough.folder / "meetings" / "2026-12-08-marac.toml").unlink(missing_ok=True)
        told = borough.run(
            "meeting", "new", "marac", "--date", "2026-12-08", "--chair", "A", "--role", "B", *key
        )
        assert sealed.name not in told.stdout.partition("Left out")[2].partition("\n")[0], told.output
