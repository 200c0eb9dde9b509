"""What a finished file says, wherever in it: for searching packs for what must not be there."""

import html
import io
import re
import subprocess
import tempfile
import unicodedata
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from pipeline.pack import Opened

TOOLS = ("pdftotext", "qpdf")
"""Programs that have to be there."""


def plain(text):
    """Small letters and digits without accents, words parted by one space."""
    text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", text.replace("’", "").replace("'", "").casefold()))


@dataclass
class Hay:
    """Text to search: as words, and run together so that no line break, run or hyphen hides anything."""

    text: str = field(repr=False)

    def __post_init__(self):
        self.words = f" {plain(self.text)} "
        self.joined = self.words.replace(" ", "")

    def holds(self, needle):
        """Whether a needle stands there: by itself as words, or, where it is too long for chance, run together."""
        words = plain(needle)
        joined = words.replace(" ", "")
        return f" {words} " in self.words or (len(joined) >= 9 and joined in self.joined)


def strings_of(qdf):
    """Every string object of a PDF laid open by qpdf, as text."""
    for found in re.finditer(rb"<([0-9A-Fa-f\s]{4,})>|\(((?:[^()\\]|\\.)*)\)", qdf, re.DOTALL):
        if found[1]:
            digits = re.sub(rb"\s", b"", found[1])
            data = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
        else:
            data = re.sub(rb"\\([0-7]{1,3})", lambda one: bytes([int(one[1], 8) & 255]), found[2])
        yield data[2:].decode("utf-16-be", "replace") if data[:2] == b"\xfe\xff" else data.decode("latin-1")


def texts_of_pdf(data):
    """What a PDF says: as shown, and in every string of it, properties, bookmarks and ActualText included."""
    shown = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(data)
        file.flush()
        command = ["qpdf", "--qdf", "--object-streams=disable", file.name, "-"]
        laid = subprocess.run(command, capture_output=True, check=True).stdout
    return "\n".join((shown, laid.decode("latin-1"), *strings_of(laid)))


def texts_of_word(data):
    """What a Word file says in every part: with its tags taken out, and with them in."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        for name in members.namelist():
            part = members.read(name).decode("utf-8", "replace")
            parts += [
                name,
                html.unescape(re.sub(r"<[^>]*>", "", part)),
                html.unescape(re.sub(r"<[^>]*>", " ", part)),
            ]
            parts += map(html.unescape, re.findall(r'="([^"]*)"', part))
    return "\n".join(parts)


def texts(name, content):
    """What a paper says, its name included."""
    read = {"pdf": texts_of_pdf, "docx": texts_of_word}[name.rpartition(".")[2]]
    return f"{name}\n{read(content)}"


def parts_of(packs: dict[str, Opened]) -> dict[str, dict[str, Hay]]:
    """Agency → name of each part of its opened pack, manifest too → what that says."""
    jobs = [(agency, name, content) for agency, pack in packs.items() for name, content in pack.papers.items()]
    found = {agency: {"manifest.json": Hay(pack.manifest_bytes.decode())} for agency, pack in packs.items()}
    with ThreadPoolExecutor(4) as pool:
        for (agency, name, _), said in zip(jobs, pool.map(lambda job: texts(*job[1:]), jobs), strict=True):
            found[agency][name] = Hay(said)
    return found
