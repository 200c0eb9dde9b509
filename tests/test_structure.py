"""The shape of the house, proved from the source: who imports whom, what stands where, how long a module is."""

import ast
import re
import sys
from pathlib import Path

import pytest

from pipeline.problem import CATALOGUE

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("forms", "keys", "pipeline", "samples")
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for room in ROOMS
    for path in sorted((ROOT / room).rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in MODULES.items()}
every_module = pytest.mark.parametrize("name", MODULES)


def package(name: str) -> str:
    return name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]


def only_for_types(tree: ast.AST) -> set[int]:
    """The nodes that a type checker reads and the program does not."""
    blocks = (n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test))
    return {id(inner) for block in blocks for one in block.body for inner in ast.walk(one)}


def imported(name: str) -> set[str]:
    """Every module that a module imports at run time, anywhere in it; `from a import b` gives a.b if that is a module."""
    found: set[str] = set()
    unread = only_for_types(TREES[name])
    for node in ast.walk(TREES[name]):
        if id(node) in unread:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                up = package(name).split(".")
                base = ".".join([*up[: len(up) - node.level + 1], *filter(None, [node.module])])
            parts = [f"{base}.{alias.name}" for alias in node.names]
            found |= {part if part in MODULES else base for part in parts}
    return found


def reached(name: str) -> set[str]:
    """Every module of ours that a module leads to by its imports; itself too, if they go in a circle."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        new = {one for one in imported(ahead.pop()) if one in MODULES} - seen
        seen |= new
        ahead += new
    return seen


def rooms(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def under(name: str, *places: str) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


@every_module
def test_every_module_says_what_it_is(name):
    """A module begins with a docstring whose first line is a sentence."""
    said = ast.get_docstring(TREES[name])
    assert said
    assert said.splitlines()[0].rstrip().endswith((".", ":", "?"))


ALLOWED = {
    "forms": {"forms"},
    "keys": {"keys"},
    "pipeline": {"forms", "keys", "pipeline", "samples", "templates"},
    "samples": {*ROOMS, "tests"},
}
LIBRARIES = {
    "forms": {"pydantic", "pydantic_core", "phonenumbers", "email_validator"},
    "keys": {"cryptography"},
}
ONLY_IN = {
    "click": ("pipeline.cli",),
    "rich": ("pipeline.cli",),
    "openpyxl": ("pipeline.workbook", "samples"),
    "docxtpl": ("pipeline.word",),
    "docx": ("pipeline.word",),
    "jinja2": ("pipeline.word",),
    "lxml": ("pipeline.word",),
    "reportlab": ("pipeline.pdf",),
    "uharfbuzz": ("pipeline.pdf",),
    "bidi": ("pipeline.pdf",),
    "sqlite3": ("pipeline.register", "pipeline.register.file", "pipeline.register.proof"),
    "cryptography": ("keys", "pipeline.pack"),  # a pack names the type of the key that signed it
}


@every_module
def test_rooms_look_one_way(name):
    """Forms know nothing of ours but forms, and keys nothing but keys; the tests are nobody's business."""
    ours = rooms(imported(name)) & {*ROOMS, "templates", "tests"}
    assert ours <= ALLOWED[name.partition(".")[0]]


@every_module
def test_libraries_keep_to_their_room(name):
    """A library of documents, of the screen or of sealing is imported in the one place that is for it."""
    outside = rooms(imported(name)) - sys.stdlib_module_names - {*ROOMS, "templates", "tests", ""}
    for library in outside:
        assert under(name, *ONLY_IN.get(library, ROOMS)), f"{name} imports {library}"
    if name.partition(".")[0] in LIBRARIES:
        assert outside <= LIBRARIES[name.partition(".")[0]]


@every_module
def test_only_the_commands_print_and_read_the_clock(name):
    """Outside pipeline/cli nothing prints, reads what is typed, or asks what day it is: the day is an argument."""
    if under(name, "pipeline.cli"):
        return
    for node in ast.walk(TREES[name]):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        assert called not in {"print", "input", "breakpoint"}, f"{name}:{node.lineno}"
        assert called.rpartition(".")[2] not in {"now", "today", "utcnow"}, f"{name}:{node.lineno}"
        assert called not in {"time.time", "time.localtime", "time.gmtime"}, f"{name}:{node.lineno}"


