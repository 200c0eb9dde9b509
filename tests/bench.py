"""How long a full Form A takes, warm, beside what the libraries take by themselves in the same run: `make bench`.

Nothing is asserted: a time says something of a machine, a ratio in one run says something of the code.
"""

import datetime as dt
import io
import statistics
import time
from collections.abc import Callable
from typing import Any

import docxtpl
import jinja2
import openpyxl

from pipeline.blocks import Stamp
from pipeline.checked import Checked, Referral, check
from pipeline.flow import read
from pipeline.protocol.sharing import WHOLE, view_of
from pipeline.render import Renderer
from pipeline.word import _answers
from samples import make

DAY = dt.date(2026, 12, 2)
STAMP = Stamp("Brackenford Police", "copy 1", "P-7F3K-2M9Q")
RUNS = 60


def timed(what: Callable[[], Any]) -> tuple[float, float]:
    """Return the median and the least of several runs, in milliseconds, after two that do not count."""
    times = []
    for _ in range(RUNS + 2):
        began = time.perf_counter()
        what()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[2:]), min(times[2:])


def main() -> None:
    """Time each stage, all of them together, and the libraries alone."""
    data = (make.AREA / "inbox" / make.place("mappa-a", "01-sound")).read_bytes()
    referral = read(data)
    assert isinstance(referral, Referral)
    checked = check(referral, DAY)
    assert isinstance(checked, Checked)
    view = view_of(checked, "MAPPA-2026-4417", "OFFICIAL-SENSITIVE", WHOLE)
    renderer = Renderer(None, None)
    template = (make.TEMPLATES / "mappa-a.docx").read_bytes()

    def whole() -> None:
        one = check(read(data), DAY)
        seen = view_of(one, "MAPPA-2026-4417", "OFFICIAL-SENSITIVE", WHOLE)
        renderer.draw(seen, [STAMP]).copies(STAMP)

    def docxtpl_alone() -> None:
        page = {
            "case": view.case,
            "marking": view.marking,
            "title": view.form.title,
            "edition": view.form.edition,
        }
        document = docxtpl.DocxTemplate(io.BytesIO(template))
        document.render({**_answers(view), "notes": [], **page}, jinja2.Environment(autoescape=True))
        document.save(io.BytesIO())

    rows = {
        "read": lambda: read(data),
        "  openpyxl alone, load_workbook": lambda: openpyxl.load_workbook(io.BytesIO(data)),
        "check": lambda: check(referral, DAY),
        "view": lambda: view_of(checked, "MAPPA-2026-4417", "OFFICIAL-SENSITIVE", WHOLE),
        "draw, PDF and Word": lambda: renderer.draw(view, [STAMP]).copies(STAMP),
        "  docxtpl alone, Word": docxtpl_alone,
        "read, check, view and draw": whole,
    }
    print(f"{'A full MAPPA Form A':<36}{'median':>10}{'least':>10}   ms")
    for name, what in rows.items():
        middle, least = timed(what)
        print(f"{name:<36}{middle:>10.1f}{least:>10.1f}")


if __name__ == "__main__":
    main()
