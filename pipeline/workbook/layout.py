"""Which sheets a form has, and what stands on each."""

from dataclasses import dataclass

from forms.definition import Ask, Filler, Form, Section, Table
from pipeline.workbook.names import sheet_title


@dataclass(frozen=True)
class Page:
    """One sheet: questions of a section, and then at most one table, which can grow downwards without an obstacle."""

    title: str
    section: Section
    asks: tuple[Ask, ...]
    table: Table | None = None
    opens: bool = True
    """Whether it is the first of its section."""
    heading: str = ""
    """What stands at its head: its title whole, since that of a sheet has room for 31 characters only."""

    @property
    def table_path(self) -> str:
        """The path of its table."""
        return f"{self.section.key}.{self.table.key}" if self.table else ""

    def path(self, ask: Ask) -> str:
        """Return the path of a question that stands on it by itself."""
        return f"{self.section.key}.{ask.key}"

    def column_path(self, ask: Ask) -> str:
        """Return the path of a column of its table."""
        return f"{self.table_path}.{ask.key}"

    def names(self) -> tuple[str, ...]:
        """Return the name of every answer cell or column on it."""
        alone = (
            name
            for ask in self.asks
            if not ask.computed
            for name in (
                (f"{self.path(ask)}.{choice.key}" for choice in ask.choices)
                if ask.some_of
                else (self.path(ask),)
            )
        )
        return (*alone, *(self.column_path(ask) for ask in (self.table.columns if self.table else ())))


def pages(form: Form, by: Filler = Filler.REFERRER) -> tuple[Page, ...]:
    """Return the sheets that somebody fills, in printed order; a section's further tables have sheets of their own.

    Those of the co-ordinator come after those of the referrer, and are numbered on. A form that numbers its own sections keeps its
    numbers, and gets no others.
    """
    found: list[Page] = []
    has_numbers = any(section.title[:1].isdigit() for section in form.sections)

    def add(title: str, section: Section, asks: tuple[Ask, ...], table: Table | None, *, opens: bool) -> None:
        heading = title if has_numbers else f"{len(found) + 1} {title}"
        found.append(Page(sheet_title(heading), section, asks, table, opens, heading))

    sections = [section for section in form.sections if section.by is Filler.REFERRER]
    sections += [section for section in form.sections if section.by is Filler.COORDINATOR]
    for section in sections:
        asks = tuple(item for item in section.items if isinstance(item, Ask))
        tables = [item for item in section.items if isinstance(item, Table)]
        add(section.title, section, asks, tables.pop(0) if tables else None, opens=True)
        for table in tables:
            add(table.title, section, (), table, opens=False)
    return tuple(page for page in found if page.section.by is by)
