"""`manage.py simulate`, as anyone would run it: without a database."""

import json
import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[3]
STOCK = {"on_hand": 5, "safety": 0, "quarantine": 0, "hard": 0, "soft": 0}
NOT_ASCII = "聯盟 é 😀"


def simulate(*args: str, given: str | bytes = "", encoding: str = "utf-8") -> tuple[int, Any]:
    """Return the exit status and the answer of the command in this process, which may use no database."""
    typed = TextIOWrapper(BytesIO(given if isinstance(given, bytes) else given.encode()))
    terminal = TextIOWrapper(BytesIO(), encoding=encoding, write_through=True)
    status = 0
    with patch.object(sys, "stdin", typed):
        try:
            call_command("simulate", *args, stdout=terminal)
        except SystemExit as ended:
            status = int(ended.code or 0)
    return status, json.loads(terminal.buffer.getvalue())


def run_program(*args: str, given: str = "", **variables: str) -> tuple[int, Any]:
    """Return the same of a process of its own, which knows neither database nor secret."""
    hidden = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG")
    ran = subprocess.run(
        [sys.executable, "manage.py", "simulate", *args],
        cwd=ROOT,
        input=given.encode(),
        capture_output=True,
        check=False,
        env={key: value for key, value in os.environ.items() if key not in hidden} | variables,
        timeout=120,
    )
    assert ran.stdout, ran.stderr.decode()
    return ran.returncode, json.loads(ran.stdout)


@pytest.mark.process
def test_the_program_answers_without_any_settings() -> None:
    status, answer = run_program("stock", given=json.dumps(STOCK))
    assert status == 0
    assert answer["available"] == [{"date": "now", "raw": 5, "promise": 5}]


@pytest.mark.process
def test_the_program_ends_with_status_2_and_writes_escapes_to_a_terminal_without_chinese() -> None:
    given = json.dumps(STOCK | {NOT_ASCII: 1})
    status, answer = run_program("stock", given=given, PYTHONIOENCODING="gbk")
    assert (status, answer["field"]) == (2, NOT_ASCII)


def test_a_dash_is_standard_input_too() -> None:
    status, answer = simulate("stock", "-", given=json.dumps(STOCK))
    assert (status, "available" in answer) == (0, True)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_what_the_terminal_cannot_show_is_written_as_escapes(encoding: str) -> None:
    given = json.dumps(STOCK | {NOT_ASCII: 1})
    status, answer = simulate("stock", given=given, encoding=encoding)
    assert (status, answer["field"]) == (2, NOT_ASCII)


def test_a_missing_file_is_named() -> None:
    status, answer = simulate("stock", "no-such.json")
    assert status == 2
    assert answer["field"] == "file"
    assert "no-such.json" in answer["message"]


def test_it_answers_one_case_from_standard_input() -> None:
    status, answer = simulate("stock", given=json.dumps(STOCK))
    assert status == 0
    assert answer["available"] == [{"date": "now", "raw": 5, "promise": 5}]


def test_it_answers_a_list_from_a_file_and_says_when_one_makes_no_sense(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([STOCK, STOCK | {"联盟": "\ud800"}, STOCK]))
    status, answer = simulate("stock", str(file))
    assert status == 2
    assert [one.get("error") for one in answer] == [None, "unknown_key", None]
    assert answer[1]["field"] == "联盟"


@pytest.mark.parametrize(
    ("args", "given", "error", "field"),
    [
        (["horoscope"], "{}", "unknown_kind", "kind"),
        (["stock"], "{", "bad_json", ""),
        (["stock"], b"\xff", "bad_json", ""),
        (["stock"], "3", "not_an_object", ""),
        (["stock", "no/such/file.json"], "", "unreadable_file", "file"),
        (["stock"], '{"on_hand": 1.5}', "json_float", "on_hand"),
        (["stock"], '{"\\ud800": 1, "on_hand": NaN}', "json_float", "on_hand"),
    ],
)
def test_what_makes_no_sense_ends_with_status_2(
    args: list[str], given: str | bytes, error: str, field: str
) -> None:
    status, answer = simulate(*args, given=given)
    assert status == 2
    assert (answer["error"], answer["field"]) == (error, field)
    assert answer["message"]


def test_the_worked_examples_come_out_of_the_command_too() -> None:
    examples = json.loads((ROOT / "tests/golden/quote.json").read_text(encoding="utf-8"))
    status, answer = simulate("quote", given=json.dumps([one["case"] for one in examples]))
    assert status == 0
    assert [one["total"] for one in answer] == [one["answer"]["total"] for one in examples]
