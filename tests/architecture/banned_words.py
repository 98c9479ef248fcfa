"""Find the words that the vocabulary bans (docs/glossary.md) in the identifiers of the production code.

`python -m tests.architecture.banned_words` writes again how many of them each file still has.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ops.layers import packages

PROJECT = Path(__file__).resolve().parents[2]
STORED_COUNTS = Path(__file__).with_name("banned_words_left.txt")
WORDS = frozenset(
    ("told", "said", "asked", "seen", "deed", "deeds", "beneath", "kept", "shown", "whole", "there", "most")
    + ("goes", "walls", "doors")
)
CONSTANT_WORDS = frozenset(("LONGEST",))  # a limit is MAX_… with its unit
# Names that are not ours to choose.
# Names that are not ours to choose, with where they come from.
EXEMPT = {"most_common": "collections.Counter"}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@cache
def is_banned(identifier: str) -> bool:
    """Return whether a banned word is the identifier or one of its parts."""
    if identifier in EXEMPT:
        return False
    parts = set(_WORD.findall(identifier))
    if identifier.isupper() and parts & CONSTANT_WORDS:
        return True
    return any(part.lower() in WORDS for part in parts)


def identifiers(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the name of each identifier: definitions and uses."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield line, name
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield line, name
            case ast.keyword(arg=str(name)) | ast.ExceptHandler(name=str(name)):
                yield line, name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield line, name
            case ast.MatchMapping(rest=str(name)):
                yield line, name
            case ast.MatchClass(kwd_attrs=names) | ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from ((line, name) for name in names)
            case ast.ImportFrom(module=str(name)):
                yield from ((line, part) for part in name.split("."))
            case ast.alias(name=name, asname=other):
                yield from ((line, part) for part in name.split("."))
                if other:
                    yield line, other


def banned_in(source: str) -> list[tuple[int, str]]:
    """Return the line and the name of each banned identifier in a source text."""
    return sorted((line, name) for line, name in identifiers(ast.parse(source)) if is_banned(name))


def production_files() -> list[Path]:
    """Return the Python files of rooms, config, launcher, i18n and benchmarks, without migrations."""
    folders = (*packages(), "ops", "i18n", "benchmarks")
    files = [file for folder in folders for file in (PROJECT / folder).rglob("*.py")]
    return sorted(file for file in (*files, PROJECT / "manage.py") if "migrations" not in file.parts)


def banned_by_file() -> dict[str, list[tuple[int, str]]]:
    """Return the banned identifiers of each production file that has any; its own path counts too."""
    found = {}
    for file in production_files():
        path = file.relative_to(PROJECT)
        in_path = [(0, part) for part in path.with_suffix("").parts if is_banned(part)]
        if banned := in_path + banned_in(file.read_text("utf-8")):
            found[path.as_posix()] = banned
    return found


def stored_counts() -> dict[str, int]:
    """Return how many banned identifiers each file may still have."""
    lines = (line.rsplit(": ", 1) for line in STORED_COUNTS.read_text("utf-8").splitlines())
    return {path: int(count) for path, count in lines}


def store_counts() -> None:
    lines = [f"{path}: {len(banned)}\n" for path, banned in sorted(banned_by_file().items())]
    STORED_COUNTS.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    store_counts()
