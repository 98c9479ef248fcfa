"""What a person reads when something is declined comes in their language."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOMS = (
    "accounts",
    "alliance",
    "analytics",
    "audit",
    "catalogue",
    "config",
    "dealers",
    "integrations",
    "ledger",
    "ordering",
    "pricing",
    "rebates",
    "tenancy",
)
# Plain Python, told in English: the rules themselves and the reader of their cases (docs say so).
PLAIN = ("domain",)
# What a command of the operator's terminal says, in English like all that commands print.
AT_THE_TERMINAL = ("importing", "demo", "management")


def _files() -> list[Path]:
    found = [path for room in ROOMS for path in sorted((Path(settings.BASE_DIR) / room).rglob("*.py"))]
    return [
        path
        for path in found
        if not any(part in (*PLAIN, "migrations") or part.startswith(AT_THE_TERMINAL) for part in path.parts)
    ]


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@pytest.fixture(scope="module")
def refusals() -> set[str]:
    """The names of Refusal and of all classes below it."""
    below: dict[str, set[str]] = {}
    for path in [*_files(), *(Path(settings.BASE_DIR) / "kernel").glob("*.py")]:
        for node in ast.walk(_parsed(path)):
            if isinstance(node, ast.ClassDef):
                bases = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
                below.setdefault(node.name, set()).update(bases)
    found = {"Refusal"}
    while more := {name for name, bases in below.items() if bases & found} - found:
        found |= more
    return found


def _literal(node: ast.expr | None, given: dict[str, list[ast.expr]]) -> bool:
    """English text as it stands, also through a name or the formatting of one."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(node.value)
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return _literal(node.left, given)
    if isinstance(node, ast.Name):
        return any(
            _literal(value, given) for value in given.get(node.id, []) if not isinstance(value, ast.Name)
        )
    return False


def _found(tree: ast.Module, names: set[str]) -> list[int]:
    lines = []
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        given: dict[str, list[ast.expr]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                given.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(function):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in names:
                at = 1 if name == "InvalidCase" else 0
                if len(node.args) > at and _literal(node.args[at], given):
                    lines.append(node.lineno)
    return sorted(set(lines))


def test_every_refusal_is_in_the_readers_language(refusals):
    english = [
        f"{path.relative_to(settings.BASE_DIR)}:{line}"
        for path in _files()
        for line in _found(_parsed(path), refusals)
    ]
    assert english == []


@pytest.mark.parametrize(
    "raised",
    [
        'raise NotAllowed("No.")',
        'raise NotAllowed(f"No {x}.", field="x")',
        'm = "No"; raise NotAllowed(m)',
        'raise NotAllowed("No %s" % x)',
        'raise InvalidCase("code", "No.")',
    ],
)
def test_english_is_found(raised):
    assert _found(ast.parse(f"def f(x):\n    {raised}"), {"NotAllowed", "InvalidCase"})


@pytest.mark.parametrize("raised", ['raise NotAllowed(_("No."))', 'm = _("No"); raise NotAllowed(m % x)'])
def test_what_is_translated_is_not(raised):
    assert not _found(ast.parse(f"def f(x):\n    {raised}"), {"NotAllowed", "InvalidCase"})
