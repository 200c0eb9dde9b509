"""What a referrer does who has the program: a referral is checked, sealed for the co-ordinator, and told nothing of."""

import json
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from borough import MEETING, SAMPLE, TODAY, done, run
from test_cli_incoming import CASE, PASSPHRASE, names_in, plan_of, written

from keys import age, identity
from pipeline import guard
from pipeline.incoming import Envelope, opened, seal
from pipeline.numbering import ALPHABET
from pipeline.seal import LARGEST_FILE

INBOX = SAMPLE / "inbox"
SOUND = INBOX / "02-repeat.xlsx"
NINE = INBOX / "06-nine-mistakes.xlsx"
MAPPA = INBOX / "07-really-mappa.xlsx"
NAME = re.compile(rf"R-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}_marac\.age")
AGE = shutil.which("age")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Where a referrer stands: a folder of the test's own, without an area."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def keys(tmp_path):
    """Make a co-ordinator's keys; the file of public ones, and what opens."""
    folder = tmp_path / "office"
    folder.mkdir()

    def make(name="co-ordinator", kind="hybrid"):
        key = identity.new(TODAY, kind)
        identity.write(folder / f"{name}.key", key, None)
        public = folder / f"{name}.pub"
        public.write_text(identity.public_text(key.public()))
        return public, key

    return make


def send(*args, panel="marac"):
    return run("send", *args, "--to", panel, "--today", TODAY)


def sent(folder):
    """The one sealed file in a folder, and nothing else of the kind."""
    (path,) = folder.glob("*.age")
    assert NAME.fullmatch(path.name)
    return path


def nothing_in(folder):
    return not list(folder.rglob("*.age")) and not list(folder.rglob(".*.age*"))


def test_referral_is_sealed_for_the_key_that_is_named(desk, keys):
    """What the co-ordinator opens is the referral's file to the last byte; its sealed form is for its owner's eyes, with a name of chance."""
    public, key = keys()
    result = send(SOUND, "--key", public)
    assert result.exit_code == 0, result.output
    path = sent(desk)
    assert opened(path.read_bytes(), lambda: key).data == SOUND.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"{SOUND}: sound\n" in result.stdout
    assert identity.fingerprint(key.public()) in result.stdout
    assert f"Written: {path.name}\n" in result.stdout
    assert "read out to you on the telephone" in result.stdout
    assert "by the secure channel that the first sheet of the workbook names" in result.stdout


@pytest.mark.skipif(not AGE, reason="the program age is missing")
def test_age_opens_what_was_sent(desk, keys):
    """A co-ordinator without this program has the workbook with `age -d`, if the key is of the older kind; that it is one is told."""
    public, _ = keys(kind="x25519")
    result = send(SOUND, "--key", public)
    assert "older kind (X25519)" in result.stderr
    command = [AGE, "-d", "-i", public.with_suffix(".key"), sent(desk)]
    assert subprocess.run(command, check=True, capture_output=True).stdout == SOUND.read_bytes()


def test_json_is_sealed_as_it_is(desk, keys):
    """A referral that another program wrote as JSON is sent like a workbook."""
    public, key = keys()
    told = {"form": "marac", "edition": "0", "answers": {}}
    (desk / "r.json").write_text(json.dumps(told))
    assert send("r.json", "--key", public).exit_code == 1
    assert send("r.json", "--key", public, "--as-it-is").exit_code == 0
    assert opened(sent(desk).read_bytes(), lambda: key).data == (desk / "r.json").read_bytes()


def test_two_co_ordinators_open_it(desk, keys):
    """Each whose file was named opens it alone, and each fingerprint is printed; a file named twice counts once."""
    first, second = keys("one"), keys("two")
    files = [public for public, _ in (first, second, first)]
    result = send(SOUND, *(word for file in files for word in ("--key", file)), "--json")
    told = json.loads(result.stdout)
    assert [one["name"] for one in told["sealed_for"]] == [str(first[0]), str(second[0])]
    for _, key in (first, second):
        assert opened(sent(desk).read_bytes(), lambda key=key: key).panel == "marac"
    assert sent(desk).read_bytes().count(b"-> mlkem768x25519 ") == 2


