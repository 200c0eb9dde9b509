"""How long sealing takes beside the `age` program in the same run, and opening a hundred packs: part of `make bench`.

`age` runs as a process of its own; we run in one that has begun already, as `sealpack pack` does for its second pack.
"""

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bad_packs
from bad_packs import SENDER, manifest_of, members_of, sealed, signer
from borough import run

from keys import age, identity
from pipeline import pack

MEGABYTE = 1_000_000
WORDS = "mustard kettle lantern gravel"


def seal_rows(runs: int = 15) -> dict[str, tuple[float, float]]:
    """Time the sealing of 20 MB from file to file, each way in turn: name → median and least, in milliseconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "plain").write_bytes(os.urandom(20 * MEGABYTE))
        classic, hybrid = age.X25519Identity.generate().recipient(), age.HybridIdentity.generate().recipient()

        def ours(recipient: age.Recipient) -> Callable[[], None]:
            def seal() -> None:
                with (folder / "plain").open("rb") as plain, (folder / "sealed").open("wb") as out:
                    age.encrypt(plain, out, [recipient])

            return seal

        ways = {"seal 20 MB, X25519": ours(classic), "seal 20 MB, post-quantum": ours(hybrid)}
        if program := shutil.which("age"):
            command = [program, "-r", str(classic), "-o", folder / "by-age", folder / "plain"]
            ways["  the age program, X25519"] = lambda: subprocess.run(command, check=True)  # type: ignore[assignment]
        times: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(runs + 2):
            for way, what in ways.items():
                began = time.perf_counter()
                what()
                times[way].append((time.perf_counter() - began) * 1000)
        return {way: (statistics.median(some[2:]), min(some[2:])) for way, some in times.items()}


def open_row(number: int = 100) -> tuple[float, int]:
    """Open packs of 2 MB each by the command, with one passphrase: return the time in milliseconds and how often it was asked for."""
    with tempfile.TemporaryDirectory() as name:
        desk = Path(name)
        for folder in ("in", "senders"):
            (desk / folder).mkdir()
        identity.write(desk / "my.key", bad_packs.SPOC, WORDS)
        (desk / "senders" / "co-ordinator.pub").write_text(identity.public_text(SENDER.public()))
        members = members_of(*[MEGABYTE // 10] * 19)
        for n in range(number):
            envelope = bad_packs.Envelope(f"P-2222-A{n:03}", "housing", "brackenford-council")
            data = pack.to_bytes(manifest_of(members, pack=envelope.pack), members, signer())
            (desk / "in" / envelope.file_name).write_bytes(sealed(data, envelope))
        began = time.perf_counter()
        result = run(
            "open", desk / "in", "-i", desk / "my.key", "-o", desk / "papers", "--accept", answers=f"{WORDS}\n"
        )
        took = (time.perf_counter() - began) * 1000
        assert f"{number} packs opened, 0 refused." in result.stdout, result.output
        return took, result.output.count("Passphrase")


def main() -> None:
    """Print both."""
    print(f"{'Sealing, in turn':<36}{'median':>10}{'least':>10}   ms")
    for name, (middle, least) in seal_rows().items():
        print(f"{name:<36}{middle:>10.1f}{least:>10.1f}")
    took, asked = open_row()
    print(f"{'open 100 packs of 2 MB':<36}{took:>10.1f}   with {asked} question for the passphrase")


if __name__ == "__main__":
    main()
