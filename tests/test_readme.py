"""The README is true: every command in it runs, and prints what stands there.

Its `console` blocks are one long sitting in one scratch folder: a line that begins with `$` is a command, what follows is what it prints.
`python -m tests.test_readme --update` (`make readme`) puts in what the commands print today. What may differ:

* numbers of packs and sealed referrals, and fingerprints, which chance makes: when one is printed, or is in the name of a file that is there, it is learnt for later commands;
* sizes in bytes, the digest of a signing key, the hash of an entry of the register, dates like 2026-11-22 and times in a column of their own, spaces at the ends of lines;
* a line `...`, once in an output, stands for any lines; after a command with nothing below it anything may be printed.

A block `console fails` ends with a command that has an exit status other than 0. Where a passphrase is asked for, it is typed on a
terminal. `make demo` is run as the `sealpack demo` that it ends with; blocks `console install` are run by test_wheel.
"""

import contextlib
import itertools
import os
import re
import select
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PASSPHRASE = "mustard kettle lantern gravel"
TOKEN = re.compile(r"\b[PR]-[0-9A-Z]{4}-[0-9A-Z]{4}|\b(?:\d{5} ){7}\d{5}\b")
VARIES = (
    (re.compile(r"\b([PR])-[0-9A-Z]{4}-[0-9A-Z]{4}"), r"<\1 number>"),
    (re.compile(r"\b(?:\d{5} ){7}\d{5}\b"), "<fingerprint>"),
    (re.compile(r"\d[\d,]* bytes"), "<size>"),
    (re.compile(r"SHA256:[\w+/]{43}"), "<digest>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<hash>"),
    (re.compile(r"\b20\d\d-\d\d-\d\d(?= |$)"), "<date>"),
    (re.compile(r"(?<=  )\d\d:\d\d\b"), "<time>"),
)
ELISION = "..."

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the README's console is a POSIX shell")


@dataclass
class Command:
    """A command of the README, where it stands, what stands there of its output, and what it printed."""

    line: int
    text: str
    shown: list[str]
    fails: bool = False
    printed: list[str] = field(default_factory=list)
    status: int = 0

    @property
    def program(self) -> str:
        """The program that it runs."""
        return shlex.split(self.text)[0]


@dataclass
class Block:
    """A fenced block: the words after the fence, the line it begins on, and its lines."""

    info: str
    line: int
    lines: list[str]

    def commands(self) -> list[Command]:
        """The commands of a console block."""
        found: list[Command] = []
        for number, line in enumerate(self.lines, start=self.line + 1):
            if line.startswith("$ "):
                found.append(Command(number, line[2:], []))
            elif found[-1].text.endswith("\\") and not found[-1].shown:
                found[-1].text = found[-1].text[:-1] + line.strip()
            else:
                found[-1].shown.append(line)
        found[-1].fails = self.info.endswith("fails")
        return found


def blocks(text: str) -> Iterator[Block]:
    """Yield every fenced block of a Markdown text."""
    block = None
    for number, line in enumerate(text.splitlines(), start=1):
        if block is None and line.startswith("```"):
            block = Block(line[3:].strip(), number, [])
        elif block is not None and line == "```":
            yield block
            block = None
        elif block is not None:
            block.lines.append(line)


def sitting() -> list[Command]:
    """Give every command that is run here, in order."""
    text = README.read_text("utf-8")
    return [
        one for block in blocks(text) if block.info in {"console", "console fails"} for one in block.commands()
    ]


def run_all(commands: list[Command], folder: Path) -> dict[str, str]:
    """Run the commands one after another; return what chance made in the README → what it made here."""
    programs = folder / "programs"
    programs.mkdir()
    sealpack = programs / "sealpack"
    sealpack.write_text(
        f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -c 'from pipeline.cli import main; main()' \"$@\"\n"
    )
    sealpack.chmod(0o755)
    env = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8", "TERM": "dumb"}
    place, where = folder / "scratch", folder / "where"
    place.mkdir()
    learnt: dict[str, str] = {}
    for command in commands:
        learn_file_names(command.text, place, learnt)
        text = put_right(command.text, learnt)
        text = re.sub(r"^make demo$", "sealpack demo", text)
        script = f"{text}\nstatus=$?\npwd > '{where}'\nexit $status\n"
        typed = any(line.startswith("Passphrase") for line in command.shown)
        command.status, output = (on_a_terminal if typed else in_a_pipe)(script, place, env)
        command.printed = tidied(output.splitlines())
        if where.exists():
            place = Path(where.read_text().rstrip("\n"))
        there, here = TOKEN.findall("\n".join(command.shown)), TOKEN.findall("\n".join(command.printed))
        if len(there) == len(here):
            learnt |= {**dict(zip(there, here, strict=True)), **learnt}
    return learnt


def learn_file_names(text: str, place: Path, learnt: dict[str, str]) -> None:
    """Learn what chance put in the names of files that a command means."""
    for path in re.findall(r"\S*\b[PR]-[0-9A-Z-]{9}_\S*", text):
        there = TOKEN.findall(path)[0]
        for found in place.glob(path.replace(there, f"{there[0]}-????-????")):
            learnt.setdefault(there, TOKEN.findall(found.name)[0])


def put_right(text: str, learnt: dict[str, str]) -> str:
    """Put in what was learnt."""
    return TOKEN.sub(lambda found: learnt.get(found[0], found[0]), text)