def test_keys_in_senders_are_taken_where_none_is_named(desk, keys):
    """Who keeps the co-ordinator's public keys in `senders`, as SPOCs do, need not name them; what is named goes first."""
    public, key = keys()
    other, _ = keys("other")
    (desk / "senders").mkdir()
    shutil.copy(public, desk / "senders")
    told = json.loads(send(SOUND, "--json").stdout)
    assert [one["fingerprint"] for one in told["sealed_for"]] == [identity.fingerprint(key.public())]
    told = json.loads(send(SOUND, "--json", "--key", other).stdout)
    assert [one["name"] for one in told["sealed_for"]] == [str(other)]


def test_of_several_keys_in_senders_none_is_taken_unasked(desk, keys):
    """Who takes packs from two areas is asked which co-ordinator is meant: the other could open what is not for him or her."""
    (desk / "senders").mkdir()
    for name in ("here", "there"):
        shutil.copy(keys(name)[0], desk / "senders")
    result = send(SOUND)
    assert result.exit_code == 2
    assert "--key for each" in result.stderr
    assert str(Path("senders") / "there.pub") in result.stderr
    assert nothing_in(desk)
    told = json.loads(send(SOUND, "--key", "senders/there.pub", "--json").stdout)
    assert len(told["sealed_for"]) == 1


def test_without_a_key_it_is_told_how_to_get_one(desk):
    """Where no key is to be found, a referrer reads whom to ask, what to compare and where to put it."""
    result = send(SOUND)
    assert result.exit_code == 2
    for part in (
        "co-ordinator's file of public keys",
        "by telephone",
        "sealpack keys show",
        "--key",
        "senders",
    ):
        assert part in result.stderr
    assert nothing_in(desk)


def test_kinds_of_key_are_never_mixed(desk, keys):
    """Of named files of two kinds it is told which is the older, and what to do; nothing is sealed."""
    newer, _ = keys()
    older, _ = keys("old", "x25519")
    result = send(SOUND, "--key", newer, "--key", older)
    assert result.exit_code == 1
    assert f"of the older kind is {older}." in result.stderr
    assert str(newer) not in result.stderr
    assert nothing_in(desk)


@pytest.mark.parametrize("secret", [True, False], ids=["a secret key", "something else"])
def test_what_is_no_public_key_is_refused(desk, keys, secret):
    """A secret key file named by mistake is told as one, and another file as none."""
    public, _ = keys()
    result = send(SOUND, "--key", public.with_suffix(".key") if secret else SOUND)
    assert result.exit_code == 1
    assert ("is a secret key file" if secret else "cannot be read") in result.stderr
    assert nothing_in(desk)


def test_referral_with_problems_is_not_sealed(desk, keys):
    """What `check` would name is named, by cell, and nothing is sealed; with --as-it-is it is told and sealed all the same."""
    public, key = keys()
    result = send(NINE, "--key", public)
    assert result.exit_code == 1
    assert result.stdout == run("check", NINE, "--today", TODAY).stdout.rpartition("1 file checked")[0]
    assert "--as-it-is" in result.stderr
    assert nothing_in(desk)
    told = json.loads(send(NINE, "--key", public, "--json").stdout)
    assert told["file"] is None
    assert len(told["problems"]) == 9
    assert nothing_in(desk)
    result = send(NINE, "--key", public, "--as-it-is")
    assert result.exit_code == 0
    assert "9 problems" in result.stdout
    assert opened(sent(desk).read_bytes(), lambda: key).data == NINE.read_bytes()


def test_referral_of_another_panel_is_refused(desk, keys):
    """A form goes to its own panel, and to no other even as it is: its co-ordinator could do nothing with it."""
    public, _ = keys()
    for options in ((), ("--as-it-is",)):
        result = send(SOUND, "--key", public, *options, panel="mappa")
        assert result.exit_code == 2
        assert "MARAC referral, which is not for the panel mappa" in result.stderr
        assert "--to marac" in result.stderr
    answer = next((INBOX / "response").glob("*.xlsx"))
    result = send(answer, "--key", public)
    assert result.exit_code == 2
    assert "whoever referred" in result.stderr
    assert nothing_in(desk)


def test_panel_that_there_is_not_is_told_with_those_there_are(desk, keys):
    """A slip in the panel's name is told with the panels that take referrals."""
    public, _ = keys()
    result = send(SOUND, "--key", public, panel="marca")
    assert result.exit_code == 2
    assert "asb, camp, dyo, iom, mappa, marac" in result.stderr
    result = send(SOUND, "--key", public, "--area", SAMPLE, panel="../marac")
    assert result.exit_code == 2
    assert "area.toml has no panel" in result.stderr
    assert nothing_in(desk)


