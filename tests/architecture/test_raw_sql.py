"""Raw SQL names the tables of its own room; the exceptions stand in one list with a reason each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

from tests.architecture.raw_sql_exceptions import EXCEPTIONS

ROOT = Path(settings.BASE_DIR)
FUNCTION = re.compile(r"CREATE (?:OR REPLACE )?FUNCTION (\w+)")
SCOPES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _rooms() -> dict[str, str]:
    """Each room's folder by its app label: the installed apps that lie in the project itself."""
    return {
        app.label: Path(app.path).relative_to(ROOT).as_posix()
        for app in apps.get_app_configs()
        if ROOT in Path(app.path).parents and "site-packages" not in app.path
    }


def _tables() -> dict[str, str]:
    """The room of each table, from Django's registry, tables of many-to-many fields included."""
    rooms = _rooms()
    return {
        model._meta.db_table: model._meta.app_label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in rooms
    }


def _strings(source: str) -> Iterator[str]:
    """Every string of the code that is not a docstring, parts of f-strings included."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, SCOPES) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def named_rooms(source: str, tables: dict[str, str]) -> set[str]:
    """Return the rooms whose tables the strings of the source name."""
    return set().union(*(_rooms_of(text, tables) for text in _strings(source)))


def _rooms_of(sql: str, tables: dict[str, str]) -> set[str]:
    return {tables[word] for word in set(re.findall(r"\w+", sql)) & tables.keys()}


@cache
def _found() -> dict[str, set[str]]:
    """The other rooms that each file names in its SQL; config and the like own no table."""
    tables = _tables()
    found: dict[str, set[str]] = {}
    folders = {folder: label for label, folder in _rooms().items()} | {"config": ""}
    for folder, label in folders.items():
        for file in (ROOT / folder).rglob("*.py"):
            if "migrations" in file.parts:
                functions = functions_of(file.read_text())
                named = {f"function {name}": _rooms_of(sql, tables) for name, sql in functions.items()}
            else:
                named = {file.relative_to(ROOT).as_posix(): named_rooms(file.read_text(), tables)}
            found |= {name: others for name, rooms in named.items() if (others := rooms - {label})}
    return found


def functions_of(source: str) -> dict[str, str]:
    """Return the text of each function of the database that a migration makes, by its name."""
    texts = (text for text in _strings(source) if FUNCTION.search(text))
    parts = (part for text in texts for part in re.split(r"(?=CREATE (?:OR REPLACE )?FUNCTION )", text))
    return {found[1]: part for part in parts if (found := FUNCTION.match(part))}


def test_the_rooms_and_their_tables_are_found():
    assert {"ordering", "ledger", "tenancy"} <= _rooms().keys()
    assert _tables()["ordering_order"] == "ordering"


def test_sql_of_another_room_is_noticed():
    tables = {"ordering_order": "ordering", "ledger_book": "ledger"}
    source = '"""About ledger_book."""\nSQL = f"SELECT 1 FROM ordering_order o JOIN {x}"\n'
    assert named_rooms(source, tables) == {"ordering"}
    assert named_rooms(source.replace("{x}", "ledger_book"), tables) == {"ordering", "ledger"}


def test_a_function_of_the_database_is_read_too():
    source = 'SQL = "CREATE FUNCTION a() AS $$ ordering_order $$; CREATE OR REPLACE FUNCTION b() AS $$ x $$"'
    assert {name: "ordering_order" in sql for name, sql in functions_of(source).items()} == {
        "a": True,
        "b": False,
    }


def test_raw_sql_names_the_tables_of_its_own_room():
    breaches = [
        f"{file} names tables of {', '.join(sorted(unknown))}"
        for file, rooms in sorted(_found().items())
        if (unknown := rooms - EXCEPTIONS.get(file, (set(), ""))[0])
    ]
    assert breaches == []


def test_no_exception_is_left_over():
    found = _found()
    unused = {file: rooms - found.get(file, set()) for file, (rooms, _) in EXCEPTIONS.items()}
    assert {file: rooms for file, rooms in unused.items() if rooms} == {}


def test_every_exception_has_a_reason():
    assert [file for file, (_, reason) in EXCEPTIONS.items() if len(reason) < 20] == []
