"""Rows to pages: what stands on which page, and how high."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.pdf.rows import Row

Page = list[tuple[float, Row]]


def paginate(rows: Iterable[Row], top: float, bottom: float) -> list[Page]:
    """Put ``rows`` on pages between ``top`` and ``bottom``, in order and without losing a line.

    A row that keeps with the next goes over the page together with the next one's beginning. A row too high for
    what is left is parted. Where a row begins a page, its ``heads`` come again above it.

    Returns:
        for each page, the rows on it, each with the height of its upper edge.
    """
    pages: list[Page] = [[]]
    waiting = list(rows)[::-1]
    y, fresh = top, True
    while waiting:
        row = waiting[-1]
        if not fresh and (row.fresh_page or _wanted(waiting, top - bottom) > y - bottom):
            pages.append([])
            y, fresh = top, True
            if sum(head.height for head in row.heads) < (top - bottom) / 3:
                for head in row.heads:
                    pages[-1].append((y, head))
                    y -= head.height
        waiting.pop()
        y -= 0 if fresh else row.before
        if row.height > y - bottom:
            row, rest = row.part(y - bottom)
            waiting.append(replace(rest, fresh_page=True))
        pages[-1].append((y, row))
        y -= row.height
        fresh = False
    return pages


def _wanted(waiting: Sequence[Row], full: float) -> float:
    """Give the room below which the next row goes over the page: with all that it keeps with, if that fits on one."""
    total = 0.0
    for row in reversed(waiting):
        total += row.before + (row.height if row.keep else row.least)
        if not row.keep:
            break
    return total if total <= full else waiting[-1].before + waiting[-1].least