def test_what_no_program_reads_is_not_sent_by_mistake(desk, keys):
    """A file that is no referral is told as what it is; one that is too large, or sealed already, goes in no way."""
    public, key = keys()
    (desk / "scan.pdf").write_bytes(b"%PDF-1.7")
    result = send("scan.pdf", "--key", public)
    assert result.exit_code == 1
    assert "[file-pdf]" in result.stdout
    with (desk / "large.xlsx").open("wb") as file:
        file.truncate(guard.MAX_FILE + 1)
    sealed = desk / "sealed"
    sealed.write_bytes(seal(b"x", Envelope("R-7F3K-2M9Q", "marac"), [key.public().sealing_key()]))
    for name, told in (("large.xlsx", "larger than 20 MB"), ("sealed", "is sealed already")):
        result = send(name, "--key", public, "--as-it-is")
        assert result.exit_code == 1
        assert told in result.stderr
    assert nothing_in(desk)


def test_nothing_of_the_referral_is_told_or_left(desk, keys, tmp_path):
    """Neither the screen nor the disk gets anything of what is in the referral or of what its file is called; it stays as it was."""
    public, _ = keys()
    mine = desk / "Lanternman Juniper.xlsx"
    shutil.copy(SOUND, mine)
    before = mine.read_bytes(), mine.stat().st_mtime_ns
    names = written(
        "send", mine.name, "--to", "marac", "--key", public, "-o", "out", "--today", TODAY, cwd=desk
    )
    path = sent(desk / "out")
    assert {re.sub(r"\.age\..*", ".age", name).lstrip(".") for name in names} == {path.name}
    assert (mine.read_bytes(), mine.stat().st_mtime_ns) == before
    assert sorted(one.name for one in desk.iterdir()) == [mine.name, "out"]
    assert names_in(path.read_bytes().decode("latin-1")) == []
    assert b"xlsx" not in path.read_bytes()
    printed = send(mine, "--key", public, "-o", tmp_path / "other").output.replace(mine.name, "")
    assert names_in(printed.replace(str(tmp_path), "")) == []


def test_each_sealing_has_a_number_of_its_own(desk, keys):
    """Sent twice, a referral lies there twice: no file is ever written over, and the two have nothing in common to see."""
    public, _ = keys()
    numbers = {json.loads(send(SOUND, "--key", public, "--json").stdout)["number"] for _ in range(3)}
    files = list(desk.glob("*.age"))
    assert len(numbers) == len(files) == 3
    assert len({path.read_bytes()[-64:] for path in files}) == 3


def test_name_that_is_taken_is_not_written_over(desk, keys, monkeypatch):
    """Should chance draw a number that lies there, what lies there stays."""
    public, _ = keys()
    monkeypatch.setattr("pipeline.numbering.secrets.choice", lambda letters: letters[0])
    assert send(SOUND, "--key", public).exit_code == 0
    before = sent(desk).read_bytes()
    result = send(SOUND, "--key", public)
    assert result.exit_code == 1
    assert "is already there" in result.stderr
    assert sent(desk).read_bytes() == before


def test_sent_again_it_is_the_referral_of_before(borough, desk):
    """A referrer who sends the same file anew changes nothing: packs that were made of it stay as they are."""
    told = []
    for number in range(2):
        done(
            "send",
            SOUND,
            "--to",
            "marac",
            "--key",
            borough.public_key,
            "--area",
            borough.folder,
            "--today",
            TODAY,
            "-o",
            desk / str(number),
        )
        path = borough.area.inbox / "R-7F3K-2M9Q_marac.age"
        shutil.copy(sent(desk / str(number)), path)
        file = borough.folder / "meetings" / f"{MEETING}.toml"
        file.write_text(file.read_text("utf-8").replace(SOUND.name, path.name), "utf-8")
        told.append(json.loads(borough.done("pack", MEETING, "-i", borough.co_ordinator, "--json")))
    assert len(told[0]["fresh"]) == 9
    assert told[1]["fresh"] == []


