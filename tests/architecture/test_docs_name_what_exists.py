"""Every file, folder and dotted name of the code that the documentation names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ops.layers import packages

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md"), *PROJECT.glob("docs/adr/*.md")],
    key=lambda file: file.as_posix(),
)
FOLDERS = (*packages(), "ops", "i18n", "benchmarks", "tests", "templates", "static", "locale", "docs")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.*-]+(?:/[\w.*…-]+)+/?")
DOTTED = re.compile(r"[a-z_]\w*(?:\.[A-Za-z_]\w*)+")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def missing_in(text: str) -> list[str]:
    """Return the paths and dotted names in code quotes that are not in the project."""
    return [quoted for quoted in CODE.findall(text) if not _exists(quoted.strip())]


def _exists(quoted: str) -> bool:
    quoted = quoted.removesuffix("()")
    if PATH.fullmatch(quoted) and quoted.split("/")[0] in FOLDERS:
        return bool(list(PROJECT.glob(quoted.rstrip("/"))))
    if DOTTED.fullmatch(quoted) and quoted.split(".")[0] in FOLDERS and not quoted.endswith((".md", ".html")):
        return _is_name_of_code(quoted) or _is_name_of_a_registration(quoted)
    return True


def _is_name_of_a_registration(dotted: str) -> bool:
    """A topic, a kind of job or a task is a string in the code of its room: "ordering.placed"."""
    files = PROJECT.joinpath(dotted.partition(".")[0]).rglob("*.py")
    return any(f'"{dotted}"' in file.read_text("utf-8") for file in files)


def _is_name_of_code(dotted: str) -> bool:
    """Find the longest module of the name; the rest must be written in its file."""
    module, rest = dotted, ""
    while (file := _file_of(module)) is None:
        module, _, last = module.rpartition(".")
        rest = last
        if not module:
            return False
    return not rest or bool(re.search(rf"\b{re.escape(rest)}\b", file.read_text("utf-8")))


def _file_of(module: str) -> Path | None:
    path = PROJECT.joinpath(*module.split("."))
    candidates = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in candidates if file.is_file()), None)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.relative_to(PROJECT).as_posix())
def test_what_a_document_names_exists(document: Path) -> None:
    assert missing_in(document.read_text("utf-8")) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.relative_to(PROJECT).as_posix())
def test_what_a_document_links_to_exists(document: Path) -> None:
    targets = LINK.findall(document.read_text("utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize(
    "text",
    [
        "see `ordering/operations/nowhere.py`",
        "the rooms' `tests/nowhere/`",
        "`ordering.operations.placing.place_nothing`",
        "`ordering.nowhere`",
        "the topic `ordering.forgotten`",
    ],
)
def test_a_name_of_nothing_is_found(text: str) -> None:
    assert missing_in(text)


def test_names_of_the_code_and_other_words_are_free() -> None:
    names = (
        "ordering/operations/placing.py ordering.operations.placing.place_order ordering.placed order.place"
    )
    assert missing_in(" ".join(f"`{name}`" for name in names.split())) == []
