"""The main job on real input: eight workbooks, keys on the disk, sealed packs, opened again. Nothing is stubbed."""

import json
import shutil
import stat
import subprocess

import pytest
from borough import MEETING, TODAY, done, run

from pipeline.cli.key_directory import read_directory
from pipeline.flow import decide
from pipeline.meeting import open_meeting
from pipeline.pack import MANIFEST, NAMESPACE, SIGNATURE

REFUSED = {"06-nine-mistakes.xlsx", "07-really-mappa.xlsx"}
NO_PACK = {"schools", "victim-care"}
MEMBERS = {
    "police", "probation", "childrens-services", "housing", "mereside", "hospital", "lantern-house", "stepping-stone"
}  # fmt: skip
INVITED = "larkmead-homes"


@pytest.fixture(scope="module")
def plan(packed):
    area = packed.area
    return decide(area, open_meeting(area, area.meetings / f"{MEETING}.toml"), read_directory(area), TODAY)


def program(name):
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def test_whole_way(borough, tmp_path):
    """From eight files in the inbox to nine opened packs, by commands alone, and nothing is done twice."""
    checked = borough.run("check", borough.folder / "inbox")
    assert checked.exit_code == 1
    assert checked.stdout.rstrip().endswith(
        "8 files checked: 6 sound, 1 the panel would refuse, 1 to put right, 9 problems."
    )

    told = json.loads(borough.done("meeting", "plan", MEETING, "--json"))
    assert len(told["cases"]) == 8
    assert {case["file"] for case in told["cases"] if not case["goes"]} == REFUSED
    assert {agency["agency"] for agency in told["agencies"] if not agency["goes"]} == NO_PACK

    told = json.loads(borough.done("pack", MEETING, "-i", borough.co_ordinator, "--json"))
    assert set(told["packs"]) == set(told["fresh"]) == MEMBERS | {INVITED}
    assert set(told["no_pack"]) == NO_PACK
    assert len(told["refused"]) == len(REFUSED)
    assert len(borough.outbox) == 9
    assert sorted(map(str, borough.outbox)) == sorted(told["packs"].values())

    for agency in borough.area.agencies:
        for number, _ in enumerate(agency.spocs, start=1):
            if agency.id not in told["packs"]:
                continue
            papers = tmp_path / "opened" / f"{agency.id}-{number}"
            done(
                "open", told["packs"][agency.id], "-i", borough.key(agency.id, number), "-o", papers,
                "--sender", borough.public_key, "--accept",
            )  # fmt: skip
            (folder,) = papers.glob("P-????-????")
            assert folder.name in told["packs"][agency.id]
            assert json.loads((folder / MANIFEST).read_text())["agency"] == agency.id
            cases = {path.name for path in folder.iterdir() if path.is_dir()}
            assert len(cases) == (1 if agency.id == INVITED else 6)
            assert all(stat.S_IMODE(path.stat().st_mode) in {0o600, 0o700} for path in folder.rglob("*"))

    receipts = sorted((tmp_path / "opened").rglob("*-receipt.txt"))
    assert len(receipts) == 10
    borough.done("receipt", "import", *receipts, "-i", borough.co_ordinator)
    assert "0 packs without a receipt" in borough.done("register", "outstanding")
    assert "The register holds: 20 entries" in borough.done("register", "verify")
    before = {path: path.read_bytes() for path in borough.outbox}
    told = json.loads(borough.done("pack", MEETING, "-i", borough.co_ordinator, "--json"))
    assert told["fresh"] == []
    assert len(told["packs"]) == 9
    assert {path: path.read_bytes() for path in borough.outbox} == before
    assert "The register holds: 20 entries" in borough.done("register", "verify")


def test_each_referral_is_taken_or_refused_for_its_reason(plan):
    """Six go, one of them anonymously; one has mistakes, one belongs to MAPPA, one is late and goes with a warning."""
    rules = {case.case.file: [one.rule for one in case.findings] for case in plan.cases}
    assert rules == {
        "01-ordinary.xlsx": [],
        "02-repeat.xlsx": [],
        "03-no-consent-children.xlsx": [],
        "04-no-consent-no-children.xlsx": ["CONSENT-2"],
        "05-five-scripts.xlsx": [],
        "06-nine-mistakes.xlsx": [],
        "07-really-mappa.xlsx": ["REFER-11"],
        "08-day-late.xlsx": ["TIME-1"],
    }
    assert {case.case.file for case in plan.cases if not case.goes} == REFUSED
    assert {case.case.file for case in plan.cases if case.anonymous} == {"04-no-consent-no-children.xlsx"}
    assert {case.case.file: len(case.problems) for case in plan.cases if case.problems} == {
        "06-nine-mistakes.xlsx": 9
    }