IO = {
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "unlink",
    "mkdir",
    "iterdir",
    "connect",
    "urlopen",
    "run",
}
READS_ITS_TABLE = {"pipeline.protocol.need_to_know", "pipeline.protocol.schedule_3"}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in MODULES
        if under(
            name,
            "pipeline.protocol",
            "pipeline.plan",
            "pipeline.view",
            "pipeline.checked",
            "pipeline.days",
            "pipeline.rhythm",
            "pipeline.diary",
            "pipeline.ical",
            "pipeline.due",
        )
    ],
)
def test_a_rule_does_no_input_or_output(name):
    """Rules, views, the plan, the diary and what is due open nothing, but for the tables that come with the program."""
    calls = {
        ast.unparse(node.func).rpartition(".")[2]
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call)
    }
    assert calls & IO <= ({"open"} if name in READS_ITS_TABLE else set())


RENDERERS = [name for name in MODULES if under(name, "pipeline.pdf", "pipeline.word", "pipeline.papers", "pipeline.render", "pipeline.pack",
                                               "pipeline.blocks", "pipeline.manifest", "pipeline.seal")]  # fmt: skip


@pytest.mark.parametrize("name", RENDERERS)
def test_a_renderer_sees_views_alone(name):
    """What draws or binds papers cannot get at a referral: it imports neither Checked nor what makes one."""
    assert not [
        one
        for one in imported(name)
        if under(one, "pipeline.checked", "pipeline.workbook", "pipeline.json_file", "pipeline.plan")
    ]
    names = {node.id for node in ast.walk(TREES[name]) if isinstance(node, ast.Name)}
    assert not names & {"Checked", "Referral"}


@every_module
def test_no_module_leads_back_to_itself(name):
    """Imports have no circle."""
    assert name not in reached(name)


def test_forms_name_no_agency_and_rules_name_no_area():
    """A form names kinds of agency; nothing in the way knows the invented borough."""
    for name, path in MODULES.items():
        if under(name, "pipeline.protocol", "pipeline.plan", "pipeline.view", "keys"):
            assert "Brackenford" not in path.read_text("utf-8")


LONGEST = 300
LONGER = {
    "forms.answers": "a table of kinds, each some lines long: apart they would be harder to compare",
    "forms.camp": "one form is one module, whatever its length",
    "forms.definition": "one vocabulary: what a form is, what may lean on what, and how one is changed into another",
    "forms.mappa": "what the MAPPA forms share, side by side: who asks one question in six forms finds it here",
    "forms.mappa_a": "one form is one module, whatever its length",
    "forms.marac": "one form is one module, whatever its length",
    "pipeline.protocol.mentions": "one search: each way of finding a mention leans on the others",
    "pipeline.protocol.spellings": "every usual way to write a name, in one place",
    "pipeline.workbook.reading": "one workbook being read: each answer claims its cell from the others",
    "pipeline.register": "the writer and the reader of one file, side by side",
    "pipeline.register.proof": "one proof: it is read by whoever doubts it",
}


@every_module
def test_modules_are_short(name):
    """A module has at most about 300 lines, or stands in the list above with its reason."""
    lines = len(MODULES[name].read_text("utf-8").splitlines())
    assert lines <= LONGEST or name in LONGER, f"{name} has {lines} lines"
    assert lines <= 450


def test_the_list_of_long_modules_is_true():
    """A module that became short again, or is gone, leaves the list."""
    assert [
        name
        for name in LONGER
        if name not in MODULES or len(MODULES[name].read_text("utf-8").splitlines()) <= LONGEST
    ] == []


def raised_codes() -> set[str]:
    """Every code that some module gives to a problem or to an answer that cannot be read."""
    found = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).rpartition(".")[2] in {"problem", "Unreadable"}
                and node.args
            ):
                found |= {
                    one.value
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def test_every_code_has_words():
    """No problem can be raised that the catalogue has no words for."""
    for name in MODULES:
        __import__(name)
    assert {
        code for code in raised_codes() if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
    } <= CATALOGUE.keys()


def test_every_code_is_used_and_tried():
    """Each code of the catalogue stands in the code that raises it, and in a test."""
    for name in MODULES:
        __import__(name)
    written = "\n".join(path.read_text("utf-8") for path in MODULES.values())
    tests = "\n".join(
        path.read_text("utf-8")
        for path in sorted((ROOT / "tests").glob("*.py")) + sorted((ROOT / "samples").rglob("*.toml"))
    )
    assert [code for code in CATALOGUE if len(re.findall(f'"{re.escape(code)}"', written)) < 2] == []
    assert [code for code in CATALOGUE if not re.search(f"[\"' ]{re.escape(code)}[\"' ]", tests)] == []


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_words_of_a_problem_are_two_sentences(code):
    """What is wrong and what to do are sentences, or end in what fills them; short enough for a note in a cell."""
    for words in CATALOGUE[code]:
        assert words == words.strip()
        assert words[0].isupper() or words[0] in "{\"'0123456789"
        assert words.endswith((".", "?", "}"))
        assert len(words) < 300
