"""What a comment may switch off: only what it names, with a reason."""

import re
from pathlib import Path

import pytest

from ops.layers import packages

PROJECT = Path(__file__).resolve().parents[2]
SWITCHES = re.compile(r"#\s*(type: ignore|noqa|fmt:|pragma: no cover)(?P<rest>.*)$", re.MULTILINE)
WITH_A_REASON = re.compile(r"(\[[a-z-]+(, [a-z-]+)*\]|: [A-Z]+\d+(, [A-Z]+\d+)*)\s+(- |# )?\w.*")


def switched_off(text: str) -> list[str]:
    """Return the comments that switch a check off without naming it and saying why."""
    return [
        found[0]
        for found in SWITCHES.finditer(text)
        if not WITH_A_REASON.fullmatch(found["rest"].strip("\n"))
    ]


def test_what_is_switched_off_has_a_code_and_a_reason():
    folders = [PROJECT / name for name in (*packages(), "tests", "benchmarks")]
    files = [path for folder in folders for path in folder.rglob("*.py") if path.name != Path(__file__).name]
    wrong = {path: found for path in files if (found := switched_off(path.read_text("utf-8")))}
    assert not wrong, "\n".join(f"{path.relative_to(PROJECT)}: {found}" for path, found in wrong.items())


@pytest.mark.parametrize(
    ("comment", "is_wrong"),
    [
        ("x = 1  # type: ignore[misc]  # guardian is untyped", False),
        ("x = 1  # noqa: S311  the same data on each machine", False),
        ("x = 1  # noqa: F401 - loads a profile", False),
        ("x = 1  # type: ignore[misc]", True),
        ("x = 1  # type: ignore  # why", True),
        ("x = 1  # noqa: S311", True),
        ("x = 1  # noqa", True),
        ("x = 1  # fmt: skip", True),
    ],
)
def test_a_bare_switch_is_found(comment, is_wrong):
    assert bool(switched_off(comment)) is is_wrong