def in_a_pipe(script: str, place: Path, env: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-c", script], cwd=place, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def on_a_terminal(script: str, place: Path, env: dict[str, str]) -> tuple[int, str]:
    """Run where a passphrase can be typed; it is typed whenever it is asked for."""
    ours, theirs = os.openpty()
    take = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp('bash', ['bash', '-c', sys.argv[1]])"
    child = subprocess.Popen(
        [sys.executable, "-c", take, script], cwd=place, env=env, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    told, asked = b"", 0
    with contextlib.suppress(OSError):  # Linux says so when the last program has left the terminal
        while select.select([ours], [], [], 120)[0] and (more := os.read(ours, 4096)):
            told += more
            if told.endswith(b": ") and len(told) > asked:
                asked = len(told)
                os.write(ours, PASSPHRASE.encode() + b"\n")
    os.close(ours)
    return child.wait(timeout=60), told.decode().replace("\r\n", "\n")


def tidied(lines: list[str]) -> list[str]:
    """Take away spaces at the ends of lines, and empty lines at both ends."""
    return "\n".join(line.rstrip() for line in lines).strip("\n").splitlines()


def steady(line: str) -> str:
    """Put words in place of what may differ."""
    for pattern, words in VARIES:
        line = pattern.sub(words, line)
    return line.rstrip()


def paired(shown: list[str], printed: list[str]) -> list[tuple[str, str]] | None:
    """Lay what stands in the README beside what was printed, line by line; None where they differ."""
    if not shown:
        return []
    shown = tidied(shown)
    pairs = list(zip(shown, printed, strict=False))
    if ELISION in shown:
        at = shown.index(ELISION)
        after = len(shown) - at - 1
        if len(printed) < at + after:
            return None
        pairs = pairs[:at] + (list(zip(shown[-after:], printed[-after:], strict=True)) if after else [])
    elif len(shown) != len(printed):
        return None
    return pairs if all(steady(there) == steady(here) for there, here in pairs) else None


SITTING = sitting()


@pytest.fixture(scope="module")
def sat(tmp_path_factory):
    """Every command, run."""
    commands = sitting()
    run_all(commands, tmp_path_factory.mktemp("readme"))
    return {command.line: command for command in commands}


NEEDS = {"age", "unzip", "ssh-keygen"}


@pytest.mark.parametrize("line", [pytest.param(one.line, id=f"{one.line}: {one.text[:60]}") for one in SITTING])
def test_command(sat, line):
    """A command of the README does what stands there."""
    command = sat[line]
    said = "\n".join(command.printed)
    if command.program in NEEDS and command.status == 127:
        pytest.skip(f"{command.program} is not installed")
    assert (command.status != 0) == command.fails, f"exit status {command.status}\n{said}"
    assert paired(command.shown, command.printed) is not None, f"README.md, line {line}. Printed is:\n{said}"


def arguments(line: str) -> list[str]:
    """Give a command's words, however the shell spells folders and programs."""
    words = shlex.split(line.replace("\\", "/"))
    program = words[0].removeprefix("sealpack-env/").removeprefix(".venv/").removeprefix("bin/")
    return [{"py": "python3"}.get(program, program).removeprefix("Scripts/"), *words[1:]]


def test_windows_neighbours():
    """A PowerShell block says the same, word by word, as the console block before it."""
    found = list(blocks(README.read_text("utf-8")))
    windows = [(before, here) for before, here in itertools.pairwise(found) if here.info == "powershell"]
    assert len(windows) > 3
    for before, here in windows:
        assert before.info.startswith("console"), here.line
        there = [arguments(one.text) for one in before.commands() if not one.text.startswith("make")]
        if there:
            assert [arguments(line) for line in here.lines] == there, f"README.md, line {here.line}"


def test_make_targets():
    """Every `make` in the README is in the Makefile, and `make demo` ends with `sealpack demo`."""
    rules = (ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"(?:`|^\$ )make ([a-z]+)", README.read_text("utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= named
    assert named <= set(re.findall(r"^([a-z]+):", rules, re.MULTILINE))
    assert re.search(r"^demo: .*\n\t@\$\(BIN\)/sealpack demo\n", rules, re.MULTILINE)


def test_paths_and_commands():
    """Every folder, file and command that the README links to or names is there."""
    from pipeline.cli import COMMANDS

    text = README.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (ROOT / target).exists(), target
    for name in re.findall(r"`sealpack ([a-z-]+)", text):
        assert name in COMMANDS, name


def update() -> None:
    """Put what the commands print today into the README; what chance makes stays as it stands."""
    commands = sitting()
    with tempfile.TemporaryDirectory() as folder:
        learnt = run_all(commands, Path(folder))
    old = {here: there for there, here in learnt.items()}
    lines = README.read_text("utf-8").splitlines()
    changed, failed = 0, ""
    for command in reversed(commands):
        if (command.status != 0) != command.fails:
            failed = f"README.md, line {command.line}: exit status {command.status}\n" + "\n".join(
                command.printed
            )
            continue
        if paired(command.shown, command.printed) is not None:
            continue
        shown, new = tidied(command.shown), command.printed
        if ELISION in shown:
            at = shown.index(ELISION)
            new = [*new[:at], ELISION, *(new[-after:] if (after := len(shown) - at - 1) else [])]
        end = command.line
        while lines[end] != "```" and not lines[end].startswith("$ "):
            end += 1
        start = end - len(command.shown)
        lines[start:end] = [put_right(line, old) for line in new]
        changed += 1
    README.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"README.md: {changed} of {len(commands)} outputs renewed.")  # noqa: T201 - said to whoever runs this by hand
    if failed:
        sys.exit(failed)


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit("Usage: python -m tests.test_readme --update")
    update()
