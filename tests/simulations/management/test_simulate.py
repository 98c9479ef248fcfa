"""`manage.py simulate`, as anyone would run it: without a database."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
STOCK = {"on_hand": 5, "safety": 0, "quarantine": 0, "hard": 0, "soft": 0}
pytestmark = pytest.mark.process


def simulate(*args: str, given: str | bytes = "", **more: str) -> tuple[int, Any]:
    hidden = ("DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG")
    ran = subprocess.run(
        [sys.executable, "manage.py", "simulate", *args],
        cwd=ROOT,
        input=given if isinstance(given, bytes) else given.encode(),
        capture_output=True,
        check=False,
        env={key: value for key, value in os.environ.items() if key not in hidden} | more,
        timeout=120,
    )
    assert ran.stdout, ran.stderr.decode()
    return ran.returncode, json.loads(ran.stdout)


def test_a_dash_is_standard_input_too() -> None:
    status, told = simulate("stock", "-", given=json.dumps(STOCK))
    assert (status, "available" in told) == (0, True)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_what_the_terminal_cannot_show_is_written_as_escapes(encoding: str) -> None:
    given = json.dumps(STOCK | {"聯盟 é 😀": 1})
    status, told = simulate("stock", given=given, PYTHONIOENCODING=encoding)
    assert (status, told["field"]) == (2, "聯盟 é 😀")


def test_a_missing_file_is_named() -> None:
    status, told = simulate("stock", "no-such.json")
    assert status == 2
    assert told["field"] == "file"
    assert "no-such.json" in told["message"]


def test_it_answers_one_case_from_standard_input() -> None:
    status, told = simulate("stock", given=json.dumps(STOCK))
    assert status == 0
    assert told["available"] == [{"date": "now", "raw": 5, "promise": 5}]


def test_it_answers_a_list_from_a_file_and_says_when_one_makes_no_sense(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps([STOCK, STOCK | {"联盟": "\ud800"}, STOCK]))
    status, told = simulate("stock", str(file))
    assert status == 2
    assert [one.get("error") for one in told] == [None, "unknown_key", None]
    assert told[1]["field"] == "联盟"


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
    status, told = simulate(*args, given=given)
    assert status == 2
    assert (told["error"], told["field"]) == (error, field)
    assert told["message"]


def test_the_worked_examples_come_out_of_the_command_too() -> None:
    examples = json.loads((ROOT / "tests/golden/quote.json").read_text(encoding="utf-8"))
    status, told = simulate("quote", given=json.dumps([one["case"] for one in examples]))
    assert status == 0
    assert [one["total"] for one in told] == [one["answer"]["total"] for one in examples]