def test_agencies_without_a_right_to_a_pack_get_none_for_their_reason(plan):
    """The agency whose signature lapsed and the one without a SPOC get nothing, and the plan says why."""
    rules = {one.agency.id: {found.rule for found in one.findings} for one in plan.agencies if one.findings}
    assert rules == {"schools": {"SEND-3"}, "victim-care": {"SHARE-3"}}
    assert {one.agency.id for one in plan.agencies if not one.goes} == NO_PACK


def test_each_distinct_view_is_drawn_once(borough, plan):
    """Fewer views are drawn than copies sent: what two agencies may see alike is drawn once for both."""
    told = json.loads(borough.done("pack", MEETING, "-i", borough.co_ordinator, "--json"))
    assert told["copies"] == len(MEMBERS) * 6 + 1
    assert told["views_drawn"] == len(distinct(plan)) == 36
    told = json.loads(borough.done("pack", MEETING, "-i", borough.co_ordinator, "--json"))
    assert (told["views_drawn"], told["copies"]) == (0, 0)


def distinct(plan):
    """What tells one page from another: the case, its marking, and everything that stands there."""
    return {
        (view.case, view.marking, tuple(view.answers.items()), tuple(view.rows.items()), view.notes)
        for agency in plan.agencies
        for view in agency.views
    }


def test_debians_age_opens_the_pack_of_the_agency_that_has_nothing_else(packed, tmp_path):
    """The X25519 agency opens its pack with `age -d` and its key file alone, and finds the same papers in it."""
    age, unzip = program("age"), program("unzip")
    out = tmp_path / "pack.zip"
    key, sealed = packed.key("stepping-stone"), packed.sealed("stepping-stone")
    subprocess.run([age, "-d", "-i", key, "-o", out, sealed], check=True, capture_output=True)
    subprocess.run([unzip, "-q", out, "-d", tmp_path / "papers"], check=True, capture_output=True)
    opened = packed.opened("stepping-stone")
    for name, content in opened.papers.items():
        assert (tmp_path / "papers" / name).read_bytes() == content


def test_ssh_keygen_verifies_the_manifest(packed, tmp_path):
    """`ssh-keygen -Y verify` finds the co-ordinator's signature on the manifest good, and bad on a changed one."""
    keygen = program("ssh-keygen")
    opened = packed.opened("stepping-stone")
    (tmp_path / SIGNATURE).write_text(opened.signature)
    line = packed.keys_in(packed.co_ordinator).public().signing
    (tmp_path / "signers").write_text(f"co-ordinator {line}\n")
    command = [
        keygen, "-Y", "verify", "-f", tmp_path / "signers", "-I", "co-ordinator", "-n", NAMESPACE, "-s", tmp_path / SIGNATURE
    ]  # fmt: skip
    assert (
        subprocess.run(command, input=opened.manifest_bytes, capture_output=True, check=False).returncode == 0
    )
    changed = opened.manifest_bytes.replace(b"housing", b"h0using") + b" "
    assert subprocess.run(command, input=changed, capture_output=True, check=False).returncode != 0


def test_either_of_two_spocs_opens_the_one_file(packed):
    """Two SPOCs of an agency share a sealed file, which has a stanza for each."""
    assert packed.opened("police", 1).manifest == packed.opened("police", 2).manifest
    assert json.loads(done("inspect", packed.sealed("police"), "--json"))["sealed for"].startswith("2 keys")


def test_no_pack_opens_with_the_key_of_another_agency(packed, tmp_path):
    """Every key is tried on every pack that is not its own: none opens, and nothing is written."""
    for sealed in packed.outbox:
        others = [one for one in MEMBERS | {INVITED} if one != sealed.name.split("_")[1]]
        for agency in others:
            result = run(
                "open", sealed, "-i", packed.key(agency), "-o", tmp_path / "out", "--sender", packed.public_key
            )
            assert result.exit_code == 1
            assert "not for you" in result.stderr
    assert not (tmp_path / "out").exists()
