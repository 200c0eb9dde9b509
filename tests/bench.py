"""How long a full Form A takes, warm, beside what the libraries take by themselves in the same run: `make bench`.

Nothing is asserted: a time says something of a machine, a ratio in one run says something of the code.
"""

import copy
import datetime as dt
import io
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docxtpl
import jinja2
import openpyxl

from forms.answers import ADDRESS
from forms.information import Identifies
from pipeline import days
from pipeline.agency import AgencyKind
from pipeline.area import open_area
from pipeline.blocks import Stamp
from pipeline.checked import Checked, Referral, check, filled
from pipeline.flow import read
from pipeline.meeting import Meeting
from pipeline.plan import plan
from pipeline.protocol import need_to_know
from pipeline.protocol.sharing import WHOLE, view_of
from pipeline.render import Renderer
from pipeline.word import _answers
from samples import make

sys.path.insert(0, str(Path(__file__).parent))
import bench_sealing

DAY = dt.date(2026, 12, 2)
STAMP = Stamp("Brackenford Police", "copy 1", "P-7F3K-2M9Q")
RUNS = 60


def timed(prepare: Callable[[], Callable[[], Any]], runs: int) -> tuple[float, float]:
    """Return the median and the least of several runs, in milliseconds, after two that do not count; preparing does not either."""
    times = []
    for _ in range(runs + 2):
        what = prepare()
        began = time.perf_counter()
        what()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times[2:]), min(times[2:])


def apart(referral: Referral, number: int) -> Referral:
    """Return a referral about other people: a letter more in each name, another house number in each address."""
    answers = copy.deepcopy(referral.answers)
    more = chr(ord("a") + number % 26) * (1 + number // 26)
    for found in referral.form.asks():
        section = answers.get(found.section.key, {})
        rows = section.get(found.table.key, []) if found.table else [section]
        for row in rows:
            value = row.get(found.ask.key)
            if isinstance(value, str) and found.ask.identifies is Identifies.NAME:
                row[found.ask.key] = f"{value}{more}"
            elif isinstance(value, str) and found.ask.kind == ADDRESS:
                row[found.ask.key] = re.sub(r"^\d+", str(number + 100), value)
    return replace(referral, answers=answers)


def forget() -> None:
    """Empty every memory of the rules, so that a plan is made as by a command that has just begun."""
    for name, module in list(sys.modules.items()):
        if name.startswith("pipeline.protocol"):
            for one in vars(module).values():
                if callable(getattr(one, "cache_clear", None)) and one.__module__ not in {
                    need_to_know.__name__,
                    days.__name__,
                }:
                    one.cache_clear()


def plan_rows() -> dict[str, Callable[[], Callable[[], Any]]]:
    """Return what prepares the planning of a meeting of 30 cases for 20 agencies of 20 kinds, everything still to be worked out."""
    area = open_area(make.AREA)
    kinds = [kind for kind in AgencyKind if kind is not AgencyKind.JOBCENTRE][:20]
    agencies = tuple(
        area.agencies[1].model_copy(
            update={"id": f"agency-{n}", "kind": kind, "panels": ("marac", "mappa"), "protocol_signed": DAY}
        )
        for n, kind in enumerate(kinds)
    )
    area = replace(area, agencies=(area.agencies[0], *agencies))
    rows = {}
    for panel, form_id, names in (
        ("marac", "marac", ["01-ordinary", "03-no-consent-children", "04-no-consent-no-children"]),
        ("mappa", "mappa-a", ["01-sound", "03-awkward"]),
    ):
        read_once = [read((area.inbox / make.place(form_id, name)).read_bytes(), area) for name in names]
        cases = [{"reference": f"X-2026-{n}", "file": f"{n}"} for n in range(1000, 1030)]
        held = Meeting.model_validate(
            {"panel": panel, "date": DAY, "chair": {"name": "A. Gatepost", "role": "DI"}, "case": cases}
        )

        def prepared(held: Meeting = held, some: list[Any] = read_once) -> Callable[[], Any]:
            checked = {
                case.reference: filled(some[n % len(some)].form, apart(some[n % len(some)], n).answers, str(n))
                for n, case in enumerate(held.cases)
            }
            forget()
            return lambda: plan(area, held, checked, {}, DAY)

        assert sum(case.goes for case in prepared()().cases) == 30
        rows[f"plan, 30 {form_id} for 20 agencies"] = prepared
    return rows


def main() -> None:
    """Time each stage, all of them together, and the libraries alone; then the plan of a large meeting."""
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
        _print(name, lambda what=what: what, RUNS)  # type: ignore[misc]  # a function that gives itself
    for name, prepare in plan_rows().items():
        _print(name, prepare, 5)
    bench_sealing.main()


def _print(name: str, prepare: Callable[[], Callable[[], Any]], runs: int) -> None:
    middle, least = timed(prepare, runs)
    print(f"{name:<36}{middle:>10.1f}{least:>10.1f}")


if __name__ == "__main__":
    main()