def test_from_referrer_to_opened_pack(borough, desk):
    """Sealed at a referrer's desk, put into the inbox, added, planned and packed, a referral is in the pack of each agency that may see it."""
    shutil.copytree(borough.public_key.parent, desk / "senders", ignore=shutil.ignore_patterns("*.key"))
    assert send(SOUND).exit_code == 0
    path = sent(desk)
    plain = plan_of(borough)
    (borough.area.inbox / SOUND.name).unlink()
    path.rename(borough.area.inbox / path.name)
    file = borough.folder / "meetings" / f"{MEETING}.toml"
    file.write_text(file.read_text("utf-8").replace(SOUND.name, path.name), "utf-8")
    key = ("-i", borough.co_ordinator)
    assert f"{path.name}: sound" in borough.done("check", borough.area.inbox / path.name, *key)
    assert json.loads(json.dumps(plan_of(borough, *key)).replace(path.name, SOUND.name)) == plain
    borough.pack()
    for agency, cases in plan_cases(plain).items():
        assert (CASE in {name.partition("/")[0] for name in borough.opened(agency).papers}) == (CASE in cases)


def plan_cases(plan):
    """Agency → the cases in its pack."""
    return {one["agency"]: one["cases"] for one in plan["agencies"] if one["goes"]}


def test_in_an_area_its_rules_are_told_and_to_whom_to_send(borough, desk):
    """The key is named all the same, and the fingerprint told to compare."""
    result = send(MAPPA, "--key", borough.public_key, "--area", borough.folder)
    assert result.exit_code == 0, result.output
    key = borough.keys_in(borough.co_ordinator)
    assert opened(sent(desk).read_bytes(), lambda: key).data == MAPPA.read_bytes()
    assert "sound, but the panel will refuse it\n  REFER-11" in result.stdout
    assert f"fingerprint {identity.fingerprint(key.public())}" in result.stdout
    assert "marac@brackenford-council.example, by a secure channel." in result.stdout
    assert "read out to you on the telephone" in result.stdout


def test_area_s_directory_is_no_reason_to_seal_for_anybody(borough, desk):
    """A stranger may have written in that folder, and a referrer has no key to tell that by: the key has to be named."""
    result = send(SOUND, "--area", borough.folder)
    assert result.exit_code == 2
    assert "no key of the co-ordinator to seal for" in result.stderr
    assert "compare its fingerprint by telephone" in result.stderr
    assert nothing_in(desk)


def test_sealed_file_is_no_pack(desk, keys, tmp_path):
    """A sealed referral that is taken for a pack is refused, and nothing of it is written."""
    public, _ = keys()
    send(SOUND, "--key", public)
    assert sent(desk).stat().st_size < LARGEST_FILE
    key = public.with_suffix(".key")
    result = run("open", sent(desk), "-i", key, "-o", tmp_path / "papers", "--sender", public)
    assert result.exit_code == 1
    assert not (tmp_path / "papers").exists()


def test_passphrase_file_is_no_key_to_seal_for(desk, keys, tmp_path):
    """A key file that is sealed with a passphrase is told as a secret one, not asked for its passphrase."""
    _, key = keys()
    path = tmp_path / "asks.key"
    identity.write(path, key, PASSPHRASE, work_factor=4)
    result = send(SOUND, "--key", path)
    assert "secret key file" in result.stderr
    assert "Passphrase" not in result.output
    assert nothing_in(desk)


def test_folder_is_made_for_its_owner_alone(desk, keys):
    """The folder that was named is made, for its owner alone; a file in its place is told."""
    public, _ = keys()
    assert send(SOUND, "--key", public, "-o", "out/box").exit_code == 0
    assert stat.S_IMODE((desk / "out" / "box").stat().st_mode) == 0o700
    (desk / "file").write_text("x")
    result = send(SOUND, "--key", public, "-o", "file/box")
    assert result.exit_code == 1
    assert "cannot be read or written" in result.stderr


def test_envelope_tells_number_and_panel_alone(desk, keys):
    """Without a key one sees the number, the panel and the kind of key; that is what stands in the file's name too."""
    public, _ = keys()
    send(SOUND, "--key", public)
    with sent(desk).open("rb") as file:
        header = age.read_header(file)
    assert [stanza.type for stanza in header.stanzas] == ["sealpack-referral-v1", "mlkem768x25519"]
    assert "_".join(header.stanzas[0].args) == sent(desk).stem


def test_inspect_shows_what_stands_on_a_sealed_referral(desk, keys):
    """Its number and the panel, and of whom it tells nothing."""
    public, _ = keys()
    send(SOUND, "--key", public)
    path = sent(desk)
    told = json.loads(done("inspect", path, "--json"))
    assert told["referral"] == path.name[:11]
    assert told["for"] == "the co-ordinator of the panel marac"
    assert told["sealed for"] == "1 key (post-quantum)"
    assert "from" not in told
